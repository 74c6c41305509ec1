import type { Address } from 'viem'
import { tokenAbi } from '../../abi.js'
import { assetNumber, tokenAddress } from '../../address.js'
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

/** Lets a halted asset move again. */
export async function resume(client: AnyClient, parameters: resume.Parameters): Promise<resume.ReturnType> {
  return write(client, parameters, resume.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function resumeSync(client: AnyClient, parameters: resume.Parameters): Promise<resumeSync.ReturnType> {
  return writeSync(client, parameters, resume.call(parameters))
}

export namespace resume {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset }: Arguments): Call => callOf(tokenAddress(assetNumber(asset)), tokenAbi, 'unpause', [])
}

export declare namespace resumeSync {
  type Parameters = resume.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
