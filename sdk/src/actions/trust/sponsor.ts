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

/** Pays for another person's transactions, so much gas until then. */
export async function sponsor(client: AnyClient, parameters: sponsor.Parameters): Promise<sponsor.ReturnType> {
  return write(client, parameters, sponsor.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function sponsorSync(client: AnyClient, parameters: sponsor.Parameters): Promise<sponsorSync.ReturnType> {
  return writeSync(client, parameters, sponsor.call(parameters))
}

export namespace sponsor {
  export type Arguments = {
    /** For whom. */
    person: bigint
    /** How much gas. */
    gasAmount: bigint
    /** Until when, in milliseconds since 1970. */
    expires: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, gasAmount, expires }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'sponsor', [person, gasAmount, expires])
}

export declare namespace sponsorSync {
  type Parameters = sponsor.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
