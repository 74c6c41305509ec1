// The reserved addresses: a prefix of nine bytes, the shard in two, the kind in one, the number in eight.
import { concatHex, getAddress, numberToHex, type Address } from 'viem'

const PREFIX = '0x5c1219000000000000'
const KINDS = { service: 0, asset: 1, person: 2 } as const

const reserved = (shard: number, kind: keyof typeof KINDS, number: bigint): Address =>
  getAddress(
    concatHex([
      PREFIX,
      numberToHex(shard, { size: 2 }),
      numberToHex(KINDS[kind], { size: 1 }),
      numberToHex(number, { size: 8 }),
    ]),
  )

/** The services of a shard, which are at the same addresses on every network. */
export const servicesOf = (shard: number) => ({
  identity: reserved(shard, 'service', 1n),
  trust: reserved(shard, 'service', 2n),
  compliance: reserved(shard, 'service', 3n),
  ledger: reserved(shard, 'service', 4n),
})

/** The services of the hub. */
export const services = servicesOf(0)

/** The address at which an asset answers as a token. */
export const tokenAddress = (asset: bigint, shard = 0): Address => reserved(shard, 'asset', asset)

/** The address that names a person where ERC-3643 speaks of identities. */
export const personAddress = (person: bigint, shard = 0): Address => reserved(shard, 'person', person)

/** The number of the asset that answers at an address. */
export function assetNumber(asset: bigint | Address): bigint {
  if (typeof asset === 'bigint') return asset
  const digits = asset.toLowerCase()
  if (!digits.startsWith(PREFIX) || digits.slice(24, 26) !== '01')
    throw new TypeError(`${asset} is not the address of an asset`)
  return BigInt(`0x${digits.slice(26)}`)
}
