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

/** Stops a class of an asset from moving, or lets it. */
export async function freezeClass(
  client: AnyClient,
  parameters: freezeClass.Parameters,
): Promise<freezeClass.ReturnType> {
  return write(client, parameters, freezeClass.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function freezeClassSync(
  client: AnyClient,
  parameters: freezeClass.Parameters,
): Promise<freezeClassSync.ReturnType> {
  return writeSync(client, parameters, freezeClass.call(parameters))
}

export namespace freezeClass {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Which class. */
    class: number
    /** True to stop it. */
    frozen: boolean
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, frozen }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'freezeClass', [assetNumber(asset), of, frozen])
}

export declare namespace freezeClassSync {
  type Parameters = freezeClass.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
