// Contracts that know nothing of securities: the machine under them is Ethereum's.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  encodeDeployData,
  getContractAddress,
  getCreate2Address,
  keccak256,
  parseEventLogs,
  parseSignature,
  ripemd160,
  sha256,
  toHex,
} from 'viem'
import { contracts, openMarket } from './market.mjs'

let market, client, by, address, send, ask, deploy, shop
before(async () => {
  market = await openMarket()
  ;({ client, by, address, send, ask, deploy } = market)
  shop = await deploy(by.alice, 'Workshop')
})
after(() => market?.stop())

const mined = (hash) => client.waitForTransactionReceipt({ hash })
const zero = `0x${'00'.repeat(32)}`

describe('creation', () => {
  test('gives the address that sender and nonce foretell', async () => {
    const { nonce } = await client.getTransaction({ hash: shop.receipt.transactionHash })
    assert.equal(shop.address.toLowerCase(), getContractAddress({ from: address.alice, nonce: BigInt(nonce) }).toLowerCase())
    assert.equal(await client.getTransactionCount({ address: shop.address }), 1)
  })

  test('with CREATE2 the address that salt and code foretell', async () => {
    const receipt = await send(by.bob, { ...shop, functionName: 'make', args: [zero] })
    const [{ args }] = parseEventLogs({ abi: shop.abi, logs: receipt.logs })
    const { abi, bytecode } = contracts.Drawer
    const foretold = getCreate2Address({ from: shop.address, salt: zero, bytecode: encodeDeployData({ abi, bytecode, args: [0n] }) })
    assert.equal(args.at, foretold)
    assert.equal(await ask({ address: foretold, abi }, 'kept'), 42n)
    await send(by.bob, { ...shop, functionName: 'destroy', args: [0n] })
    assert.equal(await ask({ address: foretold, abi }, 'kept'), 42n, 'since Cancun what lives on cannot be destroyed')
  })

  test('that reverts leaves nothing but a used nonce', async () => {
    const { abi, bytecode } = contracts.Stillborn
    await assert.rejects(by.alice.deployContract({ abi, bytecode }), /not today/)
    const nonce = await client.getTransactionCount({ address: address.alice })
    const { status } = await mined(await by.alice.deployContract({ abi, bytecode, gas: 500_000n }))
    assert.equal(status, 'reverted')
    const at = getContractAddress({ from: address.alice, nonce: BigInt(nonce) })
    assert.equal(await client.getCode({ address: at }), undefined)
    assert.equal(await client.getTransactionCount({ address: address.alice }), nonce + 1)
  })

  test('of code that is too large, or begins as none may, is refused', async () => {
    const returning = (size) => `0x61${size.toString(16).padStart(4, '0')}6000f3`
    const create = async (data) => mined(await by.alice.sendTransaction({ data, gas: 6_000_000n }))
    assert.equal((await create(returning(24_576))).status, 'success')
    assert.equal((await create(returning(24_577))).status, 'reverted')
    // PUSH1 0xef PUSH0 MSTORE8 PUSH1 1 PUSH0 RETURN: EIP-3541.
    assert.equal((await create('0x60ef5f5360015ff3')).status, 'reverted')
  })
})

describe('running', () => {
  test('sees its surroundings', async () => {
    const call = { ...shop, functionName: 'surroundings', account: address.bob }
    const [chain, number, time, sender, origin] = await client.readContract(call)
    const block = await client.getBlock()
    assert.equal(chain, BigInt(market.id))
    assert.ok(number >= block.number && number <= block.number + 1n)
    assert.ok(time >= block.timestamp && time <= block.timestamp + 5n)
    assert.deepEqual([sender, origin], [address.bob, address.bob])
  })

  test('keeps storage by sender, and nothing that is transient', async () => {
    for (const expected of [1n, 2n]) {
      await send(by.bob, { ...shop, functionName: 'count' })
      assert.equal(await ask(shop, 'counted', [address.bob]), expected)
    }
    assert.equal(await ask(shop, 'counted', [address.alice]), 0n)
    await send(by.bob, { ...shop, functionName: 'carried' })
    assert.equal((await client.simulateContract({ ...shop, functionName: 'carried', account: address.bob })).result, 0n)
  })

  test('has Ethereum\'s hashes and signatures', async () => {
    const data = toHex('abc')
    assert.deepEqual(await ask(shop, 'hashes', [data]), [keccak256(data), sha256(data), ripemd160(data)])
    const digest = keccak256(data)
    const { r, s, v } = parseSignature(await by.alice.account.sign({ hash: digest }))
    assert.equal(await ask(shop, 'signer', [digest, Number(v), r, s]), address.alice)
  })

  test('fails as Solidity fails, and clients know how', async () => {
    const fails = (how) => ask(shop, 'fails', [BigInt(how)])
    await assert.rejects(fails(0), /in so many words/)
    await assert.rejects(fails(1), /TooMuch[\s\S]*7, 5/)
    await assert.rejects(fails(2), /[Dd]ivision|divide/)
    await assert.rejects(fails(3), /overflow/)
    await assert.rejects(fails(4), (error) => !/reverted with the following reason/.test(error.message))
  })

  test('stops when its gas is used up, which is then all of it', async () => {
    const before = await ask(shop, 'counted', [shop.address])
    const { status, gasUsed } = await mined(await by.bob.writeContract({ ...shop, functionName: 'spin', gas: 3_000_000n }))
    assert.deepEqual([status, gasUsed], ['reverted', 3_000_000n])
    assert.equal(await ask(shop, 'counted', [shop.address]), before)
    const frame = await client.request({
      method: 'debug_traceCall',
      params: [{ from: address.bob, to: shop.address, data: '0xf0acd7d5', gas: toHex(100_000) }, 'latest', { tracer: 'callTracer' }],
    })
    assert.ok(frame.error)
  })
})
