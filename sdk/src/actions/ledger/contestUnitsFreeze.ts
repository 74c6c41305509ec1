import { ledgerAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { ofUnitsFreeze, type OfUnitsFreeze } from '../contested.js'
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

/** Contests, as the holder, an order that freezes units: they stay frozen until that is lifted. */
export async function contestUnitsFreeze(
  client: AnyClient,
  parameters: contestUnitsFreeze.Parameters,
): Promise<contestUnitsFreeze.ReturnType> {
  return write(client, parameters, contestUnitsFreeze.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function contestUnitsFreezeSync(
  client: AnyClient,
  parameters: contestUnitsFreeze.Parameters,
): Promise<contestUnitsFreezeSync.ReturnType> {
  return writeSync(client, parameters, contestUnitsFreeze.call(parameters))
}

export namespace contestUnitsFreeze {
  export type Arguments = OfUnitsFreeze
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'contestUnitsFreeze', ofUnitsFreeze(given))
}

export declare namespace contestUnitsFreezeSync {
  type Parameters = contestUnitsFreeze.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
