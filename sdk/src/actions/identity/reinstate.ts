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

/** Lets a suspended person go on, by order; a power over the network. */
export async function reinstate(client: AnyClient, parameters: reinstate.Parameters): Promise<reinstate.ReturnType> {
  return write(client, parameters, reinstate.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function reinstateSync(
  client: AnyClient,
  parameters: reinstate.Parameters,
): Promise<reinstateSync.ReturnType> {
  return writeSync(client, parameters, reinstate.call(parameters))
}

export namespace reinstate {
  export type Arguments = {
    /** Whom. */
    person: bigint
    /** The order that it follows. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, order }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'reinstate', [person, orderOf(order)])
}

export declare namespace reinstateSync {
  type Parameters = reinstate.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
