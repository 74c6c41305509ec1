import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { complianceAbi } from '../../abi.js'
import { assetNumber, services } from '../../address.js'
import { moneyVerdict, type MoneyVerdict } from '../../params.js'
import type { AnyClient } from '../ask.js'

/** May a person have back what it paid for units issued under a profile that the asset adopted? Nothing moves. */
export async function canWithdraw(
  client: AnyClient,
  { asset, profile, person }: canWithdraw.Parameters,
): Promise<MoneyVerdict> {
  const told = await readContract(client, {
    address: services.compliance,
    abi: complianceAbi,
    functionName: 'canWithdraw',
    args: [assetNumber(asset), profile, person],
  })
  return moneyVerdict(told)
}

export declare namespace canWithdraw {
  type Parameters = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** The profile's name. */
    profile: string
    /** The person, by its number. */
    person: bigint
  }
  type ReturnType = MoneyVerdict
}
