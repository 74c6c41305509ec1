import type { Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Leg } from '../../given.js'
import type { AnyClient } from '../ask.js'
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

/** Issues units that are not paid in full: the clocks of their lots start when that is confirmed. */
export async function issueUnpaid(client: AnyClient, parameters: issueUnpaid.Parameters): Promise<issueUnpaid.ReturnType> {
  return write(client, parameters, issueUnpaid.call(parameters), issueUnpaid.movements(parameters))
}

/** The same, and waits until it is in its block. */
export async function issueUnpaidSync(
  client: AnyClient,
  parameters: issueUnpaid.Parameters,
): Promise<issueUnpaidSync.ReturnType> {
  return writeSync(client, parameters, issueUnpaid.call(parameters), issueUnpaid.movements(parameters))
}

export namespace issueUnpaid {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Who gets how many. */
    legs: readonly Leg[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, legs }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'issueUnpaid', [assetNumber(asset), of ?? 0, legs])

  /** What it moves, so that a refusal tells every reason. */
  export const movements = ({ asset, class: of, legs }: Arguments): Movement[] =>
    legs.map((leg) => ({ asset: assetNumber(asset), class: of ?? 0, ...leg }))
}

export declare namespace issueUnpaidSync {
  type Parameters = issueUnpaid.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
