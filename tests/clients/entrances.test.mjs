// A restricted share does not reach carol, whichever way it is sent: every entrance leads to the same judge.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { encodeAbiParameters, encodeFunctionData, stringToHex } from 'viem'
import { openMarket, refusal, service } from './market.mjs'
import { voucherDomain } from './people.mjs'

const DEFAULT = stringToHex('default', { size: 32 })
const FORBIDDEN = 9012
const order = { authority: 'High Court', ref: 'HC-2026-17', document: `0x${'d0'.repeat(32)}`, expires: 0n }

let market, client, by, address, share, send, ask
before(async () => {
  market = await openMarket()
  ;({ client, by, address, share, send, ask } = market)
})
after(() => market?.stop())

const token = (functionName, ...args) => ({ ...share, functionName, args })
const ledger = (functionName, ...args) => ({ ...service.ledger, functionName, args: [share.number, ...args] })
const tried = (who, call) => refusal(by[who].writeContract(call))
const carolHas = () => ask(share, 'balanceOf', [address.carol])

/** Refused for where carol lives; and if it is sent all the same, nothing arrives. */
async function leadsNowhere(who, call) {
  const why = await tried(who, call)
  assert.deepEqual([call.functionName, why.code], [call.functionName, FORBIDDEN])
  const hash = await by[who].writeContract({ ...call, gas: 1_000_000n })
  assert.equal((await client.waitForTransactionReceipt({ hash })).status, 'reverted')
  assert.equal(await carolHas(), 0n)
}

describe('carol, who lives where the share is not open, does not get it', () => {
  test('from its holder, by any of the standards', async () => {
    await leadsNowhere('alice', token('transfer', address.carol, 1n))
    await leadsNowhere('alice', token('transferWithData', address.carol, 1n, '0x'))
    await leadsNowhere('alice', token('transferByPartition', DEFAULT, address.carol, 1n, '0x'))
    await leadsNowhere('alice', token('batchTransfer', [address.carol], [1n]))
    await leadsNowhere('alice', ledger('transferBatch', 0, address.alice, [{ to: address.carol, units: 1n }]))
  })

  test('hidden among others: all or none', async () => {
    const bob = await ask(share, 'balanceOf', [address.bob])
    await leadsNowhere('alice', token('batchTransfer', [address.bob, address.carol, address.dora], [1n, 1n, 1n]))
    const legs = [address.bob, address.carol].map((to) => ({ to, units: 1n }))
    await leadsNowhere('alice', ledger('transferBatch', 0, address.alice, legs))
    assert.equal(await ask(share, 'balanceOf', [address.bob]), bob)
  })

  test('from a spender, an operator or a delegate of the holder', async () => {
    await send(by.alice, token('approve', address.bob, 10n))
    await leadsNowhere('bob', token('transferFrom', address.alice, address.carol, 1n))
    await leadsNowhere('bob', token('transferFromWithData', address.alice, address.carol, 1n, '0x'))
    assert.equal(await ask(share, 'allowance', [address.alice, address.bob]), 10n)
    await send(by.alice, token('authorizeOperator', address.bob))
    await leadsNowhere('bob', token('operatorTransferByPartition', DEFAULT, address.alice, address.carol, 1n, '0x', '0x'))
    await send(by.alice, token('revokeOperator', address.bob))
    const later = BigInt(Date.now() + 3_600_000)
    const delegate = { ...service.identity, functionName: 'delegate', args: [address.dora, 1, share.number, 5n, later] }
    await send(by.alice, delegate)
    await leadsNowhere('dora', ledger('transferBatch', 0, address.alice, [{ to: address.carol, units: 1n }]))
  })

  test('from the issuer', async () => {
    const leg = [{ to: address.carol, units: 1n }]
    await leadsNowhere('issuer', token('mint', address.carol, 1n))
    await leadsNowhere('issuer', token('issue', address.carol, 1n, '0x'))
    await leadsNowhere('issuer', token('issueByPartition', DEFAULT, address.carol, 1n, '0x'))
    await leadsNowhere('issuer', token('batchMint', [address.carol], [1n]))
    await leadsNowhere('issuer', ledger('issueBatch', 0, leg))
  })

  test('as the beneficiary of a hold', async () => {
    const hold = ledger('hold', 0, address.carol, 0n, 1n, BigInt(Date.now() + 3_600_000))
    // Setting units aside moves nothing; moving them does.
    const { result } = await client.simulateContract({ ...hold, account: by.alice.account })
    await send(by.alice, hold)
    const execute = { ...service.ledger, functionName: 'executeHold', args: [result, 1n] }
    await leadsNowhere('carol', execute)
    await send(by.carol, { ...service.ledger, functionName: 'releaseHold', args: [result] })
  })

  test('on a second account of her own', async () => {
    const person = await ask(service.identity, 'personOf', [address.carol])
    const deadline = BigInt(Date.now() + 3_600_000)
    const consent = await by.erik.signTypedData({
      domain: voucherDomain(market.id),
      types: {
        Consent: [
          { name: 'person', type: 'uint64' },
          { name: 'wallet', type: 'address' },
          { name: 'purpose', type: 'uint8' },
          { name: 'deadline', type: 'uint64' },
        ],
      },
      primaryType: 'Consent',
      // 1: a further account.
      message: { person, wallet: address.erik, purpose: 1, deadline },
    })
    const args = [address.erik, deadline, consent]
    await send(by.carol, { ...service.identity, functionName: 'openAccount', args })
    assert.equal(await ask(service.identity, 'personOf', [address.erik]), person)
    await leadsNowhere('alice', token('transfer', address.erik, 1n))
  })

  test('because who asks first is told the same by every standard', async () => {
    const [ok, status] = await client.readContract({ ...token('canTransfer', address.carol, 1n, '0x'), account: address.alice })
    assert.deepEqual([ok, status], [false, '0x57'])
    const [byPart] = await ask(share, 'canTransferByPartition', [address.alice, address.carol, DEFAULT, 1n, '0x'])
    assert.equal(byPart, '0x57')
    const { allowed } = await ask(service.compliance, 'canMove', [share.number, address.alice, address.carol, 1n])
    assert.equal(allowed, false)
  })
})

