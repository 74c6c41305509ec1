import type { Hex } from 'viem'
import { getBlockNumber, watchBlockNumber } from 'viem/actions'
import type { ScripEvent } from '../../event.js'
import type { AnyClient } from '../ask.js'
import { block as getBlock } from './block.js'
import { receipt } from './receipt.js'

/** Receipts of one block that are asked for at once. */
const AT_ONCE = 50

/**
 * Tells every event of every block: in order, none left out, each block once. After a failure it goes on with the block
 * that failed. Works over HTTP and WebSocket alike. Returns what stops it.
 */
export function watchEvents(client: AnyClient, parameters: watchEvents.Parameters): watchEvents.ReturnType {
  const { onEvents, onError, fromBlock, isWanted = () => true, pollingInterval } = parameters
  let next = fromBlock
  let isStopped = false

  const follow = async (head: bigint) => {
    next ??= head
    while (!isStopped && next <= head) {
      const events = (await eventsOf(client, next)).filter(({ event }) => isWanted(event))
      if (isStopped) return
      if (events.length > 0) onEvents(events)
      next += 1n
    }
  }
  const begin = async () => {
    const head = await getBlockNumber(client, { cacheTime: 0 })
    // Where nothing else is said it begins after the block that is the newest now.
    next ??= head + 1n
    await follow(head)
  }
  let work = begin().catch((error: Error) => onError?.(error))
  const wake = (head: bigint) => {
    work = work.then(() => follow(head)).catch((error: Error) => onError?.(error))
  }
  const unwatch = watchBlockNumber(client, {
    onBlockNumber: wake,
    ...(onError && { onError }),
    ...(pollingInterval !== undefined && { pollingInterval }),
  })
  return () => {
    isStopped = true
    unwatch()
  }
}

/** An event, and where it stands. */
export type WatchedEvent = {
  event: ScripEvent
  block: { number: bigint; hash: Hex; time: bigint }
  /** The transaction; null if the block did it of itself. */
  hash: Hex | null
  /** Its place among the transaction's events. */
  index: number
}

export declare namespace watchEvents {
  type Parameters = {
    /** Told of a block's events, unless none is wanted. */
    onEvents: (events: WatchedEvent[]) => void
    onError?: (error: Error) => void
    /** From which block on; from the next one if none is named. */
    fromBlock?: bigint
    /** Which events to tell; all if nothing is said. */
    isWanted?: (event: ScripEvent) => boolean
    /** How often to ask where the node cannot call, in milliseconds. */
    pollingInterval?: number
  }
  /** Stops it. */
  type ReturnType = () => void
}

async function eventsOf(client: AnyClient, number: bigint): Promise<WatchedEvent[]> {
  const block = await getBlock(client, { block: number })
  if (!block) throw new Error(`block ${number} is not there yet`)
  const at = { number: block.number, hash: block.hash, time: block.time }
  const told = (hash: Hex | null, events: ScripEvent[]) =>
    events.map((event, index) => ({ event, block: at, hash, index }))
  const found = told(null, block.ownEvents)
  for (let first = 0; first < block.transactions.length; first += AT_ONCE) {
    const hashes = block.transactions.slice(first, first + AT_ONCE)
    const receipts = await Promise.all(hashes.map((hash) => receipt(client, { hash })))
    for (const done of receipts) {
      if (!done) throw new Error(`a receipt of block ${number} is not there yet`)
      found.push(...told(done.hash, done.events))
    }
  }
  return found
}
