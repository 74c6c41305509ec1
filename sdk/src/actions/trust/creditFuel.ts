import { trustAbi } from '../../abi.js'
import { services } from '../../address.js'
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

/** Credits bought fuel to a person; a power over the network. */
export async function creditFuel(client: AnyClient, parameters: creditFuel.Parameters): Promise<creditFuel.ReturnType> {
  return write(client, parameters, creditFuel.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function creditFuelSync(
  client: AnyClient,
  parameters: creditFuel.Parameters,
): Promise<creditFuelSync.ReturnType> {
  return writeSync(client, parameters, creditFuel.call(parameters))
}

export namespace creditFuel {
  export type Arguments = {
    /** Whom. */
    person: bigint
    /** How much gas. */
    gasAmount: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, gasAmount }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'creditFuel', [person, gasAmount])
}

export declare namespace creditFuelSync {
  type Parameters = creditFuel.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
