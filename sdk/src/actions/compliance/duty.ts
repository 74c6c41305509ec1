import type { Address } from 'viem'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { readContract } from 'viem/actions'

/** What the issuer of an asset owes; nothing if it never owed it. */
export async function duty(client: AnyClient, { asset, name }: duty.Parameters): Promise<duty.ReturnType> {
  const [since, due, met] = await readContract(client, {
    address: services.compliance,
    abi: complianceAbi,
    functionName: 'dutyOf',
    args: [assetNumber(asset), name],
  })
  return due === 0n ? null : { since, due, met: met === 0n ? null : met }
}

export declare namespace duty {
  type Parameters = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** What is owed. */
    name: string
  }
  type ReturnType = {
    /** Since when, in milliseconds since 1970. */
    since: bigint
    /** By when. */
    due: bigint
    /** When it was done. */
    met: bigint | null
  } | null
}
