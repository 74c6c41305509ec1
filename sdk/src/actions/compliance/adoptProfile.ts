import { zeroHash, type Address, type Hex } from 'viem'
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

/** Lets units of an asset be issued under a profile, or no longer. */
export async function adoptProfile(client: AnyClient, parameters: adoptProfile.Parameters): Promise<adoptProfile.ReturnType> {
  return write(client, parameters, adoptProfile.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function adoptProfileSync(client: AnyClient, parameters: adoptProfile.Parameters): Promise<adoptProfileSync.ReturnType> {
  return writeSync(client, parameters, adoptProfile.call(parameters))
}

export namespace adoptProfile {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The profile's name. */
    id: string
    /** False to issue under it no longer. */
    adopted?: boolean | undefined
    /** The hash of `dryRun`'s report: refused without one where somebody holds the asset. */
    report?: Hex | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, id, adopted, report }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'adoptProfile', [assetNumber(asset), id, adopted ?? true, report ?? zeroHash])
}

export declare namespace adoptProfileSync {
  type Parameters = adoptProfile.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
