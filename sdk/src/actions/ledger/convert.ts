import { parseEventLogs, type Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
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

/** Converts a class at a ratio: a split, a reverse split, or another class. Until it is complete nothing moves. */
export async function convert(client: AnyClient, parameters: convert.Parameters): Promise<convert.ReturnType> {
  return write(client, parameters, convert.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function convertSync(client: AnyClient, parameters: convert.Parameters): Promise<convertSync.ReturnType> {
  const written = await writeSync(client, parameters, convert.call(parameters))
  const { logs } = written.receipt
  const completed = parseEventLogs({ abi: ledgerAbi, logs, eventName: 'ConversionCompleted' })
  const converted = parseEventLogs({ abi: ledgerAbi, logs, eventName: 'Converted' })
  const positions = converted.map(({ args: { account, units, made, rest } }) => ({ account, units, made, rest }))
  return { ...written, isComplete: completed.length > 0, converted: positions }
}

export namespace convert {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Which class; 0 if none is named. */
    class?: number | undefined
    /** Into which class; into itself if none is named. */
    into?: number | undefined
    /** So many new units */
    made: number
    /** for so many old ones, rounded down. */
    old: number
    /** From which place on among all accounts that ever held the class; 0, which begins, if none is named. */
    first?: number | undefined
    /** How many places at most. */
    limit: number
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, into, made, old, first, limit }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'convert', [
      assetNumber(asset),
      of ?? 0,
      into ?? of ?? 0,
      made,
      old,
      first ?? 0,
      limit,
    ])
}

export declare namespace convertSync {
  type Parameters = convert.Parameters
  type ReturnType = WrittenSync & {
    /** True if nothing is left to be converted, and the asset goes on. */
    isComplete: boolean
    /** What accounts had, what they have, and how many parts of a unit are left over, of which `old` make one. */
    converted: { account: Address; units: bigint; made: bigint; rest: number }[]
  }
  type ErrorType = WriteErrorType
}
