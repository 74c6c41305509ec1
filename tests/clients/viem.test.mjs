// viem against the real binary: people, a security, refusals in words, permits, events, subscriptions.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  createPublicClient,
  createWalletClient,
  decodeErrorResult,
  encodeFunctionData,
  http,
  parseEventLogs,
  parseSignature,
  webSocket,
  zeroAddress,
} from 'viem'
import { REFUSED, counting, openMarket, refusal, service } from './market.mjs'
import { CASH, PERMIT, RESIDENCES, SECURITY, SERVICES } from './people.mjs'

let market, client, by, address, share, send, ask
before(async () => {
  market = await openMarket()
  ;({ client, by, address, share, send, ask } = market)
})
after(() => market?.stop())

const transfer = (to, units) => ({ ...share, functionName: 'transfer', args: [to, units] })
const balance = (who) => ask(share, 'balanceOf', [address[who]])
const same = (one, other) => assert.equal(one?.toLowerCase(), other?.toLowerCase())

describe('the chain as a wallet sees it', () => {
  test('a chain id, a base fee of at least 1 wei, and blocks in order', async () => {
    assert.equal(await client.getChainId(), market.id)
    const block = await client.getBlock()
    assert.ok(block.baseFeePerGas >= 1n)
    const parent = await client.getBlock({ blockNumber: block.number - 1n })
    assert.equal(block.parentHash, parent.hash)
    assert.ok(block.timestamp >= parent.timestamp)
    assert.equal((await client.getBlock({ blockHash: parent.hash })).number, parent.number)
  })

  test('fuel is the balance, a stranger has none', async () => {
    const [alice, erik] = await Promise.all(['alice', 'erik'].map((who) => client.getBalance({ address: address[who] })))
    assert.ok(alice > 10n ** 15n)
    assert.equal(erik, 0n)
    const before = await client.getBalance({ address: address.bob })
    await send(by.bob, { ...share, functionName: 'approve', args: [address.alice, 1n] })
    assert.ok((await client.getBalance({ address: address.bob })) < before + before)
  })

  test('the services say that they are contracts, an unused reserved address does not', async () => {
    assert.equal(await client.getCode({ address: SERVICES.ledger }), '0xef')
    assert.equal(await client.getCode({ address: '0x5c12190000000000000000010000000000000999' }), undefined)
    assert.equal(await client.getCode({ address: address.alice }), undefined)
  })

  test('fees are known for the past and estimated for the next block', async () => {
    const fees = await client.estimateFeesPerGas()
    assert.ok(fees.maxFeePerGas >= (await client.getBlock()).baseFeePerGas)
    const history = await client.getFeeHistory({ blockCount: 4, rewardPercentiles: [25, 75] })
    assert.equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1)
  })
})

describe('people', () => {
  test('a provider registered three, whose events tell who they are', () => {
    const logs = parseEventLogs({ abi: service.identity.abi, logs: market.receipts.registered.logs, eventName: 'PersonRegistered' })
    assert.deepEqual(logs.map(({ args }) => args.wallet), [address.alice, address.bob, address.carol])
    assert.deepEqual(
      logs.map(({ args }) => Buffer.from(args.residence.slice(2), 'hex').toString()),
      [RESIDENCES.alice, RESIDENCES.bob, RESIDENCES.carol],
    )
  })

  test('a stranger with a voucher enrolled itself with its first transaction', async () => {
    const [log] = parseEventLogs({ abi: service.identity.abi, logs: market.receipts.enrolled.logs, eventName: 'PersonRegistered' })
    same(log.args.wallet, address.dora)
    assert.equal(await ask(service.identity, 'personOf', [address.dora]), log.args.person)
    assert.equal(await ask(service.identity, 'isVerified', [address.dora]), true)
    assert.equal(await ask(service.identity, 'investorCountry', [address.dora]), 40)
  })

  test('a stranger without one may not send anything, and is told why', async () => {
    await assert.rejects(by.erik.sendTransaction({ to: address.alice, gas: 21_000n }), /not bound to a registered person/)
    assert.equal(await client.getTransactionCount({ address: address.erik }), 0)
  })
})

