import type { Address } from 'viem'
import { tokenAbi } from '../../abi.js'
import { assetNumber, tokenAddress } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { senderOf } from '../sender.js'
import {
  callOf,
  write,
  writeSync,
  type Call,
  type Movement,
  type WriteErrorType,
  type WriteParameters,
  type Written,
  type WrittenSync,
} from '../write.js'

/** Ends units of the sender. */
export async function redeem(client: AnyClient, parameters: redeem.Parameters): Promise<redeem.ReturnType> {
  return write(client, parameters, redeem.call(parameters), redeem.movements(parameters, senderOf(client, parameters)))
}

/** The same, and waits until it is in its block. */
export async function redeemSync(client: AnyClient, parameters: redeem.Parameters): Promise<redeemSync.ReturnType> {
  return writeSync(
    client,
    parameters,
    redeem.call(parameters),
    redeem.movements(parameters, senderOf(client, parameters)),
  )
}

export namespace redeem {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** How many. */
    units: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, units }: Arguments): Call =>
    callOf(tokenAddress(assetNumber(asset)), tokenAbi, 'redeem', [units, '0x'])

  /** What it moves, so that a refusal tells every reason. */
  export const movements = ({ asset, units }: Arguments, from: Address): Movement[] => [
    { asset: assetNumber(asset), from, units },
  ]
}

export declare namespace redeemSync {
  type Parameters = redeem.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
