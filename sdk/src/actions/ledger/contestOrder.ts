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

/** Contests an announced order as the holder whose units it is to take: it waits for a decision. */
export async function contestOrder(
  client: AnyClient,
  parameters: contestOrder.Parameters,
): Promise<contestOrder.ReturnType> {
  return write(client, parameters, contestOrder.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function contestOrderSync(
  client: AnyClient,
  parameters: contestOrder.Parameters,
): Promise<contestOrderSync.ReturnType> {
  return writeSync(client, parameters, contestOrder.call(parameters))
}

export namespace contestOrder {
  export type Arguments = {
    /** The announced order. */
    order: bigint
    /** SHA-256 of the document that says why. */
    document: Hex
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ order: number, document }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'contestOrder', [number, document])
}

export declare namespace contestOrderSync {
  type Parameters = contestOrder.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
