import { zeroHash, type Hex } from 'viem'
import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { Rule } from '../../generated/wire.js'
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

/** Sets what the sender's venue asks of everything that its wallets move for others. Needs a licence: claim 81 of value 1. */
export async function setVenueRules(
  client: AnyClient,
  parameters: setVenueRules.Parameters,
): Promise<setVenueRules.ReturnType> {
  return write(client, parameters, setVenueRules.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setVenueRulesSync(
  client: AnyClient,
  parameters: setVenueRules.Parameters,
): Promise<setVenueRulesSync.ReturnType> {
  return writeSync(client, parameters, setVenueRules.call(parameters))
}

export namespace setVenueRules {
  export type Arguments = {
    /** The rules, on top of the law's and the issuer's; none asks for nothing more. */
    rules: readonly Rule[]
    /** The calendar by which their days are counted; those of UTC without one. */
    calendar?: string | undefined
    /** The hash of `dryRun`'s report, on any asset: refused without one unless there are no rules. */
    report?: Hex | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ rules, calendar, report }: Arguments): Call => {
    const asked = { rules: rules.map((rule) => toJson('Rule', rule)), calendar: calendar ?? null }
    return callOf(services.compliance, complianceAbi, 'setVenueRules', [JSON.stringify(asked), report ?? zeroHash])
  }
}

export declare namespace setVenueRulesSync {
  type Parameters = setVenueRules.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
