import { stringToHex, zeroHash, type Hex } from 'viem'
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
    /** The hash of `dryRun`'s report, on any asset: refused without one unless the law is lifted. */
    report?: Hex | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ country, profiles, report }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'setLaw', [
      stringToHex(country, { size: 2 }),
      profiles,
      report ?? zeroHash,
    ])
}

export declare namespace setLawSync {
  type Parameters = setLaw.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
