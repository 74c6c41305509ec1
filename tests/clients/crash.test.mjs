// kill -9 and start again on the same directory: everything that was final is still there, and nothing else.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { binary, freePort } from './chain.mjs'
import { openMarket } from './market.mjs'

let market, client, by, address, share, send, ask
before(async () => {
  market = await openMarket()
  ;({ client, by, address, share, send, ask } = market)
})
after(() => market?.stop())

const transfer = (to, units) => ({ ...share, functionName: 'transfer', args: [to, units] })

/** Everything that can be asked about the past and the present, as the node answers it. */
async function memory(receipts) {
  const { rpc } = market.chain
  const hashes = receipts.map(({ transactionHash }) => transactionHash)
  const height = receipts.reduce((most, { blockNumber }) => (blockNumber > most ? blockNumber : most), 0n)
  const heights = Array.from({ length: Number(height) }, (_, i) => `0x${(i + 1).toString(16)}`)
  return {
    blocks: await Promise.all(heights.map((number) => rpc('eth_getBlockByNumber', [number, true]))),
    receipts: await Promise.all(hashes.map((hash) => rpc('eth_getTransactionReceipt', [hash]))),
    logs: await rpc('eth_getLogs', [{ fromBlock: '0x0', toBlock: heights.at(-1) }]),
    units: await Promise.all(['alice', 'bob', 'dora'].map((who) => ask(share, 'balanceOf', [address[who]]))),
    nonce: await client.getTransactionCount({ address: address.alice }),
    person: await rpc('scrip_getPerson', [{ who: address.dora }]).then(({ fuel, ...person }) => person),
    asset: await rpc('scrip_getAsset', [{ asset: Number(share.number) }]),
  }
}

test('an idle node that is killed comes back to the same state', async () => {
  const desk = await market.deploy(by.alice, 'Desk', [share.address, market.cash.address, address.alice, 7n])
  const receipts = [...Object.values(market.receipts), desk.receipt, await send(by.alice, transfer(address.bob, 5n))]
  const before = await memory(receipts)
  await market.chain.crash()
  await market.chain.restart()
  assert.deepEqual(await memory(receipts), before)
  assert.equal(await ask(desk, 'price'), 7n)
  assert.equal(Number(await market.chain.rpc('eth_chainId')), market.id)
})

test('killed in the middle of work, it keeps every transaction that had a receipt', async () => {
  const { rpc } = market.chain
  for (const round of [1, 2, 3, 4, 5, 6]) {
    const bob = await ask(share, 'balanceOf', [address.bob])
    const nonce = await client.getTransactionCount({ address: address.alice })
    const raws = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        by.alice.account.signTransaction({
          type: 'eip1559', chainId: market.id, nonce: nonce + i, gas: 100_000n, maxFeePerGas: 2_000_000_000n,
          maxPriorityFeePerGas: 0n, to: share.address, data: transferData(1n),
        }),
      ),
    )
    const final = []
    // Nothing is tried again here: what the killed node did not answer was not acknowledged.
    const work = (async () => {
      for (const raw of raws) {
        const hash = await rpc('eth_sendRawTransaction', [raw])
        let receipt = null
        while (receipt === null) receipt = await rpc('eth_getTransactionReceipt', [hash])
        final.push(receipt)
      }
    })().catch(() => 'the node was killed')
    while (final.length < 2 * round) await new Promise((wake) => setTimeout(wake, 5))
    await market.chain.crash()
    const acknowledged = [...final]
    await market.chain.restart()
    await work
    for (const receipt of acknowledged) {
      assert.equal(receipt.status, '0x1')
      assert.deepEqual(await rpc('eth_getTransactionReceipt', [receipt.transactionHash]), receipt)
    }
    // What was on its way may be in or not, but never half: nonce and units of one block say the same.
    const blockNumber = await client.getBlockNumber()
    const landed = (await client.getTransactionCount({ address: address.alice, blockNumber })) - nonce
    const units = await client.readContract({ ...share, functionName: 'balanceOf', args: [address.bob], blockNumber })
    assert.ok(landed >= acknowledged.length && landed <= 20)
    assert.equal(units, bob + BigInt(landed))
  }
})

test('and goes on as if nothing had happened', async () => {
  const before = await client.getBlockNumber()
  const receipt = await send(by.alice, transfer(address.dora, 3n))
  assert.ok(receipt.blockNumber > 0n && receipt.blockNumber >= before)
  const block = await client.getBlock({ blockNumber: receipt.blockNumber })
  const parent = await client.getBlock({ blockNumber: receipt.blockNumber - 1n })
  assert.equal(block.parentHash, parent.hash)
})

test('a second process is told whose directory it is, and whose port', async () => {
  const start = async (dir, port) => {
    const args = ['dev', '--data-dir', dir, '--port', String(port), '--metrics-port', String(await freePort())]
    return promisify(execFile)(binary, args, { timeout: 30_000 })
  }
  await assert.rejects(start(market.chain.dir, await freePort()), ({ code, stderr }) => {
    assert.equal(code, 71)
    assert.match(stderr, /another process|in use|locked/)
    return true
  })
  const dir = mkdtempSync(join(tmpdir(), 'scrip-'))
  await assert.rejects(start(dir, new URL(market.chain.url).port), ({ code, stderr }) => {
    assert.equal(code, 75)
    assert.match(stderr, /port .* is in use/)
    return true
  })
  rmSync(dir, { recursive: true, force: true })
  assert.equal(Number(await market.chain.rpc('eth_chainId')), market.id)
})

const transferData = (units) =>
  `0xa9059cbb${address.bob.slice(2).toLowerCase().padStart(64, '0')}${units.toString(16).padStart(64, '0')}`