describe('force needs its power and an order on the record', () => {
  const operatorData = encodeAbiParameters(
    [{ type: 'string' }, { type: 'string' }, { type: 'bytes32' }],
    [order.authority, order.ref, order.document],
  )
  const force = () => token('controllerTransfer', address.alice, address.bob, 5n, '0x', operatorData)

  test('nobody has it from the start, not even the issuer', async () => {
    for (const who of ['alice', 'bob', 'issuer', 'operator']) assert.match((await tried(who, force())).reason, /no grant of force/)
    const sly = ledger('forceTransfer', 0, address.alice, address.bob, 5n, order)
    assert.match((await tried('issuer', sly)).reason, /no grant of force/)
  })

  test('granted by the issuer, it moves what the order says, and never to a stranger', async () => {
    const key = { grantee: address.issuer, power: 9, asset: share.number, class: 0 }
    await send(by.issuer, { ...service.trust, functionName: 'grant', args: [key, 20n, 2n ** 64n - 1n] })
    const before = await ask(share, 'balanceOf', [address.bob])
    await send(by.issuer, force())
    assert.equal(await ask(share, 'balanceOf', [address.bob]), before + 5n)
    const blank = ledger('forceTransfer', 0, address.alice, address.bob, 5n, { ...order, authority: '' })
    assert.match((await tried('issuer', blank)).reason, /authority, reference and document hash/)
    const much = ledger('forceTransfer', 0, address.alice, address.bob, 16n, order)
    assert.match((await tried('issuer', much)).reason, /covers 15 more units, not 16/)
    const bare = token('forcedTransfer', address.alice, address.bob, 1n)
    assert.match((await tried('issuer', bare)).reason, /file the order/)
    const logs = await client.getContractEvents({ ...service.ledger, eventName: 'OrderCarriedOut', fromBlock: 0n })
    assert.deepEqual(logs.map(({ args }) => args.order.ref), [order.ref])
  })
})

describe('what was allowed once is judged anew each time', () => {
  let bob
  beforeEach(async () => (bob = await ask(service.identity, 'personOf', [address.bob])))
  const transfer = () => token('transfer', address.bob, 1n)

  test('a move to another country counts in the next block', async () => {
    await send(by.alice, transfer())
    await send(by.provider, { ...service.identity, functionName: 'setResidence', args: [bob, '0x5553'] })
    assert.equal((await tried('alice', transfer())).code, FORBIDDEN)
    await send(by.provider, { ...service.identity, functionName: 'setResidence', args: [bob, '0x4652'] })
    await send(by.alice, transfer())
  })

  test('a claim that is revoked no longer counts', async () => {
    await send(by.provider, { ...service.identity, functionName: 'revoke', args: [bob, 1] })
    assert.match((await tried('alice', transfer())).reason, /the buyer has no current KYC/)
    assert.match((await tried('bob', token('transfer', address.alice, 1n))).reason, /the seller has no current KYC/)
  })

  test('a frozen holder and a halted asset move nothing', async () => {
    const freeze = (frozen) => ledger('freezePerson', market.alicePerson, frozen, order)
    market.alicePerson = await ask(service.identity, 'personOf', [address.alice])
    await send(by.issuer, freeze(true))
    assert.match((await tried('alice', token('transfer', address.dora, 1n))).reason, /its holding is frozen/)
    await send(by.issuer, freeze(false))
    await send(by.issuer, token('pause'))
    assert.match((await tried('alice', token('transfer', address.dora, 1n))).reason, /halted/)
    await send(by.issuer, token('unpause'))
    await send(by.alice, token('transfer', address.dora, 1n))
  })
})

test('a sealed call of a stranger\'s making is no way in either', async () => {
  // A proposal carries a call; without a quorum there is nothing to lend it power.
  const data = encodeFunctionData(token('transfer', address.carol, 1n))
  const args = [9, share.number, 0, share.address, data, BigInt(Date.now() + 60_000)]
  assert.match((await tried('alice', { ...service.trust, functionName: 'propose', args })).reason, /no quorum/)
})
