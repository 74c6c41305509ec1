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

/** Ends a provider at a time; a power over the network. */
export async function cutOffProvider(
  client: AnyClient,
  parameters: cutOffProvider.Parameters,
): Promise<cutOffProvider.ReturnType> {
  return write(client, parameters, cutOffProvider.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function cutOffProviderSync(
  client: AnyClient,
  parameters: cutOffProvider.Parameters,
): Promise<cutOffProviderSync.ReturnType> {
  return writeSync(client, parameters, cutOffProvider.call(parameters))
}

export namespace cutOffProvider {
  export type Arguments = {
    /** The provider. */
    provider: bigint
    /** When, in milliseconds since 1970. */
    at: bigint
    /** True if what it attested before then goes on. */
    keepEarlier: boolean
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ provider, at, keepEarlier }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'cutOffProvider', [provider, at, keepEarlier])
}

export declare namespace cutOffProviderSync {
  type Parameters = cutOffProvider.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
