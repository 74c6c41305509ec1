import type { Hex } from 'viem'
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

/** An auditor attests the code with a hash, wherever it is, or renews that. */
export async function attestCode(client: AnyClient, parameters: attestCode.Parameters): Promise<attestCode.ReturnType> {
  return write(client, parameters, attestCode.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function attestCodeSync(client: AnyClient, parameters: attestCode.Parameters): Promise<attestCodeSync.ReturnType> {
  return writeSync(client, parameters, attestCode.call(parameters))
}

export namespace attestCode {
  export type Arguments = {
    /** The Keccak-256 hash of the code. */
    code: Hex
    /** SHA-256 of the report. */
    report: Hex
    /** Where the report is. */
    uri: string
    /** Until when, in milliseconds since 1970. */
    expires: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ code, report, uri, expires }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'attestCode', [code, report, uri, expires])
}

export declare namespace attestCodeSync {
  type Parameters = attestCode.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
