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

/** Approves a proposal; the last approval needed carries it out, once, in the proposer's name. */
export async function approveProposal(
  client: AnyClient,
  parameters: approveProposal.Parameters,
): Promise<approveProposal.ReturnType> {
  return write(client, parameters, approveProposal.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function approveProposalSync(
  client: AnyClient,
  parameters: approveProposal.Parameters,
): Promise<approveProposalSync.ReturnType> {
  return writeSync(client, parameters, approveProposal.call(parameters))
}

export namespace approveProposal {
  export type Arguments = {
    /** Its number. */
    proposal: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ proposal }: Arguments): Call => callOf(services.trust, trustAbi, 'approveProposal', [proposal])
}

export declare namespace approveProposalSync {
  type Parameters = approveProposal.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
