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

/** Takes a wrong record of a death back, as whoever made it. */
export async function withdrawDeath(
  client: AnyClient,
  parameters: withdrawDeath.Parameters,
): Promise<withdrawDeath.ReturnType> {
  return write(client, parameters, withdrawDeath.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function withdrawDeathSync(
  client: AnyClient,
  parameters: withdrawDeath.Parameters,
): Promise<withdrawDeathSync.ReturnType> {
  return writeSync(client, parameters, withdrawDeath.call(parameters))
}

export namespace withdrawDeath {
  export type Arguments = {
    /** Who lives. */
    person: bigint
    /** What says so. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, order }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'withdrawDeath', [person, orderOf(order)])
}

export declare namespace withdrawDeathSync {
  type Parameters = withdrawDeath.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
