import { parseEventLogs, type Address } from 'viem'
import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Consent } from '../../typedData.js'
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

/** Opens a further account of the sender's person, owned by a fresh wallet that consented. */
export async function openAccount(
  client: AnyClient,
  parameters: openAccount.Parameters,
): Promise<openAccount.ReturnType> {
  return write(client, parameters, openAccount.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function openAccountSync(
  client: AnyClient,
  parameters: openAccount.Parameters,
): Promise<openAccountSync.ReturnType> {
  const written = await writeSync(client, parameters, openAccount.call(parameters))
  const logs = parseEventLogs({ abi: identityAbi, logs: written.receipt.logs, eventName: 'AccountOpened' })
  return { ...written, number: logs[0]!.args.number }
}

export namespace openAccount {
  export type Arguments = {
    /** The fresh wallet. */
    wallet: Address
    /** What it signed. */
    consent: Consent
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ wallet, consent }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'openAccount', [wallet, consent.deadline, consent.signature])
}

export declare namespace openAccountSync {
  type Parameters = openAccount.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the new account. */
    number: number
  }
  type ErrorType = WriteErrorType
}
