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

/** The bits of the operations, as the chain numbers them. */
const BITS = { transfer: 1, hold: 2 }

/** Lets another wallet act for the sender's account. */
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
    /** The other wallet. */
    wallet: Address
    /** What it may do. */
    operations: readonly ('transfer' | 'hold')[]
    /** Of one asset only. */
    asset?: bigint | Address | undefined
    /** Units it may move; without limit if none is named. */
    limit?: bigint | undefined
    /** Until when, in milliseconds since 1970. */
    expires: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ wallet, operations, asset, limit, expires }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'delegate', [
      wallet,
      operations.reduce((set, operation) => set | BITS[operation], 0),
      asset === undefined ? 0n : assetNumber(asset),
      limit ?? 0n,
      expires,
    ])
}

export declare namespace delegateSync {
  type Parameters = delegate.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
