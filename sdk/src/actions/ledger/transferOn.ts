import { stringToHex, type Address, type Hex } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Sale } from '../../given.js'
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

/** Moves units to one or many on terms: by which path of exemption, what each pays, of which lots. All or none. */
export async function transferOn(client: AnyClient, parameters: transferOn.Parameters): Promise<transferOn.ReturnType> {
  const given = { ...parameters, from: parameters.from ?? senderOf(client, parameters) }
  return write(client, parameters, transferOn.call(given), transferOn.movements(given))
}

/** The same, and waits until it is in its block. */
export async function transferOnSync(
  client: AnyClient,
  parameters: transferOn.Parameters,
): Promise<transferOnSync.ReturnType> {
  const given = { ...parameters, from: parameters.from ?? senderOf(client, parameters) }
  return writeSync(client, parameters, transferOn.call(given), transferOn.movements(given))
}

export namespace transferOn {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** Out of whose account; the sender's own if none is named. */
    from?: Address | undefined
    /** The path of exemption that is elected, by its name; the first that is open if none is. */
    path?: string | undefined
    /** The currency in which is paid, by three letters; without it no price is told. */
    currency?: string | undefined
    /** Who gets how many or which lots, and what is paid for them. */
    legs: readonly Sale[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, from, path, currency, legs }: Arguments & { from: Address }): Call =>
    callOf(services.ledger, ledgerAbi, 'transferOn', [
      assetNumber(asset),
      of ?? 0,
      from,
      path ?? '',
      currency === undefined ? NO_CURRENCY : stringToHex(currency, { size: 3 }),
      legs.map((leg) => ({ to: leg.to, units: unitsOf(leg), lots: leg.lots ?? [], paid: leg.paid ?? 0n })),
    ])

  /** What it moves, so that a refusal tells every reason. */
  export const movements = ({
    asset,
    class: of,
    from,
    path,
    currency,
    legs,
  }: Arguments & { from: Address }): Movement[] =>
    legs.map((leg) => ({
      asset: assetNumber(asset),
      class: of ?? 0,
      from,
      to: leg.to,
      units: unitsOf(leg),
      lots: leg.lots,
      path,
      ...(currency !== undefined && { currency, paid: leg.paid ?? 0n }),
    }))
}

export declare namespace transferOnSync {
  type Parameters = transferOn.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}

/** No price is told. */
export const NO_CURRENCY: Hex = '0x000000'

/** How many go: as many as is said, or as the chosen lots sum to. */
function unitsOf({ units, lots }: Sale): bigint {
  if (units !== undefined) return units
  if (!lots?.length) throw new TypeError('transferOn: a leg needs units, or lots')
  return lots.reduce((sum, lot) => sum + lot.units, 0n)
}
