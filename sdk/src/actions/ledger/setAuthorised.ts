import type { Address } from 'viem'
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

/** Changes how many units of an asset may exist. */
export async function setAuthorised(
  client: AnyClient,
  parameters: setAuthorised.Parameters,
): Promise<setAuthorised.ReturnType> {
  return write(client, parameters, setAuthorised.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setAuthorisedSync(
  client: AnyClient,
  parameters: setAuthorised.Parameters,
): Promise<setAuthorisedSync.ReturnType> {
  return writeSync(client, parameters, setAuthorised.call(parameters))
}

export namespace setAuthorised {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The units. */
    authorised: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, authorised }: Arguments): Call =>
    callOf(services.ledger, ledgerAbi, 'setAuthorised', [assetNumber(asset), authorised])
}

export declare namespace setAuthorisedSync {
  type Parameters = setAuthorised.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
