import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Profile } from '../../generated/wire.js'
import { toJson } from '../../wire/json.js'
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

/** Registers a profile, or its next version. Needs the power over the law. */
export async function registerProfile(client: AnyClient, parameters: registerProfile.Parameters): Promise<registerProfile.ReturnType> {
  return write(client, parameters, registerProfile.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function registerProfileSync(client: AnyClient, parameters: registerProfile.Parameters): Promise<registerProfileSync.ReturnType> {
  return writeSync(client, parameters, registerProfile.call(parameters))
}

export namespace registerProfile {
  export type Arguments = {
    /** The law of a jurisdiction, or an exemption from it, as data. */
    profile: Profile
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ profile }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'registerProfile', [JSON.stringify(toJson('Profile', profile))])
}

export declare namespace registerProfileSync {
  type Parameters = registerProfile.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
