import type { Address, Hex } from 'viem'
import { fromJson, time, type Json, type JsonObject } from '../../wire/json.js'
import { address, assetName, at, who, type AssetName, type At, type Who } from '../../naming.js'
import type { ExplainedReason, Explanation } from '../../refusal.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import type { ChosenLot } from '../../given.js'

/** Would this movement happen now, and if not, why, and when or how much would? By the judge that decides in the block. */
export async function explain(client: AnyClient, parameters: explain.Parameters): Promise<explain.ReturnType> {
  const { asset, from, to, units, class: of, operator, lots, paid, currency, profile, path, view, reads } = parameters
  const named = { asset: assetName(asset), units: String(units), class: of }
  const answer = await ask(client, 'scrip_explain', {
    ...named,
    ...(from !== undefined && { from: who(from) }),
    ...(to !== undefined && { to: who(to) }),
    ...(operator !== undefined && { operator }),
    ...(lots !== undefined && { lots: lots.map(lot) }),
    ...(paid !== undefined && { paid: String(paid) }),
    ...(currency !== undefined && { currency }),
    ...(profile !== undefined && { profile }),
    ...(path !== undefined && { path }),
    ...(view !== undefined && { view }),
    ...(reads !== undefined && { reads }),
  })
  const contract = answer['contract'] as JsonObject | null
  return {
    allowed: answer['allowed'] as boolean,
    barred: answer['barred'] as { code: number | null; text: string } | null,
    reasons: (answer['reasons'] as Json[]).map(reason),
    text: answer['text'] as string,
    paths: answer['paths'] as unknown as ExplainedPath[],
    earliestOk: answer['earliest_ok'] == null ? null : time(answer['earliest_ok']),
    maxOk: answer['max_ok'] == null ? null : BigInt(answer['max_ok'] as string),
    contract: contract && { address: address(contract['address']), gas: BigInt(contract['gas'] as number) },
    policy: answer['policy'] as { version: number; hash: Hex } | null,
    profiles: (answer['profiles'] as JsonObject[]).map(ruled),
    effects: (answer['effects'] as JsonObject[]).map(effect),
    asOf: time(answer['as_of']),
    ...(reads && { reads: (answer['reads'] as unknown as { table: string; key: Hex }[]) }),
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

/** What is stated of a movement; of most nothing is. */
export type Stated = {
  /** The lots that would go; without a choice the oldest that may. */
  lots?: readonly ChosenLot[] | undefined
  /** What is paid, in minor units of the currency; without it no price is told. */
  paid?: bigint | undefined
  /** The currency in which is paid, by three letters. */
  currency?: string | undefined
  /** Of an issue, the adopted profile by its number or name; the first that serves and passes if none is named. */
  profile?: number | string | undefined
  /** Of a transfer, the path of exemption that the seller elects; the first that is open if it elects none. */
  path?: string | undefined
}

/** What follows from a movement besides the movement. */
export type Effect =
  /** Something is added up under a name, by the rules of a profile or, without one, of the asset's policy. */
  | { type: 'count'; profile: string; meter: string; amount?: bigint; person?: bigint }
  /** The issuer owes something by a time. */
  | { type: 'duty'; profile: string; duty: string; due: bigint }
  /** The giver gives a collector units too. */
  | { type: 'fee'; to: bigint; units: bigint }
  /** An approval is used. */
  | { type: 'approval' }

export declare namespace explain {
  /**
   * Without `from` an issue, without `to` a redemption; without `operator` by the giver's own wallet, else by a venue's, of
   * which it is asked too whether it may move the giver's units: on an allowance, as its operator, within a delegation.
   */
  type Parameters = {
    asset: AssetName
    from?: Who
    to?: Who
    /** How many: of chosen lots, what they sum to. */
    units: bigint
    class?: number | undefined
    operator?: Address | undefined
    /**
     * For whose eyes: of another party no more is told than that something stands against it. What is on chain is public;
     * this is for who shows answers to others. `all` if not given.
     */
    view?: 'all' | 'sender' | 'receiver' | 'public' | undefined
    /** True to be told which records the answer rests on; with no `view`. */
    reads?: boolean | undefined
  } & Stated
  type ReturnType = Explanation & {
    allowed: boolean
    /**
     * What stands in the way of the operator itself, by the number of a refusal: it has no allowance for so many, is not the
     * giver's operator and has no delegation. `null` if nothing does; without a number to whom that is hidden.
     */
    barred: { code: number | null; text: string } | null
    /** Every reason in one sentence. */
    text: string
    /** The paths relied on: of each law that offered a choice, which. */
    paths: readonly ExplainedPath[]
    /** The asset's own policy: which version it is judged by. */
    policy: { version: number; hash: Hex } | null
    /** The profiles that could speak about it, and those it relies on. */
    profiles: readonly { id: string; version: number; hash: Hex | null; reliedOn: boolean }[]
    /** The issuer's own contract that must agree too. */
    contract: { address: Address; gas: bigint } | null
    /** What follows if it happens. */
    effects: readonly Effect[]
    /** The time as of which it was judged, in milliseconds since 1970. */
    asOf: bigint
    /** Every record that was looked for, found or not, as `scrip_getProof` takes it: table and encoded key. */
    reads?: readonly { table: string; key: Hex }[]
    block: At
  }
  type ErrorType = AskErrorType
}

function reason(json: Json): ExplainedReason {
  const told = json as JsonObject
  return {
    ...fromJson('Reason', told),
    number: told['number'] as number,
    erc1066: told['erc1066'] as number,
    erc1400: told['erc1400'] as number,
    erc1404: told['erc1404'] as number,
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

function effect(json: JsonObject): Effect {
  const { bump, duty, fee } = json as Record<string, JsonObject | undefined>
  if (bump) {
    const [key, what] = [bump['key'] as JsonObject, bump['what'] as JsonObject]
    const counted = { type: 'count' as const, profile: key['profile'] as string, meter: key['name'] as string }
    if (what['person'] != null) return { ...counted, person: BigInt(what['person'] as number) }
    return { ...counted, amount: BigInt((what['amount'] ?? what['units']) as string) }
  }
  if (duty) {
    return { type: 'duty', profile: duty['profile'] as string, duty: duty['duty'] as string, due: time(duty['due']) }
  }
  if (fee) return { type: 'fee', to: BigInt(fee['to'] as number), units: BigInt(fee['units'] as string) }
  return { type: 'approval' }
}

function ruled(json: JsonObject): explain.ReturnType['profiles'][number] {
  return {
    id: json['id'] as string,
    version: json['version'] as number,
    hash: json['hash'] as Hex | null,
    reliedOn: json['relied_on'] as boolean,
  }
}
