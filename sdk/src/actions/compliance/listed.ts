import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { placeOf, type Entry } from '../entry.js'
import { readContract } from 'viem/actions'

/** From when until when a person, or a wallet, stands on a list; nothing if it does not. */
export async function listed(client: AnyClient, parameters: listed.Parameters): Promise<listed.ReturnType> {
  const [from, until] = await readContract(client, {
    address: services.compliance,
    abi: complianceAbi,
    functionName: 'listedOf',
    args: placeOf(parameters),
  })
  return until === 0n ? null : { from, until }
}

export declare namespace listed {
  type Parameters = Entry
  type ReturnType = {
    /** From when on, in milliseconds since 1970. */
    from: bigint
    /** Until when. */
    until: bigint
  } | null
}
