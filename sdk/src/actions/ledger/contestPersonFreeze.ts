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

/** Contests, as the person, an order that freezes it for an asset: it stays frozen until that is lifted. */
export async function contestPersonFreeze(
  client: AnyClient,
  parameters: contestPersonFreeze.Parameters,
): Promise<contestPersonFreeze.ReturnType> {
  return write(client, parameters, contestPersonFreeze.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function contestPersonFreezeSync(
  client: AnyClient,
  parameters: contestPersonFreeze.Parameters,
): Promise<contestPersonFreezeSync.ReturnType> {
  return writeSync(client, parameters, contestPersonFreeze.call(parameters))
}

export namespace contestPersonFreeze {
  export type Arguments = OfPersonFreeze
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'contestPersonFreeze', ofPersonFreeze(given))
}

export declare namespace contestPersonFreezeSync {
  type Parameters = contestPersonFreeze.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
