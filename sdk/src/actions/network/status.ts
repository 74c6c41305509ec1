import { time, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** How the node that is asked stands: how far it has come, whom it sees, and what waits in its pool. */
export async function status(client: AnyClient): Promise<status.ReturnType> {
  const answer = await ask(client, 'scrip_nodeStatus')
  const pool = answer['pool'] as JsonObject
  return {
    height: answer['height'] == null ? null : BigInt(answer['height'] as number),
    indexed: BigInt(answer['indexed'] as number),
    bestKnown: BigInt(answer['best_known'] as number),
    view: BigInt(answer['view'] as number),
    peers: answer['peers'] as number,
    isSyncing: answer['is_syncing'] as boolean,
    pool: {
      pending: pool['pending'] as number,
      queued: pool['queued'] as number,
      bytes: pool['bytes'] as number,
      lanes: pool['lanes'] as Record<string, number>,
    },
    lastBlockTime: time(answer['last_block_time']),
    firstKept: BigInt(answer['first_kept'] as number),
  }
}

export declare namespace status {
  type ReturnType = {
    /** The last block that it made its own; null before the first. */
    height: bigint | null
    /** The last block that it answers from. */
    indexed: bigint
    /** The highest block that it heard of. */
    bestKnown: bigint
    /** The round of consensus. */
    view: bigint
    /** Other nodes that it is connected with. */
    peers: number
    isSyncing: boolean
    /** Transactions that can be included, those that wait for others, and all of them by lane. */
    pool: { pending: number; queued: number; bytes: number; lanes: Record<string, number> }
    /** In milliseconds since 1970. */
    lastBlockTime: bigint
    /** The first block that it still tells of. */
    firstKept: bigint
  }
  type ErrorType = AskErrorType
}
