import type { Hex } from 'viem'
import { readContract } from 'viem/actions'
import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { AnyClient } from '../ask.js'

/** The latest version of a calendar and the hash of its encoding; nothing if there is none. */
export async function calendar(client: AnyClient, { id }: calendar.Parameters): Promise<calendar.ReturnType> {
  const [version, hash] = await readContract(client, {
    address: services.compliance,
    abi: complianceAbi,
    functionName: 'calendarOf',
    args: [id],
  })
  return version === 0 ? null : { version, hash }
}

export declare namespace calendar {
  type Parameters = {
    /** The calendar's name. */
    id: string
  }
  type ReturnType = {
    /** Its latest version, from 1. */
    version: number
    /** SHA-256 of its encoding. */
    hash: Hex
  } | null
}
