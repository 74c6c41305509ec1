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

/** Applies a line of a sanctions list; a power over the network. */
export async function setSanctions(
  client: AnyClient,
  parameters: setSanctions.Parameters,
): Promise<setSanctions.ReturnType> {
  return write(client, parameters, setSanctions.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setSanctionsSync(
  client: AnyClient,
  parameters: setSanctions.Parameters,
): Promise<setSanctionsSync.ReturnType> {
  return writeSync(client, parameters, setSanctions.call(parameters))
}

export namespace setSanctions {
  export type Arguments = {
    /** About whom. */
    person: bigint
    /** Of which version of the list. */
    listVersion: number
    /** True if the person is on it. */
    hit: boolean
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, listVersion, hit }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'setSanctions', [person, listVersion, hit])
}

export declare namespace setSanctionsSync {
  type Parameters = setSanctions.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
