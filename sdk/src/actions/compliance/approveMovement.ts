import type { Address } from 'viem'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import { NEVER } from '../../wire/json.js'
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

/** Approves a movement of exactly so many units, once or several times, where a rule asks for approvals. */
export async function approveMovement(client: AnyClient, parameters: approveMovement.Parameters): Promise<approveMovement.ReturnType> {
  return write(client, parameters, approveMovement.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function approveMovementSync(client: AnyClient, parameters: approveMovement.Parameters): Promise<approveMovementSync.ReturnType> {
  return writeSync(client, parameters, approveMovement.call(parameters))
}

export namespace approveMovement {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The list of the asset on which the caller stands; 0 if it gives or gets the units itself. */
    list: number
    /** From whom; nobody if units are issued. */
    from?: bigint | undefined
    /** To whom; nobody if they are redeemed. */
    to?: bigint | undefined
    /** Exactly how many units. */
    units: bigint
    /** Until when the approval is good, in milliseconds since 1970; for ever if none is named. */
    until?: bigint | undefined
    /** For how many such movements; one if it is not said. */
    times?: number | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, list, from, to, units, until, times }: Arguments): Call => {
    const movement = [assetNumber(asset), list, from ?? 0n, to ?? 0n, units, until ?? NEVER] as const
    return times === undefined
      ? callOf(services.compliance, complianceAbi, 'approveMovement', movement)
      : callOf(services.compliance, complianceAbi, 'approveMovements', [...movement, times])
  }
}

export declare namespace approveMovementSync {
  type Parameters = approveMovement.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
