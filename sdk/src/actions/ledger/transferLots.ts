import type { Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { senderOf } from '../sender.js'
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

/** Units of one lot: its place in the position from 0, when its clock started, how many. */
export type ChosenLot = { place: number; anchor: bigint; units: bigint }

/** Moves units of lots that the seller chooses, as `positions` tells them; without a choice the oldest go. */
export async function transferLots(
  client: AnyClient,
  parameters: transferLots.Parameters,
): Promise<transferLots.ReturnType> {
  const from = parameters.from ?? senderOf(client, parameters)
  return write(client, parameters, transferLots.call({ ...parameters, from }))
}

/** The same, and waits until it is in its block. */
export async function transferLotsSync(
  client: AnyClient,
  parameters: transferLots.Parameters,
): Promise<transferLotsSync.ReturnType> {
  const from = parameters.from ?? senderOf(client, parameters)
  return writeSync(client, parameters, transferLots.call({ ...parameters, from }))
}

export namespace transferLots {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Out of whose account; the sender's own if none is named. */
    from?: Address | undefined
    /** Who gets them. */
    to: Address
    /** Of which lots how many. */
    lots: readonly ChosenLot[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, from, to, lots }: Arguments & { from: Address }): Call =>
    callOf(services.ledger, ledgerAbi, 'transferLots', [assetNumber(asset), of ?? 0, from, to, lots])
}

export declare namespace transferLotsSync {
  type Parameters = transferLots.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
