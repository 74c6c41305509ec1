// Proofs made by the real binary: what the command finds in them, the package finds; and nothing else passes.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bls12_381 } from '@noble/curves/bls12-381'
import { named, recordKey, recordOf, tell, verify } from '@scrip/sdk/proof'
import { bytesToHex, concatBytes, hexToBytes, numberToBytes, sha256, stringToBytes } from 'viem'
import { eventFromRecord } from '../dist/event.js'
import { tables } from '../dist/generated/wire.js'
import { isUnder } from '../dist/proof/receipts.js'
import { isAbsent, isPresent, readAbsence, readPresence } from '../dist/proof/store.js'
import { fromJson } from '../dist/wire/json.js'
import { called, flawOf, networkKey, proofs } from './proofs.mjs'

describe('what the command proves', () => {
  for (const { name, about, bundle, told } of proofs) {
    test(name, () => {
      const verified = verify(bundle, networkKey)
      assert.equal(verified.hash, told.block.hash)
      assert.equal(verified.header.height, BigInt(told.block.number))
      assert.equal(verified.header.time, BigInt(told.block.time))
      assert.equal(verified.header.shard, told.shard)
      const records = tell(verified, about)
      assert.equal(records.length, told.records.length)
      for (const [at, theirs] of told.records.entries()) {
        assert.equal(records[at].key, theirs.record_key)
        assert.equal(records[at].table, theirs.table)
        assert.equal(records[at].record !== null, theirs.present)
        const type = tables[theirs.table].record
        const read = (given) =>
          typeof type === 'string' ? fromJson(type, given) : given.map((item) => fromJson(type[1], item))
        assert.deepEqual(records[at].record, theirs.present ? read(theirs.record) : null)
      }
      for (const [at, theirs] of told.effects.entries()) {
        const effect = verified.effects[at]
        if (!theirs.event) {
          assert.equal(effect.head.tx, theirs.tx)
          assert.equal(effect.head.sender.toLowerCase(), theirs.sender.toLowerCase())
          assert.equal(effect.head.gasUsed, BigInt(theirs.gas_used))
          assert.ok(theirs.status in effect.head.outcome)
        } else {
          const { module, event, ...facts } = eventFromRecord(effect.event.event)
          assert.deepEqual([module, event], [theirs.event.module, theirs.event.event])
          assert.equal(facts.units, BigInt(theirs.event.units))
        }
      }
    })
  }

  test('covers a chunk of the bitmap that waits, one that is incomplete, one in its tree, and folded peaks', () => {
    const writes = proofs
      .flatMap(({ bundle }) => bundle.records)
      .map(({ record, proof }) => (record === null ? readAbsence : readPresence)(hexToBytes(proof)).write)
    const chunk = (write) => write.at / 512n
    assert.ok(writes.some((write) => write.pending && chunk(write) === write.belt.leaves / 512n - 1n))
    assert.ok(writes.some((write) => write.partial && chunk(write) === write.belt.leaves / 512n))
    assert.ok(writes.some((write) => chunk(write) + 2n < write.belt.leaves / 512n))
    assert.ok(writes.some((write) => write.belt.inactivePeaks > 0n))
  })

  test('a record is found by table and key, and one that was not asked for is not', () => {
    const { bundle } = called('a position, and one that is not there')
    const verified = verify(bundle, networkKey)
    const of = (person) => recordOf(verified, 'ledger/positions', [1n, 0, { person, number: 0 }])
    assert.equal(of(6n).units, 480n)
    assert.equal(of(9n), null)
    assert.equal(
      flawOf(() => of(7n)),
      'record',
    )
  })
})

