import { trustAbi } from '../../abi.js'
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
} from '../write.js'
import { published, versionOf, type PublishedSync, type Version } from './version.js'

/** A developer publishes an app; it gets a number. */
export async function publish(client: AnyClient, parameters: publish.Parameters): Promise<publish.ReturnType> {
  return write(client, parameters, publish.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function publishSync(client: AnyClient, parameters: publish.Parameters): Promise<publishSync.ReturnType> {
  return published(await writeSync(client, parameters, publish.call(parameters)))
}

export namespace publish {
  export type Arguments = Version
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (version: Arguments): Call =>
    callOf(services.trust, trustAbi, 'publishApp', [versionOf(version)])
}

export declare namespace publishSync {
  type Parameters = publish.Parameters
  type ReturnType = PublishedSync
  type ErrorType = WriteErrorType
}
