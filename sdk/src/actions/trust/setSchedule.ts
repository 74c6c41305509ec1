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

/** Changes how fuel grows; a power over the network. */
export async function setSchedule(
  client: AnyClient,
  parameters: setSchedule.Parameters,
): Promise<setSchedule.ReturnType> {
  return write(client, parameters, setSchedule.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setScheduleSync(
  client: AnyClient,
  parameters: setSchedule.Parameters,
): Promise<setScheduleSync.ReturnType> {
  return writeSync(client, parameters, setSchedule.call(parameters))
}

export namespace setSchedule {
  export type Arguments = {
    /** Gas that the tank of a registered person holds. */
    registeredCapacity: bigint
    /** Gas that the tank of a person with current due diligence holds. */
    verifiedCapacity: bigint
    /** Milliseconds in which an empty tank fills. */
    refillMs: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ registeredCapacity, verifiedCapacity, refillMs }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'setSchedule', [registeredCapacity, verifiedCapacity, refillMs])
}

export declare namespace setScheduleSync {
  type Parameters = setSchedule.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
