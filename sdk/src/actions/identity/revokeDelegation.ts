import type { Address } from 'viem'
import { identityAbi } from '../../abi.js'
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

/** Ends a delegation at once. */
export async function revokeDelegation(
  client: AnyClient,
  parameters: revokeDelegation.Parameters,
): Promise<revokeDelegation.ReturnType> {
  return write(client, parameters, revokeDelegation.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function revokeDelegationSync(
  client: AnyClient,
  parameters: revokeDelegation.Parameters,
): Promise<revokeDelegationSync.ReturnType> {
  return writeSync(client, parameters, revokeDelegation.call(parameters))
}

export namespace revokeDelegation {
  export type Arguments = {
    /** The wallet that may no longer act. */
    wallet: Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ wallet }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'revokeDelegation', [wallet])
}

export declare namespace revokeDelegationSync {
  type Parameters = revokeDelegation.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
