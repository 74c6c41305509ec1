// What people hand over in the words of the market, as the interfaces take it.
import { concat, sha256, size, stringToHex, toHex, type Address, type Hex } from 'viem'
import type { AssetKind, PersonKind } from './generated/wire.js'
import { numberOf } from './naming.js'

/** What an official act refers to. */
export type OrderGiven = {
  /** The court, supervisor or agent that gave it. */
  authority: string
  /** Its reference there. */
  reference: string
  /** SHA-256 of the document that says so. */
  document: Hex
  /** From when on it no longer stands, in milliseconds since 1970: what it stops goes on by itself. Until it is lifted,
   * if none is named. */
  expires?: bigint
}

/** An order as the interfaces take it. */
export const order = ({ authority, reference, document, expires = 0n }: OrderGiven) => ({
  authority,
  ref: reference,
  document,
  expires,
})

/** What names an order where there is no room for its words, as where it is contested. */
export const orderKey = ({ authority, reference }: Pick<OrderGiven, 'authority' | 'reference'>): Hex => {
  const words = stringToHex(authority)
  return sha256(concat([toHex(size(words), { size: 8 }), words, stringToHex(reference)]))
}

/** The hash of a document, as orders name it. */
export const documentHash = (document: Uint8Array | string): Hex =>
  sha256(typeof document === 'string' ? stringToHex(document) : toHex(document))

/** The date of a document, `2026-02-10`, as claims are dated: noon UTC, which is on that date from twelve hours behind UTC
 * to eleven ahead of it. Of 1970 at the earliest. */
export const documentDate = (day: string): bigint => {
  const noon = Date.parse(`${day}T12:00Z`)
  // A day that a month does not have rolls over into the next.
  if (Number.isNaN(noon) || new Date(noon).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`"${day}" is not a date; write it as 2026-01-31`)
  }
  return BigInt(Math.max(noon, 43_200_000))
}

/** What a provider attests about a person. */
export type ClaimGiven = {
  topic: number
  /** A small public value; 0 where the topic alone says it all. */
  value?: bigint
  /** The date of the document that it rests on, in milliseconds since 1970, as `documentDate` has it: how old the claim
   * may be counts from then. Of one made as it is attested, if none is named. */
  dated?: bigint
  /** From when on it no longer counts, in milliseconds since 1970. */
  expires: bigint
  /** Salted hash of the evidence. */
  evidence?: Hex
}

/** A claim as the interfaces take it. */
export const claim = ({ topic, value = 0n, dated = 0n, expires, evidence = NOTHING }: ClaimGiven) => ({
  topic,
  value,
  dated,
  expires,
  evidence,
})

/** A person as its provider registers it. */
export type RegistrationGiven = {
  /** The wallet that shall own the person's first account. */
  wallet: Address
  kind: PersonKind
  /** Where it resides, ISO 3166-1 alpha-2. */
  residence: string
  /** The provider's keyed commitment to the human or entity: one human is one person. */
  uniqueness: Hex
  claims?: readonly ClaimGiven[]
}

/** A registration as the interfaces take it. */
export const registration = ({ wallet, kind, residence, uniqueness, claims = [] }: RegistrationGiven) => ({
  wallet,
  kind: numberOf('PersonKind', kind),
  residence: country(residence),
  uniqueness,
  claims: claims.map(claim),
})

/** A country as the interfaces take it. */
export const country = (code: string): Hex => stringToHex(code, { size: 2 })

/** A security or cash token to create. */
export type AssetGiven = {
  /** What kind; cash names its currency, ISO 4217. */
  kind: AssetKind
  symbol: string
  name: string
  /** Digits that wallets show after the point. */
  decimals?: number
  isin?: string
  /** ISO 10962. */
  cfi: string
  fisn?: string
  lei?: string
  /** Units that may exist. */
  authorised: bigint
}

/** An asset as the interfaces take it. */
export const assetGiven = (given: AssetGiven) => {
  const { kind, symbol, name, decimals = 0, isin = '', cfi, fisn = '', lei = '', authorised } = given
  const [number, currency] = typeof kind === 'string' ? [kind, ''] : ['cash', kind.cash]
  return { kind: numberOf('AssetKind', number), currency, symbol, name, decimals, isin, cfi, fisn, lei, authorised }
}

/** Units for one holder. */
export type Leg = { to: Address; units: bigint }

/** Units of one lot: its place in the position from 0, when its clock started, how many. */
export type ChosenLot = { place: number; anchor: bigint; units: bigint }

/** A part of a transfer on terms. */
export type Sale = {
  to: Address
  /** How many; of chosen lots what they sum to, which may be left out. */
  units?: bigint | undefined
  /** The lots that go, as they stand before the first part goes: chosen for every part, or for none. */
  lots?: readonly ChosenLot[] | undefined
  /** What is paid, in minor units of the currency. */
  paid?: bigint | undefined
}

/** A part of an issue to subscribers. */
export type Placement = Leg & {
  /** What is paid, in minor units of the currency. */
  paid: bigint
}

const NOTHING: Hex = `0x${'00'.repeat(32)}`
