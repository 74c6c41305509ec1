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

/** Takes a claim of the sender's back, for ever. */
export async function revokeClaim(
  client: AnyClient,
  parameters: revokeClaim.Parameters,
): Promise<revokeClaim.ReturnType> {
  return write(client, parameters, revokeClaim.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function revokeClaimSync(
  client: AnyClient,
  parameters: revokeClaim.Parameters,
): Promise<revokeClaimSync.ReturnType> {
  return writeSync(client, parameters, revokeClaim.call(parameters))
}

export namespace revokeClaim {
  export type Arguments = {
    /** About whom. */
    person: bigint
    /** About what. */
    topic: number
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, topic }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'revoke', [person, topic])
}

export declare namespace revokeClaimSync {
  type Parameters = revokeClaim.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
