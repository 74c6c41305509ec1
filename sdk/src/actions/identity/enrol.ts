import { parseEventLogs } from 'viem'
import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import { registration } from '../../given.js'
import type { Voucher } from '../../typedData.js'
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

/** Enrols the sender by its provider's voucher: a stranger's first transaction. */
export async function enrol(client: AnyClient, parameters: enrol.Parameters): Promise<enrol.ReturnType> {
  return write(client, parameters, enrol.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function enrolSync(client: AnyClient, parameters: enrol.Parameters): Promise<enrolSync.ReturnType> {
  const written = await writeSync(client, parameters, enrol.call(parameters))
  const logs = parseEventLogs({ abi: identityAbi, logs: written.receipt.logs, eventName: 'PersonRegistered' })
  return { ...written, person: logs[0]!.args.person }
}

export namespace enrol {
  export type Arguments = {
    /** What the provider signed. */
    voucher: Voucher
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ voucher }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'enrol', [
      voucher.provider,
      registration(voucher.registration),
      voucher.deadline,
      voucher.signature,
    ])
}

export declare namespace enrolSync {
  type Parameters = enrol.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the new person. */
    person: bigint
  }
  type ErrorType = WriteErrorType
}
