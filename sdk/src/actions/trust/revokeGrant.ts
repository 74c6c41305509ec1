import type { Address } from 'viem'
import { trustAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Power } from '../../generated/wire.js'
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
import { grantKey } from './grantKey.js'

/** Takes a power back at once. */
export async function revokeGrant(
  client: AnyClient,
  parameters: revokeGrant.Parameters,
): Promise<revokeGrant.ReturnType> {
  return write(client, parameters, revokeGrant.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function revokeGrantSync(
  client: AnyClient,
  parameters: revokeGrant.Parameters,
): Promise<revokeGrantSync.ReturnType> {
  return writeSync(client, parameters, revokeGrant.call(parameters))
}

export namespace revokeGrant {
  export type Arguments = {
    /** Who has it. */
    grantee: Address
    /** What it allows. */
    power: Power
    /** For one asset; the whole network if none is named. */
    asset?: bigint | Address | undefined
    /** Of one class; all if none is named. */
    class?: number | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ grantee, power, asset, class: of }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'revokeGrant', [grantKey({ grantee, power, asset, class: of })])
}

export declare namespace revokeGrantSync {
  type Parameters = revokeGrant.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
