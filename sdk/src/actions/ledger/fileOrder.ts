import type { Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
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

/** Files the order that the sender's next acts on the asset's ERC-3643 face refer to; an empty one withdraws it. */
export async function fileOrder(client: AnyClient, parameters: fileOrder.Parameters): Promise<fileOrder.ReturnType> {
  return write(client, parameters, fileOrder.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function fileOrderSync(
  client: AnyClient,
  parameters: fileOrder.Parameters,
): Promise<fileOrderSync.ReturnType> {
  return writeSync(client, parameters, fileOrder.call(parameters))
}

export namespace fileOrder {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The order that it follows. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, order }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'fileOrder', [assetNumber(asset), orderOf(order)])
}

export declare namespace fileOrderSync {
  type Parameters = fileOrder.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
