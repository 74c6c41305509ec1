import type { Address } from 'viem'
import type { AccountId, Delegation } from '../../generated/wire.js'
import { at, who, type At, type Who } from '../../naming.js'
import { fromJson } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** What a wallet or a contract may do for an account. */
export async function delegation(
  client: AnyClient,
  parameters: delegation.Parameters,
): Promise<delegation.ReturnType> {
  const { wallet } = parameters
  const answer = await ask(client, 'scrip_getDelegation', { who: who(parameters.who), wallet })
  return {
    account: fromJson('AccountId', answer['account']),
    delegation: answer['delegation'] == null ? null : fromJson('Delegation', answer['delegation']),
    isFrozen: answer['is_frozen'] as boolean,
    block: at(answer['block']),
  }
}

export declare namespace delegation {
  type Parameters = {
    /** Whose account. */
    who: Who
    /** Who would act for it. */
    wallet: Address
  }
  type ReturnType = {
    account: AccountId
    /** Null if it may do nothing. */
    delegation: Delegation | null
    /** True while the person stops all of its delegations. */
    isFrozen: boolean
    block: At
  }
  type ErrorType = AskErrorType
}
