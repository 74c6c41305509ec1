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

/** Attests that an account's key is lost and names the new wallet, which consented. */
export async function startRecovery(
  client: AnyClient,
  parameters: startRecovery.Parameters,
): Promise<startRecovery.ReturnType> {
  return write(client, parameters, startRecovery.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function startRecoverySync(
  client: AnyClient,
  parameters: startRecovery.Parameters,
): Promise<startRecoverySync.ReturnType> {
  const written = await writeSync(client, parameters, startRecovery.call(parameters))
  const logs = parseEventLogs({ abi: identityAbi, logs: written.receipt.logs, eventName: 'RecoveryStarted' })
  return { ...written, ready: logs[0]!.args.ready }
}

export namespace startRecovery {
  export type Arguments = {
    /** The lost wallet. */
    lost: Address
    /** The new one. */
    wallet: Address
    /** What the new one signed. */
    consent: Consent
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ lost, wallet, consent }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'startRecovery', [lost, wallet, consent.deadline, consent.signature])
}

export declare namespace startRecoverySync {
  type Parameters = startRecovery.Parameters
  type ReturnType = WrittenSync & {
    /** When it can be completed, in milliseconds since 1970. */
    ready: bigint
  }
  type ErrorType = WriteErrorType
}
