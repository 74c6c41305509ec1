// What happened: told, watched and proved, against the real chain and against a node that lies.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { Unproved, services } from '@scrip/sdk'
import { identityAbi, trustAbi } from '@scrip/sdk/abi'
import { custom, zeroAddress } from 'viem'
import { readContract } from 'viem/actions'
import { binary } from '../../tests/clients/chain.mjs'
import { ROLES, connect, connectSocket, openStage, until, wallet } from './chain.mjs'

let chain, by, address, personOf, asset
before(async () => {
  ;({ chain, by, address, personOf } = await openStage())
  ;({ asset } = await by.issuer.ledger.createAssetSync({
    kind: 'debt',
    symbol: 'NOTE',
    name: 'Acme note',
    cfi: 'DBFUFR',
    authorised: 1_000n,
  }))
  await by.issuer.compliance.setPolicySync({ asset, policy: { rules: [] } })
  const legs = [
    { to: address.alice, units: 500n },
    { to: address.carol, units: 20n },
  ]
  await by.issuer.ledger.issueSync({ asset, legs })
})
after(() => chain?.stop())

describe('what happened', () => {
  test("is told in the market's words", async () => {
    const { hash } = await by.alice.ledger.transferSync({ asset, legs: [{ to: address.bob, units: 1n }] })
    const { events, status, person, block } = await by.bob.network.receipt({ hash })
    assert.equal(status, 'done')
    const [moved] = events
    assert.deepEqual(
      [moved.module, moved.event, moved.asset, moved.units, moved.from.person, moved.cause],
      ['ledger', 'moved', asset, 1n, person, 'transfer'],
    )
    assert.equal((await by.bob.network.block({ block: block.number })).hash, block.hash)
    assert.equal(await by.bob.network.receipt({ hash: `0x${'11'.repeat(32)}` }), null)
  })

  for (const [name, connection] of [
    ['HTTP', connect],
    ['WebSocket', connectSocket],
  ]) {
    test(`is watched over ${name}, in order and from the past on`, async () => {
      const watcher = connection(chain, wallet(ROLES.bob))
      const person = await personOf('carol')
      const [seen, about, errors] = [[], [], []]
      const onError = (error) => errors.push(error)
      const stop = [
        watcher.ledger.watchAsset({ asset, onEvents: (events) => seen.push(...events), onError }),
        watcher.identity.watchPerson({ person, fromBlock: 1n, onEvents: (events) => about.push(...events), onError }),
      ]
      await until(() => about.length > 3)
      const hashes = []
      for (const units of [1n, 2n, 3n])
        hashes.push((await by.alice.ledger.transferSync({ asset, legs: [{ to: address.bob, units }] })).hash)
      await until(() => seen.length >= 3)
      stop.forEach((end) => end())
      assert.deepEqual(
        seen.map(({ event, hash }) => [event.units, hash]),
        [1n, 2n, 3n].map((units, at) => [units, hashes[at]]),
      )
      assert.ok(about.every(({ block }, at) => at === 0 || block.number >= about[at - 1].block.number))
      assert.equal(about[0].event.event, 'person_registered')
      assert.deepEqual(errors, [])
      ;(await watcher.transport.getRpcClient?.())?.close()
    })
  }
})

test('a watcher goes on with the block that failed', async () => {
  const start = BigInt(await chain.rpc('eth_blockNumber')) + 1n
  let failures = 2
  const watcher = connect(
    chain,
    wallet(ROLES.bob),
    custom(
      {
        request: ({ method, params }) => {
          if (method === 'scrip_getBlock' && failures-- > 0) throw new Error('the line is down')
          return chain.rpc(method, params)
        },
      },
      { retryCount: 0 },
    ),
  )
  const [seen, errors] = [[], []]
  const stop = watcher.ledger.watchAsset({
    asset,
    fromBlock: start,
    onEvents: (events) => seen.push(...events),
    onError: (error) => errors.push(error),
  })
  const send = (units) => by.alice.ledger.transferSync({ asset, legs: [{ to: address.bob, units }] })
  await send(1n)
  await until(() => errors.length === 1)
  await send(2n)
  await until(() => errors.length === 2)
  await send(3n)
  await until(() => seen.length === 3)
  stop()
  assert.deepEqual(
    seen.map(({ event }) => event.units),
    [1n, 2n, 3n],
  )
})

