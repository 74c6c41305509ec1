// Four validators on this machine: one may be killed, the others go on, and it comes back to the same chain.
import assert from 'node:assert/strict'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startNetwork } from './chain.mjs'
import { openMarket } from './market.mjs'

let market, nodes, client, by, address, share, send
before(async () => {
  market = await openMarket(startNetwork)
  ;({ client, by, address, share, send } = market)
  ;({ nodes } = market.chain)
})
after(() => market?.stop())

const transfer = (units) => ({ ...share, functionName: 'transfer', args: [address.bob, units] })
const balanceOf = `0x70a08231${'00'.repeat(12)}`
const bob = (node) => node.rpc('eth_call', [{ to: share.address, data: balanceOf + address.bob.slice(2) }, 'latest']).then(BigInt)
const block = (node, number) => node.rpc('eth_getBlockByNumber', [`0x${number.toString(16)}`, false])

/** Tries until something truthy comes; a node that is down is asked again. */
async function until(attempt) {
  for (;;) {
    const found = await attempt().catch(() => undefined)
    if (found) return found
    await new Promise((wake) => setTimeout(wake, 50))
  }
}

test('all four have the same blocks, whoever was asked', { timeout: 60_000 }, async () => {
  const { blockNumber, blockHash } = await send(by.alice, transfer(1n))
  for (const node of nodes) assert.equal((await until(() => block(node, blockNumber))).hash, blockHash)
})

test('a transaction given to any of them is final on all', { timeout: 60_000 }, async () => {
  const raw = await by.alice.account.signTransaction({
    type: 'eip1559', chainId: market.id, nonce: await client.getTransactionCount({ address: address.alice }), gas: 100_000n,
    maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 0n, to: share.address,
    data: `0xa9059cbb${'00'.repeat(12)}${address.bob.slice(2)}${(2).toString(16).padStart(64, '0')}`,
  })
  const hash = await until(() => nodes[2].rpc('eth_sendRawTransaction', [raw]))
  const receipts = await Promise.all(nodes.map((node) => until(() => node.rpc('eth_getTransactionReceipt', [hash]))))
  assert.equal(receipts[0].status, '0x1')
  receipts.forEach((receipt) => assert.deepEqual(receipt, receipts[0]))
})

test('three go on without the fourth, which comes back to the same state', { timeout: 90_000 }, async () => {
  const before = await bob(nodes[0])
  nodes[3].crash()
  let last
  for (let i = 0; i < 5; i++) last = await send(by.alice, transfer(1n))
  assert.equal(await bob(nodes[0]), before + 5n)
  const same = await until(() => block(nodes[3], last.blockNumber))
  assert.equal(same.hash, last.blockHash)
  assert.equal(same.stateRoot, (await block(nodes[0], last.blockNumber)).stateRoot)
  assert.equal(await until(async () => (await bob(nodes[3])) === before + 5n), true)
})

test('one whose data directory is gone fetches the state from the others, and takes part', { timeout: 90_000 }, async () => {
  const node = join(market.chain.dir, 'node-2')
  const file = readFileSync(join(node, 'node.toml'), 'utf8')
  assert.match(file, /^state_sync = false$/m)
  writeFileSync(join(node, 'node.toml'), file.replace('state_sync = false', 'state_sync = true'))
  renameSync(join(node, 'data'), join(node, 'lost'))
  const height = BigInt(await nodes[0].rpc('eth_blockNumber'))
  nodes[1].crash()
  await until(async () => BigInt(await nodes[1].rpc('eth_blockNumber')) > height)
  // It has the state, and not the history.
  await assert.rejects(block(nodes[1], 1n), /block 1 is not kept on this node/)
  assert.equal(await bob(nodes[1]), await bob(nodes[0]))
  const raw = await by.alice.account.signTransaction({
    type: 'eip1559', chainId: market.id, nonce: await client.getTransactionCount({ address: address.alice }), gas: 100_000n,
    maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 0n, to: share.address,
    data: `0xa9059cbb${'00'.repeat(12)}${address.bob.slice(2)}${(3).toString(16).padStart(64, '0')}`,
  })
  const hash = await until(() => nodes[1].rpc('eth_sendRawTransaction', [raw]))
  const receipt = await until(() => nodes[0].rpc('eth_getTransactionReceipt', [hash]))
  assert.deepEqual(await until(() => nodes[1].rpc('eth_getTransactionReceipt', [hash])), receipt)
  const [same, other] = await Promise.all([nodes[1], nodes[0]].map((node) => block(node, BigInt(receipt.blockNumber))))
  assert.deepEqual([same.hash, same.stateRoot], [other.hash, other.stateRoot])
})