describe('a bundle that is not what it was', () => {
  const { bundle } = called('a position, and one that is not there')
  const effects = called('an event').bundle
  const changed = (change, of = bundle) => {
    const copy = structuredClone(of)
    change(copy)
    return flawOf(() => verify(copy, networkKey))
  }

  test('is refused under any other network key', () => {
    const other = bytesToHex(bls12_381.G2.ProjectivePoint.BASE.multiply(7n).toRawBytes(true))
    assert.equal(
      flawOf(() => verify(bundle, other)),
      'not signed',
    )
    const nothing = (bytes) => `c0${'00'.repeat(bytes - 1)}`
    for (const bad of [`0x${nothing(96)}`, '0x', networkKey.slice(0, -2), networkKey.replace(/^0x./, '0xf')]) {
      assert.equal(
        flawOf(() => verify(bundle, bad)),
        'not signed',
      )
    }
    assert.equal(
      changed((bundle) => (bundle.certificate = bundle.certificate.slice(0, -96) + nothing(48))),
      'not signed',
    )
  })

  test('is refused with any byte of its certificate changed', () => {
    const bytes = hexToBytes(bundle.certificate)
    for (let at = 0; at < bytes.length; at++) {
      const copy = bytes.slice()
      copy[at] ^= 1 << at % 8
      const flaw = changed((bundle) => (bundle.certificate = bytesToHex(copy)))
      assert.ok(['not signed', 'broken chain', 'malformed'].includes(flaw), `byte ${at}: ${flaw}`)
    }
  })

  test('is refused with any byte of a header changed', () => {
    const bytes = hexToBytes(bundle.headers[0])
    for (let at = 0; at < bytes.length; at++) {
      const copy = bytes.slice()
      copy[at] ^= 1 << at % 8
      assert.equal(
        changed((bundle) => (bundle.headers[0] = bytesToHex(copy))),
        'broken chain',
      )
    }
  })

  test('is refused without what it should have, or with more', () => {
    assert.equal(
      changed((bundle) => (bundle.headers = [])),
      'amount',
    )
    assert.equal(
      changed((bundle) => (bundle.headers = Array(258).fill(bundle.headers[0]))),
      'amount',
    )
    assert.equal(
      changed((bundle) => (bundle.records = [])),
      'amount',
    )
    assert.equal(
      changed((bundle) => (bundle.records = Array(1025).fill(bundle.records[0]))),
      'amount',
    )
    assert.equal(
      changed((bundle) => bundle.headers.push(bundle.headers[0])),
      'broken chain',
    )
    assert.equal(
      changed((bundle) => (bundle.certificate += '00')),
      'malformed',
    )
    for (const field of ['certificate', 'headers', 'records', 'effects']) {
      for (const wrong of [undefined, null, 7, 'x', '0x0', [null], [7]]) {
        assert.equal(
          changed((bundle) => (bundle[field] = wrong)),
          'malformed',
        )
      }
    }
  })

  test('is refused if a record, its key or its absence is another', () => {
    const [there, absent] = bundle.records
    assert.equal(
      changed(({ records }) => (records[0].key = absent.key)),
      'record',
    )
    assert.equal(
      changed(({ records }) => (records[0].record = `${there.record.slice(0, -2)}ff`)),
      'record',
    )
    assert.equal(
      changed(({ records }) => (records[1].key = there.key)),
      'record',
    )
    assert.ok(['record', 'malformed'].includes(changed(({ records }) => (records[0].record = null))))
    assert.ok(['record', 'malformed'].includes(changed(({ records }) => (records[1].record = there.record))))
    assert.equal(
      changed(({ records }) => (records[0].proof += '00')),
      'malformed',
    )
  })

  test('is refused if an effect or its place is another', () => {
    assert.equal(
      changed(({ effects }) => (effects[0].effect += '00'), effects),
      'effect',
    )
    assert.equal(
      changed(({ effects }) => (effects[0].proof.index += 1), effects),
      'effect',
    )
    assert.equal(
      changed(({ effects }) => (effects[0].proof.index = -1), effects),
      'malformed',
    )
    assert.equal(
      changed(({ effects }) => effects[0].proof.siblings.push(networkKey.slice(0, 66)), effects),
      'effect',
    )
    assert.equal(
      changed(({ effects }) => (effects[0].proof.leaves = 2 ** 40), effects),
      'malformed',
    )
  })
})

