import { english } from './generated/texts.js'
import type { Reason, ReasonCode, RulePeriod, Side, Step } from './generated/wire.js'

/** Everything that a refusal says, in one language. A translation is `english` with other words. */
export type Texts = {
  /** What stands in the way, and what could be done about it: templates that a reason's facts fill. */
  reasons: Readonly<Record<string, { number: number; text: string; remedy: string }>>
  parties: Readonly<Partial<Record<Side, string>>>
  /** Claims by the number of their topic. */
  topics: Readonly<Record<string, string>>
  /** Periods over which something is added up, by their kind. */
  periods: Readonly<Record<string, string>>
  /** Parts of spans by how they are written: one of them, and several. */
  spans: Readonly<Record<string, readonly [string, string]>>
  /** Those on a list whose turn it is to approve. */
  approvers: string
  /** What stands for a fact that a reason does not give. */
  unknown: Readonly<Record<string, string>>
  /** What follows: when it would pass, where the rule is written, on which path it stands in the way. */
  tails: readonly string[]
  /** The language of countries' names; English if none is named. */
  language?: string
}

/** What stands in the way, when it would not, where that is written and on which path. */
export function reasonText(reason: Reason, texts: Texts = english): string {
  const { text } = wordsOf(reason.code, texts)
  const saysWhen = text.includes('{when}') || text.includes('{time}')
  return [text, ...texts.tails.slice(saysWhen ? 1 : 0)].map((template) => fill(template, reason, texts)).join('')
}

/** What could be done about it, and whom to ask. */
export function remedyText(reason: Reason, texts: Texts = english): string {
  return fill(wordsOf(reason.code, texts).remedy, reason, texts)
}

/** A reason that a translation lacks is told in English. */
function wordsOf(code: ReasonCode, texts: Texts): { text: string; remedy: string } {
  return texts.reasons[code] ?? english.reasons[code]!
}

/** Fills a template. What is not known is left out with its brackets, or has a word that stands for it. */
function fill(template: string, reason: Reason, texts: Texts): string {
  const start = template.indexOf('[')
  if (start < 0) return put(template, reason, texts, true)!
  const end = matching(template, start)
  const within = put(template.slice(start + 1, end), reason, texts, false) ?? ''
  return put(template.slice(0, start), reason, texts, true)! + within + fill(template.slice(end + 1), reason, texts)
}

/** Puts facts into a template without brackets; nothing if it may be left out and a fact is not known. */
function put(template: string, reason: Reason, texts: Texts, isNeeded: boolean): string | undefined {
  let isWhole = true
  const told = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const fact = factOf(name, reason, texts)
    isWhole &&= fact !== undefined || isNeeded
    return fact ?? texts.unknown[name] ?? ''
  })
  return isWhole ? told : undefined
}

function matching(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === '[') depth++
    if (text[at] === ']' && --depth === 0) return at
  }
  return text.length
}

function factOf(name: string, reason: Reason, texts: Texts): string | undefined {
  switch (name) {
    case 'party':
      return reason.side == null ? undefined : texts.parties[reason.side]
    case 'side':
      return reason.side == null ? undefined : factOf('party', reason, texts)
    // What is there, where it is nobody's in particular.
    case 'amount':
      return reason.side == null ? reason.have?.toString() : undefined
    case 'least':
      return isShort(reason) ? reason.need?.toString() : undefined
    case 'most':
      return isShort(reason) ? undefined : reason.need?.toString()
    // Holders are counted as they are; persons who bought under a name.
    case 'holders':
      return reason.fact == null ? reason.have?.toString() : undefined
    case 'counted':
      return reason.fact == null ? undefined : reason.have?.toString()
    case 'of_holders':
      return reason.fact == null ? '' : undefined
    case 'of_counted':
      return reason.fact == null ? undefined : ''
    case 'topic':
      return reason.topic == null ? undefined : (texts.topics[reason.topic] ?? `topic ${reason.topic}`)
    case 'country':
      return reason.country == null ? undefined : countryName(reason.country, texts.language ?? 'en')
    case 'when':
      return dayOrMoment(reason.when)
    case 'time':
      return date(reason.when)
    case 'providers':
      return reason.providers?.length ? reason.providers.map((person) => `person ${person}`).join(' or ') : undefined
    case 'since':
      return dayOrMoment(reason.since)
    case 'next':
      return dayOrMoment(reason.next)
    case 'by':
      return reason.by == null ? undefined : `person ${reason.by}`
    case 'authority':
    case 'reference':
      return reason.order?.[name]
    case 'period':
      return reason.period == null ? undefined : periodText(reason.period, texts)
    case 'turn':
      return reason.turn == null ? undefined : turnText(reason.turn, texts)
    case 'offered':
      return reason.offered?.length ? reason.offered.join(', ') : undefined
    case 'class':
    case 'used':
    case 'held':
    case 'frozen':
    case 'have':
    case 'need':
    case 'fact':
    case 'source':
    case 'path':
      return reason[name]?.toString()
    default:
      return undefined
  }
}

/** True if less is there than is needed. */
const isShort = ({ have, need }: Reason) => need != null && (have == null || have < need)

/** What a translation that is older than a text lacks is told in English. */
function periodText(period: RulePeriod, texts: Texts): string {
  const said = (kind: string) => (texts.periods ?? english.periods)[kind] ?? ''
  if (typeof period === 'string') return said(period)
  if ('rolling' in period) return said('rolling').replace('{span}', spanText(period.rolling, texts))
  if ('fixed' in period) return said('fixed').replace('{span}', spanText(period.fixed, texts))
  if ('since' in period) return said('since').replace('{fact}', period.since)
  const { month, day } = period.year
  if (month === 1 && day === 1) return said('calendar_year')
  const twoDigits = (number: number) => number.toString().padStart(2, '0')
  return said('year').replace('{day}', `${twoDigits(month)}-${twoDigits(day)}`)
}

/** As it is written, part by part: "1 year", "6 months 5 days". */
function spanText(span: string, texts: Texts): string {
  const parts = [...span.matchAll(/(\d+)([a-z]+)/g)]
  const told = parts.map(([, number, unit]) => {
    const [one, many] = (texts.spans ?? english.spans)[unit!] ?? [unit, unit]
    return `${number} ${number === '1' ? one : many}`
  })
  return told.join(' ')
}

function turnText(turn: Step, texts: Texts): string | undefined {
  if (typeof turn === 'string') return texts.parties[turn]
  const { list, count } = turn.of
  return (texts.approvers ?? english.approvers).replace('{count}', `${count}`).replace('{list}', `${list}`)
}

/** Days begin elsewhere by other clocks: what is no day of UTC is a moment. */
function dayOrMoment(when: bigint | null): string | undefined {
  return date(when)?.replace(/T00:00:00Z$/, '')
}

const LAST = 8_640_000_000_000_000n

function date(when: bigint | null): string | undefined {
  return when == null || when > LAST ? undefined : new Date(Number(when)).toISOString().replace(/\.?0+Z$/, 'Z')
}

function countryName(code: string, language: string): string {
  return new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code
}
