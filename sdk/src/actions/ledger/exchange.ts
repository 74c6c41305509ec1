import type { Address } from 'viem'
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

/** Exchanges units of named holders for those of another asset of the same issuer; lots keep their clocks. */
export async function exchange(client: AnyClient, parameters: exchange.Parameters): Promise<exchange.ReturnType> {
  return write(client, parameters, exchange.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function exchangeSync(
  client: AnyClient,
  parameters: exchange.Parameters,
): Promise<exchangeSync.ReturnType> {
  return writeSync(client, parameters, exchange.call(parameters))
}

export namespace exchange {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** The other asset, by number or token. */
    made: bigint | Address
    /** Into which class of it; 0 if none is named. */
    into?: number | undefined
    /** So many new units for so many old ones, rounded down for each holder. */
    ratio: { made: number; old: number }
    /** Whose, and how many of the old units. */
    legs: readonly Leg[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, made, into, ratio, legs }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'exchange', [
      assetNumber(asset),
      of ?? 0,
      assetNumber(made),
      into ?? 0,
      ratio.made,
      ratio.old,
      legs,
    ])
}

export declare namespace exchangeSync {
  type Parameters = exchange.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
