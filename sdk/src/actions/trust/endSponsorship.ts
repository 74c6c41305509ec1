import { trustAbi } from '../../abi.js'
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

/** Stops paying for a person, or being paid for. */
export async function endSponsorship(
  client: AnyClient,
  parameters: endSponsorship.Parameters,
): Promise<endSponsorship.ReturnType> {
  return write(client, parameters, endSponsorship.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function endSponsorshipSync(
  client: AnyClient,
  parameters: endSponsorship.Parameters,
): Promise<endSponsorshipSync.ReturnType> {
  return writeSync(client, parameters, endSponsorship.call(parameters))
}

export namespace endSponsorship {
  export type Arguments = {
    /** For whom was paid. */
    person: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person }: Arguments): Call => callOf(services.trust, trustAbi, 'endSponsorship', [person])
}

export declare namespace endSponsorshipSync {
  type Parameters = endSponsorship.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
