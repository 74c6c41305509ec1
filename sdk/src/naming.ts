// How holders and assets are named, as a person writes them and as the node reads them.
import { getAddress, type Address, type Hex } from 'viem'
import { schema, type AccountId } from './generated/wire.js'
import { exact, time, type Json, type JsonObject } from './wire/json.js'

/** A holder: the account that a wallet owns, an account, or a person with all its accounts by its number. */
export type Who = Address | AccountId | bigint

/** An asset: its number, its token's address, or its ISIN. */
export type AssetName = bigint | Address | string

/** Which block an answer speaks of. */
export type At = { number: bigint; hash: Hex; time: bigint }

/** A holder as the node reads it. */
export function who(named: Who): Json {
  if (typeof named === 'bigint') return exact(named)
  return typeof named === 'string' ? named : { person: exact(named.person), number: named.number }
}

/** An asset as the node reads it. */
export const assetName = (named: AssetName): Json => (typeof named === 'bigint' ? exact(named) : named)

/** An address as every library writes it. */
export const address = (json: Json | undefined): Address => getAddress(json as Address)

/** An address that may not be there. */
export const addressOrNone = (json: Json | undefined): Address | null => (json == null ? null : address(json))

/** The block of an answer. */
export function at(answer: Json | undefined): At {
  const { number, hash, time: when } = answer as JsonObject
  return { number: BigInt(number as number), hash: hash as Hex, time: time(when) }
}

/** The number of a choice on the wire. */
export function numberOf(type: 'AssetKind' | 'PersonKind' | 'Power' | 'Role' | 'Standing', name: string): number {
  const variants: readonly (readonly [string, number, unknown])[] = schema[type].variants
  const found = variants.find(([known]) => known === name)
  if (!found) throw new TypeError(`${type}: ${name} is none of ${variants.map(([known]) => known).join(', ')}`)
  return found[1]
}
