import { encodeFunctionData, parseEventLogs, type Address } from 'viem'
import { trustAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { Power } from '../../generated/wire.js'
import { numberOf } from '../../naming.js'
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

/** Proposes a call that needs a quorum; counts as the first approval. */
export async function propose(client: AnyClient, parameters: propose.Parameters): Promise<propose.ReturnType> {
  return write(client, parameters, propose.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function proposeSync(client: AnyClient, parameters: propose.Parameters): Promise<proposeSync.ReturnType> {
  const written = await writeSync(client, parameters, propose.call(parameters))
  const logs = parseEventLogs({ abi: trustAbi, logs: written.receipt.logs, eventName: 'Proposed' })
  return { ...written, proposal: logs[0]!.args.proposal }
}

export namespace propose {
  export type Arguments = {
    /** Which power it uses. */
    power: Power
    /** For one asset; the whole network if none is named. */
    asset?: bigint | Address | undefined
    /** Of one class; all if none is named. */
    class?: number | undefined
    /** What shall be carried out, as a verb's `call` gives it. */
    call: Call
    /** Until when it can be approved, in milliseconds since 1970. */
    deadline: bigint
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ power, asset, class: of, call: proposed, deadline }: Arguments): Call =>
    callOf(services.trust, trustAbi, 'propose', [
      numberOf('Power', power),
      asset === undefined ? 0n : assetNumber(asset),
      of === undefined ? 0 : of + 1,
      proposed.address,
      encodeFunctionData(proposed),
      deadline,
    ])
}

export declare namespace proposeSync {
  type Parameters = propose.Parameters
  type ReturnType = WrittenSync & {
    /** The number of the proposal. */
    proposal: bigint
  }
  type ErrorType = WriteErrorType
}
