// What Ethereum has no words for: the node's own methods, its events, its metrics and its proofs.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { WebSocket } from 'ws'
import { binary, startChain } from './chain.mjs'
import { openMarket, service } from './market.mjs'
import { SECURITY, SERVICES } from './people.mjs'

let market, call, address, share, number, send, by
before(async () => {
  market = await openMarket()
  ;({ address, share, send, by } = market)
  number = Number(share.number)
  call = (method, params = {}) => market.chain.rpc(`scrip_${method}`, [params])
})
after(() => market?.stop())

const transfer = (to, units) => ({ ...share, functionName: 'transfer', args: [to, units] })
const same = (one, other) => assert.equal(one?.toLowerCase(), other?.toLowerCase())

describe('the network', () => {
  test('says who it is and where its services are', async () => {
    const info = await call('networkInfo')
    assert.equal(info.chain_id, market.id)
    assert.equal(info.shard, 0)
    for (const [name, at] of Object.entries(SERVICES)) same(info.services[name], at)
    assert.match(info.network_key, /^0x[0-9a-f]{192}$/)
    const status = await call('nodeStatus')
    assert.ok(status.height > 0 && status.is_syncing === false)
  })

  test('is watched on a port of its own', async () => {
    for (const path of ['health', 'ready']) assert.equal((await fetch(`${market.chain.metrics}/${path}`)).status, 200)
    const metrics = await (await fetch(`${market.chain.metrics}/metrics`)).text()
    assert.match(metrics, /^# TYPE /m)
    assert.match(metrics, /^scrip_height \d+$/m)
    // Consensus and storage count for themselves.
    assert.match(metrics, /^engine_consensus_voter_state_current_view \d+$/m)
    assert.match(metrics, /^engine_state_/m)
    assert.equal(metrics.match(/# EOF/g).length, 1)
    assert.equal((await fetch(`${market.chain.url}/metrics`)).status, 404)
  })
})

describe('people, assets and holdings', () => {
  test('a person by wallet, by number and by account is one person', async () => {
    const person = await call('getPerson', { who: address.alice })
    assert.equal(person.residence, 'DE')
    assert.equal(person.is_active, true)
    assert.deepEqual(person.claims.map(({ topic, is_current }) => [topic, is_current]), [[1, true]])
    for (const who of [person.person, `${person.person}/0`, { person: person.person, number: 0 }]) {
      assert.equal((await call('getPerson', { who })).person, person.person)
    }
    await assert.rejects(call('getPerson', { who: address.erik }))
  })

  test('an asset by number, by address and by ISIN is one asset', async () => {
    for (const asset of [number, share.address, SECURITY.isin]) {
      const found = await call('getAsset', { asset })
      assert.deepEqual([found.asset, found.isin, found.issued], [number, SECURITY.isin, '600'])
      assert.equal(found.policy.version, 1)
    }
    assert.ok((await call('getAssets')).assets.length >= 2)
  })

  test('holders and positions agree, page by page', async () => {
    const all = await call('getHolders', { asset: number })
    assert.deepEqual(all.holders.map(({ units }) => units).sort(), ['100', '500'])
    const first = await call('getHolders', { asset: number, limit: 1 })
    assert.equal(first.holders.length, 1)
    const second = await call('getHolders', { asset: number, limit: 1, after: first.next, block: first.block.number })
    assert.deepEqual([...first.holders, ...second.holders], all.holders)
    const { positions } = await call('getPositions', { who: address.alice })
    const held = positions.find(({ asset }) => asset === number)
    assert.deepEqual([held.units, held.free], ['500', '500'])
  })

  test('a question about a transfer is answered with every reason', async () => {
    const yes = await call('explain', { asset: number, from: address.alice, to: address.bob, units: '1' })
    assert.equal(yes.allowed, true)
    const no = await call('explain', { asset: number, from: address.alice, to: address.carol, units: '700' })
    assert.equal(no.allowed, false)
    const codes = no.reasons.map(({ code }) => code)
    for (const code of ['COUNTRY_FORBIDDEN', 'ABOVE_MAX']) assert.ok(codes.includes(code), codes.join())
    assert.ok(no.reasons.every(({ text }) => text.length > 10))
  })

  test('a balance at a checkpoint stays what it was', async () => {
    await send(by.issuer, { ...service.ledger, functionName: 'takeCheckpoint', args: [share.number] })
    await send(by.alice, transfer(address.bob, 10n))
    const then = await call('getCheckpointBalance', { asset: number, who: address.alice, checkpoint: 1 })
    assert.equal(then.units, '500')
    await send(by.bob, transfer(address.alice, 10n))
  })

  test('who may do what is on the record', async () => {
    const { grants } = await call('getGrants', { asset: number })
    assert.ok(grants.some(({ power, is_current }) => power === 'issue' && is_current))
  })
})

describe('what happened', () => {
  test('a receipt tells typed events, and the block lists it', async () => {
    const { transactionHash, blockNumber } = await send(by.alice, transfer(address.bob, 1n))
    const receipt = await call('getTransactionReceipt', { tx: transactionHash })
    assert.equal(receipt.status, 'done')
    assert.equal(receipt.is_final, true)
    assert.deepEqual(receipt.events.map(({ module, event }) => [module, event]), [['ledger', 'moved']])
    const block = await call('getBlock', { block: Number(blockNumber) })
    assert.ok(block.transactions.includes(transactionHash))
    assert.equal(await call('getTransactionReceipt', { tx: `0x${'34'.repeat(32)}` }), null)
  })

  test('events arrive over WebSocket, typed', { timeout: 30_000 }, async () => {
    const socket = new WebSocket(market.chain.ws)
    await once(socket, 'open')
    const heard = []
    socket.on('message', (text) => heard.push(JSON.parse(text)))
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'scrip_subscribe', params: ['events'] }))
    while (heard.length === 0) await once(socket, 'message')
    const { transactionHash } = await send(by.alice, transfer(address.bob, 1n))
    const isIt = ({ method, params }) => method === 'scrip_subscription' && params.result.tx === transactionHash
    while (!heard.some(isIt)) await once(socket, 'message')
    assert.equal(heard.find(isIt).params.result.event.module, 'ledger')
    socket.terminate()
  })
})

