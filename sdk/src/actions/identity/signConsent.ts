import type { Account, Address, SignTypedDataErrorType } from 'viem'
import { getChainId, signTypedData } from 'viem/actions'
import { consentData, type Consent, type ConsentGiven } from '../../typedData.js'
import type { AnyClient } from '../ask.js'
import { senderOf } from '../sender.js'

/** Signs, as a fresh wallet, that it becomes the owner of an account. */
export async function signConsent(
  client: AnyClient,
  parameters: signConsent.Parameters,
): Promise<signConsent.ReturnType> {
  const { account = client.account as Account, ...given } = parameters
  const consent = { ...given, wallet: senderOf(client, parameters), chainId: await getChainId(client) }
  return { deadline: given.deadline, signature: await signTypedData(client, { account, ...consentData(consent) }) }
}

export declare namespace signConsent {
  type Parameters = Omit<ConsentGiven, 'wallet'> & {
    /** The fresh wallet; the client's account if none is named. */
    account?: Account | Address
  }
  type ReturnType = Consent
  type ErrorType = SignTypedDataErrorType
}
