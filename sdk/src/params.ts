import { hexToString, type ReadContractReturnType } from 'viem'
import type { complianceAbi } from './abi.js'
import { refusals, type Layer, type Reason, type ReasonCode, type RulePeriod, type Side, type Step } from './generated/wire.js'

/** What `canMove` and `canMoveOn` of the compliance service tell of the first reason against a movement. */
export type Params = ReadContractReturnType<typeof complianceAbi, 'canMove'>['params']

/** What a profile has of money that was paid under it. */
export type MoneyVerdict = {
  allowed: boolean
  /** The first reason against it. */
  reason: Reason | null
  /** Every reason in one sentence; empty if there is none. */
  text: string
  /** Of the adopted profile that offers a choice, its number in the high byte and the place of the path in the low one. */
  paths: readonly number[]
  /** When it would be allowed, all else being as it is, in milliseconds since 1970; `null` if that is not known. */
  earliestOk: bigint | null
}

/** The same, of what `canRelease` and `canWithdraw` say. */
export function moneyVerdict(told: ReadContractReturnType<typeof complianceAbi, 'canRelease'>): MoneyVerdict {
  const { allowed, params, reasons, paths, earliestOk } = told
  return { allowed, reason: readParams(params), text: reasons, paths, earliestOk: earliestOk || null }
}

const REASONS = 9_000
const LAYERS: readonly Layer[] = ['ledger', 'network', 'jurisdiction', 'issuer', 'venue']
const SIDES: readonly Side[] = ['sender', 'receiver', 'both', 'venue']
/** Of which numbers 0 is said: bits of `said`. */
const [HAVE, NEED, USED, CLASS] = [1, 2, 4, 8] as const

/** The reason that is told so, for `reasonText` and `remedyText`; null if there is none. */
export function readParams(params: Params): Reason | null {
  if (params.code === 0) return null
  const said = (bit: number) => (params.said & bit) !== 0
  const { order, path, fact, source } = params
  return {
    code: (refusals as Record<number, string>)[REASONS + params.code] as ReasonCode,
    layer: LAYERS[params.layer - 1]!,
    side: SIDES[params.side - 1] ?? null,
    path: path || null,
    have: said(HAVE) ? params.have : null,
    need: said(NEED) ? params.need : null,
    topic: params.topic || null,
    country: params.country === '0x0000' ? null : hexToString(params.country),
    when: params.when || null,
    fact: fact || null,
    providers: params.providers,
    source: source || null,
    by: params.by || null,
    since: params.since || null,
    order: order.authority ? { authority: order.authority, reference: order.ref } : null,
    class: said(CLASS) ? params.class : null,
    used: said(USED) ? params.used : null,
    held: params.held || null,
    frozen: params.frozen || null,
    period: periodOf(params.period),
    next: params.next || null,
    offered: params.offered,
    turn: turnOf(params.turn),
  }
}

function periodOf({ kind, span, month, day, fact }: Params['period']): RulePeriod | null {
  switch (kind) {
    case 1:
      return 'ever'
    case 2:
      return { rolling: spanOf(span) }
    case 3:
      return { fixed: spanOf(span) }
    case 4:
      return { year: { month, day } }
    case 5:
      return { since: fact }
    case 6:
      return 'month'
    default:
      return null
  }
}

/** A span as it is written: `1y2mo`. */
function spanOf([months, business, days, hours]: Params['period']['span']): string {
  const parts = [[Math.floor(months / 12), 'y'], [months % 12, 'mo'], [business, 'bd'], [days, 'd'], [hours, 'h']] as const
  return parts.flatMap(([number, unit]) => (number > 0 ? [`${number}${unit}`] : [])).join('')
}

function turnOf({ who, list, count }: Params['turn']): Step | null {
  if (who === 0) return null
  return who === 3 ? { of: { list, count } } : who === 1 ? 'sender' : 'receiver'
}
