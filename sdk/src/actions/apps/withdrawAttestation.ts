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

/** An auditor takes its word on a code back. */
export async function withdrawAttestation(client: AnyClient, parameters: withdrawAttestation.Parameters): Promise<withdrawAttestation.ReturnType> {
  return write(client, parameters, withdrawAttestation.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function withdrawAttestationSync(client: AnyClient, parameters: withdrawAttestation.Parameters): Promise<withdrawAttestationSync.ReturnType> {
  return writeSync(client, parameters, withdrawAttestation.call(parameters))
}

export namespace withdrawAttestation {
  export type Arguments = {
    /** The Keccak-256 hash of the code. */
    code: Hex
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ code }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'withdrawAttestation', [code])
}

export declare namespace withdrawAttestationSync {
  type Parameters = withdrawAttestation.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
