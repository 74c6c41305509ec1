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

/** Ends the offer of an asset that is open: what counted in it counts in no other. */
export async function closeOffer(client: AnyClient, parameters: closeOffer.Parameters): Promise<closeOffer.ReturnType> {
  return write(client, parameters, closeOffer.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function closeOfferSync(client: AnyClient, parameters: closeOffer.Parameters): Promise<closeOfferSync.ReturnType> {
  return writeSync(client, parameters, closeOffer.call(parameters))
}

export namespace closeOffer {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'closeOffer', [assetNumber(asset)])
}

export declare namespace closeOfferSync {
  type Parameters = closeOffer.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
