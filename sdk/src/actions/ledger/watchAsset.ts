import type { Address } from 'viem'
import { assetNumber } from '../../address.js'
import { assetsIn } from '../../event.js'
import type { AnyClient } from '../ask.js'
import { watchEvents } from '../network/watchEvents.js'

/** Tells every event that names an asset: in order, none left out. Returns what stops it. */
export function watchAsset(client: AnyClient, parameters: watchAsset.Parameters): watchAsset.ReturnType {
  const { asset, ...rest } = parameters
  const number = assetNumber(asset)
  return watchEvents(client, { ...rest, isWanted: (event) => assetsIn(event).includes(number) })
}

export declare namespace watchAsset {
  type Parameters = Omit<watchEvents.Parameters, 'isWanted'> & { asset: bigint | Address }
  type ReturnType = watchEvents.ReturnType
}
