import type { Address, Hex } from 'viem'
import type { Power, Scope } from '../../generated/wire.js'
import { address, at, type At } from '../../naming.js'
import { exact, fromJson, time, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** A call that a quorum is to agree to: what it is, who agreed, and how it stands. */
export async function proposal(client: AnyClient, parameters: proposal.Parameters): Promise<proposal.ReturnType> {
  const answer = await ask(client, 'scrip_getProposal', { proposal: exact(parameters.proposal) })
  const call = answer['call'] as JsonObject
  return {
    proposal: BigInt(answer['proposal'] as number),
    power: answer['power'] as Power,
    scope: fromJson('Scope', answer['scope']),
    to: address(call['target']),
    data: call['data'] as Hex,
    proposer: BigInt(answer['proposer'] as number),
    deadline: time(answer['deadline']),
    approvals: (answer['approvals'] as number[]).map(BigInt),
    needed: (answer['needed'] ?? null) as number | null,
    status: answer['status'] as 'open' | 'done' | 'closed',
    block: at(answer['block']),
  }
}

export declare namespace proposal {
  type Parameters = {
    /** Its number. */
    proposal: bigint
  }
  type ReturnType = {
    proposal: bigint
    power: Power
    scope: Scope
    /** The service or asset that is called, and with what. */
    to: Address
    data: Hex
    proposer: bigint
    /** Until when it may be approved, inclusive, in milliseconds since 1970. */
    deadline: bigint
    /** The persons that agreed. */
    approvals: bigint[]
    /** How many must; null once there is no quorum any more. */
    needed: number | null
    status: 'open' | 'done' | 'closed'
    block: At
  }
  type ErrorType = AskErrorType
}
