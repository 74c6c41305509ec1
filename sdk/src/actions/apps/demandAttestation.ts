import type { Address } from 'viem'
import { trustAbi } from '../../abi.js'
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

/** An issuer lets contracts act for others with its asset only if their code is attested, or any. */
export async function demandAttestation(client: AnyClient, parameters: demandAttestation.Parameters): Promise<demandAttestation.ReturnType> {
  return write(client, parameters, demandAttestation.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function demandAttestationSync(client: AnyClient, parameters: demandAttestation.Parameters): Promise<demandAttestationSync.ReturnType> {
  return writeSync(client, parameters, demandAttestation.call(parameters))
}

export namespace demandAttestation {
  export type Arguments = {
    /** Which asset, by number or token. */
    asset: bigint | Address
    /** False to let any. */
    demanded?: boolean | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, demanded }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'demandAttestation', [assetNumber(asset), demanded ?? true])
}

export declare namespace demandAttestationSync {
  type Parameters = demandAttestation.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