describe("every byte of a record's proof", () => {
  for (const { name, bundle, told } of proofs.filter(({ bundle }) => bundle.records.length)) {
    test(`counts: ${name}`, () => {
      const root = hexToBytes(verify(bundle, networkKey).header.stateRoot)
      assert.equal(told.proved, true)
      for (const { key, record, proof } of bundle.records) {
        const [place, whole] = [hexToBytes(key), hexToBytes(proof)]
        const holds = (bytes) => {
          try {
            return record === null
              ? isAbsent(readAbsence(bytes), place, root)
              : isPresent(readPresence(bytes), place, hexToBytes(record), root)
          } catch (error) {
            assert.ok(error instanceof RangeError, error.stack)
            return false
          }
        }
        assert.ok(holds(whole))
        for (let at = 0; at < whole.length; at++) {
          for (const flip of [1 << at % 8, 0xff]) {
            const copy = whole.slice()
            copy[at] ^= flip
            assert.ok(!holds(copy), `byte ${at} of ${key}`)
          }
          assert.ok(!holds(whole.subarray(0, at)), `cut at ${at}`)
        }
        assert.ok(!holds(concatBytes([whole, Uint8Array.of(0)])))
      }
    })
  }

  test('and of a stored record', () => {
    const { bundle } = called('old peaks are folded')
    const root = hexToBytes(verify(bundle, networkKey).header.stateRoot)
    const { key, record, proof } = bundle.records[0]
    const [place, stored, read] = [hexToBytes(key), hexToBytes(record), readPresence(hexToBytes(proof))]
    assert.ok(isPresent(read, place, stored, root))
    for (let at = 0; at < stored.length; at++) {
      const copy = stored.slice()
      copy[at] ^= 1 << at % 8
      assert.ok(!isPresent(read, place, copy, root))
    }
    for (let at = 0; at < 32; at++) {
      const copy = place.slice()
      copy[at] ^= 1 << at % 8
      assert.ok(!isPresent(read, copy, stored, root))
    }
  })
})

test('the log of an empty store proves that nothing is there', () => {
  const hash = (...parts) => hexToBytes(sha256(concatBytes(parts)))
  const number = (value) => numberToBytes(value, { size: 8 })
  // One commit at place 0, with its floor there and no metadata: written down by hand.
  const leaf = hash(number(0), Uint8Array.of(0xd3, 0, 0))
  const tree = hash(Uint8Array.of(1, 1), number(1), leaf)
  const chunk = new Uint8Array(64)
  chunk[0] = 1
  const logRoot = hash(stringToBytes('any'))
  const root = hash(logRoot, tree, number(1), hash(chunk))
  const proof = concatBytes([
    Uint8Array.of(1, 0),
    chunk,
    Uint8Array.of(1, 0, 0, 0, 1),
    hash(chunk),
    logRoot,
    Uint8Array.of(0),
  ])
  assert.ok(isAbsent(readAbsence(proof), hash(), root))
  const other = proof.slice()
  other[proof.length - 1] = 1
  assert.throws(() => readAbsence(other), RangeError)
})

test('a leaf stands under its root at its own place only', () => {
  const { effects } = called('an event').bundle
  const { header } = verify(called('an event').bundle, networkKey)
  const [{ effect, proof }] = effects
  const [leaf, root] = [hexToBytes(effect), hexToBytes(header.receiptsRoot)]
  assert.ok(isUnder(root, leaf, proof))
  for (let index = 0; index < proof.leaves + 2; index++) {
    assert.equal(isUnder(root, leaf, { ...proof, index }), index === proof.index)
  }
  for (let at = 0; at < leaf.length; at++) {
    const copy = leaf.slice()
    copy[at] ^= 1 << at % 8
    assert.ok(!isUnder(root, copy, proof))
  }
})

test('a name is the hash of table and key', () => {
  const { about, bundle } = called('a position, and one that is not there')
  assert.deepEqual(
    about.map(recordKey),
    bundle.records.map(({ key }) => key),
  )
  assert.deepEqual(named('ledger/positions', [1n, 0, { person: 6n, number: 0 }]), about[0])
})
