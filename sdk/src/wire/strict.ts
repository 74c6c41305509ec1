// What people write by hand, as docs/policy.md and the files of profiles/ have it: names with underscores, numbers as
// numbers, bigint or decimal text. Read strictly, and an error names the place.
import { schema, type Calendar, type Described, type Policy, type Profile } from '../generated/wire.js'
import { readBytes, writeBytes } from './bytes.js'
import { readJson, type Json, type JsonObject } from './json.js'
import { camel, hasFields, isOptional, type Fields, type Schema, type Type, type Variants } from './schema.js'

const described: Schema = schema

/** Reads a policy as docs/policy.md writes it; throws a `TypeError` that names the place of what is wrong. */
export const policyFromJson = (json: unknown): Policy => readGiven('Policy', json, 'policy')

/** Reads what stands under `profile` in a file of profiles/; throws a `TypeError` that names the place of what is wrong. */
export const profileFromJson = (json: unknown): Profile => readGiven('Profile', json, 'profile')

/** Reads what stands under `calendar` in a file of profiles/calendars/; throws a `TypeError` that names the place of what
 * is wrong. */
export const calendarFromJson = (json: unknown): Calendar => readGiven('Calendar', json, 'calendar')

const readGiven = <Name extends keyof Described>(name: Name, json: unknown, place: string): Described[Name] =>
  read(name, json as Json, place) as Described[Name]

function read(type: Type, json: Json, place: string): unknown {
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') return json === null ? null : read(parts[0]!, json, place)
    if (!Array.isArray(json)) throw wrong(place, json, 'a list')
    if (shape === 'tuple' && json.length !== parts.length) throw wrong(place, json, `a list of ${parts.length}`)
    return json.map((item, at) => read(parts[shape === 'list' ? 0 : at]!, item, `${place}[${at}]`))
  }
  const item = described[type]
  if (item) return 'fields' in item ? readFields(item, json, place) : readVariant(item, json, place)
  return readPlain(type, json, place)
}

function readFields({ fields }: Fields, json: Json, place: string): Record<string, unknown> {
  if (!isObject(json)) throw wrong(place, json, `an object with ${fields.map(([name]) => name).join(', ')}`)
  const known = fields.map(([name]) => name)
  const unknown = Object.keys(json).find((name) => !known.includes(name))
  if (unknown) throw new TypeError(`${place}: there is no field ${unknown}; known are ${known.join(', ')}`)
  const missing = fields.find((field) => json[field[0]] === undefined && !isOptional(field))
  if (missing) throw new TypeError(`${place}: ${missing[0]} is missing`)
  return Object.fromEntries(
    fields.map(([name, type, absent = null]) => {
      const given = json[name]
      return [camel(name), given === undefined ? readJson(type, absent as Json) : read(type, given, `${place}.${name}`)]
    }),
  )
}

function readVariant({ variants }: Variants, json: Json, place: string): unknown {
  const all = variants.map(([name]) => name).join(', ')
  const names = typeof json === 'string' ? [json] : isObject(json) ? Object.keys(json) : []
  if (names.length !== 1) throw wrong(place, json, `one of ${all}`)
  const known = variants.find(([name]) => name === names[0])
  if (!known) throw new TypeError(`${place}: there is no ${names[0]}; known are ${all}`)
  const [name, , content] = known
  if ((content === null) !== (typeof json === 'string')) {
    throw wrong(place, json, content === null ? `"${name}" alone` : `{"${name}": …}`)
  }
  if (content === null) return name
  const inner = (json as JsonObject)[name]!
  const inside = `${place}.${name}`
  return { [camel(name)]: hasFields(content) ? readFields(content, inner, inside) : read(content, inner, inside) }
}

/** A value without parts, as the chain would write it: what its bytes have no room for is wrong. */
function readPlain(type: string, json: Json, place: string): unknown {
  const wanted = WANTED[type] ?? `${type.slice('text'.length)} letters`
  const isText = typeof json === 'string'
  const isNumber = isText ? /^-?\d+$/.test(json) : typeof json === 'bigint' || Number.isSafeInteger(json)
  if (wanted === NUMBER ? !isNumber : type === 'bool' ? typeof json !== 'boolean' : !isText) {
    throw wrong(place, json, wanted)
  }
  try {
    return readBytes(type, writeBytes(type, wanted === NUMBER ? BigInt(json as string) : json))
  } catch {
    throw wrong(place, json, wanted)
  }
}

const NUMBER = 'a whole number that fits; as text or bigint if it has more than 15 digits'

const WANTED: { readonly [type: string]: string } = {
  u8: NUMBER,
  u16: NUMBER,
  i16: NUMBER,
  u32: NUMBER,
  u64: NUMBER,
  u128: NUMBER,
  time: NUMBER,
  person: NUMBER,
  asset: NUMBER,
  bool: 'true or false',
  string: 'text',
  b256: '0x and 64 hexadecimal digits',
  address: '0x and 40 hexadecimal digits',
  bytes: '0x and hexadecimal digits',
  date: 'a day: 2026-01-15',
  span: 'a length of time: 1y, 6mo, 5bd, 90d or 24h',
  clock: 'a time of day: 09:30',
}

const isObject = (json: Json): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json)

const wrong = (place: string, json: Json | undefined, wanted: string) =>
  new TypeError(`${place}: ${shown(json)} is not ${wanted}`)

/** What was given, as far as it tells something. */
const shown = (json: Json | undefined) => {
  const text = JSON.stringify(json, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? String(json)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
