import type { Address, Hex } from 'viem'
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

/** Decides that the freeze of units that their holder contests stands; who decides otherwise lifts it. */
export async function confirmUnitsFreeze(
  client: AnyClient,
  parameters: confirmUnitsFreeze.Parameters,
): Promise<confirmUnitsFreeze.ReturnType> {
  return write(client, parameters, confirmUnitsFreeze.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function confirmUnitsFreezeSync(
  client: AnyClient,
  parameters: confirmUnitsFreeze.Parameters,
): Promise<confirmUnitsFreezeSync.ReturnType> {
  return writeSync(client, parameters, confirmUnitsFreeze.call(parameters))
}

export namespace confirmUnitsFreeze {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Whose units. */
    holder: Address
    /** What names the order: `orderKey` of it. */
    order: Hex
    /** SHA-256 of the decision. */
    document: Hex
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, holder, order, document }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'confirmUnitsFreeze', [assetNumber(asset), of ?? 0, holder, order, document])
}

export declare namespace confirmUnitsFreezeSync {
  type Parameters = confirmUnitsFreeze.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
