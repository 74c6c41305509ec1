import { parseEventLogs, type Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { services } from '../../address.js'
import { assetGiven, type AssetGiven } from '../../given.js'
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

/** Creates a security or cash token; the sender becomes its issuer and admin. */
export async function createAsset(
  client: AnyClient,
  parameters: createAsset.Parameters,
): Promise<createAsset.ReturnType> {
  return write(client, parameters, createAsset.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function createAssetSync(
  client: AnyClient,
  parameters: createAsset.Parameters,
): Promise<createAssetSync.ReturnType> {
  const written = await writeSync(client, parameters, createAsset.call(parameters))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'AssetCreated' })
  const { asset, token } = logs[0]!.args
  return { ...written, asset, token }
}

export namespace createAsset {
  export type Arguments = AssetGiven
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments): Call => callOf(services.ledger, ledgerAbi, 'createAsset', [assetGiven(given)])
}

export declare namespace createAssetSync {
  type Parameters = createAsset.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the asset. */
    asset: bigint
    /** The address at which it answers as a token. */
    token: Address
  }
  type ErrorType = WriteErrorType
}
