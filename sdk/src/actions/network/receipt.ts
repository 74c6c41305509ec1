import type { Address, Hex } from 'viem'
import { eventFromJson, type ScripEvent } from '../../event.js'
import { address, addressOrNone, at, type At } from '../../naming.js'
import { readRefusal, ScripRefusal } from '../../refusal.js'
import type { Json } from '../../wire/json.js'
import { askMaybe, type AnyClient, type AskErrorType } from '../ask.js'

/** What a transaction did, with its events in the market's words; null until it is final, and then for ever the same. */
export async function receipt(client: AnyClient, parameters: receipt.Parameters): Promise<receipt.ReturnType> {
  const answer = await askMaybe(client, 'scrip_getTransactionReceipt', { tx: parameters.hash })
  if (answer === null) return null
  const refused = answer['data'] ? readRefusal(answer['data'] as Hex) : undefined
  return {
    hash: answer['tx'] as Hex,
    block: at(answer['block']),
    index: answer['index'] as number,
    sender: address(answer['sender']),
    person: answer['person'] == null ? null : BigInt(answer['person'] as number),
    gasUsed: BigInt(answer['gas_used'] as number),
    created: addressOrNone(answer['created']),
    status: answer['status'] as 'done' | 'refused' | 'halted',
    output: (answer['output'] ?? null) as Hex | null,
    reason: (answer['reason'] ?? null) as string | null,
    refusal: refused ? new ScripRefusal(refused, undefined, parameters.hash) : null,
    events: (answer['events'] as Json[]).map(eventFromJson),
  }
}

export declare namespace receipt {
  type Parameters = { hash: Hex }
  type ReturnType = {
    hash: Hex
    block: At
    /** Its place in the block. */
    index: number
    sender: Address
    /** The person behind the sender. */
    person: bigint | null
    gasUsed: bigint
    /** The contract it created. */
    created: Address | null
    status: 'done' | 'refused' | 'halted'
    /** What it returned, if it is done. */
    output: Hex | null
    /** Why it is not. */
    reason: string | null
    /** The same as an error to throw; null unless the chain refused. */
    refusal: ScripRefusal | null
    events: ScripEvent[]
  } | null
  type ErrorType = AskErrorType
}