describe('a security', () => {
  test('answers as ERC-20, ERC-165 and ERC-3643 at its own address', async () => {
    const [name, symbol, decimals, supply] = await Promise.all(
      ['name', 'symbol', 'decimals', 'totalSupply'].map((field) => ask(share, field)),
    )
    assert.deepEqual([name, symbol, decimals, supply], [SECURITY.name, SECURITY.symbol, 0, 600n])
    assert.equal(await ask(share, 'supportsInterface', ['0x01ffc9a7']), true)
    assert.equal(await ask(share, 'supportsInterface', ['0xffffffff']), false)
    assert.equal(await ask(share, 'identityRegistry'), SERVICES.identity)
    assert.equal(await ask(share, 'compliance'), SERVICES.compliance)
    same(await ask(service.ledger, 'tokenOf', [share.number]), share.address)
    same(await ask(service.ledger, 'tokenOf', [999n]), zeroAddress)
  })

  test('issuing is told in the words of ERC-20 and of ERC-1594', () => {
    const logs = parseEventLogs({ abi: share.abi, logs: market.receipts.issued.logs })
    assert.deepEqual(logs.map(({ eventName }) => eventName), ['Transfer', 'Issued', 'Transfer', 'Issued'])
    same(logs[0].args.from, zeroAddress)
    assert.equal(logs[0].args.value, 500n)
  })

  test('a transfer that the rules allow moves units and nothing else', async () => {
    const supply = await ask(share, 'totalSupply')
    const [alice, bob] = [await balance('alice'), await balance('bob')]
    const receipt = await send(by.alice, transfer(address.bob, 20n))
    const [log] = parseEventLogs({ abi: share.abi, logs: receipt.logs, eventName: 'Transfer' })
    assert.deepEqual({ ...log.args }, { from: address.alice, to: address.bob, value: 20n })
    assert.deepEqual([await balance('alice'), await balance('bob')], [alice - 20n, bob + 20n])
    assert.equal(await ask(share, 'totalSupply'), supply)
    assert.ok(receipt.gasUsed >= 21_000n && receipt.gasUsed < 100_000n)
  })

  test('a transfer that they do not is refused before it is sent, with every reason in words', async () => {
    const why = await refusal(by.alice.writeContract(transfer(address.carol, 5n)))
    assert.equal(why.name, 'Refused')
    assert.equal(why.code, 9012)
    assert.equal(why.status, '0x10')
    assert.match(why.reason, /United States.* is not open for the buyer/)

    const two = await refusal(client.simulateContract({ ...transfer(address.bob, 505n), account: address.alice }))
    assert.match(two.reason, /505 units needed/)
    assert.match(two.reason, /at most 600 is allowed/)

    const stranger = await refusal(client.simulateContract({ ...transfer(address.erik, 1n), account: address.alice }))
    assert.match(stranger.reason, /not bound to a (registered|verified) person/)
  })

  test('a balance that alone is short is told as ERC-6093 has it', async () => {
    const have = await balance('alice')
    const why = await refusal(client.simulateContract({ ...transfer(address.dora, have + 1n), account: address.alice }))
    assert.equal(why.name, 'ERC20InsufficientBalance')
    assert.deepEqual([why.code, why.status, why.reason], [address.alice, have, have + 1n])
  })

  test('the standards an asset answers are named by ERC-165', async () => {
    const supports = (id) => ask(share, 'supportsInterface', [id])
    for (const id of ['0x01ffc9a7', '0x36372b07', '0xa219a025', '0x9d8ff7da', '0x84b0196e']) {
      assert.equal(await supports(id), true, id)
    }
    assert.equal(await supports('0xffffffff'), false)
  })

  test('sent all the same, it is refused in its block: the nonce is used and nothing moves', async () => {
    const [alice, carol] = [await balance('alice'), await balance('carol')]
    const nonce = await client.getTransactionCount({ address: address.alice })
    const hash = await by.alice.writeContract({ ...transfer(address.carol, 5n), gas: 200_000n })
    const receipt = await client.waitForTransactionReceipt({ hash })
    assert.equal(receipt.status, 'reverted')
    assert.deepEqual(receipt.logs, [])
    assert.deepEqual([await balance('alice'), await balance('carol')], [alice, carol])
    assert.equal(await client.getTransactionCount({ address: address.alice }), nonce + 1)
    const own = await market.chain.rpc('scrip_getTransactionReceipt', [{ tx: hash }])
    assert.equal(own.status, 'refused')
    assert.match(own.reason, /is not open for the buyer/)
  })

  test('who asks first is told the same as who tries', async () => {
    const { allowed, code, status, reasons, maxOk: most } = await ask(service.compliance, 'canMove', [
      share.number, address.alice, address.bob, 481n,
    ])
    assert.equal(allowed, false)
    assert.ok(most > 0n && most <= (await balance('alice')))
    const why = await refusal(client.simulateContract({ ...transfer(address.bob, 481n), account: address.alice }))
    assert.deepEqual([code + 9000, status, reasons], [why.code, why.status, why.reason])
    await client.simulateContract({ ...transfer(address.bob, most), account: address.alice })
  })

  test('without the power to issue, nobody issues', async () => {
    const why = await refusal(by.alice.writeContract({ ...share, functionName: 'mint', args: [address.alice, 1n] }))
    assert.match(why.reason, /no grant of issue/)
  })

  test('an ISIN names one asset', async () => {
    const again = { ...service.ledger, functionName: 'createAsset', args: [{ ...SECURITY, symbol: 'TWIN' }] }
    assert.match((await refusal(by.issuer.writeContract(again))).reason, /isin: US0378331005 names another asset/)
    const wrong = { ...service.ledger, functionName: 'createAsset', args: [{ ...CASH, isin: 'US0378331006' }] }
    assert.match((await refusal(by.issuer.writeContract(wrong))).reason, /US0378331006/)
  })
})

