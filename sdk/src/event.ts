import type { ComplianceEvent, EventRecord, IdentityEvent, LedgerEvent, TrustEvent } from './generated/wire.js'
import { schema } from './generated/wire.js'
import { fromBytes } from './wire/bytes.js'
import { fromJson, type Json, type JsonObject } from './wire/json.js'
import { camel, type Fields, type Schema, type Type } from './wire/schema.js'
import { hexToBytes, type Hex } from 'viem'

/** A fact that a module announced. */
export type ScripEvent =
  | ({ module: 'identity' } & IdentityEvent)
  | ({ module: 'trust' } & TrustEvent)
  | ({ module: 'compliance' } & ComplianceEvent)
  | ({ module: 'ledger' } & LedgerEvent)
  | UnknownEvent

/** A fact that this version of the package has no words for. */
export type UnknownEvent = { module: 'unknown'; event: 'unknown'; by: string; bytes: Hex | null }

const TYPES = {
  identity: 'IdentityEvent',
  trust: 'TrustEvent',
  compliance: 'ComplianceEvent',
  ledger: 'LedgerEvent',
} as const

const typeOf = (module: string) => TYPES[module as keyof typeof TYPES]

/** Reads an event as the node tells it. */
export function eventFromJson(json: Json): ScripEvent {
  const told = json as JsonObject
  const module = String(told['module'])
  const unknown = {
    module: 'unknown',
    event: 'unknown',
    by: module,
    bytes: (told['bytes'] ?? null) as Hex | null,
  } as const
  if (!typeOf(module) || told['event'] === undefined) return unknown
  try {
    return { module, ...fromJson(typeOf(module), told) } as ScripEvent
  } catch {
    return unknown
  }
}

/** Reads an event as a proof carries it. */
export function eventFromRecord({ module, bytes }: EventRecord): ScripEvent {
  const type = typeOf(module)
  if (!type) return { module: 'unknown', event: 'unknown', by: module, bytes }
  return { module, ...fromBytes(type, hexToBytes(bytes)) } as ScripEvent
}

/** The numbers of all persons that an event names. */
export const personsIn = (event: ScripEvent): bigint[] => numbersIn(event, 'person')

/** The numbers of all assets that an event names. */
export const assetsIn = (event: ScripEvent): bigint[] => numbersIn(event, 'asset')

function numbersIn(event: ScripEvent, kind: 'person' | 'asset'): bigint[] {
  if (event.module === 'unknown') return []
  const found: bigint[] = []
  collect(TYPES[event.module], event, kind, found)
  return found
}

function collect(type: Type, value: unknown, kind: string, found: bigint[]): void {
  if (value === null) return
  if (type === kind) found.push(value as bigint)
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    const values = shape === 'option' ? [value] : (value as unknown[])
    values.forEach((item, at) => collect(parts[shape === 'tuple' ? at : 0]!, item, kind, found))
    return
  }
  const item = (schema as Schema)[type]
  if (!item) return
  const given = value as Record<string, unknown>
  if ('fields' in item) return collectFields(item, given, kind, found)
  const name = item.tag ? given[item.tag] : typeof value === 'string' ? value : Object.keys(given)[0]
  const variant = item.variants.find(([known]) => known === name || camel(known) === name)
  const content = variant?.[2] ?? null
  if (content === null) return
  const inner = item.tag ? given : given[name as string]
  if (typeof content === 'object' && 'fields' in content) {
    collectFields(content, inner as Record<string, unknown>, kind, found)
  } else collect(content, inner, kind, found)
}

function collectFields({ fields }: Fields, given: Record<string, unknown>, kind: string, found: bigint[]): void {
  for (const [name, type] of fields) collect(type, given[camel(name)], kind, found)
}
