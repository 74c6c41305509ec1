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

/** Stops a person by order; a power over the network. */
export async function suspend(client: AnyClient, parameters: suspend.Parameters): Promise<suspend.ReturnType> {
  return write(client, parameters, suspend.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function suspendSync(client: AnyClient, parameters: suspend.Parameters): Promise<suspendSync.ReturnType> {
  return writeSync(client, parameters, suspend.call(parameters))
}

export namespace suspend {
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
    callOf(services.identity, identityAbi, 'suspend', [person, orderOf(order)])
}

export declare namespace suspendSync {
  type Parameters = suspend.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
