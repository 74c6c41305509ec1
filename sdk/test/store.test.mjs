// Proofs of a store that the tests build themselves: every length and fold, and what an honest node never makes.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rootOf } from '../dist/proof/belt.js'
import { isAbsent, isPresent, readAbsence, readPresence } from '../dist/proof/store.js'
import { varint } from '../dist/proof/varint.js'
import { Cursor } from '../dist/wire/bytes.js'
import { concatBytes, numberToBytes } from 'viem'
import { buildStore, update } from './store.mjs'

const keyOf = (number) => numberToBytes(number * 10 + 5, { size: 32 })
const record = Uint8Array.of(7, 7)
const logOf = (length) => Array.from({ length }, (_, leaf) => update(keyOf(leaf), record, keyOf(leaf + 1)))
const holds = (store, leaf, given) => {
  const proof = concatBytes([store.prove(leaf, given), keyOf(leaf + 1)])
  return isPresent(readPresence(proof), keyOf(leaf), record, store.root)
}
/** Places at both ends of every chunk, and some between. */
const placesIn = (length) => [0, 1, 300, 511, 512, 700, 1023, 1024, 1500, length - 1].filter((leaf) => leaf < length)

describe('a write that stands is proved', () => {
  // Around the lengths at which a chunk is complete, waits, and gets its tree; and where all of it fits exactly.
  for (const length of [
    1, 2, 3, 7, 8, 100, 511, 512, 513, 766, 767, 768, 1023, 1024, 1278, 1279, 1280, 1537, 2048, 2600,
  ]) {
    test(`in a log of ${length}`, () => {
      const store = buildStore(logOf(length), () => true)
      for (const leaf of placesIn(length)) assert.ok(holds(store, leaf), `leaf ${leaf}`)
      for (let inactive = 1; inactive <= store.peaks; inactive++) {
        const folded = store.folded(inactive)
        for (const leaf of [0, length >> 1, length - 1])
          assert.ok(holds(folded, leaf), `leaf ${leaf}, ${inactive} folded`)
      }
    })
  }
})

describe('a write that stands no more', () => {
  for (const length of [8, 600, 1300]) {
    test(`is not, in a log of ${length}`, () => {
      const isActive = (leaf) => leaf % 3 !== 1
      const store = buildStore(logOf(length), isActive)
      for (const leaf of placesIn(length)) assert.equal(holds(store, leaf), isActive(leaf))
      // Nor with a bitmap that says it stands.
      const chunk = store.chunks[0].slice()
      chunk[0] |= 2
      assert.ok(!holds(store, 1, { chunk }))
      for (const name of ['pending', 'partial']) {
        if (store[name]) assert.ok(!holds(store, 1, { chunk, [name]: store.hash(chunk) }))
      }
    })
  }
})

describe('the parts of the bitmap', () => {
  test('are there exactly when the length says so', () => {
    for (const length of [600, 767, 1024, 1279, 1536]) {
      const store = buildStore(logOf(length), () => true)
      assert.ok(holds(store, 0))
      for (const name of ['pending', 'partial']) {
        assert.ok(
          !holds(store, 0, { [name]: store[name] ? undefined : store.hash(store.chunks[0]) }),
          `${name} in ${length}`,
        )
      }
    }
  })

  test('cannot trade places', () => {
    // Whole chunks only, one of them waiting: the root is over as many parts as with an incomplete one less its count.
    const store = buildStore(logOf(1024), () => true)
    assert.ok(store.pending && !store.partial)
    assert.ok(!holds(store, 0, { pending: undefined, partial: store.pending }))
  })
})

test("a length or a fold that is not the store's is refused", () => {
  const whole = buildStore(logOf(700), () => true)
  const store = whole.folded(1)
  assert.ok(holds(store, 5))
  for (const inactive of [0, 2, whole.peaks, whole.peaks + 1, 2 ** 40]) assert.ok(!holds(store, 5, { inactive }))
  for (const leaves of [0, 5, 6, 699, 701, 2 ** 40]) assert.ok(!holds(store, 5, { leaves }))
  const endless = { leaves: 2n ** 62n + 31n, inactivePeaks: 0n, digests: [] }
  assert.equal(
    rootOf(endless, 5n, record, () => record),
    undefined,
  )
})

describe('an absence', () => {
  const absent = (store, leaf, last, key) => {
    const [own, next] = [keyOf(leaf), last]
    const proof = concatBytes([Uint8Array.of(0), store.prove(leaf), own, Uint8Array.of(2), record, next])
    return isAbsent(readAbsence(proof), key, store.root)
  }
  const between = (number, plus) => numberToBytes(number * 10 + 5 + plus, { size: 32 })

  test('is of keys strictly between two neighbours', () => {
    const store = buildStore(logOf(20), () => true)
    for (const [plus, holds] of [
      [-1, false],
      [0, false],
      [1, true],
      [9, true],
      [10, false],
      [11, false],
    ]) {
      assert.equal(absent(store, 4, keyOf(5), between(4, plus)), holds, `${plus}`)
    }
  })

  test('goes around the end of all keys, and around all of them if there is one', () => {
    const log = [...logOf(5), update(keyOf(5), record, keyOf(0))]
    const store = buildStore(log, () => true)
    for (const [number, plus, holds] of [
      [5, 1, true],
      [900, 0, true],
      [0, -3, true],
      [0, 0, false],
      [3, 1, false],
      [5, 0, false],
    ]) {
      assert.equal(absent(store, 5, keyOf(0), between(number, plus)), holds, `${number} ${plus}`)
    }
    const alone = buildStore([update(keyOf(0), record, keyOf(0))], () => true)
    assert.ok(absent(alone, 0, keyOf(0), keyOf(9)))
    assert.ok(absent(alone, 0, keyOf(0), between(0, -1)))
    assert.ok(!absent(alone, 0, keyOf(0), keyOf(0)))
  })

  test('is not shown by a write that stands no more, nor by a commit with records before it', () => {
    const stale = buildStore(logOf(20), (leaf) => leaf !== 4)
    assert.ok(!absent(stale, 4, keyOf(5), between(4, 1)))
    const commit = (floor) => Uint8Array.of(0xd3, 0, floor)
    const proof = (store) => concatBytes([Uint8Array.of(1), store.prove(2), Uint8Array.of(0)])
    const [empty, full] = [2, 0].map((floor) =>
      buildStore([...logOf(2), commit(floor)], (leaf) => leaf === 2 || floor === 0),
    )
    assert.ok(isAbsent(readAbsence(proof(empty)), keyOf(1), empty.root))
    assert.ok(!isAbsent(readAbsence(proof(full)), keyOf(1), full.root))
  })
})

test('a number has one encoding', () => {
  const read = (...bytes) => varint(new Cursor(Uint8Array.from(bytes)))
  assert.deepEqual([read(0), read(127), read(128, 1)], [0n, 127n, 128n])
  assert.equal(read(...Array(9).fill(255), 1), 2n ** 64n - 1n)
  for (const bad of [[128, 0], [255, 128, 0], [128], [...Array(9).fill(255), 2], Array(11).fill(255)]) {
    assert.throws(() => read(...bad), RangeError)
  }
})
