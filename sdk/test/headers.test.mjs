// Chains of headers that the tests sign themselves: what a real network never signs can be signed here.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bls12_381 } from '@noble/curves/bls12-381'
import { named, recordKey, recordOf, tell, verify } from '@scrip/sdk/proof'
import { bytesToHex, concatBytes, hexToBytes, sha256, stringToBytes } from 'viem'
import { writeBytes } from '../dist/wire/bytes.js'
import { called, flawOf, networkKey } from './proofs.mjs'
import { buildStore, update } from './store.mjs'

/** The key of the tests' own network. */
const secret = 12345n
const own = bytesToHex(bls12_381.G2.ProjectivePoint.BASE.multiply(secret).toRawBytes(true))
const encode = (header) => writeBytes('Header', header)
function certify(header, shard = header.shard) {
  const proposal = concatBytes([Uint8Array.of(0, 9, 8), hexToBytes(sha256(encode(header)))])
  const namespace = stringToBytes(`scrip/${shard}_FINALIZE`)
  const message = concatBytes([Uint8Array.of(namespace.length), namespace, proposal])
  const DST = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_'
  const signature = bls12_381.G1.hashToCurve(message, { DST }).multiply(secret).toRawBytes(true)
  return bytesToHex(concatBytes([proposal, signature]))
}

describe('headers', () => {
  const real = called('an outcome')
  const { header: below } = verify(real.bundle, networkKey)
  const above = (header, change = {}) => ({
    ...header,
    height: header.height + 1n,
    parent: sha256(encode(header)),
    ...change,
  })
  const bundleOf = (top, headers, shard) => ({
    ...real.bundle,
    certificate: certify(top, shard),
    headers: headers.map((header) => bytesToHex(encode(header))),
  })

  test('lead from the certified one down to the one that is spoken of', () => {
    const [one, two] = [above(below), above(above(below))]
    const verified = verify(bundleOf(two, [two, one, below]), own)
    assert.deepEqual(verified.header, below)
    assert.equal(verified.effects.length, 1)
  })

  test("that skip one, lie on another shard, or are named by another shard's certificate are refused", () => {
    const [one, two] = [above(below), above(above(below))]
    const far = above(below, { height: below.height + 2n })
    const strange = above(below, { shard: 1 })
    assert.equal(
      flawOf(() => verify(bundleOf(two, [two, below]), own)),
      'broken chain',
    )
    assert.equal(
      flawOf(() => verify(bundleOf(far, [far, below]), own)),
      'broken chain',
    )
    assert.equal(
      flawOf(() => verify(bundleOf(strange, [strange, below]), own)),
      'broken chain',
    )
    assert.equal(
      flawOf(() => verify(bundleOf(one, [one, below], 1), own)),
      'not signed',
    )
    assert.equal(
      flawOf(() => verify(bundleOf(one, [one, below]), networkKey)),
      'not signed',
    )
  })
})

test("a record that is stored under another's key is not taken for it", () => {
  const { header } = verify(called('an outcome').bundle, networkKey)
  const [name, other] = [6n, 7n].map((person) => named('ledger/positions', [1n, 0, { person, number: 0 }]))
  const record = concatBytes([
    Uint8Array.of(other.table & 255, other.table >> 8, 22, 0),
    hexToBytes(other.key),
    new Uint8Array(56),
  ])
  const key = hexToBytes(recordKey(name))
  const store = buildStore([update(key, record, key)], () => true)
  const signed = { ...header, stateRoot: bytesToHex(store.root) }
  const proof = bytesToHex(concatBytes([store.prove(0), key]))
  const bundle = {
    certificate: certify(signed),
    headers: [bytesToHex(encode(signed))],
    records: [{ key: recordKey(name), record: bytesToHex(record), proof }],
    effects: [],
  }
  const verified = verify(bundle, own)
  assert.equal(
    flawOf(() => recordOf(verified, 'ledger/positions', [1n, 0, { person: 6n, number: 0 }])),
    'record',
  )
  assert.equal(
    flawOf(() => tell(verified)),
    'record',
  )
})
