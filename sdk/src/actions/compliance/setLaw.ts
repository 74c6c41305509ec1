import { stringToHex } from 'viem'
import { complianceAbi } from '../../abi.js'
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

/** Puts profiles into force as the law of a jurisdiction; none lifts it. Needs the power over the law. */
export async function setLaw(client: AnyClient, parameters: setLaw.Parameters): Promise<setLaw.ReturnType> {
  return write(client, parameters, setLaw.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setLawSync(client: AnyClient, parameters: setLaw.Parameters): Promise<setLawSync.ReturnType> {
  return writeSync(client, parameters, setLaw.call(parameters))
}

export namespace setLaw {
  export type Arguments = {
    /** The country, by two letters. */
    country: string
    /** The profiles' names. */
    profiles: readonly string[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ country, profiles }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'setLaw', [stringToHex(country, { size: 2 }), profiles])
}

export declare namespace setLawSync {
  type Parameters = setLaw.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
