// wagmi with a wallet of its own, as an application would use it: connect, add the chain, watch the asset, sign,
// transfer, and be told no by the person and by the chain.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  connect,
  createConfig,
  disconnect,
  getBalance,
  getBlockNumber,
  getConnection,
  injected,
  multicall,
  readContract,
  signMessage,
  signTypedData,
  simulateContract,
  switchChain,
  verifyMessage,
  verifyTypedData,
  waitForTransactionReceipt,
  watchAsset,
  watchContractEvent,
  writeContract,
} from '@wagmi/core'
import { http } from 'viem'
import { mainnet } from 'viem/chains'
import { account, openMarket } from './market.mjs'
import { SECURITY } from './people.mjs'
import { testWallet } from './wallet.mjs'

// The connector of browsers' wallets looks for a window; the wallet itself is handed to it.
globalThis.window = { addEventListener() {}, removeEventListener() {} }

let market, wallet, config, share, address
before(async () => {
  market = await openMarket()
  ;({ share, address } = market)
  // A wallet of the world: it has never heard of this chain.
  wallet = testWallet({ account: account(20), chains: { 1: 'http://127.0.0.1:1' }, chainId: 1 })
  config = createConfig({
    chains: [market.network, mainnet],
    connectors: [injected({ target: { id: 'test', name: 'Test wallet', provider: wallet } })],
    transports: { [market.id]: http(), [mainnet.id]: http('http://127.0.0.1:1') },
    pollingInterval: 20,
    cacheTime: 0,
    storage: null,
    multiInjectedProviderDiscovery: false,
  })
})
after(() => market?.stop())

const transfer = (to, units) => ({ ...share, functionName: 'transfer', args: [to, units] })

test('a person says no to connecting, then yes', async () => {
  wallet.decide(() => false)
  const [connector] = config.connectors
  await assert.rejects(connect(config, { connector }), ({ name }) => name === 'UserRejectedRequestError')
  wallet.decide(() => true)
  const { accounts } = await connect(config, { connector })
  assert.deepEqual(accounts, [address.alice])
  assert.equal(getConnection(config).chainId, mainnet.id)
})

test('the chain is added to the wallet, as it says what it is', async () => {
  const chain = await switchChain(config, { chainId: market.id })
  assert.equal(chain.id, market.id)
  assert.equal(getConnection(config).chainId, market.id)
  assert.ok(wallet.seen.includes('wallet_addEthereumChain'))
  assert.ok((await getBlockNumber(config, { chainId: market.id })) > 0n)
})

test('the asset is watched, and read as any token', async () => {
  const options = { address: share.address, symbol: SECURITY.symbol, decimals: SECURITY.decimals }
  assert.equal(await watchAsset(config, { type: 'ERC20', options }), true)
  assert.deepEqual(wallet.watched, [options])
  assert.equal(await readContract(config, { ...share, functionName: 'balanceOf', args: [address.alice] }), 500n)
  const answers = await multicall(config, {
    contracts: ['name', 'symbol', 'totalSupply'].map((functionName) => ({ ...share, functionName })),
    deployless: true,
  })
  assert.deepEqual(answers.map(({ result }) => result), [SECURITY.name, SECURITY.symbol, 600n])
  const fuel = await getBalance(config, { address: address.alice, chainId: market.id })
  assert.ok(fuel.value > 0n && fuel.symbol === 'FUEL')
})

test('a message and typed data are signed', async () => {
  const signature = await signMessage(config, { message: 'sign in' })
  assert.equal(await verifyMessage(config, { address: address.alice, message: 'sign in', signature }), true)
  const [, name, version, chainId, verifyingContract] = await readContract(config, { ...share, functionName: 'eip712Domain' })
  const typed = {
    domain: { name, version, chainId, verifyingContract },
    types: { Note: [{ name: 'text', type: 'string' }] },
    primaryType: 'Note',
    message: { text: 'mine' },
  }
  const signed = await signTypedData(config, typed)
  assert.equal(await verifyTypedData(config, { ...typed, address: address.alice, signature: signed }), true)
})

test('a transfer is simulated, sent, confirmed and heard of', async () => {
  const heard = []
  const onLogs = (logs) => heard.push(...logs.map(({ transactionHash }) => transactionHash))
  const unwatch = watchContractEvent(config, { ...share, eventName: 'Transfer', args: { from: address.alice }, onLogs })
  const { request } = await simulateContract(config, transfer(address.bob, 25n))
  const sent = []
  // What is sent before the listening has begun is not heard.
  while (heard.length === 0) {
    const hash = await writeContract(config, sent.length ? transfer(address.bob, 1n) : request)
    const { status } = await waitForTransactionReceipt(config, { hash })
    assert.equal(status, 'success')
    sent.push(hash)
  }
  unwatch()
  assert.ok(sent.includes(heard[0]))
})

test('a refusal is known before it is signed, and the person\'s no is a no', async () => {
  await assert.rejects(simulateContract(config, transfer(address.carol, 1n)), /is not open for the buyer/)
  const signed = wallet.seen.filter((method) => method === 'eth_sendTransaction').length
  await assert.rejects(writeContract(config, transfer(address.carol, 1n)), /is not open for the buyer/)
  wallet.decide((method) => method !== 'eth_sendTransaction')
  await assert.rejects(writeContract(config, transfer(address.bob, 1n)), /[Uu]ser rejected/)
  assert.ok(wallet.seen.filter((method) => method === 'eth_sendTransaction').length > signed)
  assert.equal(await readContract(config, { ...share, functionName: 'balanceOf', args: [address.carol] }), 0n)
})

test('the person leaves', async () => {
  await disconnect(config)
  assert.equal(getConnection(config).status, 'disconnected')
})
