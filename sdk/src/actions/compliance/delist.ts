import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
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

/** Takes a person, or a wallet, off a list of an asset, or of the network. */
export async function delist(client: AnyClient, parameters: delist.Parameters): Promise<delist.ReturnType> {
  return write(client, parameters, delist.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function delistSync(client: AnyClient, parameters: delist.Parameters): Promise<delistSync.ReturnType> {
  return writeSync(client, parameters, delist.call(parameters))
}

export namespace delist {
  export type Arguments = Entry
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (entry: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'delist', placeOf(entry))
}

export declare namespace delistSync {
  type Parameters = delist.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
