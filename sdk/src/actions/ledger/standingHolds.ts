import { assetName, at, who, type AssetName, type At, type Who } from '../../naming.js'
import type { JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { holdTold, type HoldTold } from './standingHold.js'

/** The holds on what somebody has of an asset. */
export async function standingHolds(
  client: AnyClient,
  parameters: standingHolds.Parameters,
): Promise<standingHolds.ReturnType> {
  const answer = await ask(client, 'scrip_getHolds', {
    asset: assetName(parameters.asset),
    who: who(parameters.who),
    class: parameters.class,
  })
  return { holds: (answer['holds'] as JsonObject[]).map(holdTold), block: at(answer['block']) }
}

export declare namespace standingHolds {
  type Parameters = {
    asset: AssetName
    who: Who
    /** Of which class; 0 if none is named. */
    class?: number
  }
  type ReturnType = { holds: HoldTold[]; block: At }
  type ErrorType = AskErrorType
}
