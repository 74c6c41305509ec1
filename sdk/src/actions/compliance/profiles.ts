import type { Hex } from 'viem'
import { at, type At } from '../../naming.js'
import { time, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Every version of every profile that is registered, in the order in which they were, by the page. */
export async function profiles(client: AnyClient, parameters: profiles.Parameters = {}): Promise<profiles.ReturnType> {
  const { after, limit } = parameters
  const answer = await ask(client, 'scrip_getProfiles', { after, limit })
  return {
    profiles: (answer['profiles'] as JsonObject[]).map(told),
    next: answer['next'] as number | null,
    block: at(answer['block']),
  }
}

const told = (json: JsonObject): ProfileTold => ({
  number: json['number'] as number,
  id: json['id'] as string,
  version: json['version'] as number,
  isLatest: json['is_latest'] as boolean,
  title: json['title'] as string,
  authority: json['authority'] as string,
  effective: json['effective'] as [string, string | null],
  since: time(json['since']),
  hash: json['hash'] as Hex,
})

/** A version of a profile in short. */
export type ProfileTold = {
  /** Its place among all versions, from 1. */
  number: number
  id: string
  version: number
  isLatest: boolean
  title: string
  /** Who made the law: `US/SEC`. */
  authority: string
  /** From this day on, until the other, exclusive. */
  effective: [from: string, until: string | null]
  /** When it was registered, in milliseconds since 1970. */
  since: bigint
  /** SHA-256 of its encoding. */
  hash: Hex
}

export declare namespace profiles {
  type Parameters = {
    /** The `next` of the page before. */
    after?: number
    /** How many at most, up to 1000; 100 if none is named. */
    limit?: number
  }
  type ReturnType = {
    profiles: ProfileTold[]
    /** Names the next page; null on the last. */
    next: number | null
    block: At
  }
  type ErrorType = AskErrorType
}
