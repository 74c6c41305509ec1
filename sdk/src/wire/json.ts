// The chain's JSON as TypeScript has it: amounts, numbers of persons and assets, and times are `bigint`; what is
// absent is null; names have humps.
import { getAddress, type Address } from 'viem'
import { schema, type Described } from '../generated/wire.js'
import { camel, type Fields, type Schema, type Type, type Variants } from './schema.js'

/** When something ends that never ends, in milliseconds since 1970. */
export const NEVER = 2n ** 64n - 1n

/** A value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
/** An object as `JSON.parse` gives it. */
export type JsonObject = { [name: string]: Json | undefined }

const described: Schema = schema

/** Reads a value that the schema describes. */
export function fromJson<Name extends keyof Described>(name: Name, json: Json | undefined): Described[Name] {
  return read(name, json ?? null) as Described[Name]
}

/** Writes a value that the schema describes, as the chain reads it. */
export function toJson<Name extends keyof Described>(name: Name, value: Described[Name]): Json {
  return write(name, value)
}

/** A time: what is beyond the numbers that JSON keeps exactly is never. */
export function time(json: Json | undefined): bigint {
  const number = Number(json)
  return Number.isSafeInteger(number) ? BigInt(number) : NEVER
}

function read(type: Type, json: Json): unknown {
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') return json === null ? null : read(parts[0]!, json)
    // A list of nothing may be left out.
    if (shape === 'list') return ((json ?? []) as Json[]).map((item) => read(parts[0]!, item))
    return parts.map((part, at) => read(part, (json as Json[])[at]!))
  }
  const item = described[type]
  if (item) return 'fields' in item ? readFields(item, json) : readVariant(type, item, json)
  switch (type) {
    case 'u64':
    case 'u128':
    case 'person':
    case 'asset':
      return BigInt(json as string | number)
    case 'time':
      return time(json)
    case 'address':
      return getAddress(json as Address)
    default:
      return json
  }
}

function readFields({ fields }: Fields, json: Json): Record<string, unknown> {
  const object = json as JsonObject
  return Object.fromEntries(fields.map(([name, type]) => [camel(name), read(type, object[name] ?? null)]))
}

function readVariant(type: string, { tag, variants }: Variants, json: Json): unknown {
  const name = tag ? (json as JsonObject)[tag] : typeof json === 'string' ? json : Object.keys(json as JsonObject)[0]
  const known = variants.find(([known]) => known === name)
  if (!known) throw new TypeError(`${type} has no ${JSON.stringify(name)}; a newer version of this package may know it`)
  const content = known[2]
  if (tag) return { [tag]: name, ...(content === null ? {} : readFields(content as Fields, json)) }
  if (content === null) return name
  const inner = (json as JsonObject)[known[0]]!
  return { [camel(known[0])]: isFields(content) ? readFields(content, inner) : read(content, inner) }
}

function write(type: Type, value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') return write(parts[0]!, value)
    const items = value as unknown[]
    return items.map((item, at) => write(parts[shape === 'list' ? 0 : at]!, item))
  }
  const item = described[type]
  if (item) return 'fields' in item ? writeFields(item, value) : writeVariant(type, item, value)
  if (type === 'u128') return String(value)
  if (typeof value === 'bigint') return exact(value)
  return value as Json
}

function writeFields({ fields }: Fields, value: unknown): JsonObject {
  const given = value as Record<string, unknown>
  const known = new Set(fields.map(([name]) => camel(name)))
  const unknown = Object.keys(given).find((name) => !known.has(name))
  if (unknown) throw new TypeError(`there is no field ${unknown}; known are ${[...known].join(', ')}`)
  const present = fields.filter(([name]) => given[camel(name)] !== undefined)
  return Object.fromEntries(present.map(([name, type]) => [name, write(type, given[camel(name)])]))
}

function writeVariant(type: string, { variants }: Variants, value: unknown): Json {
  const name = typeof value === 'string' ? value : Object.keys(value as object)[0]
  const known = variants.find(([known]) => camel(known) === name || known === name)
  if (!known)
    throw new TypeError(`${type} has no ${name}; known are ${variants.map(([known]) => camel(known)).join(', ')}`)
  const [written, , content] = known
  if (content === null) return written
  const inner = (value as Record<string, unknown>)[name!]
  return { [written]: isFields(content) ? writeFields(content, inner) : write(content, inner) }
}

const isFields = (content: Type | Fields): content is Fields => typeof content === 'object' && 'fields' in content

/** A number that JSON carries exactly. */
export function exact(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} is more than JSON carries exactly`)
  return Number(value)
}
