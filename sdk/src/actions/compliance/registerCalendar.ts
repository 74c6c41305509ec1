import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Calendar } from '../../generated/wire.js'
import { toJson } from '../../wire/json.js'
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

/** Registers a calendar, or its next version, which says nothing new of days that have begun. Needs the power over the law. */
export async function registerCalendar(client: AnyClient, parameters: registerCalendar.Parameters): Promise<registerCalendar.ReturnType> {
  return write(client, parameters, registerCalendar.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function registerCalendarSync(client: AnyClient, parameters: registerCalendar.Parameters): Promise<registerCalendarSync.ReturnType> {
  return writeSync(client, parameters, registerCalendar.call(parameters))
}

export namespace registerCalendar {
  export type Arguments = {
    /** When days begin somewhere, and on which of them business is done. */
    calendar: Calendar
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ calendar }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'registerCalendar', [JSON.stringify(toJson('Calendar', calendar))])
}

export declare namespace registerCalendarSync {
  type Parameters = registerCalendar.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
