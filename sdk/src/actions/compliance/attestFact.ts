import { zeroHash, type Address, type Hex } from 'viem'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import { NEVER } from '../../wire/json.js'
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

/** Attests a fact about an asset, its issuer or its offer, or a document filed. */
export async function attestFact(client: AnyClient, parameters: attestFact.Parameters): Promise<attestFact.ReturnType> {
  return write(client, parameters, attestFact.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function attestFactSync(client: AnyClient, parameters: attestFact.Parameters): Promise<attestFactSync.ReturnType> {
  return writeSync(client, parameters, attestFact.call(parameters))
}

export namespace attestFact {
  export type Arguments = {
    /** The asset, by number or token; the network itself if none is named. */
    asset?: bigint | Address | undefined
    /** Which fact. */
    name: string
    /** Its value; 1, which is yes, if none is named. */
    value?: bigint | undefined
    /** Since when it is true, in milliseconds since 1970; from the beginning of time if none is named. */
    since?: bigint | undefined
    /** Until when; for ever if none is named. */
    until?: bigint | undefined
    /** SHA-256 of the document that says so. */
    document?: Hex | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, name, value, since, until, document }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'attestFact', [
      asset === undefined ? 0n : assetNumber(asset),
      name,
      value ?? 1n,
      since ?? 0n,
      until ?? NEVER,
      document ?? zeroHash,
    ])
}

export declare namespace attestFactSync {
  type Parameters = attestFact.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