describe('a permit', () => {
  const sign = async (over = {}) => {
    const [, name, version, chainId, verifyingContract] = await ask(share, 'eip712Domain')
    const message = {
      owner: address.alice,
      spender: address.bob,
      value: 30n,
      nonce: await ask(share, 'nonces', [address.alice]),
      deadline: BigInt(Math.floor(Date.now() / 1000) + 3600),
      ...over,
    }
    const domain = { name, version, chainId: Number(chainId), verifyingContract }
    const signed = await by.alice.signTypedData({ domain, types: PERMIT, primaryType: 'Permit', message })
    const { v, r, s } = parseSignature(signed)
    const { owner, spender, value, deadline } = message
    return { ...share, functionName: 'permit', args: [owner, spender, value, deadline, Number(v), r, s] }
  }

  test('signed by the owner lets the spender move so much, once', async () => {
    const permit = await sign()
    const receipt = await send(by.bob, permit)
    const [approval] = parseEventLogs({ abi: share.abi, logs: receipt.logs, eventName: 'Approval' })
    assert.equal(approval.args.value, 30n)
    assert.equal(await ask(share, 'allowance', [address.alice, address.bob]), 30n)
    await send(by.bob, { ...share, functionName: 'transferFrom', args: [address.alice, address.bob, 30n] })
    assert.equal(await ask(share, 'allowance', [address.alice, address.bob]), 0n)
    assert.match((await refusal(by.bob.writeContract(permit))).reason, /signature is not/)
  })

  test('too late, or by someone else, is refused', async () => {
    assert.match((await refusal(by.bob.writeContract(await sign({ deadline: 1n })))).reason, /good until/)
    assert.match((await refusal(by.bob.writeContract(await sign({ owner: address.carol })))).reason, /signature is not/)
  })

  test('spending more than was allowed is ERC-6093\'s error', async () => {
    const call = { ...share, functionName: 'transferFrom', args: [address.alice, address.bob, 1n], account: address.bob }
    await assert.rejects(client.simulateContract(call), (error) => {
      const cause = error.walk((cause) => cause.name === 'ContractFunctionRevertedError')
      return cause?.data?.errorName === 'ERC20InsufficientAllowance' && cause.data.args[2] === 1n
    })
  })
})

