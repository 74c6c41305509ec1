import type { Account, Address } from 'viem'
import { parseAccount } from 'viem/accounts'
import type { AnyClient } from './ask.js'

/** The wallet that sends: the one that is named, else the client's. */
export function senderOf(
  client: AnyClient,
  { account = client.account as Account }: { account?: Account | Address },
): Address {
  if (!account) throw new TypeError('name an account, or give the client one')
  return parseAccount(account).address
}
