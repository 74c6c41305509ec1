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

/** Admits a person as a provider; a power over the network. */
export async function admitProvider(
  client: AnyClient,
  parameters: admitProvider.Parameters,
): Promise<admitProvider.ReturnType> {
  return write(client, parameters, admitProvider.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function admitProviderSync(
  client: AnyClient,
  parameters: admitProvider.Parameters,
): Promise<admitProviderSync.ReturnType> {
  return writeSync(client, parameters, admitProvider.call(parameters))
}

export namespace admitProvider {
  export type Arguments = {
    /** The person. */
    provider: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ provider }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'admitProvider', [provider])
}

export declare namespace admitProviderSync {
  type Parameters = admitProvider.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
