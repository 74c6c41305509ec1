import { trustAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Standing } from '../../generated/wire.js'
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

/** Suspends, reinstates or ends an app, with the network's power; its developer may end it. */
export async function setStanding(client: AnyClient, parameters: setStanding.Parameters): Promise<setStanding.ReturnType> {
  return write(client, parameters, setStanding.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setStandingSync(client: AnyClient, parameters: setStanding.Parameters): Promise<setStandingSync.ReturnType> {
  return writeSync(client, parameters, setStanding.call(parameters))
}

export namespace setStanding {
  export type Arguments = {
    /** Which app. */
    app: bigint
    /** How it stands from now on. */
    standing: Standing
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ app, standing }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'setAppStanding', [app, numberOf('Standing', standing)])
}

export declare namespace setStandingSync {
  type Parameters = setStanding.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
