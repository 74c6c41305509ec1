import { zeroAddress, type Address } from 'viem'
import { assetNumber } from '../address.js'

/** Who stands on which list: a person, whichever wallets it has, or a wallet for itself. */
export type Entry = {
  /** The asset, by number or token; the network itself if none is named. */
  asset?: bigint | Address | undefined
  /** The list's number. */
  list: number
  /** Which person, if it is one. */
  person?: bigint | undefined
  /** Which wallet, if it is one. */
  wallet?: Address | undefined
}

/** The same in the order of the interface's arguments: 0 is the network, and what is not named of person and wallet. */
export const placeOf = ({ asset, list, person, wallet }: Entry) => {
  if ((person === undefined) === (wallet === undefined)) throw new TypeError('name a person or a wallet: a list has one of them at a place')
  return [asset === undefined ? 0n : assetNumber(asset), list, person ?? 0n, wallet ?? zeroAddress] as const
}
