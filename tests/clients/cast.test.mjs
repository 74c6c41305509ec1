// Foundry's cast against the real binary: every verb that someone at a terminal would reach for.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { toHex } from 'viem'
import { contracts, openMarket } from './market.mjs'
import { MNEMONIC, PLACES, SECURITY, SERVICES } from './people.mjs'

const run = promisify(execFile)
const binary = process.env.CAST_BIN ?? served()
const skip = binary ? false : 'the registry serves no cast for this platform; set CAST_BIN'

function served() {
  try {
    const require = createRequire(import.meta.url)
    return join(dirname(require.resolve('@foundry-rs/cast-linux-amd64/package.json')), 'bin/cast')
  } catch {
    return undefined
  }
}

let market, address, share, keys
before(async () => {
  if (skip) return
  market = await openMarket()
  ;({ address, share } = market)
  keys = Object.fromEntries(
    Object.keys(PLACES).map((name) => [name, toHex(market.by[name].account.getHdKey().privateKey)]),
  )
})
after(() => market?.stop())

/** Runs cast and returns what it prints; a failure is thrown with what it complains about. */
async function cast(...args) {
  const env = { ...process.env, ETH_RPC_URL: market.chain.url, NO_COLOR: '1', FOUNDRY_DISABLE_NIGHTLY_WARNING: '1' }
  try {
    const { stdout } = await run(binary, args, { env, timeout: 60_000 })
    return stdout.trim()
  } catch (error) {
    throw new Error(`cast ${args[0]}: ${error.stderr}${error.stdout}`)
  }
}
const send = async (who, ...args) => JSON.parse(await cast('send', '--private-key', keys[who], '--json', ...args))
const amount = (text) => BigInt(text.split(' ')[0])
const balance = async (who) => amount(await cast('call', share.address, 'balanceOf(address)(uint256)', address[who]))

describe('asking', { skip }, () => {
  test('chain, client, blocks, fees, fuel, code', async () => {
    assert.equal(Number(await cast('chain-id')), market.id)
    assert.match(await cast('client'), /scrip/i)
    const height = Number(await cast('block-number'))
    assert.ok(height > 0)
    assert.ok(BigInt(await cast('gas-price')) > 0n)
    assert.ok(BigInt(await cast('base-fee')) > 0n)
    assert.ok(BigInt(await cast('balance', address.alice)) > 0n)
    assert.equal(await cast('balance', address.erik), '0')
    assert.equal(await cast('code', SERVICES.ledger), '0xef')
    assert.equal(await cast('nonce', address.erik), '0')
    const block = JSON.parse(await cast('block', 'latest', '--json'))
    assert.equal(BigInt(block.baseFeePerGas), BigInt(await cast('base-fee')))
    assert.match(await cast('age'), /20\d\d/)
  })

  test('an asset, in words', async () => {
    assert.equal(await cast('call', share.address, 'name()(string)'), JSON.stringify(SECURITY.name))
    assert.equal(await balance('alice'), 500n)
    assert.equal(await cast('wallet', 'address', '--mnemonic', MNEMONIC, '--mnemonic-index', String(PLACES.alice)), address.alice)
  })

  test('what a refused call says', async () => {
    const call = cast('call', share.address, 'transfer(address,uint256)(bool)', address.carol, '1', '--from', address.alice)
    await assert.rejects(call, /United States.* is not open for the buyer/)
    const estimate = cast('estimate', share.address, 'transfer(address,uint256)', address.carol, '1', '--from', address.alice)
    await assert.rejects(estimate, /is not open for the buyer/)
  })
})

describe('sending', { skip }, () => {
  test('a transfer, its receipt, its transaction, its logs', async () => {
    const before = await balance('bob')
    const sent = await send('alice', share.address, 'transfer(address,uint256)', address.bob, '7')
    assert.equal(sent.status, '0x1')
    assert.equal(await balance('bob'), before + 7n)
    const receipt = JSON.parse(await cast('receipt', sent.transactionHash, '--json'))
    assert.equal(receipt.blockHash, sent.blockHash)
    const transaction = JSON.parse(await cast('tx', sent.transactionHash, '--json'))
    assert.equal(transaction.from.toLowerCase(), address.alice.toLowerCase())
    const logs = JSON.parse(
      await cast('logs', '--json', '--from-block', '0', '--address', share.address, 'Transfer(address indexed,address indexed,uint256)', address.alice),
    )
    assert.deepEqual(logs.map(({ transactionHash }) => transactionHash), [sent.transactionHash])
  })

  test('an old transaction as well', async () => {
    const sent = await send('alice', share.address, 'transfer(address,uint256)', address.bob, '1', '--legacy')
    assert.equal(sent.type, '0x0')
    assert.equal(sent.status, '0x1')
  })

  test('a refused transfer fails at the estimate, or in its block if it has gas enough', async () => {
    await assert.rejects(send('alice', share.address, 'transfer(address,uint256)', address.carol, '1'), /is not open for the buyer/)
    const sent = await send('alice', share.address, 'transfer(address,uint256)', address.carol, '1', '--gas-limit', '200000').catch((error) => error)
    assert.ok(sent.status === '0x0' || /failed|reverted/i.test(sent.message), JSON.stringify(sent))
    assert.equal(await balance('carol'), 0n)
  })

  test('a contract, and calls to it', async () => {
    const { contractAddress } = await send('alice', '--create', contracts.Probe.bytecode)
    assert.equal(
      await cast('call', contractAddress, 'balance(address,address)(uint256)', share.address, address.alice).then(amount),
      await balance('alice'),
    )
    assert.equal((await cast('codesize', contractAddress)) > 0, true)
    assert.match(await cast('storage', contractAddress, '0'), /^0x0+$/)
  })

  test('a raw transaction signed offline', async () => {
    const nonce = await cast('nonce', address.alice)
    const raw = await cast(
      'mktx', '--private-key', keys.alice, '--nonce', nonce, '--gas-limit', '100000', '--chain', String(market.id),
      '--gas-price', '2000000000', '--priority-gas-price', '0', share.address, 'transfer(address,uint256)', address.bob, '1',
    )
    const { transactionHash } = JSON.parse(await cast('publish', '--json', raw))
    assert.equal(JSON.parse(await cast('receipt', transactionHash, '--json')).status, '0x1')
    await assert.rejects(cast('publish', raw), /already known|nonce too low/)
  })

  test('what the node says goes through as it is', async () => {
    assert.deepEqual(JSON.parse(await cast('rpc', 'net_listening')), true)
    const explained = JSON.parse(
      await cast('rpc', 'scrip_explain', '--raw', JSON.stringify({ asset: Number(share.number), from: address.alice, to: address.carol, units: '1' })),
    )
    assert.equal(explained.allowed, false)
    assert.match(explained.text, /is not open for the buyer/)
  })
})
