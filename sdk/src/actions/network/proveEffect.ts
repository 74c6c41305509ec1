import type { Hex } from 'viem'
import { eventFromRecord, type ScripEvent } from '../../event.js'
import type { Effect, Header } from '../../generated/wire.js'
import { Unproved } from '../../proof/unproved.js'
import { verify, type Bundle } from '../../proof/verify.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Fetches what a transaction did with its proof, and believes only the proof. */
export async function proveEffect(
  client: AnyClient,
  parameters: proveEffect.Parameters,
): Promise<proveEffect.ReturnType> {
  const { hash: tx, event, networkKey } = parameters
  const answer = await ask(client, 'scrip_getEffectProof', { tx, event })
  const bundle = answer['bundle'] as unknown as Bundle
  const { header, hash, effects } = verify(bundle, networkKey)
  const effect = effects.find((effect) =>
    'head' in effect
      ? event === undefined && effect.head.tx === tx
      : effect.event.index === event && effect.event.tx === tx,
  )
  if (!effect) throw new Unproved('effect', 'the proof speaks of another transaction or event')
  const told = 'event' in effect ? eventFromRecord(effect.event.event) : null
  return { effect, event: told, header, hash, file: { about: [], bundle } }
}

export declare namespace proveEffect {
  type Parameters = {
    /** The transaction. */
    hash: Hex
    /** One of its events, counted from 0; its outcome if none is named. */
    event?: number
    /** The network's public key, from someone you trust; not from the node that is asked. */
    networkKey: Hex
  }
  type ReturnType = {
    effect: Effect
    /** The event in the market's words; null for an outcome. */
    event: ScripEvent | null
    /** The header of the block that did it. */
    header: Header
    /** The header's hash. */
    hash: Hex
    /** The proof as `scrip verify-proof` reads it. */
    file: { about: []; bundle: Bundle }
  }
  type ErrorType = Unproved | AskErrorType
}
