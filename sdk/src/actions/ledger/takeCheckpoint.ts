import { parseEventLogs, type Address } from 'viem'
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

/** Fixes the balances of this moment for ever. */
export async function takeCheckpoint(
  client: AnyClient,
  parameters: takeCheckpoint.Parameters,
): Promise<takeCheckpoint.ReturnType> {
  return write(client, parameters, takeCheckpoint.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function takeCheckpointSync(
  client: AnyClient,
  parameters: takeCheckpoint.Parameters,
): Promise<takeCheckpointSync.ReturnType> {
  const written = await writeSync(client, parameters, takeCheckpoint.call(parameters))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'CheckpointTaken' })
  return { ...written, checkpoint: logs[0]!.args.checkpoint }
}

export namespace takeCheckpoint {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'takeCheckpoint', [assetNumber(asset)])
}

export declare namespace takeCheckpointSync {
  type Parameters = takeCheckpoint.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the checkpoint. */
    checkpoint: number
  }
  type ErrorType = WriteErrorType
}
