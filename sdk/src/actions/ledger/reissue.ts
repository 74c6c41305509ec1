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

/** Issues again what an order says was lost. */
export async function reissue(client: AnyClient, parameters: reissue.Parameters): Promise<reissue.ReturnType> {
  return write(client, parameters, reissue.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function reissueSync(client: AnyClient, parameters: reissue.Parameters): Promise<reissueSync.ReturnType> {
  return writeSync(client, parameters, reissue.call(parameters))
}

export namespace reissue {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
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
  export const call = ({ asset, class: of, to, units, order }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'reissue', [assetNumber(asset), of ?? 0, to, units, orderOf(order)])
}

export declare namespace reissueSync {
  type Parameters = reissue.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
