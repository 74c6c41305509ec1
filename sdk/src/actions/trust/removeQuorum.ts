import type { Address } from 'viem'
import { trustAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Power } from '../../generated/wire.js'
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

/** Lets a power be used alone again; only the quorum itself may say so. */
export async function removeQuorum(
  client: AnyClient,
  parameters: removeQuorum.Parameters,
): Promise<removeQuorum.ReturnType> {
  return write(client, parameters, removeQuorum.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function removeQuorumSync(
  client: AnyClient,
  parameters: removeQuorum.Parameters,
): Promise<removeQuorumSync.ReturnType> {
  return writeSync(client, parameters, removeQuorum.call(parameters))
}

export namespace removeQuorum {
  export type Arguments = {
    /** Which power. */
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
  export const call = ({ power, asset, class: of }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'removeQuorum', [
      numberOf('Power', power),
      asset === undefined ? 0n : assetNumber(asset),
      of === undefined ? 0 : of + 1,
    ])
}

export declare namespace removeQuorumSync {
  type Parameters = removeQuorum.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
