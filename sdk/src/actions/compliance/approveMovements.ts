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

/** Approves movements of exactly so many units each, one if not said how many, where a rule asks for approvals. */
export async function approveMovements(client: AnyClient, parameters: approveMovements.Parameters): Promise<approveMovements.ReturnType> {
  return write(client, parameters, approveMovements.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function approveMovementsSync(client: AnyClient, parameters: approveMovements.Parameters): Promise<approveMovementsSync.ReturnType> {
  return writeSync(client, parameters, approveMovements.call(parameters))
}

export namespace approveMovements {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The list of the asset on which the caller stands; 0 if it gives or gets the units itself. */
    list: number
    /** From whom; nobody if units are issued. */
    from?: bigint | undefined
    /** To whom; nobody if they are redeemed. */
    to?: bigint | undefined
    /** Exactly how many units each. */
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
  export const call = ({ asset, list, from, to, units, until, times }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'approveMovements', [
      assetNumber(asset),
      list,
      from ?? 0n,
      to ?? 0n,
      units,
      until ?? NEVER,
      times ?? 1,
    ])
}

export declare namespace approveMovementsSync {
  type Parameters = approveMovements.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
