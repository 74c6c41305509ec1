// What consensus and storage write: numbers in groups of seven bits, each value in one way only.
import { Cursor } from '../wire/bytes.js'

const MAX_U64_BYTES = 10

/** Reads a number of up to 64 bits. */
export function varint(cursor: Cursor): bigint {
  let value = 0n
  for (let place = 0; place < MAX_U64_BYTES; place++) {
    const byte = cursor.take(1)[0]!
    if (byte === 0 && place > 0) throw new RangeError('a number is longer than it needs to be')
    value |= BigInt(byte & 0x7f) << BigInt(7 * place)
    if (byte < 0x80) {
      if (value >= 1n << 64n) break
      return value
    }
  }
  throw new RangeError('a number has more than 64 bits')
}

/** Writes a number. */
export function writeVarint(value: bigint): Uint8Array {
  const bytes = []
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80)
  return Uint8Array.from([...bytes, Number(value)])
}

/** Reads a length of at most `most`. */
export function length(cursor: Cursor, most: number): number {
  const value = varint(cursor)
  if (value > BigInt(most)) throw new RangeError(`a length is ${value}, at most ${most} is taken`)
  return Number(value)
}

/** Reads what may be absent. */
export function optional<T>(cursor: Cursor, read: () => T): T | undefined {
  const byte = cursor.take(1)[0]!
  if (byte > 1) throw new RangeError(`${byte} is neither absent nor present`)
  return byte === 1 ? read() : undefined
}
