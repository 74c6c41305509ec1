// The chain's canonical encoding (borsh: little-endian, lengths in four bytes), read back exactly: one value has one
// encoding, and what is left over is an error.
import { bytesToHex, concatBytes, getAddress, hexToBytes, stringToBytes, type Hex } from 'viem'
import { schema, type Described } from '../generated/wire.js'
import { readJson, type Json } from './json.js'
import { camel, hasFields, type Field, type Fields, type Schema, type Type, type Variants } from './schema.js'

const described: Schema = schema

/** Reads a value that the schema describes; throws if the bytes are not exactly one. */
export function fromBytes<Name extends keyof Described>(name: Name, bytes: Uint8Array): Described[Name] {
  return readBytes(name, bytes) as Described[Name]
}

/** Reads a value of any type; throws if the bytes are not exactly one. */
export function readBytes(type: Type, bytes: Uint8Array): unknown {
  const cursor = new Cursor(bytes)
  const value = read(type, cursor)
  cursor.end()
  return value
}

/** A place in bytes that are read from front to back. */
export class Cursor {
  #at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The next so many bytes. */
  take(count: number): Uint8Array {
    if (this.#bytes.length - this.#at < count) throw new RangeError('the bytes end too early')
    return this.#bytes.subarray(this.#at, (this.#at += count))
  }

  /** The next so many bytes as a little-endian number. */
  number(count: number): bigint {
    return this.take(count).reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n)
  }

  /** Throws unless all bytes were read. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError('there are more bytes than the value has')
  }
}

function read(type: Type, cursor: Cursor): unknown {
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') return flag(cursor) ? read(parts[0]!, cursor) : null
    if (shape === 'list') return items(Number(cursor.number(4)), () => read(parts[0]!, cursor))
    return parts.map((part) => read(part, cursor))
  }
  const item = described[type]
  if (item) return 'fields' in item ? readFields(item, cursor) : readVariant(type, item, cursor)
  switch (type) {
    case 'u8':
      return Number(cursor.number(1))
    case 'u16':
      return Number(cursor.number(2))
    case 'i16':
      return Number(BigInt.asIntN(16, cursor.number(2)))
    case 'u32':
      return Number(cursor.number(4))
    case 'u64':
    case 'time':
    case 'person':
    case 'asset':
      return cursor.number(8)
    case 'u128':
      return cursor.number(16)
    case 'bool':
      return flag(cursor)
    case 'b256':
      return bytesToHex(cursor.take(32))
    case 'address':
      return getAddress(bytesToHex(cursor.take(20)))
    case 'bytes':
      return bytesToHex(cursor.take(Number(cursor.number(4)))) as Hex
    case 'date':
      return new Date(Number(BigInt.asIntN(32, cursor.number(4))) * DAY_MS).toISOString().slice(0, 10)
    case 'span':
      return span(items(4, () => Number(cursor.number(4))))
    case 'clock':
      return clock(Number(cursor.number(2)))
    case 'string':
      return text(cursor.take(Number(cursor.number(4))))
    default:
      return text(cursor.take(Number(type.slice('text'.length))))
  }
}

const DAY_MS = 86_400_000

/** A length of time as law writes it, of months, business days, days and hours: `1y6mo`, `5bd`, `90d`. */
function span([months = 0, business = 0, days = 0, hours = 0]: number[]): string {
  const years = Math.floor(months / 12)
  const parts = [[years, 'y'], [months % 12, 'mo'], [business, 'bd'], [days, 'd'], [hours, 'h']] as const
  return parts.map(([count, unit]) => (count ? `${count}${unit}` : '')).join('') || '0d'
}

/** Months, business days, days and hours of a length of time. */
function lengths(span: string): number[] {
  const found = /^(?:(\d+)y)?(?:(\d+)mo)?(?:(\d+)bd)?(?:(\d+)d)?(?:(\d+)h)?$/.exec(span)
  if (!found || !span) throw new RangeError(`"${span}" is not a length of time; write it as 1y, 6mo, 5bd, 90d or 24h`)
  const [years = 0, months = 0, business = 0, days = 0, hours = 0] = found.slice(1).map((part) => Number(part ?? 0))
  return [12 * years + months, business, days, hours]
}

/** A time of day by its minutes: `09:30`. */
function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

/** The minutes of a time of day. */
function minutes(clock: string): number {
  const found = /^(\d\d):([0-5]\d)$/.exec(clock)
  if (!found) throw new RangeError(`"${clock}" is not a time of day; write it as 09:30`)
  return 60 * Number(found[1]) + Number(found[2])
}

/** Text of exactly so many letters. */
function letters(text: string, count: number): Uint8Array {
  const bytes = stringToBytes(text)
  if (bytes.length !== count) throw new RangeError(`"${text}" is not ${count} letters`)
  return bytes
}

/** The days from 1970 to a day. */
function dayOf(date: string): number {
  const ms = Date.parse(date)
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new RangeError(`"${date}" is not a day; write it as 2026-01-15`)
  }
  return ms / DAY_MS
}

