// The apps of contracts/examples, on the real chain: what each does, and what it cannot do.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseEventLogs, stringToHex } from 'viem'
import { TOKEN, openMarket, refusal, service } from './market.mjs'
import { POLICY, REPORT, registration } from './people.mjs'

let market, client, by, address, share, cash, send, ask, deploy
before(async () => {
  market = await openMarket()
  ;({ client, by, address, share, cash, send, ask, deploy } = market)
})
after(() => market?.stop())

const ERRORS = TOKEN.filter(({ type }) => type === 'error')
const call = (contract, functionName, ...args) => ({ ...contract, abi: [...contract.abi, ...ERRORS], functionName, args })
const did = (who, contract, functionName, ...args) => send(by[who], call(contract, functionName, ...args))
const tried = (who, contract, functionName, ...args) =>
  client.simulateContract({ ...call(contract, functionName, ...args), account: address[who] })
const holds = (token, who) => ask(token, 'balanceOf', [address[who] ?? who])
const now = async () => (await client.getBlock()).timestamp
const named = (contract, { logs }) =>
  parseEventLogs({ abi: [...contract.abi, ...share.abi], logs }).map(({ eventName }) => eventName)

describe('vesting', () => {
  let vesting
  const grant = (limit, expires = 2n ** 64n - 1n) =>
    did('issuer', service.trust, 'grant', { grantee: vesting.address, power: 6, asset: share.number, class: 0 }, limit, expires)
  before(async () => {
    vesting = await deploy(by.issuer, 'Vesting', [share.address])
  })

  test('issues what is earned, under a grant and not without', async () => {
    const time = await now()
    await did('issuer', vesting, 'award', address.dora, 40n, time - 1_000n, time - 500n, time - 1n)
    assert.equal(await ask(vesting, 'due', [address.dora]), 40n)
    assert.match((await refusal(tried('dora', vesting, 'claim'))).reason, /no grant of issue/)
    await grant(60n)
    const [before, supply] = [await holds(share, 'dora'), await ask(share, 'totalSupply')]
    const receipt = await did('dora', vesting, 'claim')
    const issued = parseEventLogs({ abi: share.abi, logs: receipt.logs, eventName: 'Issued' })
    assert.deepEqual([issued[0].args.value, issued[0].args.data], [40n, stringToHex('vested')])
    assert.deepEqual([await holds(share, 'dora'), await ask(share, 'totalSupply')], [before + 40n, supply + 40n])
    await assert.rejects(tried('dora', vesting, 'claim'), /NothingDue/)
  })

  test('not before the cliff, and never more than the grant', async () => {
    const time = await now()
    await did('issuer', vesting, 'award', address.bob, 1_000n, time, time + 10_000n, time + 20_000n)
    assert.equal(await ask(vesting, 'due', [address.bob]), 0n)
    await did('issuer', vesting, 'award', address.alice, 30n, time - 10n, time - 5n, time - 1n)
    assert.match((await refusal(tried('alice', vesting, 'claim'))).reason, /covers 20 more units, not 30/)
    await did('issuer', service.trust, 'revokeGrant', { grantee: vesting.address, power: 6, asset: share.number, class: 0 })
    assert.match((await refusal(tried('alice', vesting, 'claim'))).reason, /no grant of issue/)
  })

  test('to nobody who may not hold, and ended awards earn no more', async () => {
    const time = await now()
    await grant(1_000n)
    await did('issuer', vesting, 'award', address.carol, 5n, time - 10n, time - 5n, time - 1n)
    assert.equal((await refusal(tried('carol', vesting, 'claim'))).code, 9012)
    await did('issuer', vesting, 'end', address.bob)
    const { units, issued } = await ask(vesting, 'awardOf', [address.bob])
    assert.deepEqual([units, issued], [0n, 0n], 'before the cliff nothing was earned')
    await assert.rejects(tried('alice', vesting, 'award', address.erik, 1n, 0n, 0n, 1n), /NotIssuer/)
  })
})

describe('a bulletin board', () => {
  let board, later
  before(async () => {
    board = await deploy(by.alice, 'Board')
    later = (await now()) + 100_000n
    for (const who of ['alice', 'bob', 'carol']) await did(who, cash, 'approve', board.address, 10_000n)
    for (const who of ['alice', 'bob']) await did(who, share, 'approve', board.address, 50n)
  })

  test('a sale is taken in part: units against cash', async () => {
    await did('alice', board, 'post', true, share.address, cash.address, 20n, 100n, later)
    assert.deepEqual(await ask(board, 'canTake', [1n, address.bob, 5n]), [true, ''])
    const before = [await holds(share, 'bob'), await holds(cash, 'alice')]
    const receipt = await did('bob', board, 'take', 1n, 5n)
    assert.deepEqual(named(board, receipt), ['Transfer', 'Transfer', 'Taken'])
    assert.deepEqual([await holds(share, 'bob'), await holds(cash, 'alice')], [before[0] + 5n, before[1] + 500n])
    await assert.rejects(tried('bob', board, 'take', 1n, 16n), /NotOpen/)
  })

  test('who may not buy is told why before, and takes nothing', async () => {
    const [allowed, why] = await ask(board, 'canTake', [1n, address.carol, 5n])
    assert.equal(allowed, false)
    assert.match(why, /is not open for the buyer/)
    const paid = await holds(cash, 'carol')
    assert.equal((await refusal(tried('carol', board, 'take', 1n, 5n))).code, 9012)
    assert.equal(await holds(cash, 'carol'), paid)
  })

  test('a purchase is served by a holder', async () => {
    await did('bob', board, 'post', false, share.address, cash.address, 3n, 90n, later)
    await did('alice', board, 'take', 2n, 3n)
    await assert.rejects(tried('alice', board, 'take', 2n, 1n), /NotOpen/)
  })

  test('only persons speak, for as long as they say, and take back what is theirs', async () => {
    await assert.rejects(tried('erik', board, 'post', true, share.address, cash.address, 1n, 1n, later), /NotVerified/)
    await did('alice', board, 'post', true, share.address, cash.address, 1n, 1n, await now())
    await assert.rejects(tried('bob', board, 'take', 3n, 1n), /NotOpen/)
    await assert.rejects(tried('bob', board, 'withdraw', 1n), /NotAuthor/)
    await did('alice', board, 'withdraw', 1n)
    await assert.rejects(tried('bob', board, 'take', 1n, 1n), /NotOpen/)
  })
})

