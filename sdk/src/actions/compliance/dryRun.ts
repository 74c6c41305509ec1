import type { Hex } from 'viem'
import type { Change, DryRun } from '../../generated/wire.js'
import { assetName, at, type AssetName, type At } from '../../naming.js'
import { exact, fromJson, toJson, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { encodeReport, reportHash, reportOf } from './report.js'

/** What a change of rules would mean for all who hold an asset, and the hash that it is made with. Nothing is changed. */
export async function dryRun(client: AnyClient, parameters: dryRun.Parameters): Promise<dryRun.ReturnType> {
  const { asset, change, atOnce, block } = parameters
  const full = { register: [], policy: null, adopt: [], drop: [], law: null, venue: null, ...change }
  const asked = { asset: assetName(asset), change: toJson('Change', full) as JsonObject, limit: atOnce ?? 1_000 }
  const pages: JsonObject[] = []
  let place: { after?: Json; block?: number } = block === undefined ? {} : { block: exact(block) }
  do {
    const page = await ask(client, 'scrip_dryRun', { ...asked, ...place })
    pages.push(page)
    // Pages after the first are of the same state.
    place = { after: page['next'] as Json, block: (page['block'] as JsonObject)['number'] as number }
  } while (place.after != null)
  const report = reportOf(pages)
  const { accounts, fails, holds, exceeded } = fromJson('DryRun', { ...report, next: null })
  const found = { accounts, fails, holds, exceeded, block: at(report['block']) }
  return { ...found, report: encodeReport(report), hash: reportHash(report) }
}

export declare namespace dryRun {
  type Parameters = {
    asset: AssetName
    /** What would be changed. */
    change: Partial<Change>
    /** How many holders are looked at in one call, 1,000 if not said: fewer where that needs more gas than the node gives. */
    atOnce?: number | undefined
    /** As of which block, one of the last hundred or so; the newest if none is named. */
    block?: bigint | undefined
  }
  type ReturnType = Omit<DryRun, 'next'> & {
    block: At
    /** What is attached to the change: a file of it has `hash` for its SHA-256. */
    report: string
    /** What `setPolicy` and `adoptProfile` take. */
    hash: Hex
  }
  type ErrorType = AskErrorType
}
