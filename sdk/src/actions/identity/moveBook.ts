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

/** Puts persons of a provider that no longer stands into another's care, by order; a power over the network. */
export async function moveBook(client: AnyClient, parameters: moveBook.Parameters): Promise<moveBook.ReturnType> {
  return write(client, parameters, moveBook.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function moveBookSync(
  client: AnyClient,
  parameters: moveBook.Parameters,
): Promise<moveBookSync.ReturnType> {
  return writeSync(client, parameters, moveBook.call(parameters))
}

export namespace moveBook {
  export type Arguments = {
    /** The provider that answered for them. */
    from: bigint
    /** The provider that shall. */
    to: bigint
    /** The persons. */
    persons: readonly bigint[]
    /** The order that it follows. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ from, to, persons, order }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'moveBook', [from, to, persons, orderOf(order)])
}

export declare namespace moveBookSync {
  type Parameters = moveBook.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
