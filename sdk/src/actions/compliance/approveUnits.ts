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

/** Approves movements of any size between two persons, of so many units in all, where a rule has one step of approvals. */
export async function approveUnits(client: AnyClient, parameters: approveUnits.Parameters): Promise<approveUnits.ReturnType> {
  return write(client, parameters, approveUnits.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function approveUnitsSync(client: AnyClient, parameters: approveUnits.Parameters): Promise<approveUnitsSync.ReturnType> {
  return writeSync(client, parameters, approveUnits.call(parameters))
}

export namespace approveUnits {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The list of the asset on which the caller stands; 0 if it gives or gets the units itself. */
    list: number
    /** From whom; nobody if units are issued. */
    from?: bigint | undefined
    /** To whom; nobody if they are redeemed. */
    to?: bigint | undefined
    /** How many units in all. */
    units: bigint
    /** Until when the approval is good, in milliseconds since 1970; for ever if none is named. */
    until?: bigint | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, list, from, to, units, until }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'approveUnits', [
      assetNumber(asset),
      list,
      from ?? 0n,
      to ?? 0n,
      units,
      until ?? NEVER,
    ])
}

export declare namespace approveUnitsSync {
  type Parameters = approveUnits.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
