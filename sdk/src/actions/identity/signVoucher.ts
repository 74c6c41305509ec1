import type { Account, Address, SignTypedDataErrorType } from 'viem'
import { getChainId, readContract, signTypedData } from 'viem/actions'
import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { RegistrationGiven } from '../../given.js'
import { voucherData, type Voucher } from '../../typedData.js'
import type { AnyClient } from '../ask.js'
import { senderOf } from '../sender.js'

/** Signs, as a provider, that a wallet may enrol by itself. The wallet sends it with `enrol`. */
export async function signVoucher(
  client: AnyClient,
  parameters: signVoucher.Parameters,
): Promise<signVoucher.ReturnType> {
  const { registration, deadline, account = client.account as Account } = parameters
  const args = [senderOf(client, parameters)] as const
  const [chainId, provider] = await Promise.all([
    getChainId(client),
    readContract(client, { address: services.identity, abi: identityAbi, functionName: 'personOf', args }),
  ])
  const signature = await signTypedData(client, { account, ...voucherData({ chainId, registration, deadline }) })
  return { provider, registration, deadline, signature }
}

export declare namespace signVoucher {
  type Parameters = {
    /** The provider's wallet; the client's account if none is named. */
    account?: Account | Address
    registration: RegistrationGiven
    /** Until when the voucher is good, in milliseconds since 1970. */
    deadline: bigint
  }
  type ReturnType = Voucher
  type ErrorType = SignTypedDataErrorType
}
