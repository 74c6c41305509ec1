import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import { country } from '../../given.js'
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

/** Records that a person in the sender's care moved to another country. */
export async function setResidence(
  client: AnyClient,
  parameters: setResidence.Parameters,
): Promise<setResidence.ReturnType> {
  return write(client, parameters, setResidence.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setResidenceSync(
  client: AnyClient,
  parameters: setResidence.Parameters,
): Promise<setResidenceSync.ReturnType> {
  return writeSync(client, parameters, setResidence.call(parameters))
}

export namespace setResidence {
  export type Arguments = {
    /** Who. */
    person: bigint
    /** Where to, ISO 3166-1 alpha-2. */
    residence: string
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, residence }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'setResidence', [person, country(residence)])
}

export declare namespace setResidenceSync {
  type Parameters = setResidence.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
