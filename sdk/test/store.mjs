// A store as its documentation tells it, built node by node and without a thought for speed: what honest and dishonest
// proofs are made from. It shares nothing with the package.
import { createHash } from 'node:crypto'
import { concatBytes, numberToBytes } from 'viem'

const hash = (...parts) => new Uint8Array(createHash('sha256').update(concatBytes(parts)).digest())
const be64 = (value) => numberToBytes(BigInt(value), { size: 8 })
const varint = (value) => {
  const bytes = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}
const CHUNK = 512

/** A write of a record under a key, as the log has it. */
export const update = (key, record, next) =>
  concatBytes([Uint8Array.of(0xd2), key, varint(record.length), record, next])

/**
 * Builds the store over a log; `isActive` says which writes still stand. `folded` gives it with so many peaks folded
 * as old.
 */
export function buildStore(log, isActive) {
  const peaks = []
  let places = 0
  log.forEach((element, leaf) => {
    const place = places++
    peaks.push({ place, height: 0, start: leaf, plain: hash(be64(place), element) })
    // One merge for each leaf: of the newest two neighbours of one height, if there are any.
    const at = peaks.findLastIndex((peak, at) => peaks[at + 1]?.height === peak.height)
    if (at < 0) return
    const [left, right] = peaks.slice(at, at + 2)
    const parent = places++
    peaks.splice(at, 2, { place: parent, height: left.height + 1, start: left.start, left, right })
  })
  const chunks = Array.from({ length: Math.ceil(log.length / CHUNK) }, (_, chunk) => {
    const bytes = new Uint8Array(CHUNK / 8)
    for (let bit = 0; bit < CHUNK; bit++) {
      const leaf = chunk * CHUNK + bit
      if (leaf < log.length && isActive(leaf)) bytes[bit >> 3] |= 1 << (bit & 7)
    }
    return bytes
  })
  const digestOf = (node, grafted) => {
    if (node.height === 0) return node.plain
    const name = grafted ? 'grafted' : 'digest'
    node[name] ??= join(node, digestOf(node.left, grafted), digestOf(node.right, grafted), grafted)
    return node[name]
  }
  const join = ({ place, height, start }, left, right, grafted) => {
    const plain = hash(be64(place), left, right)
    const chunk = chunks[start / CHUNK]
    return grafted && height === 9 && chunk.some((byte) => byte !== 0) ? hash(chunk, plain) : plain
  }
  const rootOf = (grafted, inactive) => {
    const digests = peaks.map((peak) => digestOf(peak, grafted))
    const old = digests.slice(0, Math.max(inactive, 1)).reduce((total, peak) => hash(total, peak))
    const young = digests.slice(Math.max(inactive, 1))
    const whole = young.length
      ? hash(
          old,
          young.reduceRight((total, peak) => hash(peak, total)),
        )
      : old
    return hash(Uint8Array.of(1, 1), be64(log.length), ...(inactive ? [be64(inactive)] : []), whole)
  }
  const highest = (node) => (node.height === 9 ? 1 : node.height < 9 ? 0 : highest(node.left) + highest(node.right))
  const born = peaks.reduce((total, peak) => total + highest(peak), 0)
  const complete = Math.floor(log.length / CHUNK)
  const pending = complete > born ? hash(chunks[born]) : undefined
  const partial = log.length % CHUNK ? hash(chunks[complete]) : undefined
  const folded = (inactive) => {
    const logRoot = rootOf(false, inactive)
    const last = partial ? [be64(log.length % CHUNK), partial] : []
    const root = hash(logRoot, rootOf(true, inactive), ...(pending ? [pending] : []), ...last)

    /** Encodes the proof of the write at a leaf; what is given replaces what is true. */
    const prove = (leaf, given = {}) => {
      const own = peaks.findIndex(({ height, start }) => leaf < start + 2 ** height)
      const digests = peaks.map((peak) => digestOf(peak, true))
      const [before, after] = [digests.slice(0, own), digests.slice(own + 1)]
      const folded = Math.min(inactive, own)
      const single = Math.min(Math.max(inactive - own - 1, 0), after.length)
      const path = [
        ...(folded ? [before.slice(0, folded).reduce((total, peak) => hash(total, peak))] : []),
        ...before.slice(folded),
        ...after.slice(0, single),
        ...(after.length > single ? [after.slice(single).reduceRight((total, peak) => hash(peak, total))] : []),
      ]
      const walk = (node) => {
        if (node.height === 0) return
        const isLeft = leaf < node.right.start
        if (!isLeft) path.push(digestOf(node.left, true))
        walk(isLeft ? node.left : node.right)
        if (isLeft) path.push(digestOf(node.right, true))
      }
      walk(peaks[own])
      const truth = { leaves: log.length, inactive, chunk: chunks[Math.floor(leaf / CHUNK)], pending, partial }
      const told = { ...truth, ...given }
      const optional = (digest) => (digest ? concatBytes([Uint8Array.of(1), digest]) : Uint8Array.of(0))
      return concatBytes([
        varint(leaf),
        told.chunk,
        varint(told.leaves),
        varint(told.inactive),
        varint(path.length),
        ...path,
        optional(told.pending),
        optional(told.partial),
        logRoot,
      ])
    }
    return { root, prove }
  }
  return { ...folded(0), folded, peaks: peaks.length, chunks, pending, partial, hash }
}
