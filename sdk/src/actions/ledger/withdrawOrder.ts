import { zeroHash, type Hex } from 'viem'
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

/** Takes an announced order back and lets its units go. */
export async function withdrawOrder(
  client: AnyClient,
  parameters: withdrawOrder.Parameters,
): Promise<withdrawOrder.ReturnType> {
  return write(client, parameters, withdrawOrder.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function withdrawOrderSync(
  client: AnyClient,
  parameters: withdrawOrder.Parameters,
): Promise<withdrawOrderSync.ReturnType> {
  return writeSync(client, parameters, withdrawOrder.call(parameters))
}

export namespace withdrawOrder {
  export type Arguments = {
    /** The announced order. */
    order: bigint
    /** SHA-256 of the document that says why, if one does. */
    document?: Hex
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ order: number, document }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'withdrawOrder', [number, document ?? zeroHash])
}

export declare namespace withdrawOrderSync {
  type Parameters = withdrawOrder.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
