import { parseSignature, type Account, type Address, type SignTypedDataErrorType } from 'viem'
import { getChainId, readContract, signTypedData } from 'viem/actions'
import { tokenAbi } from '../../abi.js'
import { assetNumber, tokenAddress } from '../../address.js'
import { permitData } from '../../typedData.js'
import type { AnyClient } from '../ask.js'
import { senderOf } from '../sender.js'
import { callOf, type Call } from '../write.js'

/** Signs, as the owner, that a spender may move so much: what anyone then sends to the token as `permit` (ERC-2612). */
export async function signPermit(client: AnyClient, parameters: signPermit.Parameters): Promise<signPermit.ReturnType> {
  const { asset, spender, value, deadline, account = client.account as Account } = parameters
  const [owner, token] = [senderOf(client, parameters), tokenAddress(assetNumber(asset))]
  const at = { address: token, abi: tokenAbi } as const
  const [chainId, name, nonce] = await Promise.all([
    getChainId(client),
    readContract(client, { ...at, functionName: 'name' }),
    readContract(client, { ...at, functionName: 'nonces', args: [owner] }),
  ])
  const data = permitData({ chainId, token, name, owner, spender, value, nonce, deadline })
  const { v, yParity, r, s } = parseSignature(await signTypedData(client, { account, ...data }))
  return callOf(token, tokenAbi, 'permit', [owner, spender, value, deadline, Number(v ?? 27 + yParity), r, s])
}

export declare namespace signPermit {
  type Parameters = {
    /** The owner; the client's account if none is named. */
    account?: Account | Address
    asset: bigint | Address
    spender: Address
    value: bigint
    /** Until when it is good, in seconds since 1970, as the standard has it. */
    deadline: bigint
  }
  /** The call that carries it out, for `writeContract`. */
  type ReturnType = Call
  type ErrorType = SignTypedDataErrorType
}
