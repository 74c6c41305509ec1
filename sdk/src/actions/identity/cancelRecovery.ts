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

/** Stops a recovery. */
export async function cancelRecovery(
  client: AnyClient,
  parameters: cancelRecovery.Parameters,
): Promise<cancelRecovery.ReturnType> {
  return write(client, parameters, cancelRecovery.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function cancelRecoverySync(
  client: AnyClient,
  parameters: cancelRecovery.Parameters,
): Promise<cancelRecoverySync.ReturnType> {
  return writeSync(client, parameters, cancelRecovery.call(parameters))
}

export namespace cancelRecovery {
  export type Arguments = {
    /** The wallet that was called lost. */
    lost: Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ lost }: Arguments): Call => callOf(services.identity, identityAbi, 'cancelRecovery', [lost])
}

export declare namespace cancelRecoverySync {
  type Parameters = cancelRecovery.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
