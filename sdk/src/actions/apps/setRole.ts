import { trustAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Role, Standing } from '../../generated/wire.js'
import { numberOf } from '../../naming.js'
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

/** Network power: admits, suspends, reinstates or ends a developer or auditor of apps. */
export async function setRole(client: AnyClient, parameters: setRole.Parameters): Promise<setRole.ReturnType> {
  return write(client, parameters, setRole.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setRoleSync(client: AnyClient, parameters: setRole.Parameters): Promise<setRoleSync.ReturnType> {
  return writeSync(client, parameters, setRole.call(parameters))
}

export namespace setRole {
  export type Arguments = {
    /** Who. */
    person: bigint
    /** As what. */
    role: Role
    /** How it stands from now on; active if nothing is said. */
    standing?: Standing | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, role, standing }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'setRole', [person, numberOf('Role', role), numberOf('Standing', standing ?? 'active')])
}

export declare namespace setRoleSync {
  type Parameters = setRole.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
