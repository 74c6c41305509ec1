import type { Address } from 'viem'
import { identityAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
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
import { operationsOf, type Operation } from '../operations.js'

/** Lets another wallet or a contract act for the sender's account. */
export async function delegate(client: AnyClient, parameters: delegate.Parameters): Promise<delegate.ReturnType> {
  return write(client, parameters, delegate.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function delegateSync(
  client: AnyClient,
  parameters: delegate.Parameters,
): Promise<delegateSync.ReturnType> {
  return writeSync(client, parameters, delegate.call(parameters))
}

export namespace delegate {
  export type Arguments = {
    /** The other wallet, or a contract. */
    wallet: Address
    /** What it may do. */
    operations: readonly Operation[]
    /** Of one asset only. */
    asset?: bigint | Address | undefined
    /** Units it may move; without limit if none is named. */
    limit?: bigint | undefined
    /** Until when, in milliseconds since 1970. */
    expires: bigint
    /** What bounds each use. */
    terms?: TermsGiven | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ wallet, operations, asset, limit, expires, terms }: Arguments): Call => {
    const only = asset === undefined ? 0n : assetNumber(asset)
    const given = [wallet, operationsOf(operations), only, limit ?? 0n, expires] as const
    return terms === undefined
      ? callOf(services.identity, identityAbi, 'delegate', given)
      : callOf(services.identity, identityAbi, 'delegateWithin', [...given, termsOf(terms)])
  }
}

export declare namespace delegateSync {
  type Parameters = delegate.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
