import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
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

/** Records that a natural person died, as its provider or by a power over the network: nobody acts for it any more. */
export async function recordDeath(
  client: AnyClient,
  parameters: recordDeath.Parameters,
): Promise<recordDeath.ReturnType> {
  return write(client, parameters, recordDeath.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function recordDeathSync(
  client: AnyClient,
  parameters: recordDeath.Parameters,
): Promise<recordDeathSync.ReturnType> {
  return writeSync(client, parameters, recordDeath.call(parameters))
}

export namespace recordDeath {
  export type Arguments = {
    /** Who. */
    person: bigint
    /** When it died, in milliseconds since 1970. */
    died: bigint
    /** The register, the entry and its document. */
    order: OrderGiven
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ person, died, order }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'recordDeath', [person, died, orderOf(order)])
}

export declare namespace recordDeathSync {
  type Parameters = recordDeath.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
