// ethers 5, which much of the world still runs: people, a security, refusals by name, permits, events.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { TOKEN, contracts, openMarket, service } from './market.mjs'
import { MNEMONIC, PERMIT, PLACES, SECURITY, registration } from './people.mjs'

const { ethers } = createRequire(import.meta.url)('ethers-5')

/** ethers 5 cannot have one signature twice, and standards share some. */
function once(abi) {
  const seen = new Set()
  const key = ({ type, name, inputs = [] }) => `${type} ${name}(${inputs.map(({ type }) => type)})`
  return abi.filter((item) => !seen.has(key(item)) && seen.add(key(item)))
}

let market, provider, by, share
before(async () => {
  market = await openMarket()
  provider = new ethers.providers.StaticJsonRpcProvider(market.chain.url)
  provider.pollingInterval = 50
  by = Object.fromEntries(
    Object.entries(PLACES).map(([name, place]) => [name, ethers.Wallet.fromMnemonic(MNEMONIC, `m/44'/60'/0'/0/${place}`).connect(provider)]),
  )
  share = new ethers.Contract(market.share.address, once(TOKEN), provider)
})
after(async () => {
  provider?.removeAllListeners()
  await market?.stop()
})

const done = async (sent) => (await sent).wait()

test('the network, fees of the new kind, fuel as the balance', async () => {
  assert.equal((await provider.getNetwork()).chainId, market.id)
  const fees = await provider.getFeeData()
  assert.ok(fees.lastBaseFeePerGas.gte(1) && fees.maxFeePerGas.gt(0) && fees.gasPrice.gt(0))
  assert.ok((await provider.getBalance(by.alice.address)).gt(0))
  assert.ok((await provider.getBalance(by.erik.address)).eq(0))
  const block = await provider.getBlockWithTransactions('latest')
  assert.ok(block.baseFeePerGas.gte(1))
  assert.equal(block.transactions[0].blockNumber, block.number)
})

test('a security is read and moved; the receipt tells', async () => {
  assert.deepEqual([await share.name(), await share.symbol(), await share.decimals()], [SECURITY.name, SECURITY.symbol, 0])
  const before = await share.balanceOf(by.bob.address)
  const receipt = await done(share.connect(by.alice).transfer(by.bob.address, 15))
  assert.equal(receipt.status, 1)
  assert.equal(receipt.type, 2)
  assert.deepEqual(receipt.events.map(({ event }) => event), ['Transfer'])
  assert.ok((await share.balanceOf(by.bob.address)).eq(before.add(15)))
})

test('a refusal has its name and its reasons, before and in its block', async () => {
  const call = share.connect(by.alice).callStatic.transfer(by.carol.address, 1)
  await assert.rejects(call, (error) => error.errorName === 'Refused' && error.errorArgs.code === 9012 && /is not open for the buyer/.test(error.errorArgs.reason))
  const have = await share.balanceOf(by.bob.address)
  const short = share.connect(by.bob).callStatic.transfer(by.dora.address, have.add(1))
  await assert.rejects(short, (error) => error.errorName === 'ERC20InsufficientBalance' && error.errorArgs.balance.eq(have))
  await assert.rejects(share.connect(by.alice).transfer(by.carol.address, 1), ({ code }) => code === 'UNPREDICTABLE_GAS_LIMIT')
  const sent = await share.connect(by.alice).transfer(by.carol.address, 1, { gasLimit: 200_000 })
  await assert.rejects(sent.wait(), (error) => error.code === 'CALL_EXCEPTION' && error.receipt.status === 0)
})

test('old, access-list and new transactions are all taken', async () => {
  const data = share.interface.encodeFunctionData('transfer', [by.bob.address, 1])
  for (const type of [0, 1, 2]) {
    const receipt = await done(by.alice.sendTransaction({ type, to: share.address, data, gasLimit: 100_000 }))
    assert.deepEqual([receipt.status, (await provider.getTransaction(receipt.transactionHash)).type], [1, type])
  }
})

test('a permit that ethers 5 signed', async () => {
  const [, name, version, chainId, verifyingContract] = await share.eip712Domain()
  const nonce = await share.nonces(by.alice.address)
  const permit = { owner: by.alice.address, spender: by.bob.address, value: 9, nonce, deadline: Math.floor(Date.now() / 1000) + 600 }
  const domain = { name, version, chainId: chainId.toNumber(), verifyingContract }
  const { v, r, s } = ethers.utils.splitSignature(await by.alice._signTypedData(domain, PERMIT, permit))
  await done(share.connect(by.bob).permit(permit.owner, permit.spender, permit.value, permit.deadline, v, r, s))
  await done(share.connect(by.bob).transferFrom(by.alice.address, by.bob.address, 9))
  assert.ok((await share.allowance(by.alice.address, by.bob.address)).eq(0))
})

test('a provider registers a stranger, and a contract is deployed and called', async () => {
  const wallet = ethers.Wallet.fromMnemonic(MNEMONIC, "m/44'/60'/0'/0/1").connect(provider)
  const identity = new ethers.Contract(service.identity.address, once(service.identity.abi), wallet)
  const receipt = await done(identity.register([registration(by.erik.address, 'FR')]))
  assert.equal(receipt.events.find(({ event }) => event === 'PersonRegistered').args.wallet, by.erik.address)
  const { abi, bytecode } = contracts.Workshop
  const shop = await (await new ethers.ContractFactory(abi, bytecode, by.alice).deploy()).deployed()
  await done(shop.count())
  assert.ok((await shop.counted(by.alice.address)).eq(1))
  await assert.rejects(shop.fails(0), /in so many words/)
  await assert.rejects(shop.fails(1), ({ errorName, errorArgs }) => errorName === 'TooMuch' && errorArgs.asked.eq(7))
})

test('events as they happen and as they happened', async () => {
  const filter = share.filters.Transfer(by.alice.address, by.bob.address)
  const heard = new Promise((tell) => share.once(filter, (from, to, value, event) => tell([from, to, value.toNumber(), event.blockNumber])))
  // Listening begins at the block that is known now; what is sent before that is known is not heard.
  await provider.getBlockNumber()
  await new Promise((tell) => provider.once('poll', tell))
  const { blockNumber } = await done(share.connect(by.alice).transfer(by.bob.address, 2))
  assert.deepEqual(await heard, [by.alice.address, by.bob.address, 2, blockNumber])
  const past = await share.queryFilter(filter, 0)
  assert.ok(past.length > 3 && past.every(({ args }) => args.to === by.bob.address))
})
