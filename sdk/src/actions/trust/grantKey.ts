import type { Address } from 'viem'
import { assetNumber } from '../../address.js'
import type { Power } from '../../generated/wire.js'
import { numberOf } from '../../naming.js'

/** A grant as people name it: who, what, where. */
export type GrantNamed = {
  grantee: Address
  power: Power
  asset?: bigint | Address | undefined
  class?: number | undefined
}

/** A grant as the interface names it: asset 0 is the network, class 0 is all of them. */
export const grantKey = ({ grantee, power, asset, class: of }: GrantNamed) => ({
  grantee,
  power: numberOf('Power', power),
  asset: asset === undefined ? 0n : assetNumber(asset),
  class: of === undefined ? 0 : of + 1,
})
