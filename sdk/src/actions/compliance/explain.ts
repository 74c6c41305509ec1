import type { Address, Hex } from 'viem'
import { fromJson, time, type Json, type JsonObject } from '../../wire/json.js'
import { address, assetName, at, who, type AssetName, type At, type Who } from '../../naming.js'
import type { ExplainedReason, Explanation } from '../../refusal.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import type { ChosenLot } from '../ledger/transferLots.js'

/** Would this movement happen now, and if not, why, and when or how much would? By the judge that decides in the block. */
export async function explain(client: AnyClient, parameters: explain.Parameters): Promise<explain.ReturnType> {
  const { asset, from, to, units, class: of, operator, lots } = parameters
  const named = { asset: assetName(asset), units: String(units), class: of }
  const answer = await ask(client, 'scrip_explain', {
    ...named,
    ...(from !== undefined && { from: who(from) }),
    ...(to !== undefined && { to: who(to) }),
    ...(operator !== undefined && { operator }),
    ...(lots !== undefined && { lots: lots.map(lot) }),
  })
  const contract = answer['contract'] as JsonObject | null
  return {
    allowed: answer['allowed'] as boolean,
    reasons: (answer['reasons'] as Json[]).map(reason),
    text: answer['text'] as string,
    paths: answer['paths'] as unknown as ExplainedPath[],
    earliestOk: answer['earliest_ok'] == null ? null : time(answer['earliest_ok']),
    maxOk: answer['max_ok'] == null ? null : BigInt(answer['max_ok'] as string),
    fees: (answer['fees'] as JsonObject[]).map((fee) => ({
      to: BigInt(fee['to'] as number),
      units: BigInt(fee['units'] as string),
    })),
    contract: contract && { address: address(contract['address']), gas: BigInt(contract['gas'] as number) },
    policy: answer['policy'] as { version: number; hash: Hex } | null,
    profiles: (answer['profiles'] as JsonObject[]).map(profile),
    block: at(answer['block']),
  }
}

/** A path relied on: one of the choices of an `any`. */
export type ExplainedPath = {
  /** The adopted profile whose path it is; `null` for the issuer's policy. */
  profile: string | null
  /** Its place in the `any` of those rules, from 1. */
  place: number
  name: string
}

export declare namespace explain {
  /**
   * Without `from` an issue, without `to` a redemption; without `operator` by the giver's own wallet, else by a venue's.
   * Whether the operator may act for the giver is not judged.
   */
  type Parameters = {
    asset: AssetName
    from?: Who
    to?: Who
    /** How many: of chosen lots, what they sum to. */
    units: bigint
    class?: number | undefined
    operator?: Address | undefined
    /** The lots that would go; without a choice the oldest that may. */
    lots?: readonly ChosenLot[] | undefined
  }
  type ReturnType = Explanation & {
    allowed: boolean
    /** Every reason in one sentence. */
    text: string
    /** The paths relied on: of each law that offered a choice, which. */
    paths: readonly ExplainedPath[]
    /** The asset's own policy: which version it is judged by. */
    policy: { version: number; hash: Hex } | null
    /** The profiles that could speak about it, and those it relies on. */
    profiles: readonly { id: string; version: number; hash: Hex | null; reliedOn: boolean }[]
    /** What the giver would give collectors besides. */
    fees: readonly { to: bigint; units: bigint }[]
    /** The issuer's own contract that must agree too. */
    contract: { address: Address; gas: bigint } | null
    block: At
  }
  type ErrorType = AskErrorType
}

function reason(json: Json): ExplainedReason {
  const told = json as JsonObject
  return {
    ...fromJson('Reason', told),
    number: told['number'] as number,
    text: told['text'] as string,
    remedy: told['remedy'] as string,
    ask: (told['ask'] as JsonObject[]).map((it) => ({
      person: BigInt(it['person'] as number),
      wallet: it['wallet'] == null ? null : address(it['wallet']),
      isProvider: it['is_provider'] as boolean,
    })),
  }
}

const lot = ({ place, anchor, units }: ChosenLot): Json => ({ place, anchor: Number(anchor), units: String(units) })

function profile(json: JsonObject): explain.ReturnType['profiles'][number] {
  return {
    id: json['id'] as string,
    version: json['version'] as number,
    hash: json['hash'] as Hex | null,
    reliedOn: json['relied_on'] as boolean,
  }
}
