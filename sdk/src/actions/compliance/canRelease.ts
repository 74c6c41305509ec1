import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import { moneyVerdict, type MoneyVerdict } from '../../params.js'
import type { AnyClient } from '../ask.js'

/** May the issuer use what was paid for units issued under a profile that the asset adopted? Nothing moves. */
export async function canRelease(client: AnyClient, { asset, profile }: canRelease.Parameters): Promise<MoneyVerdict> {
  const told = await readContract(client, {
    address: services.compliance,
    abi: complianceAbi,
    functionName: 'canRelease',
    args: [assetNumber(asset), profile],
  })
  return moneyVerdict(told)
}

export declare namespace canRelease {
  type Parameters = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The profile's name. */
    profile: string
  }
  type ReturnType = MoneyVerdict
}
