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

/** Sets units aside for a beneficiary: the sender's own, or of an account that the sender may hold for. */
export async function hold(client: AnyClient, parameters: hold.Parameters): Promise<hold.ReturnType> {
  return write(client, parameters, hold.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function holdSync(client: AnyClient, parameters: hold.Parameters): Promise<holdSync.ReturnType> {
  const written = await writeSync(client, parameters, hold.call(parameters))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'Held' })
  return { ...written, hold: logs[0]!.args.hold }
}

export namespace hold {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Whose; the sender's own if none is named. */
    from?: Address | undefined
    /** Who gets them if it is executed. */
    beneficiary: Address
    /** The person who decides; the beneficiary if none is named. */
    notary?: bigint | undefined
    /** How many. */
    units: bigint
    /** From when on the owner may take them back, in milliseconds since 1970. */
    expires: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, from, beneficiary, notary, units, expires }: Arguments): Call => {
    const [place, rest] = [[assetNumber(asset), of ?? 0] as const, [beneficiary, notary ?? 0n, units, expires] as const]
    return from === undefined
      ? callOf(services.ledger, ledgerAbi, 'hold', [...place, ...rest])
      : callOf(services.ledger, ledgerAbi, 'holdFor', [...place, from, ...rest])
  }
}

export declare namespace holdSync {
  type Parameters = hold.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the hold. */
    hold: bigint
  }
  type ErrorType = WriteErrorType
}
