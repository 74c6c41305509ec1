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

/** Decides that the freeze of units that their holder contests stands; who decides otherwise lifts it. */
export async function confirmUnitsFreeze(
  client: AnyClient,
  parameters: confirmUnitsFreeze.Parameters,
): Promise<confirmUnitsFreeze.ReturnType> {
  return write(client, parameters, confirmUnitsFreeze.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function confirmUnitsFreezeSync(
  client: AnyClient,
  parameters: confirmUnitsFreeze.Parameters,
): Promise<confirmUnitsFreezeSync.ReturnType> {
  return writeSync(client, parameters, confirmUnitsFreeze.call(parameters))
}

export namespace confirmUnitsFreeze {
  export type Arguments = OfUnitsFreeze
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'confirmUnitsFreeze', ofUnitsFreeze(given))
}

export declare namespace confirmUnitsFreezeSync {
  type Parameters = confirmUnitsFreeze.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
