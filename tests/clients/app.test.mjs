// A Solidity app, compiled by solc, between two native assets: both legs or neither, and no way around a rule.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeErrorResult, parseEventLogs } from 'viem'
import { REFUSED, openMarket, refusal, service } from './market.mjs'
import { POLICY, REPORT } from './people.mjs'

let market, client, by, address, share, cash, send, ask, deploy
before(async () => {
  market = await openMarket()
  ;({ client, by, address, share, cash, send, ask, deploy } = market)
})
after(() => market?.stop())

const holdings = async (...names) =>
  Promise.all(names.flatMap((name) => [share, cash].map((token) => ask(token, 'balanceOf', [address[name]]))))
const approve = (token, spender, value) => ({ ...token, functionName: 'approve', args: [spender.address, value] })

describe('a desk that sells shares for cash', () => {
  let desk
  before(async () => {
    desk = await deploy(by.alice, 'Desk', [share.address, cash.address, address.alice, 100n])
    await send(by.alice, approve(share, desk, 300n))
    for (const buyer of ['bob', 'carol']) await send(by[buyer], approve(cash, desk, 1_000_000n))
  })
  const buy = (functionName, units) => ({ ...desk, functionName, args: [units] })

  test('is a contract like any other', async () => {
    assert.ok((await client.getCode({ address: desk.address })).length > 1_000)
    assert.equal(await ask(desk, 'price'), 100n)
    assert.equal(BigInt(await client.getStorageAt({ address: desk.address, slot: '0x0' })), 0n)
  })

  test('moves both legs in one transaction', async () => {
    const [aliceShares, aliceCash, bobShares, bobCash] = await holdings('alice', 'bob')
    const receipt = await send(by.bob, buy('buy', 10n))
    assert.deepEqual(await holdings('alice', 'bob'), [aliceShares - 10n, aliceCash + 1_000n, bobShares + 10n, bobCash - 1_000n])
    const names = parseEventLogs({ abi: [...share.abi, ...desk.abi], logs: receipt.logs }).map(({ eventName }) => eventName)
    assert.deepEqual(names, ['Transfer', 'Transfer', 'Sold'])
  })

  test('a refused delivery takes the payment back, and the buyer learns the reason', async () => {
    const before = await holdings('alice', 'carol')
    const why = await refusal(by.carol.writeContract(buy('buy', 5n)))
    assert.equal(why.code, 9012)
    assert.match(why.reason, /is not open for the buyer/)
    const hash = await by.carol.writeContract({ ...buy('buy', 5n), gas: 1_000_000n })
    assert.equal((await client.waitForTransactionReceipt({ hash })).status, 'reverted')
    assert.deepEqual(await holdings('alice', 'carol'), before)
  })

  test('caught with try, the outer call goes on and only the inner writes are gone', async () => {
    const before = await holdings('alice', 'carol')
    const receipt = await send(by.carol, buy('tryBuy', 5n))
    assert.deepEqual(await holdings('alice', 'carol'), before)
    const logs = parseEventLogs({ abi: desk.abi, logs: receipt.logs })
    assert.deepEqual(logs.map(({ eventName }) => eventName), ['Refused'])
    const { args } = decodeErrorResult({ abi: REFUSED, data: await ask(desk, 'lastRefusal') })
    assert.match(args[2], /is not open for the buyer/)
  })

  test('a later revert of its own undoes native writes and logs', async () => {
    const [before, sold] = [await holdings('alice', 'bob'), await ask(desk, 'sold')]
    await assert.rejects(client.simulateContract({ ...buy('buyThenRevert', 10n), account: address.bob }), /changed my mind/)
    const hash = await by.bob.writeContract({ ...buy('buyThenRevert', 10n), gas: 1_000_000n })
    const receipt = await client.waitForTransactionReceipt({ hash })
    assert.equal(receipt.status, 'reverted')
    assert.deepEqual(receipt.logs, [])
    assert.deepEqual([await holdings('alice', 'bob'), await ask(desk, 'sold')], [before, sold])
  })

  test('asks compliance on chain, and is told in words', async () => {
    assert.deepEqual(await ask(desk, 'quote', [address.bob, 7n]), [true, 700n, ''])
    const [allowed, , why] = await ask(desk, 'quote', [address.carol, 7n])
    assert.equal(allowed, false)
    assert.match(why, /is not open for the buyer/)
  })

  test('its trace shows each native leg below it', async () => {
    const { transactionHash } = await send(by.bob, buy('buy', 1n))
    const options = { tracer: 'callTracer', tracerConfig: { withLog: true } }
    const frame = await client.request({ method: 'debug_traceTransaction', params: [transactionHash, options] })
    assert.deepEqual(
      frame.calls.map(({ to }) => to.toLowerCase()),
      [cash, share].map((token) => token.address.toLowerCase()),
    )
    const logs = (frame) => (frame.logs?.length ?? 0) + (frame.calls ?? []).reduce((sum, call) => sum + logs(call), 0)
    assert.equal(logs(frame), 3)
  })
})

