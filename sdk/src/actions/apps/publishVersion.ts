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

/** Its developer publishes the next version of an app. Contracts that it leaves out act for nobody any more. */
export async function publishVersion(client: AnyClient, parameters: publishVersion.Parameters): Promise<publishVersion.ReturnType> {
  return write(client, parameters, publishVersion.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function publishVersionSync(client: AnyClient, parameters: publishVersion.Parameters): Promise<publishVersionSync.ReturnType> {
  return published(await writeSync(client, parameters, publishVersion.call(parameters)))
}

export namespace publishVersion {
  export type Arguments = Version & {
    /** Which app. */
    app: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ app, ...version }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'publishVersion', [app, versionOf(version)])
}

export declare namespace publishVersionSync {
  type Parameters = publishVersion.Parameters
  type ReturnType = PublishedSync
  type ErrorType = WriteErrorType
}
