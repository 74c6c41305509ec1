import type { Address } from 'viem'
import type { AccountId, Freeze, Lot as Units } from '../../generated/wire.js'
import { address, at, who, type At, type Who } from '../../naming.js'
import { fromJson, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** What a holder has of every asset, in the order in which they came, by the page. */
export async function positions(client: AnyClient, parameters: positions.Parameters): Promise<positions.ReturnType> {
  const { after, limit } = parameters
  const answer = await ask(client, 'scrip_getPositions', { who: who(parameters.who), after, limit })
  return {
    positions: (answer['positions'] as JsonObject[]).map((told) => {
      const { since: _, frozen: freezes, ...position } = fromJson('Position', {
        ...told,
        frozen: told['freezes'],
        since: 0,
      })
      return {
        ...position,
        frozen: BigInt(told['frozen'] as string),
        freezes,
        asset: BigInt(told['asset'] as number),
        token: address(told['address']),
        symbol: told['symbol'] as string,
        class: told['class'] as number,
        account: fromJson('AccountId', told['account']),
        free: BigInt(told['free'] as string),
        lots: (told['lots'] as JsonObject[]).map(lot),
      }
    }),
    next: answer['next'] as string | null,
    block: at(answer['block']),
  }
}

function lot(json: JsonObject): positions.Lot {
  return { ...fromJson('Lot', json), profiles: named(json['profiles']), freeOf: named(json['free_of']) }
}

function named(json: Json | undefined): positions.Adopted[] {
  return (json as JsonObject[]).map(({ id, version }) => ({ id: id as string, version: version as number }))
}

export declare namespace positions {
  type Parameters = {
    who: Who
    /** The `next` of the page before. */
    after?: string
    /** How many at most, up to 1000; 100 if none is named. */
    limit?: number
  }
  type ReturnType = {
    positions: {
      asset: bigint
      token: Address
      symbol: string
      class: number
      account: AccountId
      units: bigint
      held: bigint
      frozen: bigint
      /** What is frozen, until when, and for which announced order. */
      freezes: readonly Freeze[]
      /** What the owner can move. */
      free: bigint
      /** The oldest first. */
      lots: readonly positions.Lot[]
    }[]
    /** Names the next page; null on the last. */
    next: string | null
    block: At
  }
  /** A profile that the asset adopted, in the version that it has of it. */
  type Adopted = { id: string; version: number }
  type Lot = Units & {
    /** The profiles by whose rules it is resold. */
    profiles: readonly Adopted[]
    /** The profiles that it came free of: these know it, and ask nothing of it any more. */
    freeOf: readonly Adopted[]
  }
  type ErrorType = AskErrorType
}
