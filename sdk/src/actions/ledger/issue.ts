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

/** Issues new units to many holders, all or none. */
export async function issue(client: AnyClient, parameters: issue.Parameters): Promise<issue.ReturnType> {
  return write(client, parameters, issue.call(parameters), issue.movements(parameters))
}

/** The same, and waits until it is in its block. */
export async function issueSync(client: AnyClient, parameters: issue.Parameters): Promise<issueSync.ReturnType> {
  return writeSync(client, parameters, issue.call(parameters), issue.movements(parameters))
}

export namespace issue {
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
    callOf(services.ledger, ledgerAbi, 'issueBatch', [assetNumber(asset), of ?? 0, legs])

  /** What it moves, so that a refusal tells every reason. */
  export const movements = ({ asset, class: of, legs }: Arguments): Movement[] =>
    legs.map((leg) => ({ asset: assetNumber(asset), class: of ?? 0, ...leg }))
}

export declare namespace issueSync {
  type Parameters = issue.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
