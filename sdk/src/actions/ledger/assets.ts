import { at, type At } from '../../naming.js'
import { exact, type Json } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { described, type AssetTold } from './asset.js'

/** Every asset by number, by the page. */
export async function assets(client: AnyClient, parameters: assets.Parameters = {}): Promise<assets.ReturnType> {
  const { after, limit } = parameters
  const answer = await ask(client, 'scrip_getAssets', { ...(after !== undefined && { after: exact(after) }), limit })
  return {
    assets: (answer['assets'] as Json[]).map(described),
    next: answer['next'] == null ? null : BigInt(answer['next'] as number),
    block: at(answer['block']),
  }
}

export declare namespace assets {
  type Parameters = {
    /** The `next` of the page before. */
    after?: bigint
    /** How many at most, up to 1000; 100 if none is named. */
    limit?: number
  }
  type ReturnType = {
    assets: AssetTold[]
    /** Names the next page; null on the last. */
    next: bigint | null
    block: At
  }
  type ErrorType = AskErrorType
}
