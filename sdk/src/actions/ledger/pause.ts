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

/** Halts an asset: nothing moves but by order. */
export async function pause(client: AnyClient, parameters: pause.Parameters): Promise<pause.ReturnType> {
  return write(client, parameters, pause.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function pauseSync(client: AnyClient, parameters: pause.Parameters): Promise<pauseSync.ReturnType> {
  return writeSync(client, parameters, pause.call(parameters))
}

export namespace pause {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset }: Arguments): Call => callOf(tokenAddress(assetNumber(asset)), tokenAbi, 'pause', [])
}

export declare namespace pauseSync {
  type Parameters = pause.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
