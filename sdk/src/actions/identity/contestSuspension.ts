import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { ofSuspension, type OfSuspension } from '../contested.js'
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

/** Contests, as the person, an order that suspends it: it stays suspended until that is lifted. */
export async function contestSuspension(
  client: AnyClient,
  parameters: contestSuspension.Parameters,
): Promise<contestSuspension.ReturnType> {
  return write(client, parameters, contestSuspension.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function contestSuspensionSync(
  client: AnyClient,
  parameters: contestSuspension.Parameters,
): Promise<contestSuspensionSync.ReturnType> {
  return writeSync(client, parameters, contestSuspension.call(parameters))
}

export namespace contestSuspension {
  export type Arguments = OfSuspension
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments): Call =>
    callOf(services.identity, identityAbi, 'contestSuspension', ofSuspension(given))
}

export declare namespace contestSuspensionSync {
  type Parameters = contestSuspension.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
