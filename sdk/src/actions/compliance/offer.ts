import type { Address } from 'viem'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import type { AnyClient } from '../ask.js'
import { readContract } from 'viem/actions'

/** The latest offer of an asset, as far as it is counted by; nothing if there never was one. */
export async function offer(client: AnyClient, { asset }: offer.Parameters): Promise<offer.ReturnType> {
  const [number, opened, closed] = await readContract(client, {
    address: services.compliance,
    abi: complianceAbi,
    functionName: 'offerOf',
    args: [assetNumber(asset)],
  })
  return number === 0 ? null : { number, opened, closed: closed === 0n ? null : closed }
}

export declare namespace offer {
  type Parameters = {
    /** The asset, by number or token. */
    asset: bigint | Address
  }
  type ReturnType = {
    /** Counts the offers of this asset from 1. */
    number: number
    /** Since when it is open, in milliseconds since 1970. */
    opened: bigint
    /** When it ended; nothing while it is open. */
    closed: bigint | null
  } | null
}
