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

/** Decides that a suspension that the person contests stands; a power over the network. Who decides otherwise lifts it. */
export async function confirmSuspension(
  client: AnyClient,
  parameters: confirmSuspension.Parameters,
): Promise<confirmSuspension.ReturnType> {
  return write(client, parameters, confirmSuspension.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function confirmSuspensionSync(
  client: AnyClient,
  parameters: confirmSuspension.Parameters,
): Promise<confirmSuspensionSync.ReturnType> {
  return writeSync(client, parameters, confirmSuspension.call(parameters))
}

export namespace confirmSuspension {
  export type Arguments = OfSuspension
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments): Call =>
    callOf(services.identity, identityAbi, 'confirmSuspension', ofSuspension(given))
}

export declare namespace confirmSuspensionSync {
  type Parameters = confirmSuspension.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