describe('a proof', () => {
  const run = promisify(execFile)
  let dir, file
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'scrip-proof-'))
    file = join(dir, 'proof.json')
  })
  after(() => rmSync(dir, { recursive: true }))
  const verify = (key) => run(binary, ['--json', 'verify-proof', file, '--network-key', key])
  const networkKey = async () => (await call('networkInfo')).network_key

  test('that the node gives holds offline, against the network\'s key alone', async () => {
    const [key, { bundle }] = [await networkKey(), await call('getProof', { kind: 'position', asset: number, who: address.alice })]
    writeFileSync(file, JSON.stringify({ bundle }))
    const told = JSON.parse((await verify(key)).stdout)
    assert.equal(told.proved, true)
    assert.ok(told.records.length > 0)

    await assert.rejects(verify((await otherNetwork()).replace(/^0x/, '')), /key|sign|certificate|quorum/i)
    const text = JSON.stringify({ bundle })
    const places = [...text.matchAll(/[0-9a-f]{40,}/g)].map(({ index, 0: hex }) => index + hex.length - 7)
    for (const place of places) {
      const digit = ((parseInt(text[place], 16) + 1) % 16).toString(16)
      writeFileSync(file, text.slice(0, place) + digit + text.slice(place + 1))
      await assert.rejects(verify(key), `a changed digit at ${place} went unseen`)
    }
  })

  test('that the command fetches tells the units in words', async () => {
    const args = ['--rpc', market.chain.url, 'proof', 'position', String(number), address.alice, '--out', file]
    await run(binary, args)
    const told = JSON.parse((await verify(await networkKey())).stdout)
    const held = await market.ask(share, 'balanceOf', [address.alice])
    assert.match(JSON.stringify(told.records), new RegExp(`"units":"${held}"`))
  })

  test('of an effect holds, and of what is not there there is none', async () => {
    const { transactionHash } = await send(by.alice, transfer(address.bob, 1n))
    const { bundle } = await call('getEffectProof', { tx: transactionHash, event: 0 })
    writeFileSync(file, JSON.stringify({ bundle }))
    const told = JSON.parse((await verify(await networkKey())).stdout)
    assert.equal(told.effects.length, 1)
    await assert.rejects(call('getProof', { kind: 'person', who: 99_999 }), /no person 99999/)
  })

  /** Another chain's key: of the same form, and it signed nothing here. */
  async function otherNetwork() {
    const other = await startChain()
    try {
      return (await other.rpc('scrip_networkInfo')).network_key
    } finally {
      await other.stop()
    }
  }
})
