import type { Address } from 'viem'
import { complianceAbi } from '../../abi.js'
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

/** Enters persons into the register of those who were approached with an offer, if they may be. */
export async function approach(client: AnyClient, parameters: approach.Parameters): Promise<approach.ReturnType> {
  return write(client, parameters, approach.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function approachSync(client: AnyClient, parameters: approach.Parameters): Promise<approachSync.ReturnType> {
  return writeSync(client, parameters, approach.call(parameters))
}

export namespace approach {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Who. */
    persons: readonly bigint[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, persons }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'approach', [assetNumber(asset), persons])
}

export declare namespace approachSync {
  type Parameters = approach.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
