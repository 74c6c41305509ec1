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

/** Withdraws a proposal of the sender's. */
export async function withdrawProposal(
  client: AnyClient,
  parameters: withdrawProposal.Parameters,
): Promise<withdrawProposal.ReturnType> {
  return write(client, parameters, withdrawProposal.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function withdrawProposalSync(
  client: AnyClient,
  parameters: withdrawProposal.Parameters,
): Promise<withdrawProposalSync.ReturnType> {
  return writeSync(client, parameters, withdrawProposal.call(parameters))
}

export namespace withdrawProposal {
  export type Arguments = {
    /** Its number. */
    proposal: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ proposal }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'withdrawProposal', [proposal])
}

export declare namespace withdrawProposalSync {
  type Parameters = withdrawProposal.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
