// The chain's JSON as TypeScript has it: amounts, numbers of persons and assets, and times are `bigint`; what is
// absent is null; names have humps.
import { getAddress, type Address } from 'viem'
import { schema, type Described } from '../generated/wire.js'
import { camel, hasFields, isOptional, type Fields, type Schema, type Type, type Variants } from './schema.js'

/** When something ends that never ends, in milliseconds since 1970. */
export const NEVER = 2n ** 64n - 1n

/** A value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
/** An object as `JSON.parse` gives it. */
export type JsonObject = { [name: string]: Json | undefined }

const described: Schema = schema

/** Reads a value that the schema describes, as the chain writes it: what a newer chain says beside it is left aside. */
export function fromJson<Name extends keyof Described>(name: Name, json: Json | undefined): Described[Name] {
  return readJson(name, json ?? null) as Described[Name]
}

/** Writes a value that the schema describes, as the chain reads it; throws where there is a field too many or too few. */
export function toJson<Name extends keyof Described>(name: Name, value: Described[Name]): Json {
  return write(name, value, name.charAt(0).toLowerCase() + name.slice(1))
}

/** A time: what is beyond the numbers that JSON keeps exactly is never. */
export function time(json: Json | undefined): bigint {
  const number = Number(json)
  return Number.isSafeInteger(number) ? BigInt(number) : NEVER
}

/** Reads a value of any type. */
export function readJson(type: Type, json: Json): unknown {
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') return json === null ? null : readJson(parts[0]!, json)
    // A list of nothing may be left out.
    if (shape === 'list') return ((json ?? []) as Json[]).map((item) => readJson(parts[0]!, item))
    return parts.map((part, at) => readJson(part, (json as Json[])[at]!))
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
  return Object.fromEntries(fields.map(([name, type, absent = null]) => [camel(name), readJson(type, object[name] ?? (absent as Json))]))
}

function readVariant(type: string, { tag, variants }: Variants, json: Json): unknown {
  const name = tag ? (json as JsonObject)[tag] : typeof json === 'string' ? json : Object.keys(json as JsonObject)[0]
  const known = variants.find(([known]) => known === name)
  if (!known) throw new TypeError(`${type} has no ${JSON.stringify(name)}; a newer version of this package may know it`)
  const content = known[2]
  if (tag) return { [tag]: name, ...(content === null ? {} : readFields(content as Fields, json)) }
  if (content === null) return name
  const inner = (json as JsonObject)[known[0]]!
  return { [camel(known[0])]: hasFields(content) ? readFields(content, inner) : readJson(content, inner) }
}

function write(type: Type, value: unknown, place: string): Json {
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') return value === null || value === undefined ? null : write(parts[0]!, value, place)
    if (!Array.isArray(value)) throw new TypeError(`${place}: a list is wanted`)
    return value.map((item, at) => write(parts[shape === 'list' ? 0 : at]!, item, `${place}[${at}]`))
  }
  if (value === null || value === undefined) throw new TypeError(`${place} is missing`)
  const item = described[type]
  if (item) return 'fields' in item ? writeFields(item, value, place) : writeVariant(type, item, value, place)
  if (type === 'u128') return String(value)
  if (typeof value === 'bigint') return exact(value)
  return value as Json
}

/** What to do about JSON that is handed over as it stands in a file. */
const HINT = 'names here are camelCase; policyFromJson, profileFromJson and calendarFromJson read what stands in files'

function writeFields({ fields }: Fields, value: unknown, place: string): JsonObject {
  const known = fields.map(([name]) => camel(name))
  if (typeof value !== 'object' || value === null) throw new TypeError(`${place}: an object with ${known.join(', ')} is wanted`)
  const given = value as Record<string, unknown>
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown) throw new TypeError(`${place}: there is no field ${unknown}; known are ${known.join(', ')} (${HINT})`)
  const missing = fields.find((field) => given[camel(field[0])] === undefined && !isOptional(field))
  if (missing) throw new TypeError(`${place}: ${camel(missing[0])} is missing`)
  const present = fields.filter(([name]) => given[camel(name)] !== undefined)
  return Object.fromEntries(
    present.map(([name, type]) => [name, write(type, given[camel(name)], `${place}.${camel(name)}`)]),
  )
}

function writeVariant(type: string, { variants }: Variants, value: unknown, place: string): Json {
  const names = typeof value === 'string' ? [value] : Object.keys(value as object)
  if (names.length !== 1) throw new TypeError(`${place}: one name is wanted, not ${names.join(' and ') || 'none'}`)
  const name = names[0]!
  const known = variants.find(([known]) => camel(known) === name || known === name)
  if (!known) {
    const all = variants.map(([known]) => camel(known)).join(', ')
    throw new TypeError(`${place}: ${type} has no ${name}; known are ${all} (${HINT})`)
  }
  const [written, , content] = known
  if ((content === null) !== (typeof value === 'string')) {
    throw new TypeError(`${place}: ${name} stands ${content === null ? 'alone' : 'with what it holds'}`)
  }
  if (content === null) return written
  const inside = `${place}.${name}`
  const inner = (value as Record<string, unknown>)[name]
  return { [written]: hasFields(content) ? writeFields(content, inner, inside) : write(content, inner, inside) }
}

/** A number that JSON carries exactly. */
export function exact(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} is more than JSON carries exactly`)
  return Number(value)
}
