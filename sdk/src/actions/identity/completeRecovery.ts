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

/** Binds the account to its new wallet. Nothing moves; all assets follow. */
export async function completeRecovery(
  client: AnyClient,
  parameters: completeRecovery.Parameters,
): Promise<completeRecovery.ReturnType> {
  return write(client, parameters, completeRecovery.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function completeRecoverySync(
  client: AnyClient,
  parameters: completeRecovery.Parameters,
): Promise<completeRecoverySync.ReturnType> {
  return writeSync(client, parameters, completeRecovery.call(parameters))
}

export namespace completeRecovery {
  export type Arguments = {
    /** The lost wallet. */
    lost: Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ lost }: Arguments): Call => callOf(services.identity, identityAbi, 'completeRecovery', [lost])
}

export declare namespace completeRecoverySync {
  type Parameters = completeRecovery.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
