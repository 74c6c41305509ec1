// What the state root commits to: a log of writes, and for each whether it still stands. A record is proved by the
// write that stands; its absence by two neighbouring keys between which it would be.
import { concatBytes } from 'viem'
import { Cursor } from '../wire/bytes.js'
import { be64, same, sha256 } from './hash.js'
import { plainNode, rootOf, type BeltProof, type NodeHash } from './belt.js'
import { length, optional, varint, writeVarint } from './varint.js'

/** The longest record. */
export const MAX_RECORD_BYTES = 128 << 10

const CHUNK_BYTES = 64
const CHUNK_BITS = 512n
/** The height of the trees over which one chunk of the bitmap lies. */
const CHUNK_HEIGHT = 9n
/** The leaves from which on the first such tree exists: parents are born late. */
const FIRST_CHUNK_BORN = 767n
const MAX_DIGESTS = 122

const UPDATE = Uint8Array.of(0xd2)
const COMMIT = Uint8Array.of(0xd3)

/** A write at its place in the log, the part of the bitmap that says whether it stands, and the path to the root. */
type WriteProof = {
  at: bigint
  chunk: Uint8Array
  belt: BeltProof
  pending: Uint8Array | undefined
  partial: Uint8Array | undefined
  logRoot: Uint8Array
}

/** Reads a proof that a record stands under a key. */
export function readPresence(bytes: Uint8Array): { write: WriteProof; next: Uint8Array } {
  const cursor = new Cursor(bytes)
  const proof = { write: readWrite(cursor), next: cursor.take(32) }
  cursor.end()
  return proof
}

/** True if the record stands under the key. */
export function isPresent(
  proof: ReturnType<typeof readPresence>,
  key: Uint8Array,
  record: Uint8Array,
  root: Uint8Array,
): boolean {
  return stands(proof.write, update(key, record, proof.next), root)
}

/** A proof that nothing stands under a key: the write before the gap, or the commit of an empty store. */
export type AbsenceProof =
  | { write: WriteProof; key: Uint8Array; record: Uint8Array; next: Uint8Array }
  | { write: WriteProof; metadata: Uint8Array | undefined }

/** Reads a proof that nothing stands under a key. */
export function readAbsence(bytes: Uint8Array): AbsenceProof {
  const cursor = new Cursor(bytes)
  const kind = cursor.take(1)[0]!
  if (kind > 1) throw new RangeError(`there is no proof of absence of kind ${kind}`)
  const write = readWrite(cursor)
  const record = () => cursor.take(length(cursor, MAX_RECORD_BYTES))
  const proof =
    kind === 0
      ? { write, key: cursor.take(32), record: record(), next: cursor.take(32) }
      : { write, metadata: optional(cursor, record) }
  cursor.end()
  return proof
}

/** True if nothing stands under the key. */
export function isAbsent(proof: AbsenceProof, key: Uint8Array, root: Uint8Array): boolean {
  if ('key' in proof) {
    if (!isBetween(proof.key, key, proof.next)) return false
    return stands(proof.write, update(proof.key, proof.record, proof.next), root)
  }
  // The log of an empty store ends with a commit that says that nothing before it stands.
  const { metadata } = proof
  const content = metadata ? concatBytes([Uint8Array.of(1), counted(metadata)]) : Uint8Array.of(0)
  return stands(proof.write, concatBytes([COMMIT, content, writeVarint(proof.write.at)]), root)
}

function update(key: Uint8Array, record: Uint8Array, next: Uint8Array): Uint8Array {
  return concatBytes([UPDATE, key, counted(record), next])
}

const counted = (bytes: Uint8Array) => concatBytes([writeVarint(BigInt(bytes.length)), bytes])

/** True if `key` lies after `start` and before `end`, around the end of all keys if need be. */
function isBetween(start: Uint8Array, key: Uint8Array, end: Uint8Array): boolean {
  const isAfter = compare(key, start) > 0
  const isBefore = compare(key, end) < 0
  return compare(start, end) >= 0 ? isAfter || isBefore : isAfter && isBefore
}

function compare(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, at) => byte !== other[at])
  return at < 0 ? 0 : one[at]! - other[at]!
}

function readWrite(cursor: Cursor): WriteProof {
  const digest = () => cursor.take(32)
  const at = varint(cursor)
  const chunk = cursor.take(CHUNK_BYTES)
  const belt = {
    leaves: varint(cursor),
    inactivePeaks: varint(cursor),
    digests: Array.from({ length: length(cursor, MAX_DIGESTS) }, digest),
  }
  return { at, chunk, belt, pending: optional(cursor, digest), partial: optional(cursor, digest), logRoot: digest() }
}

/** True if the root commits to this write, and to it still standing. */
function stands(write: WriteProof, written: Uint8Array, root: Uint8Array): boolean {
  const { at, chunk, belt, pending, partial, logRoot } = write
  const bit = Number(at % CHUNK_BITS)
  if ((chunk[bit >> 3]! & (1 << (bit & 7))) === 0) return false

  const complete = belt.leaves / CHUNK_BITS
  const born = belt.leaves < FIRST_CHUNK_BORN ? 0n : (belt.leaves - FIRST_CHUNK_BORN) / CHUNK_BITS + 1n
  const grafted = born < complete ? born : complete
  const own = at / CHUNK_BITS
  const rest = belt.leaves % CHUNK_BITS
  // At most one whole chunk waits for its tree; the last, incomplete one stands beside it.
  if (complete - grafted > 1n || (pending !== undefined) !== complete > grafted) return false
  if ((partial !== undefined) !== rest > 0n) return false
  if (pending && own === grafted && !same(pending, sha256(chunk))) return false
  if (partial && own === complete && !same(partial, sha256(chunk))) return false

  const graft: NodeHash = (tree, place, left, right) => {
    const plain = plainNode(tree, place, left, right)
    return tree.height === CHUNK_HEIGHT && own < grafted ? sha256(chunk, plain) : plain
  }
  const treeRoot = rootOf(belt, at, written, graft)
  if (!treeRoot) return false
  const last = partial ? [be64(rest), partial] : []
  return same(sha256(logRoot, treeRoot, ...(pending ? [pending] : []), ...last), root)
}