describe('an asset called in every way', () => {
  let probe
  before(async () => {
    probe = await deploy(by.alice, 'Probe')
  })
  const call = (functionName) =>
    client.simulateContract({ ...probe, functionName, args: [share.address, address.bob, 1n], account: address.alice })
  const reason = (data) => decodeErrorResult({ abi: REFUSED, data }).args[2]

  test('a static call may read and not write', async () => {
    assert.equal(await ask(probe, 'balance', [share.address, address.alice]), await ask(share, 'balanceOf', [address.alice]))
    const { result: [ok, data] } = await call('asked')
    assert.equal(ok, false)
    assert.match(reason(data), /static call changes nothing/)
  })

  test('a delegate call is refused: nobody runs an asset as someone else', async () => {
    const { result: [ok, data] } = await call('borrowed')
    assert.equal(ok, false)
    assert.match(reason(data), /only be called, not run as someone else/)
  })

  test('a contract that is no person owns nothing', async () => {
    const { result: [ok, data] } = await call('called')
    assert.equal(ok, false)
    assert.match(reason(data), /not bound to a (registered|verified) person/)
  })

  test('has code where Solidity looks for it', async () => {
    assert.equal(await ask(probe, 'codeSize', [share.address]), 1n)
    assert.equal(await ask(probe, 'codeSize', ['0x5c12190000000000000000010000000000000999']), 0n)
  })
})

describe('an issuer\'s own rule contract', () => {
  const setRule = (contract, gas) => {
    const policy = JSON.stringify({ ...POLICY, contract: [contract.address, gas] })
    return send(by.issuer, { ...service.compliance, functionName: 'setPolicy', args: [share.number, policy, REPORT] })
  }
  const transfer = (units) => ({ ...share, functionName: 'transfer', args: [address.dora, units] })

  test('limits every transfer, sees it as it would be, and can be changed', async () => {
    const rule = await deploy(by.issuer, 'SmallSteps', [50n])
    await setRule(rule, 200_000)
    // Dora has nothing yet: nine would leave her below ten, ten would not.
    assert.equal((await refusal(by.alice.writeContract(transfer(9n)))).code, 9027)
    await send(by.alice, transfer(10n))
    const why = await refusal(by.alice.writeContract(transfer(51n)))
    assert.equal(why.code, 9027)
    assert.match(why.reason, /own rule contract refuses/)
    await send(by.issuer, { ...rule, functionName: 'setMost', args: [60n] })
    await send(by.alice, transfer(51n))
  })

  test('cannot hold the chain up', async () => {
    await setRule(await deploy(by.issuer, 'Endless'), 300_000)
    const why = await refusal(client.simulateContract({ ...transfer(1n), account: address.alice }))
    assert.equal(why.code, 9027)
    const hash = await by.alice.writeContract({ ...transfer(1n), gas: 2_000_000n })
    const { status, gasUsed } = await client.waitForTransactionReceipt({ hash })
    assert.equal(status, 'reverted')
    assert.ok(gasUsed > 300_000n && gasUsed < 500_000n, `${gasUsed} used`)
  })

  test('cannot change anything', async () => {
    await setRule(await deploy(by.issuer, 'Thief'), 300_000)
    assert.equal((await refusal(by.alice.writeContract(transfer(1n)))).code, 9027)
  })

  test('that is not there is refused', async () => {
    const why = await refusal(setRule({ address: address.erik }, 300_000))
    assert.equal(why.code, 3001)
    assert.match(why.reason, /contract: there is no code at/)
  })
})
