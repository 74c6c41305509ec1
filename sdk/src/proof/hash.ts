import { sha256 as hash } from '@noble/hashes/sha2'
import { concatBytes, numberToBytes } from 'viem'

/** SHA-256 over parts, one after the other. */
export const sha256 = (...parts: Uint8Array[]): Uint8Array => hash(concatBytes(parts))

/** A number in eight bytes, the greatest first. */
export const be64 = (value: bigint): Uint8Array => numberToBytes(value, { size: 8 })

/** True if both are the same bytes. */
export const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at])