const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

function flag(cursor: Cursor): boolean {
  const byte = cursor.take(1)[0]!
  if (byte > 1) throw new RangeError(`${byte} is neither false nor true`)
  return byte === 1
}

function items<T>(count: number, next: () => T): T[] {
  // Item by item: a count that the bytes do not hold ends with the bytes, not with the memory.
  const found: T[] = []
  while (found.length < count) found.push(next())
  return found
}

function readFields({ fields }: Fields, cursor: Cursor): Record<string, unknown> {
  return Object.fromEntries(fields.map(([name, type]) => [camel(name), read(type, cursor)]))
}

function readVariant(type: string, { tag, variants }: Variants, cursor: Cursor): unknown {
  const number = Number(cursor.number(1))
  const known = variants.find(([, known]) => known === number)
  if (!known) throw new RangeError(`${type} has no number ${number}`)
  const [name, , content] = known
  if (tag) return { [tag]: name, ...(content === null ? {} : readFields(content as Fields, cursor)) }
  if (content === null) return name
  return { [camel(name)]: hasFields(content) ? readFields(content, cursor) : read(content, cursor) }
}

/** Writes a value of any type, as it stands in keys. */
export function writeBytes(type: Type, value: unknown): Uint8Array {
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') {
      return value === null ? Uint8Array.of(0) : concatBytes([Uint8Array.of(1), writeBytes(parts[0]!, value)])
    }
    const items = value as readonly unknown[]
    if (shape === 'tuple') return concatBytes(parts.map((part, at) => writeBytes(part, items[at])))
    return concatBytes([little(items.length, 4), ...items.map((item) => writeBytes(parts[0]!, item))])
  }
  const item = described[type]
  if (item && 'fields' in item) return writeFields(item, value)
  if (item) return writeVariant(type, item, value)
  if (type === 'b256' || type === 'address') return hexToBytes(value as Hex)
  if (type === 'bytes') return counted(hexToBytes(value as Hex))
  if (type === 'string') return counted(stringToBytes(value as string))
  if (type === 'bool') return Uint8Array.of(value ? 1 : 0)
  if (type.startsWith('text')) return letters(value as string, Number(type.slice('text'.length)))
  if (type === 'date') return little(BigInt.asUintN(32, BigInt(dayOf(value as string))), 4)
  if (type === 'i16') return little(BigInt.asUintN(16, signed(BigInt(value as number), 16)), 2)
  if (type === 'clock') return little(minutes(value as string), 2)
  if (type === 'span') return concatBytes(lengths(value as string).map((count) => little(count, 4)))
  return little(value as bigint | number, WIDTHS[type]!)
}

function signed(value: bigint, bits: number): bigint {
  if (BigInt.asIntN(bits, value) !== value) throw new RangeError(`${value} does not fit in ${bits} bits`)
  return value
}

const WIDTHS: Record<string, number> = { u8: 1, u16: 2, u32: 4, u64: 8, time: 8, person: 8, asset: 8, u128: 16 }

const counted = (bytes: Uint8Array) => concatBytes([little(bytes.length, 4), bytes])

function little(value: bigint | number, width: number): Uint8Array {
  const number = BigInt(value)
  if (number < 0n || number >> BigInt(8 * width)) throw new RangeError(`${value} does not fit in ${width} bytes`)
  return Uint8Array.from({ length: width }, (_, at) => Number((number >> BigInt(8 * at)) & 0xffn))
}

function writeFields({ fields }: Fields, value: unknown): Uint8Array {
  const given = value as Record<string, unknown>
  const valueOf = ([name, type, absent]: Field) =>
    given[camel(name)] ?? (absent === undefined ? null : readJson(type, absent as Json))
  return concatBytes(fields.map((field) => writeBytes(field[1], valueOf(field))))
}

function writeVariant(type: string, { variants }: Variants, value: unknown): Uint8Array {
  const name = typeof value === 'string' ? value : Object.keys(value as object)[0]
  const known = variants.find(([known]) => known === name || camel(known) === name)
  if (!known) throw new RangeError(`${type} has no ${name}`)
  const [, number, content] = known
  if (content === null) return Uint8Array.of(number)
  const inner = (value as Record<string, unknown>)[name!]
  return concatBytes([Uint8Array.of(number), hasFields(content) ? writeFields(content, inner) : writeBytes(content, inner)])
}
