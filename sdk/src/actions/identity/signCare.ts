import type { Account, Address, SignTypedDataErrorType } from 'viem'
import { getChainId, signTypedData } from 'viem/actions'
import { careData, type CareGiven, type Consent } from '../../typedData.js'
import type { AnyClient } from '../ask.js'

/** Signs, as the wallet of a person's first account, that the person leaves one provider's care for another's. */
export async function signCare(client: AnyClient, parameters: signCare.Parameters): Promise<signCare.ReturnType> {
  const { account = client.account as Account, ...given } = parameters
  const data = careData({ ...given, chainId: await getChainId(client) })
  return { deadline: given.deadline, signature: await signTypedData(client, { account, ...data }) }
}

export declare namespace signCare {
  type Parameters = CareGiven & {
    /** The wallet of the person's first account; the client's account if none is named. */
    account?: Account | Address
  }
  type ReturnType = Consent
  type ErrorType = SignTypedDataErrorType
}
