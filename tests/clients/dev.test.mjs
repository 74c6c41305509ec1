// `scrip dev` as a developer starts it: kept or not, reset, strict, in another node's name, and what viem's test
// client does with it.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { createTestClient, http, parseEther, publicActions, walletActions } from 'viem'
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { binary, freePort, root, rpc } from './chain.mjs'

const folder = mkdtempSync(join(tmpdir(), 'scrip-dev-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const mnemonic = 'test test test test test test test test test test test junk'
const account = (addressIndex) => mnemonicToAccount(mnemonic, { addressIndex })
const [alice, bob] = [account(5), account(6)]
// Returns 42, whatever is asked.
const contract = '0x602a5f5260205ff3'

/** Starts `scrip dev` with arguments and resolves with what it says of itself. */
async function dev(...args) {
  const [port, metrics] = [await freePort(), await freePort()]
  const ports = ['--port', String(port), '--metrics-port', String(metrics)]
  const node = spawn(binary, ['--json', 'dev', ...ports, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => node.kill('SIGKILL')
  process.once('exit', kill)
  let [said, complained] = ['', '']
  node.stderr.on('data', (chunk) => (complained += chunk))
  const ended = once(node, 'close')
  for await (const chunk of node.stdout) {
    said += chunk
    try {
      const told = JSON.parse(said)
      const stop = async () => {
        node.kill('SIGTERM')
        await ended
        process.off('exit', kill)
        return node.exitCode
      }
      return { ...told, rpc: (method, params) => rpc(told.rpc, method, params), url: told.rpc, stop }
    } catch {}
  }
  await ended
  process.off('exit', kill)
  throw Object.assign(new Error(complained), { code: node.exitCode })
}

const client = (url, mode = 'anvil') =>
  createTestClient({ chain: foundry, mode, transport: http(url), cacheTime: 0, pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions)

describe('viem on a chain that nothing is kept of', () => {
  let chain, test_
  before(async () => {
    chain = await dev('--ephemeral', '--accounts', '12', '--compat', 'anvil')
    test_ = client(chain.url)
  })
  after(() => chain.stop())

  test('begins as other development chains do', async () => {
    assert.equal(await test_.getChainId(), 31337)
    assert.match(await chain.rpc('web3_clientVersion'), /^anvil\//)
    const accounts = await test_.getAddresses()
    assert.deepEqual(accounts, Array.from({ length: 12 }, (_, place) => account(place).address))
    assert.equal(await test_.getBalance({ address: accounts[11] }), parseEther('10000'))
    assert.equal(chain.data_dir, null)
  })

  test('a transaction is executed when its hash is known', async () => {
    const hash = await test_.deployContract({ account: alice, abi: [], bytecode: `0x67${contract.slice(2)}5f5260086018f3` })
    const { contractAddress, status } = await test_.getTransactionReceipt({ hash })
    assert.equal(status, 'success')
    const { data } = await test_.call({ to: contractAddress })
    assert.equal(BigInt(data), 42n)
  })

  test('a snapshot brings contracts, nonces and blocks back', async () => {
    const place = '0x00000000000000000000000000000000000000aa'
    const number = await test_.getBlockNumber()
    const id = await test_.snapshot()
    await test_.setCode({ address: place, bytecode: contract })
    await test_.setNonce({ address: bob.address, nonce: 7 })
    await test_.mine({ blocks: 3 })
    assert.equal(BigInt((await test_.call({ to: place })).data), 42n)
    assert.equal(await test_.getTransactionCount({ address: bob.address }), 7)
    await test_.revert({ id })
    assert.equal(await test_.getCode({ address: place }), undefined)
    assert.equal(await test_.getTransactionCount({ address: bob.address }), 0)
    assert.equal(await test_.getBlockNumber(), number)
  })

  test('time is set and increased', async () => {
    const { timestamp } = await test_.getBlock()
    await test_.setNextBlockTimestamp({ timestamp: timestamp + 500n })
    await test_.mine({ blocks: 1 })
    assert.equal((await test_.getBlock()).timestamp, timestamp + 500n)
    await test_.increaseTime({ seconds: 1000 })
    await test_.mine({ blocks: 1 })
    assert.ok((await test_.getBlock()).timestamp >= timestamp + 1500n)
  })

  test('whoever is impersonated sends, and a stranger is a person once it does', async () => {
    const address = '0x00000000000000000000000000000000000000bb'
    await test_.impersonateAccount({ address })
    await test_.setBalance({ address, value: parseEther('1') })
    const hash = await test_.sendTransaction({ account: address, to: address, data: '0x01' })
    assert.equal((await test_.getTransaction({ hash })).from, address)
    await test_.stopImpersonatingAccount({ address })
    await assert.rejects(test_.sendTransaction({ account: address, to: address }), /unknown account/)
    const stranger = privateKeyToAccount(generatePrivateKey())
    const sent = await test_.sendTransaction({ account: stranger, to: stranger.address })
    assert.equal((await test_.getTransactionReceipt({ hash: sent })).status, 'success')
    const person = await chain.rpc('scrip_getPerson', [stranger.address])
    assert.equal(person.residence, 'CH')
  })

  test('blocks wait where the developer says so', async () => {
    await test_.setAutomine(false)
    const hash = await test_.sendTransaction({ account: alice, to: bob.address })
    await assert.rejects(test_.getTransactionReceipt({ hash }), /could not be found/)
    await test_.mine({ blocks: 1 })
    assert.equal((await test_.getTransactionReceipt({ hash })).status, 'success')
    await test_.setAutomine(true)
  })

  test('calls are simulated in blocks to come', async () => {
    const place = '0x00000000000000000000000000000000000000cc'
    const [{ calls }] = await test_.simulateBlocks({
      blocks: [{ calls: [{ to: place }], stateOverrides: [{ address: place, code: contract }] }],
    })
    assert.equal(BigInt(calls[0].data), 42n)
    assert.equal(await test_.getCode({ address: place }), undefined)
  })
})

test('a chain goes on where it was stopped, its time and accounts too, and its file is one process\'s', async () => {
  const file = join(folder, 'kept.state')
  const first = await dev('--state', file, '--accounts', '11')
  const kept = client(first.url)
  const hash = await kept.sendTransaction({ account: alice, to: bob.address })
  await kept.increaseTime({ seconds: 100_000 })
  await kept.mine({ blocks: 1 })
  const { number, timestamp } = await kept.getBlock()
  await assert.rejects(dev('--state', file), (refused) => refused.code === 71)
  assert.equal(await first.stop(), 0)
  await assert.rejects(dev('--state', file, '--accounts', '12'), /--accounts: the chain that is kept has 11/)

  const second = await dev('--state', file)
  const again = client(second.url)
  assert.equal(await again.getBlockNumber(), number)
  assert.equal((await again.getTransactionReceipt({ hash })).status, 'success')
  assert.equal(await again.getTransactionCount({ address: alice.address }), 1)
  await again.mine({ blocks: 1 })
  assert.ok((await again.getBlock()).timestamp > timestamp)
  await second.stop()

  // Wallets count nonces by chain id, so that a chain that begins anew has another one, and says why.
  const third = await dev('--state', file, '--reset')
  assert.notEqual(third.chain_id, 31337)
  assert.match(third.reset, /wallets remember nonces/)
  assert.equal(await third.rpc('eth_blockNumber'), '0x1')
  assert.equal(BigInt(await third.rpc('eth_chainId')), BigInt(third.chain_id))
  await third.stop()
})

test('a strict chain lets nobody in unseen, and a whole node keeps what is final', async () => {
  await assert.rejects(dev('--ephemeral', '--strict', '--accounts', '12'), /'--strict' cannot be used with '--accounts <COUNT>'/)
  const strict = await dev('--ephemeral', '--strict', '--compat', 'hardhat')
  assert.match(await strict.rpc('web3_clientVersion'), /^HardhatNetwork\//)
  const stranger = privateKeyToAccount(generatePrivateKey())
  const sent = client(strict.url).sendTransaction({ account: stranger, to: stranger.address, gas: 21_000n })
  await assert.rejects(sent, /not registered/)
  await strict.stop()
  const whole = await dev('--data-dir', join(folder, 'whole'))
  assert.ok(whole.network_key)
  await assert.rejects(whole.rpc('evm_snapshot'), (refused) => refused.code === -32004)
  assert.deepEqual(await whole.rpc('eth_accounts'), [])
  await whole.stop()
})

test('the guide leads from a cold start to a transfer, as it stands', async () => {
  const guide = readFileSync(join(root, 'docs/guides/develop.md'), 'utf8')
  const [, commands, script] = guide.match(/## A transfer from a cold start[^]*?```sh\n([^]*?)```[^]*?```js\n([^]*?)```/)
  symlinkSync(resolve(binary), join(folder, 'scrip'))
  const chain = await dev('--ephemeral')
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, SCRIP_RPC: chain.url }
  const run = promisify(execFile)
  // What it builds is there, and its chain runs, on a port of its own.
  const [built, rest] = commands.split('scrip dev --ephemeral &\n')
  assert.match(built, /^make build/)
  const said = await run('sh', ['-ec', rest], { cwd: root, env })
  assert.match(said.stdout, /NWG +0 +\S+ +20 /)
  const code = script.replace('http()', `http('${chain.url}')`)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: join(root, 'tests/clients') })
  assert.equal(stdout.trim(), '40n')
  await chain.stop()
})
