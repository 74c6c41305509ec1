import type { Address } from 'viem'
import { trustAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Power } from '../../generated/wire.js'
import { NEVER } from '../../wire/json.js'
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
import { termsOf, type TermsGiven } from '../terms.js'
import { grantKey } from './grantKey.js'

/** Gives a power, or renews it; to a contract, one that the sender has. */
export async function grant(client: AnyClient, parameters: grant.Parameters): Promise<grant.ReturnType> {
  return write(client, parameters, grant.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function grantSync(client: AnyClient, parameters: grant.Parameters): Promise<grantSync.ReturnType> {
  return writeSync(client, parameters, grant.call(parameters))
}

export namespace grant {
  export type Arguments = {
    /** A wallet, whose person gets it, or a contract. */
    grantee: Address
    /** What it allows. */
    power: Power
    /** For one asset; the whole network if none is named. */
    asset?: bigint | Address | undefined
    /** Of one class; all if none is named. */
    class?: number | undefined
    /** Units it may be used for; without limit if none is named. */
    limit?: bigint | undefined
    /** Until when, in milliseconds since 1970; never if none is named. */
    expires?: bigint | undefined
    /** What bounds each use. */
    terms?: TermsGiven | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ grantee, power, asset, class: of, limit, expires, terms }: Arguments): Call => {
    const given = [grantKey({ grantee, power, asset, class: of }), limit ?? 0n, expires ?? NEVER] as const
    return terms === undefined
      ? callOf(services.trust, trustAbi, 'grant', given)
      : callOf(services.trust, trustAbi, 'grantWithin', [...given, termsOf(terms)])
  }
}

export declare namespace grantSync {
  type Parameters = grant.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
