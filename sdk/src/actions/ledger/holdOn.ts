import { parseEventLogs, stringToHex, type Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { senderOf } from '../sender.js'
import { callOf, write, writeSync, type Call, type WriteErrorType, type Written, type WrittenSync } from '../write.js'
import type { hold } from './hold.js'
import { NO_CURRENCY } from './transferOn.js'

/**
 * Sets units aside for a beneficiary, and says on which terms they are delivered: by which path of exemption, what is paid.
 * Whoever delivers them cannot change that.
 */
export async function holdOn(client: AnyClient, parameters: holdOn.Parameters): Promise<holdOn.ReturnType> {
  const given = { ...parameters, from: parameters.from ?? senderOf(client, parameters) }
  return write(client, parameters, holdOn.call(given))
}

/** The same, and waits until it is in its block. */
export async function holdOnSync(client: AnyClient, parameters: holdOn.Parameters): Promise<holdOnSync.ReturnType> {
  const given = { ...parameters, from: parameters.from ?? senderOf(client, parameters) }
  const written = await writeSync(client, parameters, holdOn.call(given))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'Held' })
  return { ...written, hold: logs[0]!.args.hold }
}

export namespace holdOn {
  export type Arguments = hold.Arguments & {
    /** The path of exemption that is elected, by its name; the first that is open if none is. */
    path?: string | undefined
    /** The currency in which is paid, by three letters; without it no price is told. */
    currency?: string | undefined
    /** What is paid for all that is held, in its minor units; of each part of it what falls on its units. */
    paid?: bigint | undefined
  }
  export type Parameters = hold.Parameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = (given: Arguments & { from: Address }): Call =>
    callOf(services.ledger, ledgerAbi, 'holdOn', [
      assetNumber(given.asset),
      given.class ?? 0,
      given.from,
      given.beneficiary,
      given.notary ?? 0n,
      given.units,
      given.expires,
      {
        path: given.path ?? '',
        currency: given.currency === undefined ? NO_CURRENCY : stringToHex(given.currency, { size: 3 }),
        paid: given.paid ?? 0n,
      },
    ])
}

export declare namespace holdOnSync {
  type Parameters = holdOn.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the hold. */
    hold: bigint
  }
  type ErrorType = WriteErrorType
}