describe('an escrow', () => {
  let escrow, later
  const delegate = (limit, expires = BigInt(Date.now() + 3_600_000)) =>
    did('alice', service.identity, 'delegate', escrow.address, 1, share.number, limit, expires)
  const open = (units, until = later, buyer = address.bob) =>
    ['open', buyer, share.number, units, cash.address, 700n, until]
  before(async () => {
    escrow = await deploy(by.alice, 'Escrow')
    later = (await now()) + 100_000n
    const entity = { ...registration(escrow.address, 'DE'), kind: 1 }
    await did('provider', service.identity, 'register', [entity])
    await did('bob', cash, 'approve', escrow.address, 10_000n)
  })

  test('takes nothing without a grant, and no more than it says', async () => {
    assert.match((await refusal(tried('alice', escrow, ...open(7n)))).reason, /no delegation/)
    await delegate(10n)
    assert.match((await refusal(tried('alice', escrow, ...open(11n)))).reason, /limit is used up/)
    const had = await holds(share, 'alice')
    await did('alice', escrow, ...open(7n))
    assert.deepEqual([await holds(share, 'alice'), await holds(share, escrow.address)], [had - 7n, 7n])
    assert.match((await refusal(tried('alice', escrow, ...open(4n)))).reason, /limit is used up/)
  })

  test('gives the units to the buyer against the price', async () => {
    const before = [await holds(share, 'bob'), await holds(cash, 'alice')]
    await assert.rejects(tried('carol', escrow, 'pay', 1n), /NotYours/)
    const receipt = await did('bob', escrow, 'pay', 1n)
    assert.deepEqual(named(escrow, receipt), ['Transfer', 'Transfer', 'Settled'])
    assert.deepEqual([await holds(share, 'bob'), await holds(cash, 'alice')], [before[0] + 7n, before[1] + 700n])
    await assert.rejects(tried('bob', escrow, 'pay', 1n), /NotYours/)
  })

  test('or gives them back: to the buyer\'s word at once, to the seller\'s in time', async () => {
    await delegate(0n)
    await did('alice', escrow, ...open(3n))
    await assert.rejects(tried('alice', escrow, 'giveBack', 2n), /TooEarly/)
    await did('bob', escrow, 'giveBack', 2n)
    await did('alice', escrow, ...open(3n, await now()))
    await did('alice', escrow, 'giveBack', 3n)
    assert.equal(await holds(share, escrow.address), 0n)
  })

  test('can do nothing that the seller could not, and nothing once revoked', async () => {
    await did('issuer', share, 'pause')
    assert.match((await refusal(tried('alice', escrow, ...open(1n)))).reason, /halted/)
    await did('issuer', share, 'unpause')
    // What is here for carol never reaches her: the rules are asked when it moves.
    await did('alice', escrow, ...open(1n, later, address.carol))
    await did('carol', cash, 'approve', escrow.address, 700n)
    assert.equal((await refusal(tried('carol', escrow, 'pay', 4n))).code, 9012)
    await did('alice', service.identity, 'revokeDelegation', escrow.address)
    assert.match((await refusal(tried('alice', escrow, ...open(1n)))).reason, /no delegation/)
  })
})

describe('an issuer\'s own rule', () => {
  test('keeps insiders from trading before results, whichever wallet they use', async () => {
    const rule = await deploy(by.issuer, 'ClosedPeriods', [address.dora])
    const policy = JSON.stringify({ ...POLICY, contract: [rule.address, 100_000] })
    await did('issuer', service.compliance, 'setPolicy', share.number, policy, REPORT)
    const alice = await ask(service.identity, 'personOf', [address.alice])
    await did('dora', rule, 'nameInsider', alice, true)
    await did('alice', share, 'transfer', address.bob, 1n)

    const time = await now()
    await did('dora', rule, 'setPeriod', time, time + 100_000n)
    for (const [from, to] of [['alice', 'bob'], ['bob', 'alice']]) {
      const why = await refusal(tried(from, share, 'transfer', address[to], 1n))
      assert.equal(why.code, 9027)
      assert.match(why.reason, /own rule contract refuses/)
    }
    await did('bob', share, 'transfer', address.dora, 1n)
    await did('issuer', share, 'mint', address.alice, 1n)
    assert.equal(await ask(share, 'canTransfer', [address.alice, address.bob, 1n]), false, 'previews ask it too')
    await assert.rejects(tried('alice', rule, 'setPeriod', 0n, 1n), /NotSecretary/)
    await did('dora', rule, 'setPeriod', 0n, time)
    await did('alice', share, 'transfer', address.bob, 1n)
  })
})
