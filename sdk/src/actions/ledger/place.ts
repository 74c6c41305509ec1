import { stringToHex, type Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Placement } from '../../given.js'
import type { AnyClient } from '../ask.js'
import {
  callOf,
  write,
  writeSync,
  type Call,
  type Movement,
  type WriteErrorType,
  type WriteParameters,
  type Written,
  type WrittenSync,
} from '../write.js'

/** Issues new units to subscribers and says what each paid, all or none. */
export async function place(client: AnyClient, parameters: place.Parameters): Promise<place.ReturnType> {
  return write(client, parameters, place.call(parameters), place.movements(parameters))
}

/** The same, and waits until it is in its block. */
export async function placeSync(client: AnyClient, parameters: place.Parameters): Promise<placeSync.ReturnType> {
  return writeSync(client, parameters, place.call(parameters), place.movements(parameters))
}

export namespace place {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** The number of the adopted profile to issue under; the first that serves and passes if none is named. */
    profile?: number | undefined
    /** The currency in which is paid, by three letters. */
    currency: string
    /** Who gets how many, and what is paid for them in minor units of the currency. */
    legs: readonly Placement[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, profile, currency, legs }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'place', [
      assetNumber(asset),
      of ?? 0,
      profile ?? 0,
      stringToHex(currency, { size: 3 }),
      legs,
    ])

  /** What it moves, so that a refusal tells every reason. */
  export const movements = ({ asset, class: of, profile, currency, legs }: Arguments): Movement[] =>
    legs.map((leg) => ({
      asset: assetNumber(asset),
      class: of ?? 0,
      currency,
      ...(profile && { profile }),
      ...leg,
    }))
}

export declare namespace placeSync {
  type Parameters = place.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
