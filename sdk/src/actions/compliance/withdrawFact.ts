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

/** Takes a fact back. */
export async function withdrawFact(client: AnyClient, parameters: withdrawFact.Parameters): Promise<withdrawFact.ReturnType> {
  return write(client, parameters, withdrawFact.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function withdrawFactSync(client: AnyClient, parameters: withdrawFact.Parameters): Promise<withdrawFactSync.ReturnType> {
  return writeSync(client, parameters, withdrawFact.call(parameters))
}

export namespace withdrawFact {
  export type Arguments = {
    /** The asset, by number or token; the network itself if none is named. */
    asset?: bigint | Address | undefined
    /** Which fact. */
    name: string
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, name }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'withdrawFact', [asset === undefined ? 0n : assetNumber(asset), name])
}

export declare namespace withdrawFactSync {
  type Parameters = withdrawFact.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
