import { ledgerAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { ofPersonFreeze, type OfPersonFreeze } from '../contested.js'
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

/** Decides that the freeze of a person that it contests stands; who decides otherwise lifts it. */
export async function confirmPersonFreeze(
  client: AnyClient,
  parameters: confirmPersonFreeze.Parameters,
): Promise<confirmPersonFreeze.ReturnType> {
  return write(client, parameters, confirmPersonFreeze.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function confirmPersonFreezeSync(
  client: AnyClient,
  parameters: confirmPersonFreeze.Parameters,
): Promise<confirmPersonFreezeSync.ReturnType> {
  return writeSync(client, parameters, confirmPersonFreeze.call(parameters))
}

export namespace confirmPersonFreeze {
  export type Arguments = OfPersonFreeze
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'confirmPersonFreeze', ofPersonFreeze(given))
}

export declare namespace confirmPersonFreezeSync {
  type Parameters = confirmPersonFreeze.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
