import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Consent } from '../../typedData.js'
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

/** Takes a person into the sender's care, as its provider. */
export async function takeOver(client: AnyClient, parameters: takeOver.Parameters): Promise<takeOver.ReturnType> {
  return write(client, parameters, takeOver.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function takeOverSync(
  client: AnyClient,
  parameters: takeOver.Parameters,
): Promise<takeOverSync.ReturnType> {
  return writeSync(client, parameters, takeOver.call(parameters))
}

export namespace takeOver {
  export type Arguments = {
    /** Whom. */
    person: bigint
    /** What the wallet of the person's first account signed: `signCare`. */
    consent: Consent
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, consent }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'takeOver', [person, consent.deadline, consent.signature])
}

export declare namespace takeOverSync {
  type Parameters = takeOver.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
