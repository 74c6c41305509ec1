import type { Hex } from 'viem'
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

/** Decides that a contested order stands. */
export async function confirmOrder(
  client: AnyClient,
  parameters: confirmOrder.Parameters,
): Promise<confirmOrder.ReturnType> {
  return write(client, parameters, confirmOrder.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function confirmOrderSync(
  client: AnyClient,
  parameters: confirmOrder.Parameters,
): Promise<confirmOrderSync.ReturnType> {
  return writeSync(client, parameters, confirmOrder.call(parameters))
}

export namespace confirmOrder {
  export type Arguments = {
    /** The announced order. */
    order: bigint
    /** SHA-256 of the decision. */
    document: Hex
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ order: number, document }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'confirmOrder', [number, document])
}

export declare namespace confirmOrderSync {
  type Parameters = confirmOrder.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
