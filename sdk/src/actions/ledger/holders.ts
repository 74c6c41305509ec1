import type { Address } from 'viem'
import type { AccountId } from '../../generated/wire.js'
import { addressOrNone, assetName, at, type AssetName, type At } from '../../naming.js'
import { exact, fromJson, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Who holds a class of an asset, in the order in which they came, by the page. */
export async function holders(client: AnyClient, parameters: holders.Parameters): Promise<holders.ReturnType> {
  const { asset, class: of, after, limit, block } = parameters
  const answer = await ask(client, 'scrip_getHolders', {
    asset: assetName(asset),
    class: of,
    after,
    limit,
    ...(block !== undefined && { block: exact(block) }),
  })
  return {
    holders: (answer['holders'] as JsonObject[]).map((told) => ({
      account: fromJson('AccountId', told['account']),
      wallet: addressOrNone(told['wallet']),
      units: units(told['units']),
      held: units(told['held']),
      frozen: units(told['frozen']),
      free: units(told['free']),
    })),
    next: answer['next'] as number | null,
    block: at(answer['block']),
  }
}

export declare namespace holders {
  type Parameters = {
    asset: AssetName
    /** Of which class; 0 if none is named. */
    class?: number
    /** The `next` of the page before. */
    after?: number
    /** How many at most, up to 1000; 100 if none is named. */
    limit?: number
    /** As of which block; the newest if none is named. */
    block?: bigint
  }
  type ReturnType = {
    holders: {
      account: AccountId
      wallet: Address | null
      units: bigint
      held: bigint
      frozen: bigint
      /** What the owner can move. */
      free: bigint
    }[]
    /** Names the next page; null on the last. */
    next: number | null
    block: At
  }
  type ErrorType = AskErrorType
}

const units = (json: Json | undefined) => BigInt(json as string)
