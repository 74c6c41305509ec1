import type { Address } from 'viem'
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

/** Stops a person from sending and receiving an asset by order, or lifts what this order stopped: others may stand. */
export async function freezePerson(
  client: AnyClient,
  parameters: freezePerson.Parameters,
): Promise<freezePerson.ReturnType> {
  return write(client, parameters, freezePerson.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function freezePersonSync(
  client: AnyClient,
  parameters: freezePerson.Parameters,
): Promise<freezePersonSync.ReturnType> {
  return writeSync(client, parameters, freezePerson.call(parameters))
}

export namespace freezePerson {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Who. */
    person: bigint
    /** True to stop it. */
    frozen: boolean
    /** The order that it follows. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, person, frozen, order }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'freezePerson', [assetNumber(asset), person, frozen, orderOf(order)])
}

export declare namespace freezePersonSync {
  type Parameters = freezePerson.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
