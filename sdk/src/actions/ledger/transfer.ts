import type { Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Leg } from '../../given.js'
import type { AnyClient } from '../ask.js'
import { senderOf } from '../sender.js'
import {
  callOf,
  write,
  writeSync,
  type Call,
  type Movement,
  type WriteErrorType,
  type WriteParameters,
  type Written,
  type WrittenSync,
} from '../write.js'

/** Moves units to many holders, all or none, judged on the net per person. */
export async function transfer(client: AnyClient, parameters: transfer.Parameters): Promise<transfer.ReturnType> {
  const from = parameters.from ?? senderOf(client, parameters)
  return write(client, parameters, transfer.call({ ...parameters, from }), transfer.movements({ ...parameters, from }))
}

/** The same, and waits until it is in its block. */
export async function transferSync(
  client: AnyClient,
  parameters: transfer.Parameters,
): Promise<transferSync.ReturnType> {
  const from = parameters.from ?? senderOf(client, parameters)
  return writeSync(
    client,
    parameters,
    transfer.call({ ...parameters, from }),
    transfer.movements({ ...parameters, from }),
  )
}

export namespace transfer {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Out of whose account; the sender's own if none is named. */
    from?: Address | undefined
    /** Who gets how many. */
    legs: readonly Leg[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, from, legs }: Arguments & { from: Address }): Call =>
    callOf(services.ledger, ledgerAbi, 'transferBatch', [assetNumber(asset), of ?? 0, from, legs])

  /** What it moves, so that a refusal tells every reason. */
  export const movements = ({ asset, class: of, from, legs }: Arguments & { from: Address }): Movement[] =>
    legs.map((leg) => ({ asset: assetNumber(asset), class: of ?? 0, from, ...leg }))
}

export declare namespace transferSync {
  type Parameters = transfer.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
