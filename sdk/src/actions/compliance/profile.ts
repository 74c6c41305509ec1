import type { Hex } from 'viem'
import { readContract } from 'viem/actions'
import { complianceAbi } from '../../abi.js'
import { services } from '../../address.js'
import type { AnyClient } from '../ask.js'

/** The latest version of a profile and the hash of its encoding; nothing if there is none. */
export async function profile(client: AnyClient, { id }: profile.Parameters): Promise<profile.ReturnType> {
  const [version, hash] = await readContract(client, {
    address: services.compliance,
    abi: complianceAbi,
    functionName: 'profileOf',
    args: [id],
  })
  return version === 0 ? null : { version, hash }
}

export declare namespace profile {
  type Parameters = {
    /** The profile's name. */
    id: string
  }
  type ReturnType = {
    /** Its latest version, from 1. */
    version: number
    /** SHA-256 of its encoding. */
    hash: Hex
  } | null
}
