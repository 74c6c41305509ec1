import type { Address, Hex } from 'viem'
import { assetNumber } from '../address.js'

/** Which order something is said of, and the document that says it. */
type Said = {
  /** What names the order: `orderKey` of it. */
  order: Hex
  /** SHA-256 of the document that says why, or of the decision. */
  document: Hex
}

/** What is said of an order that suspends a person. */
export type OfSuspension = Said & {
  /** Whom it suspends. */
  person: bigint
}

/** What is said of an order that freezes a person for an asset. */
export type OfPersonFreeze = OfSuspension & {
  /** The asset, by number or token. */
  asset: bigint | Address
}

/** What is said of an order that freezes units. */
export type OfUnitsFreeze = Said & {
  /** The asset, by number or token. */
  asset: bigint | Address
  /** Of which class; 0 if none is named. */
  class?: number | undefined
  /** Whose units. */
  holder: Address
}

/** The same in the order of the interface's arguments. */
export const ofSuspension = ({ person, order, document }: OfSuspension) =>
  [person, order, document] as const

export const ofPersonFreeze = ({ asset, ...of }: OfPersonFreeze) =>
  [assetNumber(asset), ...ofSuspension(of)] as const

export const ofUnitsFreeze = ({ asset, class: of, holder, order, document }: OfUnitsFreeze) =>
  [assetNumber(asset), of ?? 0, holder, order, document] as const
