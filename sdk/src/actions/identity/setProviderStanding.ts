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

/** Lets a provider attest, or not; a power over the network. */
export async function setProviderStanding(
  client: AnyClient,
  parameters: setProviderStanding.Parameters,
): Promise<setProviderStanding.ReturnType> {
  return write(client, parameters, setProviderStanding.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setProviderStandingSync(
  client: AnyClient,
  parameters: setProviderStanding.Parameters,
): Promise<setProviderStandingSync.ReturnType> {
  return writeSync(client, parameters, setProviderStanding.call(parameters))
}

export namespace setProviderStanding {
  export type Arguments = {
    /** The provider. */
    provider: bigint
    /** True to let it. */
    isActive: boolean
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ provider, isActive }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'setProviderStanding', [provider, isActive])
}

export declare namespace setProviderStandingSync {
  type Parameters = setProviderStanding.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
