import type { Address } from 'viem'
import type { App, Power, Standing } from '../../generated/wire.js'
import { schema } from '../../generated/wire.js'
import { at, type At } from '../../naming.js'
import { exact, fromJson, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { operationsIn, type Operation } from '../operations.js'

/** Every app by number, by the page. */
export async function apps(client: AnyClient, parameters: apps.Parameters = {}): Promise<apps.ReturnType> {
  const { after, limit } = parameters
  const answer = await ask(client, 'scrip_getApps', { ...(after !== undefined && { after: exact(after) }), limit })
  return {
    apps: (answer['apps'] as Json[]).map(appTold),
    next: answer['next'] == null ? null : BigInt(answer['next'] as number),
    block: at(answer['block']),
  }
}

/** An app as the node tells it. */
export type AppTold = Omit<App, 'powers' | 'operations'> & {
  /** Its number. */
  app: bigint
  /** The powers it asks for. */
  powers: Power[]
  /** What it would do for accounts. */
  operations: Operation[]
  /** How its developer stands. */
  developerStanding: Standing | null
}

/** Reads it; its contracts may be told by address or at length. */
export function appTold(json: Json): AppTold {
  const told = json as JsonObject
  const addresses = (told['contracts'] as Json[]).map((it) => (typeof it === 'string' ? it : (it as JsonObject)['address']!))
  const { powers, operations, ...app } = fromJson('App', { ...told, contracts: addresses as Address[] })
  const has = ([, number]: readonly [string, number, unknown]) => powers & (1 << number)
  return {
    ...app,
    app: BigInt(told['app'] as number),
    powers: schema.Power.variants.filter(has).map(([name]) => name as Power),
    operations: operationsIn(operations),
    developerStanding: (told['developer_standing'] ?? null) as Standing | null,
  }
}

export declare namespace apps {
  type Parameters = {
    /** The `next` of the page before. */
    after?: bigint
    /** How many at most, up to 1000; 100 if none is named. */
    limit?: number
  }
  type ReturnType = {
    apps: AppTold[]
    /** Names the next page; null on the last. */
    next: bigint | null
    block: At
  }
  type ErrorType = AskErrorType
}
