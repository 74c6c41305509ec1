// Checks a proof with nothing but the network's public key: no clock, no connection, no trust in who sent it. A quorum
// of validators signed the first header, every header names the one before it, and the last one commits to the records
// and to what its block did.
import { bytesToHex, hexToBytes, isHex, type Hex } from 'viem'
import type { Effect, Header, MerkleProof } from '../generated/wire.js'
import { fromBytes } from '../wire/bytes.js'
import { isSigned, readCertificate } from './certificate.js'
import { sha256 } from './hash.js'
import { isUnder } from './receipts.js'
import { MAX_RECORD_BYTES, isAbsent, isPresent, readAbsence, readPresence } from './store.js'
import { Unproved, decoded } from './unproved.js'

/** An answer and all that is needed to believe it, but the network's public key. As `scrip_getProof` gives it. */
export type Bundle = {
  /** The certificate of the first header. */
  certificate: Hex
  /** Encoded headers from the certified one down to the one that is spoken of. */
  headers: readonly Hex[]
  /** Records of the state after the last header. */
  records: readonly { key: Hex; record: Hex | null; proof: Hex }[]
  /** What the last header's block did. */
  effects: readonly { effect: Hex; proof: MerkleProof }[]
}

/** What a proof shows. */
export type Verified = {
  /** The final header that is spoken of. */
  header: Header
  /** Its hash. */
  hash: Hex
  /** Records by key as of this header; null if there is none under the key. */
  records: readonly { key: Hex; record: Hex | null }[]
  /** What the header's block did. */
  effects: readonly Effect[]
}

const MAX_PROVED = 1_024
const MAX_HEADERS = 257

/** Checks a bundle against the network's public key, 96 bytes; throws `Unproved` if it does not hold. */
export function verify(bundle: Bundle, networkKey: Hex): Verified {
  checkShape(bundle)
  const { records, effects, headers } = bundle
  const proved = records.length + effects.length
  if (proved < 1 || proved > MAX_PROVED || headers.length < 1 || headers.length > MAX_HEADERS) {
    throw new Unproved('amount', `a proof has 1 to ${MAX_HEADERS} headers and 1 to ${MAX_PROVED} records or effects`)
  }
  const { header, hash } = verifyHeaders(bundle, networkKey)
  const stateRoot = hexToBytes(header.stateRoot)
  const receiptsRoot = hexToBytes(header.receiptsRoot)
  return {
    header,
    hash,
    records: records.map((record) => verifyRecord(record, stateRoot)),
    effects: effects.map(({ effect, proof }, at) => {
      const bytes = hexToBytes(effect)
      if (!isUnder(receiptsRoot, bytes, proof)) {
        throw new Unproved('effect', `effect ${at} is not what the header commits to`)
      }
      return decoded('effect', () => fromBytes('Effect', bytes))
    }),
  }
}

/** Walks from the certificate down to the header that is spoken of. */
function verifyHeaders(bundle: Bundle, networkKey: Hex): { header: Header; hash: Hex } {
  const certificate = decoded('certificate', () => readCertificate(hexToBytes(bundle.certificate)))
  let named = bytesToHex(certificate.header)
  let last: Header | undefined
  for (const [at, encoded] of bundle.headers.entries()) {
    const bytes = hexToBytes(encoded)
    const broken = () =>
      new Unproved('broken chain', `header ${at} is not the one that is named by what stands above it`)
    if (bytesToHex(sha256(bytes)) !== named) throw broken()
    const header = decoded('header', () => fromBytes('Header', bytes))
    if (!last && !isSigned(certificate, header.shard, networkKey)) {
      throw new Unproved('not signed', 'the certificate was not signed by this network')
    }
    if (last && (last.shard !== header.shard || last.height !== header.height + 1n)) throw broken()
    named = header.parent
    last = header
  }
  const lowest = hexToBytes(bundle.headers[bundle.headers.length - 1]!)
  return { header: last!, hash: bytesToHex(sha256(lowest)) }
}

function verifyRecord(
  { key, record, proof }: Bundle['records'][number],
  root: Uint8Array,
): Verified['records'][number] {
  const [place, path] = [hexToBytes(key), hexToBytes(proof)]
  const showsNothing = () => {
    const absence = decoded("record's proof", () => readAbsence(path))
    return isAbsent(absence, place, root)
  }
  const shows = (stored: Uint8Array) => {
    if (stored.length > MAX_RECORD_BYTES) return false
    const presence = decoded("record's proof", () => readPresence(path))
    return isPresent(presence, place, stored, root)
  }
  const holds = record === null ? showsNothing() : shows(hexToBytes(record))
  if (!holds) throw new Unproved('record', `the record with key ${key} is not what the header commits to`)
  return { key, record }
}

/** The bundle comes from anywhere: everything in it is what its type says, or it is malformed. */
function checkShape(bundle: Bundle): void {
  const hex = (value: unknown, bytes?: number) =>
    isHex(value) && value.length % 2 === 0 && (bytes === undefined || value.length === 2 + 2 * bytes)
  const list = (value: unknown): value is unknown[] => Array.isArray(value)
  const place = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32
  const holds =
    typeof bundle === 'object' &&
    bundle !== null &&
    hex(bundle.certificate) &&
    list(bundle.headers) &&
    bundle.headers.every((header) => hex(header)) &&
    list(bundle.records) &&
    bundle.records.every(
      (item) => hex(item?.key, 32) && (item.record === null || hex(item.record)) && hex(item.proof),
    ) &&
    list(bundle.effects) &&
    bundle.effects.every(
      (item) =>
        hex(item?.effect) &&
        place(item.proof?.index) &&
        place(item.proof.leaves) &&
        list(item.proof.siblings) &&
        item.proof.siblings.length <= 32 &&
        item.proof.siblings.every((sibling) => hex(sibling, 32)),
    )
  if (!holds) throw new Unproved('malformed', 'the bundle does not decode')
}
