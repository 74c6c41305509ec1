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

/** Sets how many units of a position this order freezes; what orders of another authority or reference freeze is beside it. */
export async function freezeUnits(
  client: AnyClient,
  parameters: freezeUnits.Parameters,
): Promise<freezeUnits.ReturnType> {
  return write(client, parameters, freezeUnits.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function freezeUnitsSync(
  client: AnyClient,
  parameters: freezeUnits.Parameters,
): Promise<freezeUnitsSync.ReturnType> {
  return writeSync(client, parameters, freezeUnits.call(parameters))
}

export namespace freezeUnits {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Whose, by the wallet that owns the account. */
    holder: Address
    /** How many in all. */
    units: bigint
    /** The order that it follows. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, holder, units, order }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'freezeUnits', [assetNumber(asset), of ?? 0, holder, units, orderOf(order)])
}

export declare namespace freezeUnitsSync {
  type Parameters = freezeUnits.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
