import type { Hold } from '../../generated/wire.js'
import { at, type At } from '../../naming.js'
import { exact, fromJson, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** A hold that stands: whose units, for whom, who decides, and until when. */
export async function standingHold(
  client: AnyClient,
  parameters: standingHold.Parameters,
): Promise<standingHold.ReturnType> {
  const answer = await ask(client, 'scrip_getHold', { hold: exact(parameters.hold) })
  return { ...holdTold(answer), block: at(answer['block']) }
}

/** A hold as it is told alone and in lists. */
export type HoldTold = Hold & {
  /** Its number. */
  number: bigint
}

/** Reads a hold as it is told alone and in lists. */
export function holdTold(answer: Json): HoldTold {
  const told = answer as JsonObject
  return { ...fromJson('Hold', told), number: BigInt(told['hold'] as number) }
}

export declare namespace standingHold {
  type Parameters = {
    /** Its number. */
    hold: bigint
  }
  type ReturnType = HoldTold & { block: At }
  type ErrorType = AskErrorType
}
