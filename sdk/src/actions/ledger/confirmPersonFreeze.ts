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

/** Decides that the freeze of a person that it contests stands; who decides otherwise lifts it. */
export async function confirmPersonFreeze(
  client: AnyClient,
  parameters: confirmPersonFreeze.Parameters,
): Promise<confirmPersonFreeze.ReturnType> {
  return write(client, parameters, confirmPersonFreeze.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function confirmPersonFreezeSync(
  client: AnyClient,
  parameters: confirmPersonFreeze.Parameters,
): Promise<confirmPersonFreezeSync.ReturnType> {
  return writeSync(client, parameters, confirmPersonFreeze.call(parameters))
}

export namespace confirmPersonFreeze {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Who is frozen. */
    person: bigint
    /** What names the order: `orderKey` of it. */
    order: Hex
    /** SHA-256 of the decision. */
    document: Hex
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, person, order, document }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'confirmPersonFreeze', [assetNumber(asset), person, order, document])
}

export declare namespace confirmPersonFreezeSync {
  type Parameters = confirmPersonFreeze.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
