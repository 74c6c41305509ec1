import type { Address } from 'viem'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
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

/** Says that what the issuer owed is done. */
export async function meetDuty(client: AnyClient, parameters: meetDuty.Parameters): Promise<meetDuty.ReturnType> {
  return write(client, parameters, meetDuty.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function meetDutySync(client: AnyClient, parameters: meetDuty.Parameters): Promise<meetDutySync.ReturnType> {
  return writeSync(client, parameters, meetDuty.call(parameters))
}

export namespace meetDuty {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** What was owed. */
    name: string
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, name }: Arguments): Call =>
    callOf(services.compliance, complianceAbi, 'meetDuty', [assetNumber(asset), name])
}

export declare namespace meetDutySync {
  type Parameters = meetDuty.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
