import { ledgerAbi } from '../../abi.js'
import { services } from '../../address.js'
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

/** Carries an announced order out, once its window is over and it is not contested, or was confirmed. */
export async function carryOutOrder(
  client: AnyClient,
  parameters: carryOutOrder.Parameters,
): Promise<carryOutOrder.ReturnType> {
  return write(client, parameters, carryOutOrder.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function carryOutOrderSync(
  client: AnyClient,
  parameters: carryOutOrder.Parameters,
): Promise<carryOutOrderSync.ReturnType> {
  return writeSync(client, parameters, carryOutOrder.call(parameters))
}

export namespace carryOutOrder {
  export type Arguments = {
    /** The announced order. */
    order: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ order: number }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'carryOutOrder', [number])
}

export declare namespace carryOutOrderSync {
  type Parameters = carryOutOrder.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
