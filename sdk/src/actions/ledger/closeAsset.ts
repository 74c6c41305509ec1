import type { Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
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

/** Closes an asset for ever; it must be paused, and nothing of it outstanding. */
export async function closeAsset(client: AnyClient, parameters: closeAsset.Parameters): Promise<closeAsset.ReturnType> {
  return write(client, parameters, closeAsset.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function closeAssetSync(
  client: AnyClient,
  parameters: closeAsset.Parameters,
): Promise<closeAssetSync.ReturnType> {
  return writeSync(client, parameters, closeAsset.call(parameters))
}

export namespace closeAsset {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'closeAsset', [assetNumber(asset)])
}

export declare namespace closeAssetSync {
  type Parameters = closeAsset.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
