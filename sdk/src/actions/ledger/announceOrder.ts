import { parseEventLogs, zeroAddress, type Address } from 'viem'
import { ledgerAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import { order as orderOf, type OrderGiven } from '../../given.js'
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

/** Announces that units will be moved, or ended, by order, and freezes them: the holder may contest it. */
export async function announceOrder(
  client: AnyClient,
  parameters: announceOrder.Parameters,
): Promise<announceOrder.ReturnType> {
  return write(client, parameters, announceOrder.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function announceOrderSync(
  client: AnyClient,
  parameters: announceOrder.Parameters,
): Promise<announceOrderSync.ReturnType> {
  const written = await writeSync(client, parameters, announceOrder.call(parameters))
  const logs = parseEventLogs({ abi: ledgerAbi, logs: written.receipt.logs, eventName: 'OrderAnnounced' })
  return { ...written, order: logs[0]!.args.number }
}

export namespace announceOrder {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Of which class; 0 if none is named. */
    class?: number | undefined
    /** From whom. */
    from: Address
    /** To whom; the units end if nobody is named. */
    to?: Address
    /** How many. */
    units: bigint
    /** The order that it follows. */
    order: OrderGiven
    /** Until when the holder may contest it, in milliseconds since 1970; it may be carried out from then on. Not at all,
     * if none is named. */
    contestUntil?: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, class: of, from, to, units, order, contestUntil }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'announceOrder', [
      assetNumber(asset),
      of ?? 0,
      from,
      to ?? zeroAddress,
      units,
      orderOf(order),
      contestUntil ?? 0n,
    ])
}

export declare namespace announceOrderSync {
  type Parameters = announceOrder.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the order. */
    order: bigint
  }
  type ErrorType = WriteErrorType
}
