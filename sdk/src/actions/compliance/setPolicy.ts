import { parseEventLogs, zeroHash, type Address, type Hex } from 'viem'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Policy } from '../../generated/wire.js'
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

/** Puts a policy into force: an issuer's rules as data. */
export async function setPolicy(client: AnyClient, parameters: setPolicy.Parameters): Promise<setPolicy.ReturnType> {
  return write(client, parameters, setPolicy.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function setPolicySync(
  client: AnyClient,
  parameters: setPolicy.Parameters,
): Promise<setPolicySync.ReturnType> {
  const written = await writeSync(client, parameters, setPolicy.call(parameters))
  const logs = parseEventLogs({ abi: complianceAbi, logs: written.receipt.logs, eventName: 'PolicySet' })
  return { ...written, version: logs[0]!.args.version }
}

export namespace setPolicy {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The rules. */
    policy: Policy
    /** The hash of `dryRun`'s report: a policy that replaces another is refused without one. */
    report?: Hex | undefined
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, policy, report }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'setPolicy', [
      assetNumber(asset),
      JSON.stringify(toJson('Policy', policy)),
      report ?? zeroHash,
    ])
}

export declare namespace setPolicySync {
  type Parameters = setPolicy.Parameters
  type ReturnType = WrittenSync & {
    /** The version of the policy, from 1. */
    version: number
  }
  type ErrorType = WriteErrorType
}
