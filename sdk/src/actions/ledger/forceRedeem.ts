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

/** Ends units by order. */
export async function forceRedeem(
  client: AnyClient,
  parameters: forceRedeem.Parameters,
): Promise<forceRedeem.ReturnType> {
  return write(client, parameters, forceRedeem.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function forceRedeemSync(
  client: AnyClient,
  parameters: forceRedeem.Parameters,
): Promise<forceRedeemSync.ReturnType> {
  return writeSync(client, parameters, forceRedeem.call(parameters))
}

export namespace forceRedeem {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Whose. */
    from: Address
    /** How many. */
    units: bigint
    /** The order that it follows. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, from, units, order }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'forceRedeem', [assetNumber(asset), of ?? 0, from, units, orderOf(order)])
}

export declare namespace forceRedeemSync {
  type Parameters = forceRedeem.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
