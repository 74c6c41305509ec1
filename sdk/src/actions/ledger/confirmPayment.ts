import type { Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
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

/** Says that units which were issued unpaid are paid in full, the oldest of an account first: their clock starts. */
export async function confirmPayment(client: AnyClient, parameters: confirmPayment.Parameters): Promise<confirmPayment.ReturnType> {
  return write(client, parameters, confirmPayment.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function confirmPaymentSync(
  client: AnyClient,
  parameters: confirmPayment.Parameters,
): Promise<confirmPaymentSync.ReturnType> {
  return writeSync(client, parameters, confirmPayment.call(parameters))
}

export namespace confirmPayment {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Whose, by now. */
    holder: Address
    /** How many. */
    units: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, holder, units }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'confirmPayment', [assetNumber(asset), of ?? 0, holder, units])
}

export declare namespace confirmPaymentSync {
  type Parameters = confirmPayment.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
