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

/** Delivers held units to their beneficiary. */
export async function executeHold(
  client: AnyClient,
  parameters: executeHold.Parameters,
): Promise<executeHold.ReturnType> {
  return write(client, parameters, executeHold.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function executeHoldSync(
  client: AnyClient,
  parameters: executeHold.Parameters,
): Promise<executeHoldSync.ReturnType> {
  return writeSync(client, parameters, executeHold.call(parameters))
}

export namespace executeHold {
  export type Arguments = {
    /** The hold. */
    hold: bigint
    /** How many; what is left goes back. */
    units: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ hold: number, units }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'executeHold', [number, units])
}

export declare namespace executeHoldSync {
  type Parameters = executeHold.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
