import type { Address } from 'viem'
import { complianceAbi } from '../../abi.js'
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

/** Begins the next offer of an asset: what is approached and placed counts in it from now on. One at a time. */
export async function openOffer(client: AnyClient, parameters: openOffer.Parameters): Promise<openOffer.ReturnType> {
  return write(client, parameters, openOffer.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function openOfferSync(client: AnyClient, parameters: openOffer.Parameters): Promise<openOfferSync.ReturnType> {
  return writeSync(client, parameters, openOffer.call(parameters))
}

export namespace openOffer {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'openOffer', [assetNumber(asset)])
}

export declare namespace openOfferSync {
  type Parameters = openOffer.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
