import { ledgerAbi } from '../../abi.js'
import { services } from '../../address.js'
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

/** Gives held units back to their owner. */
export async function releaseHold(
  client: AnyClient,
  parameters: releaseHold.Parameters,
): Promise<releaseHold.ReturnType> {
  return write(client, parameters, releaseHold.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function releaseHoldSync(
  client: AnyClient,
  parameters: releaseHold.Parameters,
): Promise<releaseHoldSync.ReturnType> {
  return writeSync(client, parameters, releaseHold.call(parameters))
}

export namespace releaseHold {
  export type Arguments = {
    /** The hold. */
    hold: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ hold: number }: Arguments): Call => callOf(services.ledger, ledgerAbi, 'releaseHold', [number])
}

export declare namespace releaseHoldSync {
  type Parameters = releaseHold.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
