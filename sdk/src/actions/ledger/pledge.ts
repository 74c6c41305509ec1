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

/** Sets units of the sender's own aside to secure a debt: a hold that is judged as a pledge. */
export async function pledge(client: AnyClient, parameters: pledge.Parameters): Promise<pledge.ReturnType> {
  return write(client, parameters, pledge.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function pledgeSync(client: AnyClient, parameters: pledge.Parameters): Promise<pledgeSync.ReturnType> {
  const written = await writeSync(client, parameters, pledge.call(parameters))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'Held' })
  return { ...written, hold: logs[0]!.args.hold }
}

export namespace pledge {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Whom the units secure: who gets them if the debt is not paid. */
    beneficiary: Address
    /** The person who decides; the beneficiary if none is named. */
    notary?: bigint | undefined
    /** How many. */
    units: bigint
    /** From when on the owner may take them back, in milliseconds since 1970. */
    expires: bigint
    /** True if the pledgor owes the debt with all that it has, and not with these units alone. */
    recourse: boolean
    /** The path of exemption that is elected, by its name; the first that is open if none is. */
    path?: string | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, beneficiary, notary, units, expires, recourse, path }: Arguments): Call => {
    const terms = [assetNumber(asset), of ?? 0, beneficiary, notary ?? 0n, units, expires, recourse] as const
    return path === undefined
      ? callOf(services.ledger, ledgerAbi, 'pledge', terms)
      : callOf(services.ledger, ledgerAbi, 'pledgeOn', [...terms, path])
  }
}

export declare namespace pledgeSync {
  type Parameters = pledge.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the hold. */
    hold: bigint
  }
  type ErrorType = WriteErrorType
}
