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

/** Stops all delegations of a person in an emergency, or lets them go on. */
export async function freezeDelegations(
  client: AnyClient,
  parameters: freezeDelegations.Parameters,
): Promise<freezeDelegations.ReturnType> {
  return write(client, parameters, freezeDelegations.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function freezeDelegationsSync(
  client: AnyClient,
  parameters: freezeDelegations.Parameters,
): Promise<freezeDelegationsSync.ReturnType> {
  return writeSync(client, parameters, freezeDelegations.call(parameters))
}

export namespace freezeDelegations {
  export type Arguments = {
    /** Whose. */
    person: bigint
    /** True to stop them. */
    frozen: boolean
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, frozen }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'freezeDelegations', [person, frozen])
}

export declare namespace freezeDelegationsSync {
  type Parameters = freezeDelegations.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
