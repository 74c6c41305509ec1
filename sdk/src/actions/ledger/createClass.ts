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

/** Adds a class to an asset, an ERC-1410 partition. */
export async function createClass(
  client: AnyClient,
  parameters: createClass.Parameters,
): Promise<createClass.ReturnType> {
  return write(client, parameters, createClass.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function createClassSync(
  client: AnyClient,
  parameters: createClass.Parameters,
): Promise<createClassSync.ReturnType> {
  const written = await writeSync(client, parameters, createClass.call(parameters))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'ClassCreated' })
  return { ...written, class: logs[0]!.args.class }
}

export namespace createClass {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Its name, 1 to 31 bytes. */
    name: string
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, name }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'createClass', [assetNumber(asset), name])
}

export declare namespace createClassSync {
  type Parameters = createClass.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the class. */
    class: number
  }
  type ErrorType = WriteErrorType
}