test('the node says how it stands', async () => {
  const { height, indexed, peers, isSyncing, pool, lastBlockTime } = await by.alice.network.status()
  assert.ok(height >= indexed && indexed > 0n && lastBlockTime > 0n)
  assert.deepEqual([peers, isSyncing, pool.pending], [0, false, 0])
})

describe('a proof', () => {
  const networkKey = async () => (await by.alice.network.info()).networkKey
  const key = (person) => [asset, 0, { person, number: 0 }]

  test('of a position, or that there is none, needs no trust in the node', async () => {
    const person = await personOf('carol')
    const there = await by.alice.network.proveRecord({
      table: 'ledger/positions',
      key: key(person),
      networkKey: await networkKey(),
    })
    assert.equal(there.record.units, 20n)
    assert.equal(there.record.lots.length, 1)
    const absent = await by.alice.network.proveRecord({
      table: 'ledger/positions',
      key: key(9_999n),
      networkKey: await networkKey(),
    })
    assert.equal(absent.record, null)
    const { height } = there.header
    assert.ok((await by.alice.network.certificate({ height })).length > 100)
  })

  test('is read by the command, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scrip-proof-'))
    const file = join(folder, 'proof.json')
    const { file: kept } = await by.alice.network.proveRecord({
      table: 'ledger/positions',
      key: key(9_999n),
      networkKey: await networkKey(),
    })
    writeFileSync(file, JSON.stringify(kept))
    const args = ['--json', 'verify-proof', file, '--network-key', (await networkKey()).slice(2)]
    const { stdout } = await promisify(execFile)(binary, args)
    assert.deepEqual(
      JSON.parse(stdout).records.map(({ present }) => present),
      [false],
    )
    rmSync(folder, { recursive: true })
  })

  test('of what a transaction did, and of each event', async () => {
    const { hash } = await by.alice.ledger.transferSync({ asset, legs: [{ to: address.bob, units: 1n }] })
    const done = await by.alice.network.proveEffect({ hash, networkKey: await networkKey() })
    assert.ok('done' in done.effect.head.outcome)
    const { event } = await by.alice.network.proveEffect({ hash, event: 0, networkKey: await networkKey() })
    assert.deepEqual([event.event, event.units], ['moved', 1n])
    assert.deepEqual(event, (await by.alice.network.receipt({ hash })).events[0])
  })

  test('from a node that lies is refused', async () => {
    const person = await personOf('carol')
    /** A node that changes what it answers. */
    const lying = (change) =>
      connect(
        chain,
        wallet(ROLES.alice),
        custom({
          request: async ({ method, params }) => {
            const answer = await chain.rpc(method, params)
            if (method === 'scrip_getProof') await change(answer)
            return answer
          },
        }),
      )
    const flaw = async (change) => {
      const asked = lying(change).network.proveRecord({
        table: 'ledger/positions',
        key: key(person),
        networkKey: await networkKey(),
      })
      const error = await asked.then(
        () => undefined,
        (error) => error,
      )
      assert.ok(error instanceof Unproved, String(error))
      return error.flaw
    }
    const another = async (of) =>
      (await chain.rpc('scrip_getProof', [{ kind: 'position', asset: Number(asset), who: address[of] }])).bundle
    assert.equal(await flaw(async (answer) => (answer.bundle = await another('bob'))), 'record')
    assert.equal(
      await flaw(async (answer) => (answer.bundle.records[0].record = (await another('bob')).records[0].record)),
      'record',
    )
    assert.notEqual(await flaw((answer) => (answer.bundle.records[0].record = null)), undefined)
  })
})

test('a client without an account reads, and says so when it should write', async () => {
  const reader = connect(chain, undefined)
  assert.equal((await reader.ledger.asset({ asset })).asset, asset)
  await assert.rejects(reader.ledger.transfer({ asset, legs: [{ to: address.bob, units: 1n }] }), /account/)
})

test('the ABIs decode what the services answer', async () => {
  const { person } = await by.alice.identity.person({ who: address.alice })
  const ask = (target, abi, functionName, args) => readContract(by.alice, { address: target, abi, functionName, args })
  assert.equal(await ask(services.identity, identityAbi, 'personOf', [address.alice]), person)
  assert.equal(await ask(services.identity, identityAbi, 'personOf', [zeroAddress]), 0n)
  assert.ok((await ask(services.trust, trustAbi, 'fuelOf', [person])) > 0n)
})
