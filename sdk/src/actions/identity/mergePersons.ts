import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import { order as orderOf, type OrderGiven } from '../../given.js'
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

/** Counts two numbers of one human as one from now on, by order; a power over the network. */
export async function mergePersons(
  client: AnyClient,
  parameters: mergePersons.Parameters,
): Promise<mergePersons.ReturnType> {
  return write(client, parameters, mergePersons.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function mergePersonsSync(
  client: AnyClient,
  parameters: mergePersons.Parameters,
): Promise<mergePersonsSync.ReturnType> {
  return writeSync(client, parameters, mergePersons.call(parameters))
}

export namespace mergePersons {
  export type Arguments = {
    /** The one. */
    person: bigint
    /** The other, under which the human is counted. */
    into: bigint
    /** The order that finds it so. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, into, order }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'mergePersons', [person, into, orderOf(order)])
}

export declare namespace mergePersonsSync {
  type Parameters = mergePersons.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
