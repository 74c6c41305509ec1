import type { Grant, GrantKey, Grantee } from '../../generated/wire.js'
import { assetName, at, type AssetName, type At } from '../../naming.js'
import { exact, fromJson, time, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Every act of granting and revoking for the network, or for an asset and its classes, by the page. */
export async function grants(client: AnyClient, parameters: grants.Parameters = {}): Promise<grants.ReturnType> {
  const { asset, after, limit } = parameters
  const answer = await ask(client, 'scrip_getGrants', {
    ...(asset !== undefined && { asset: assetName(asset) }),
    ...(after !== undefined && { after: exact(after) }),
    limit,
  })
  return {
    grants: (answer['grants'] as JsonObject[]).map((told) => ({
      ...fromJson('GrantKey', told),
      ...fromJson('Grant', told),
      act: told['act'] as 'granted' | 'revoked',
      by: told['by'] == null ? null : fromJson('Grantee', told['by']),
      at: time(told['at']),
      isCurrent: told['is_current'] as boolean,
    })),
    next: answer['next'] == null ? null : BigInt(answer['next'] as number),
    block: at(answer['block']),
  }
}

export declare namespace grants {
  type Parameters = {
    /** Of which asset; of the network if none is named. */
    asset?: AssetName
    /** The `next` of the page before. */
    after?: bigint
    /** How many at most, up to 1000; 100 if none is named. */
    limit?: number
  }
  type ReturnType = {
    /** Each act, with how its grant stands now. */
    grants: (GrantKey &
      Grant & {
        act: 'granted' | 'revoked'
        /** Who acted; genesis has none. */
        by: Grantee | null
        /** When, in milliseconds since 1970. */
        at: bigint
        isCurrent: boolean
      })[]
    /** Names the next page; null on the last. */
    next: bigint | null
    block: At
  }
  type ErrorType = AskErrorType
}
