import type { Address } from 'viem'
import { fromJson, time, type Json, type JsonObject } from '../../wire/json.js'
import { address, assetName, at, who, type AssetName, type At, type Who } from '../../naming.js'
import type { ExplainedReason, Explanation } from '../../refusal.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Would this movement happen now, and if not, why, and when or how much would? By the judge that decides in the block. */
export async function explain(client: AnyClient, parameters: explain.Parameters): Promise<explain.ReturnType> {
  const { asset, from, to, units, class: of, operator } = parameters
  const named = { asset: assetName(asset), units: String(units), class: of }
  const answer = await ask(client, 'scrip_explain', {
    ...named,
    ...(from !== undefined && { from: who(from) }),
    ...(to !== undefined && { to: who(to) }),
    ...(operator !== undefined && { operator }),
  })
  const contract = answer['contract'] as JsonObject | null
  return {
    allowed: answer['allowed'] as boolean,
    reasons: (answer['reasons'] as Json[]).map(reason),
    text: answer['text'] as string,
    path: answer['path'] as number,
    earliestOk: answer['earliest_ok'] == null ? null : time(answer['earliest_ok']),
    maxOk: answer['max_ok'] == null ? null : BigInt(answer['max_ok'] as string),
    contract: contract && { address: address(contract['address']), gas: BigInt(contract['gas'] as number) },
    block: at(answer['block']),
  }
}

export declare namespace explain {
  /** Without `from` an issue, without `to` a redemption; without `operator` by the giver's own wallet, else by a venue's. */
  type Parameters = {
    asset: AssetName
    from?: Who
    to?: Who
    units: bigint
    class?: number | undefined
    operator?: Address | undefined
  }
  type ReturnType = Explanation & {
    allowed: boolean
    /** Every reason in one sentence. */
    text: string
    /** The exemption path relied on: 0 for none, else its place in the policy's `any`, from 1. */
    path: number
    /** The issuer's own contract that must agree too. */
    contract: { address: Address; gas: bigint } | null
    block: At
  }
  type ErrorType = AskErrorType
}

function reason(json: Json): ExplainedReason {
  const told = json as JsonObject
  return { ...fromJson('Reason', told), number: told['number'] as number, text: told['text'] as string }
}
