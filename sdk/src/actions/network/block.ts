import type { Hex } from 'viem'
import { eventFromJson, type ScripEvent } from '../../event.js'
import { exact, time, type Json } from '../../wire/json.js'
import { askMaybe, type AnyClient, type AskErrorType } from '../ask.js'

/** A block as the chain has it; null if there is none. */
export async function block(client: AnyClient, parameters: block.Parameters = {}): Promise<block.ReturnType> {
  const named = parameters.block ?? 'latest'
  const answer = await askMaybe(client, 'scrip_getBlock', { block: typeof named === 'bigint' ? exact(named) : named })
  if (answer === null) return null
  return {
    number: BigInt(answer['number'] as number),
    hash: answer['hash'] as Hex,
    parent: answer['parent'] as Hex,
    time: time(answer['time']),
    stateRoot: answer['state_root'] as Hex,
    receiptsRoot: answer['receipts_root'] as Hex,
    gasUsed: BigInt(answer['gas_used'] as number),
    header: answer['header'] as Hex,
    transactions: answer['transactions'] as Hex[],
    ownEvents: (answer['own_events'] as Json[]).map(eventFromJson),
  }
}

export declare namespace block {
  type Parameters = {
    /** By number or hash; the newest if none is named. */
    block?: bigint | Hex | 'latest'
  }
  type ReturnType = {
    number: bigint
    hash: Hex
    parent: Hex
    /** In milliseconds since 1970. */
    time: bigint
    stateRoot: Hex
    receiptsRoot: Hex
    gasUsed: bigint
    /** The encoded header, whose SHA-256 is the hash. */
    header: Hex
    transactions: Hex[]
    /** What the block did of itself, before all transactions. */
    ownEvents: ScripEvent[]
  } | null
  type ErrorType = AskErrorType
}
