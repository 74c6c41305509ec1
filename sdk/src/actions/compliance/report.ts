// What a dry run found, put together out of pages of one block so that it does not matter how many there were: docs/policy.md.
import { sha256, stringToBytes, type Hex } from 'viem'
import type { Json, JsonObject } from '../../wire/json.js'

/** What a page says of a reason in words and in other standards' numbers, which is no part of a report. */
const WORDS = ['erc1066', 'erc1400', 'erc1404', 'number', 'remedy', 'text']
/** By what two reasons are the same, whatever they say of each who is touched: a report has that of the first. */
const SAME = ['code', 'layer', 'side', 'topic', 'country', 'path', 'fact', 'source', 'providers']

/** The report of all pages. */
export function reportOf(pages: JsonObject[]): JsonObject {
  const { asset, change, block } = pages[0]!
  const each = (name: string) => pages.flatMap((page) => page[name] as JsonObject[])
  const plain = (reason: Json | undefined) => without(reason as JsonObject, WORDS)
  return {
    asset,
    change,
    block,
    accounts: pages.reduce((sum, page) => sum + (page['accounts'] as number), 0),
    fails: fails(each('fails').map((one) => ({ ...one, reason: plain(one['reason']) }))),
    holds: each('holds').map((hold) => ({ ...hold, reasons: (hold['reasons'] as Json[]).map(plain) })),
    exceeded: exceeded(each('exceeded')),
  }
}

/** A report's one encoding: JSON with the names of each object in order and no white space, RFC 8785. */
export function encodeReport(report: Json | undefined): string {
  if (Array.isArray(report)) return `[${report.map(encodeReport).join(',')}]`
  if (report === null || typeof report !== 'object') return JSON.stringify(report)
  const names = Object.keys(report).filter((name) => report[name] !== undefined)
  return `{${names.sort().map((name) => `${JSON.stringify(name)}:${encodeReport(report[name])}`).join(',')}}`
}

/** What names a report where rules are changed: SHA-256 of its encoding. */
export const reportHash = (report: JsonObject): Hex => sha256(stringToBytes(encodeReport(report)))

/** Whom each reason touches: those of whom nothing stood in the way before, then the others, each by number. */
function fails(told: JsonObject[]): JsonObject[] {
  const groups = new Map<string, { first: JsonObject; touched: Map<number, boolean> }>()
  for (const one of told) {
    const named = encodeReport([one['role']!, only(one['reason'] as JsonObject, SAME)])
    const group = groups.get(named) ?? { first: one, touched: new Map<number, boolean>() }
    groups.set(named, group)
    for (const [place, person] of (one['persons'] as number[]).entries()) {
      group.touched.set(person, group.touched.get(person) === true || place < (one['passed'] as number))
    }
  }
  return [...groups.values()].map(({ first: { role, reason }, touched }) => {
    const of = (had: boolean) => [...touched].filter(([, passed]) => passed === had).map(([person]) => person).sort(byNumber)
    const passed = of(true)
    return { role, reason, count: touched.size, passed: passed.length, persons: [...passed, ...of(false)] }
  })
}

/** Each limit once, in the order of their encodings, with all that are beyond it and the most that one of them has. */
function exceeded(told: JsonObject[]): JsonObject[] {
  const limits = new Map<string, { limit: JsonObject; have: bigint; holders: Set<number> }>()
  for (const one of told) {
    const limit = without(one, ['have', 'holders'])
    const known = limits.get(encodeReport(limit)) ?? { limit, have: 0n, holders: new Set<number>() }
    limits.set(encodeReport(limit), known)
    const have = BigInt(one['have'] as string)
    if (have > known.have) known.have = have
    for (const holder of one['holders'] as number[]) known.holders.add(holder)
  }
  const inOrder = [...limits].sort(([one], [other]) => (one < other ? -1 : 1))
  return inOrder.map(([, { limit, have, holders }]) => ({
    ...limit,
    have: String(have),
    holders: [...holders].sort(byNumber),
  }))
}

const byNumber = (one: number, other: number) => one - other

const only = (object: JsonObject, names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)))

const without = (object: JsonObject, names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
