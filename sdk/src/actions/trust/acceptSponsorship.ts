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

/** Lets the sender's sponsor stay: no other takes its place while it can pay. */
export async function acceptSponsorship(
  client: AnyClient,
  parameters: acceptSponsorship.Parameters,
): Promise<acceptSponsorship.ReturnType> {
  return write(client, parameters, acceptSponsorship.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function acceptSponsorshipSync(
  client: AnyClient,
  parameters: acceptSponsorship.Parameters,
): Promise<acceptSponsorshipSync.ReturnType> {
  return writeSync(client, parameters, acceptSponsorship.call(parameters))
}

export namespace acceptSponsorship {
  export type Arguments = {
    /** The sponsor, a person. */
    sponsor: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ sponsor }: Arguments): Call => callOf(services.trust, trustAbi, 'acceptSponsorship', [sponsor])
}

export declare namespace acceptSponsorshipSync {
  type Parameters = acceptSponsorship.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
