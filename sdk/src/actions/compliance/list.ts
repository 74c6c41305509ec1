import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
import { NEVER } from '../../wire/json.js'
import type { AnyClient } from '../ask.js'
import { placeOf, type Entry } from '../entry.js'
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

/** Puts a person, or a wallet, on a list of an asset, or of the network. */
export async function list(client: AnyClient, parameters: list.Parameters): Promise<list.ReturnType> {
  return write(client, parameters, list.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function listSync(client: AnyClient, parameters: list.Parameters): Promise<listSync.ReturnType> {
  return writeSync(client, parameters, list.call(parameters))
}

export namespace list {
  export type Arguments = Entry & {
    /** From when on, in milliseconds since 1970; at once if none is named. */
    from?: bigint | undefined
    /** Until when; for ever if none is named. */
    until?: bigint | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ from, until, ...entry }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'list', [...placeOf(entry), from ?? 0n, until ?? NEVER])
}

export declare namespace listSync {
  type Parameters = list.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
