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

/** From now on so many of these persons must agree to use a power. */
export async function setQuorum(client: AnyClient, parameters: setQuorum.Parameters): Promise<setQuorum.ReturnType> {
  return write(client, parameters, setQuorum.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setQuorumSync(
  client: AnyClient,
  parameters: setQuorum.Parameters,
): Promise<setQuorumSync.ReturnType> {
  return writeSync(client, parameters, setQuorum.call(parameters))
}

export namespace setQuorum {
  export type Arguments = {
    /** Which power. */
    power: Power
    /** For one asset; the whole network if none is named. */
    asset?: bigint | Address | undefined
    /** Of one class; all if none is named. */
    class?: number | undefined
    /** The persons. */
    members: readonly bigint[]
    /** How many must agree. */
    threshold: number
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ power, asset, class: of, members, threshold }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'setQuorum', [
      numberOf('Power', power),
      asset === undefined ? 0n : assetNumber(asset),
      of === undefined ? 0 : of + 1,
      members,
      threshold,
    ])
}

export declare namespace setQuorumSync {
  type Parameters = setQuorum.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
