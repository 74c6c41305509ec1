import { parseEventLogs } from 'viem'
import { identityAbi } from '../../abi.js'
import { services } from '../../address.js'
import { registration, type RegistrationGiven } from '../../given.js'
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

/** Registers persons that the provider knows, all or none. */
export async function register(client: AnyClient, parameters: register.Parameters): Promise<register.ReturnType> {
  return write(client, parameters, register.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function registerSync(
  client: AnyClient,
  parameters: register.Parameters,
): Promise<registerSync.ReturnType> {
  const written = await writeSync(client, parameters, register.call(parameters))
  const logs = parseEventLogs({ abi: identityAbi, logs: written.receipt.logs, eventName: 'PersonRegistered' })
  return { ...written, persons: logs.map(({ args }) => args.person) }
}

export namespace register {
  export type Arguments = {
    /** The persons. */
    registrations: readonly RegistrationGiven[]
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ registrations }: Arguments): Call =>
    callOf(services.identity, identityAbi, 'register', [registrations.map(registration)])
}

export declare namespace registerSync {
  type Parameters = register.Parameters
  type ReturnType = WrittenSync & {
    /** The numbers of the new persons, in order. */
    persons: bigint[]
  }
  type ErrorType = WriteErrorType
}
