import type { Change, DryRun } from '../../generated/wire.js'
import { assetName, at, type AssetName, type At } from '../../naming.js'
import { fromJson, toJson, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Whom of an asset's holders a change of rules would newly stand in the way of. Nothing is changed. */
export async function dryRun(client: AnyClient, parameters: dryRun.Parameters): Promise<dryRun.ReturnType> {
  const { asset, change, class: of, after, limit } = parameters
  const full = { register: [], policy: null, adopt: [], drop: [], law: null, venue: null, ...change }
  const answer = await ask(client, 'scrip_dryRun', {
    asset: assetName(asset),
    change: toJson('Change', full) as JsonObject,
    class: of,
    after,
    limit,
  })
  return { ...fromJson('DryRun', answer), block: at(answer['block']) }
}

export declare namespace dryRun {
  type Parameters = {
    asset: AssetName
    /** What would be changed. */
    change: Partial<Change>
    /** Of which class the holders are; 0 if none is named. */
    class?: number | undefined
    /** Goes on after this place: `next` of the answer before. */
    after?: number | undefined
    /** How many holders at most, 1,000 if not said. */
    limit?: number | undefined
  }
  type ReturnType = DryRun & { block: At }
  type ErrorType = AskErrorType
}