describe('what was announced', () => {
  test('is found by address, topic and range, and agrees with the receipts', async () => {
    const receipt = await send(by.alice, transfer(address.dora, 3n))
    const query = { address: share.address, event: share.abi.find(({ name }) => name === 'Transfer'), fromBlock: 0n, strict: true }
    const toDora = await client.getLogs({ ...query, args: { to: address.dora } })
    assert.deepEqual(toDora.map(({ args }) => args.value), [3n])
    assert.equal(toDora[0].transactionHash, receipt.transactionHash)
    assert.equal(toDora[0].logIndex, receipt.logs[0].logIndex)
    assert.deepEqual(await client.getLogs({ ...query, args: { to: address.erik } }), [])
    const inBlock = await client.getLogs({ blockHash: receipt.blockHash })
    assert.ok(inBlock.some(({ transactionHash }) => transactionHash === receipt.transactionHash))
  })

  test('a filter tells what is new since it was asked', async () => {
    const filter = await client.createContractEventFilter({ ...share, eventName: 'Transfer' })
    const { transactionHash } = await send(by.alice, transfer(address.dora, 2n))
    const news = await client.getFilterChanges({ filter })
    assert.deepEqual(news.map((log) => log.transactionHash), [transactionHash])
    assert.deepEqual(await client.getFilterChanges({ filter }), [])
    assert.equal(await client.uninstallFilter({ filter }), true)
  })

  test('new heads and logs arrive over WebSocket', async () => {
    const socket = createPublicClient({ chain: market.network, transport: webSocket() })
    const heard = { heads: [], logs: [] }
    const stop = [
      socket.watchBlocks({ onBlock: (block) => heard.heads.push(block.number) }),
      socket.watchContractEvent({ ...share, eventName: 'Transfer', onLogs: (logs) => heard.logs.push(...logs) }),
    ]
    // Subscriptions stand once a later call on the same connection is answered.
    await until(async () => (await socket.getBlockNumber()) > 0n)
    const receipt = await until(async () => {
      const sent = await send(by.alice, transfer(address.dora, 1n))
      return heard.logs.length > 0 && sent
    })
    await until(() => heard.heads.length > 0)
    assert.equal(heard.logs.at(-1).args.value, 1n)
    assert.ok(heard.heads.some((number) => number <= receipt.blockNumber))
    stop.forEach((unwatch) => unwatch())
    ;(await socket.transport.getRpcClient()).close()
  })
})

describe('many at once', () => {
  test('50 transfers sent in parallel by one wallet all land, in the order of their nonces', async () => {
    const alice = counting(20)
    const wallet = createWalletClient({ account: alice, chain: market.network, transport: http() })
    const [before, nonce] = [await balance('dora'), await client.getTransactionCount({ address: alice.address })]
    const hashes = await Promise.all(
      Array.from({ length: 50 }, () => wallet.writeContract({ ...transfer(address.dora, 1n), gas: 100_000n })),
    )
    assert.equal(new Set(hashes).size, 50)
    const receipts = await Promise.all(hashes.map((hash) => client.waitForTransactionReceipt({ hash })))
    assert.ok(receipts.every(({ status }) => status === 'success'))
    assert.equal(await balance('dora'), before + 50n)
    assert.equal(await client.getTransactionCount({ address: alice.address }), nonce + 50)
  })
})

describe('inside a transaction', () => {
  test('the call tracer shows a native call as a frame with its logs', async () => {
    const { transactionHash } = await send(by.alice, transfer(address.dora, 1n))
    const options = { tracer: 'callTracer', tracerConfig: { withLog: true } }
    const frame = await client.request({ method: 'debug_traceTransaction', params: [transactionHash, options] })
    assert.equal(frame.type, 'CALL')
    same(frame.to, share.address)
    same(frame.from, address.alice)
    assert.equal(frame.logs.length, 1)
    assert.equal(frame.error, undefined)
  })

  test('and of a refused one, why', async () => {
    const hash = await by.alice.writeContract({ ...transfer(address.carol, 5n), gas: 200_000n })
    await client.waitForTransactionReceipt({ hash })
    const frame = await client.request({ method: 'debug_traceTransaction', params: [hash, { tracer: 'callTracer' }] })
    assert.equal(frame.error, 'execution reverted')
    const { errorName, args } = decodeErrorResult({ abi: REFUSED, data: frame.output })
    assert.equal(errorName, 'Refused')
    assert.match(args[2], /is not open for the buyer/)
  })

  test('an estimate is enough, and not far from what is used', async () => {
    const data = encodeFunctionData(transfer(address.dora, 1n))
    const estimate = await client.estimateGas({ account: address.alice, to: share.address, data })
    const hash = await by.alice.sendTransaction({ to: share.address, data, gas: estimate })
    const { gasUsed, status } = await client.waitForTransactionReceipt({ hash })
    assert.equal(status, 'success')
    assert.ok(gasUsed <= estimate && estimate < 2n * gasUsed, `${gasUsed} used, ${estimate} estimated`)
  })
})

/** Tries until something truthy comes; the test runner's own time limit ends it. */
async function until(attempt) {
  for (;;) {
    const found = await attempt()
    if (found) return found
    await new Promise((wake) => setTimeout(wake, 20))
  }
}
