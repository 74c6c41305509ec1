import { parseEventLogs, type Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Leg } from '../../given.js'
import type { AnyClient } from '../ask.js'
import {
  callOf,
  write,
  writeSync,
  type Call,
  type WriteErrorType,
  type WriteParameters,
  type Written,
  type WrittenSync,
} from '../write.js'

/**
 * Pays many at once: what one of them may not take now, for reasons that are about it alone, is held for it and stops nobody
 * else. Of one position 256 may be held for at most.
 */
export async function distribute(
  client: AnyClient,
  parameters: distribute.Parameters,
): Promise<distribute.ReturnType> {
  return write(client, parameters, distribute.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function distributeSync(
  client: AnyClient,
  parameters: distribute.Parameters,
): Promise<distributeSync.ReturnType> {
  const written = await writeSync(client, parameters, distribute.call(parameters))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'Held' })
  return { ...written, holds: logs.map(({ args }) => args.hold) }
}

export namespace distribute {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Who gets how many. */
    legs: readonly Leg[]
    /** Until when who may not take its units now may take them later, in milliseconds since 1970. */
    expires: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, legs, expires }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'distribute', [assetNumber(asset), of ?? 0, legs, expires])
}

export declare namespace distributeSync {
  type Parameters = distribute.Parameters
  type ReturnType = WrittenSync & {
    /** The numbers of the holds in which is set aside what some may not take, in the order of the legs. */
    holds: bigint[]
  }
  type ErrorType = WriteErrorType
}
