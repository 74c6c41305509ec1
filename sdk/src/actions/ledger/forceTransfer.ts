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

/** Moves units by order, whatever the rules or their owner say. */
export async function forceTransfer(
  client: AnyClient,
  parameters: forceTransfer.Parameters,
): Promise<forceTransfer.ReturnType> {
  return write(client, parameters, forceTransfer.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function forceTransferSync(
  client: AnyClient,
  parameters: forceTransfer.Parameters,
): Promise<forceTransferSync.ReturnType> {
  return writeSync(client, parameters, forceTransfer.call(parameters))
}

export namespace forceTransfer {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** From whom. */
    from: Address
    /** To whom. */
    to: Address
    /** How many. */
    units: bigint
    /** The order that it follows. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, from, to, units, order }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'forceTransfer', [assetNumber(asset), of ?? 0, from, to, units, orderOf(order)])
}

export declare namespace forceTransferSync {
  type Parameters = forceTransfer.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
