import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import { claim as claimOf, type ClaimGiven } from '../../given.js'
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

/** Attests a claim about a person, or renews it. */
export async function attest(client: AnyClient, parameters: attest.Parameters): Promise<attest.ReturnType> {
  return write(client, parameters, attest.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function attestSync(client: AnyClient, parameters: attest.Parameters): Promise<attestSync.ReturnType> {
  return writeSync(client, parameters, attest.call(parameters))
}

export namespace attest {
  export type Arguments = {
    /** About whom. */
    person: bigint
    /** What. */
    claim: ClaimGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, claim }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'attest', [person, claimOf(claim)])
}

export declare namespace attestSync {
  type Parameters = attest.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
