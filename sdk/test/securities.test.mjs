// Securities from their creation to their freezing, against the real chain.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Actions, NEVER, documentHash, english, orderKey, reasonText, remedyText, tokenAddress } from '@scrip/sdk'
import { tokenAbi } from '@scrip/sdk/abi'
import { encodeFunctionData, getAddress, hexToString, sha256, stringToBytes, stringToHex, zeroAddress } from 'viem'
import { readContract, waitForTransactionReceipt, writeContract } from 'viem/actions'
import { inAYear, openStage, order, refusal, registration } from './chain.mjs'

let chain, by, address, personOf
before(async () => {
  ;({ chain, by, address, personOf } = await openStage())
  await by.provider.identity.registerSync({ registrations: [registration(address.erik)] })
})
after(() => chain?.stop())

let asset, token
const policy = {
  rules: [
    { claim: { side: 'both', topic: 1 } },
    { countries: { side: 'receiver', mode: 'allow', countries: ['DE', 'CH', 'AT', 'US'] } },
    { holding: { max: 600n } },
  ],
}

describe('a security', () => {
  test('is created, gets rules and units, and is read back', async () => {
    const given = {
      kind: 'equity',
      symbol: 'ACME',
      name: 'Acme shares',
      isin: 'US0378331005',
      cfi: 'ESVUFR',
      fisn: 'ACME/SH',
      authorised: 2_000n,
    }
    ;({ asset, token } = await by.issuer.ledger.createAssetSync(given))
    assert.equal(token, tokenAddress(asset))
    const { version } = await by.issuer.compliance.setPolicySync({ asset, policy })
    assert.equal(version, 1)
    await by.issuer.ledger.issueSync({
      asset: token,
      legs: [
        { to: address.alice, units: 500n },
        { to: address.bob, units: 100n },
      ],
    })
    for (const name of [asset, token, 'US0378331005']) {
      const told = await by.alice.ledger.asset({ asset: name })
      assert.deepEqual(
        [
          told.asset,
          told.token.toLowerCase(),
          told.symbol,
          told.kind,
          told.authorised,
          told.issued,
          told.holders,
          told.status,
        ],
        [asset, token.toLowerCase(), 'ACME', 'equity', 2_000n, 600n, 2, 'open'],
      )
      assert.deepEqual(told.policy.policy.rules[2], {
        holding: { min: null, max: 600n, maxPart: null, fullOnly: false },
      })
    }
    const { assets } = await by.alice.ledger.assets()
    assert.ok(assets.some((listed) => listed.asset === asset))
  })

  test('moves as its rules allow, to many at once', async () => {
    await by.alice.ledger.transferSync({
      asset,
      legs: [
        { to: address.bob, units: 10n },
        { to: address.carol, units: 20n },
      ],
    })
    const { holders } = await by.alice.ledger.holders({ asset })
    assert.deepEqual(
      holders.map(({ wallet, units }) => [wallet, units]),
      [
        [address.alice, 470n],
        [address.bob, 110n],
        [address.carol, 20n],
      ],
    )
    const { positions } = await by.alice.ledger.positions({ who: address.carol })
    assert.deepEqual(
      positions.map(({ units, free, symbol, lots }) => [units, free, symbol, lots.length]),
      [[20n, 20n, 'ACME', 1]],
    )
  })

  test('is explained before it moves', async () => {
    const question = { asset, from: address.alice, to: address.bob, units: 491n }
    const decision = await by.alice.compliance.explain(question)
    assert.equal(decision.allowed, false)
    assert.deepEqual(
      decision.reasons.map(({ code }) => code),
      ['INSUFFICIENT_BALANCE', 'ABOVE_MAX'],
    )
    assert.deepEqual([decision.reasons[1].have, decision.reasons[1].need, decision.maxOk], [601n, 600n, 470n])
    assert.equal(await by.alice.compliance.canTransfer({ ...question, units: decision.maxOk }), true)
    const [{ lots }] = await by.alice.ledger.positions({ who: address.alice }).then(({ positions }) => positions)
    const chosen = [{ place: 0, anchor: lots[0].anchor, units: 1n }]
    const ofLot = { asset, from: address.alice, to: address.bob, units: 1n, lots: chosen }
    assert.equal((await by.alice.compliance.explain(ofLot)).allowed, true)
    const gone = [{ ...chosen[0], anchor: lots[0].anchor + 1n }]
    await assert.rejects(by.alice.compliance.explain({ ...ofLot, lots: gone }), /lots: 0/)
    // On terms: at a price, by a path that none of its laws offers.
    const onTerms = { ...question, units: 1n, paid: 500n, currency: 'USD' }
    assert.equal((await by.alice.compliance.explain(onTerms)).allowed, true)
    const elected = await by.alice.compliance.explain({ ...onTerms, path: 'R144_NA' })
    assert.deepEqual(
      elected.reasons.map(({ code, fact }) => [code, fact]),
      [['NO_PATH', 'R144_NA']],
    )
    const sale = { asset, path: 'R144_NA', currency: 'USD', legs: [{ to: address.bob, lots: chosen, paid: 500n }] }
    await assert.rejects(by.alice.ledger.transferOn(sale), (error) => error.reasons[0].code === 'NO_PATH')
    await assert.rejects(by.alice.ledger.transferOn({ asset, legs: [{ to: address.bob }] }), /units, or lots/)
    const stranger = await by.alice.compliance.explain({
      asset,
      from: address.alice,
      to: '0x00000000000000000000000000000000000000aa',
      units: 1n,
    })
    assert.deepEqual(
      stranger.reasons.map(({ code, side }) => [code, side]),
      [['WALLET_UNKNOWN', 'receiver']],
    )
    // The words that the chain says are the ones that this package fills, and a translation fills as well.
    for (const reason of [...decision.reasons, ...stranger.reasons]) {
      assert.deepEqual([reasonText(reason), remedyText(reason)], [reason.text, reason.remedy])
    }
    const text = '{need} Stück gebraucht, {have} da'
    const german = { ...english, reasons: { INSUFFICIENT_BALANCE: { number: 5, text, remedy: 'höchstens {have}' } } }
    const { have, need } = decision.reasons[0]
    assert.equal(reasonText(decision.reasons[0], german), `${need} Stück gebraucht, ${have} da`)
    assert.equal(reasonText(decision.reasons[1], german), decision.reasons[1].text)
    assert.ok(decision.policy.version > 0 && decision.policy.hash.length === 66)
  })

  test('periods, turns and what is offered are told as the chain tells them', () => {
    const bare = { layer: 'issuer', side: null, path: null, topic: null, country: null, when: null, fact: null, providers: [], source: null }
    const none = { have: 10n, need: 60n, by: null, since: null, order: null, class: null, used: 50n, held: null, frozen: null, period: null, next: null, offered: [], turn: null }
    const told = (facts) => reasonText({ ...bare, ...none, ...facts })
    const raised = (period, next = null) => told({ code: 'CAP_AMOUNT_ISSUER', period, next })
    assert.equal(raised({ rolling: '12mo' }, 1_775_001_600_000n), '50 of 60 was raised within 12 months; 10 is left until 2026-04-01')
    assert.equal(raised({ fixed: '1y1d' }), '50 of 60 was raised in a period of 1 year 1 day; 10 is left')
    assert.equal(raised('ever'), '50 of 60 was raised in all; 10 is left')
    assert.equal(raised('month'), '50 of 60 was raised in the calendar month; 10 is left')
    assert.equal(raised({ year: { month: 1, day: 1 } }), '50 of 60 was raised in the calendar year; 10 is left')
    assert.equal(raised({ year: { month: 4, day: 1 } }), '50 of 60 was raised in the year from 04-01; 10 is left')
    assert.equal(raised({ since: 'closing' }), '50 of 60 was raised since closing; 10 is left')
    const approval = (turn) => told({ code: 'APPROVAL_MISSING', have: 1n, need: 2n, turn })
    assert.equal(approval('receiver'), '1 of 2 approvals are given; it is the turn of the buyer')
    assert.equal(approval({ of: { list: 7, count: 2 } }), '1 of 2 approvals are given; it is the turn of 2 on list 7')
    const offered = told({ code: 'NO_PATH', fact: 'C', offered: ['A', 'B'] })
    assert.match(offered, /offers the path C; those offered are A, B$/)
    const halted = told({ code: 'PAUSED', class: 1, by: 3n, since: 1_775_001_600_000n })
    assert.equal(halted, 'trading in class 1 of this asset is halted by person 3 since 2026-04-01')
  })

  test('foresees what a change of its rules would mean, and changes nothing', async () => {
    const policy = { rules: [{ claim: { side: 'receiver', topic: 20, atLeast: 0n, atMost: null, providers: [], minAge: '0d', maxAge: null } }] }
    const before = await by.alice.compliance.explain({ asset, from: address.alice, to: address.bob, units: 1n })
    const run = await by.alice.compliance.dryRun({ asset, change: { policy: { ...policy, contract: null } } })
    assert.equal(run.accounts > 1, true)
    // Whoever runs it again on that block has the same report, however many holders it asks for at once.
    const again = await by.bob.compliance.dryRun({ asset, change: { policy }, atOnce: 1, block: run.block.number })
    assert.deepEqual([again.report, again.hash], [run.report, run.hash])
    assert.equal(run.hash, sha256(stringToBytes(run.report)))
    const { asset: of, change } = JSON.parse(run.report)
    assert.deepEqual([BigInt(of), change.policy.length, change.replaces], [asset, 66, before.policy.version])
    const buyers = run.fails.find(({ role }) => role === 'buyer')
    assert.deepEqual([buyers.reason.code, buyers.passed], ['CLAIM_MISSING', buyers.count])
    assert.match(reasonText(buyers.reason), /the buyer needs a current claim: accredited investor/)
    const after = await by.alice.compliance.explain({ asset, from: address.alice, to: address.bob, units: 1n })
    assert.deepEqual([after.allowed, after.policy], [before.allowed, before.policy])
    await assert.rejects(
      by.alice.compliance.dryRun({ asset, change: { adopt: ['NO-SUCH'] } }),
      /NO-SUCH/,
    )
  })

  test('refuses before anything is sent, with every reason and its facts', async () => {
    const nonce = await chain.rpc('eth_getTransactionCount', [address.alice, 'latest'])
    const refused = await refusal(by.alice.ledger.transfer({ asset, legs: [{ to: address.bob, units: 491n }] }))
    assert.equal(refused.kind, 'INSUFFICIENT_BALANCE')
    assert.deepEqual(
      refused.reasons.map(({ code }) => code),
      ['INSUFFICIENT_BALANCE', 'ABOVE_MAX'],
    )
    assert.deepEqual([refused.maxOk, refused.hash, refused.status], [470n, undefined, '0x54'])
    assert.match(refused.reason, /491 units needed, 470 there; the buyer would hold 601, at most 600 is allowed/)
    assert.equal(await chain.rpc('eth_getTransactionCount', [address.alice, 'latest']), nonce)
  })

  test('and in its block, if it is sent all the same', async () => {
    const transfer = { asset, legs: [{ to: address.bob, units: 491n }], gas: 200_000n }
    const refused = await refusal(by.alice.ledger.transferSync(transfer))
    assert.equal(refused.reasons.length, 2)
    const receipt = await by.alice.network.receipt({ hash: refused.hash })
    assert.equal(receipt.status, 'refused')
    assert.equal(receipt.refusal.kind, 'INSUFFICIENT_BALANCE')
    const { hash } = await by.alice.ledger.transfer(transfer)
    assert.equal((await waitForTransactionReceipt(by.alice, { hash })).status, 'reverted')
  })

  test('lets nobody issue without the power to, nor beyond what is authorised', async () => {
    assert.equal(
      (await refusal(by.alice.ledger.issue({ asset, legs: [{ to: address.alice, units: 1n }] }))).kind,
      'trust/NotGranted',
    )
    const much = await refusal(by.issuer.ledger.issue({ asset, legs: [{ to: address.erik, units: 3_000n }] }))
    assert.ok(much.reasons.some(({ code }) => code === 'SUPPLY_CAP'))
  })

  test('is redeemed by its holder, and a redemption explains itself', async () => {
    const refused = await refusal(by.carol.ledger.redeem({ asset, units: 21n }))
    assert.deepEqual(
      refused.reasons.map(({ code, have, need }) => [code, have, need]),
      [['INSUFFICIENT_BALANCE', 20n, 21n]],
    )
    await by.carol.ledger.redeemSync({ asset, units: 1n })
    await by.issuer.ledger.issueSync({ asset, legs: [{ to: address.carol, units: 1n }] })
    assert.equal((await by.alice.ledger.positions({ who: address.carol })).positions[0].units, 20n)
  })
})

describe('an agent', () => {
  test('issues within its grant, until it is revoked', async () => {
    await by.issuer.trust.grantSync({ grantee: address.agent, power: 'issue', asset, limit: 50n })
    await by.agent.ledger.issueSync({ asset, legs: [{ to: address.bob, units: 20n }] })
    const left = await refusal(by.agent.ledger.issue({ asset, legs: [{ to: address.bob, units: 40n }] }))
    assert.equal(left.kind, 'trust/GrantUsedUp')
    const { grants } = await by.alice.trust.grants({ asset })
    const told = grants.find(({ power, grantee }) => power === 'issue' && grantee.person === 4n)
    assert.deepEqual(
      [told.remaining, told.isCurrent, told.act, told.expires, told.scope],
      [30n, true, 'granted', NEVER, { asset }],
    )
    await by.issuer.trust.revokeGrantSync({ grantee: address.agent, power: 'issue', asset })
    assert.equal(
      (await refusal(by.agent.ledger.issue({ asset, legs: [{ to: address.bob, units: 1n }] }))).kind,
      'trust/NotGranted',
    )
  })

  test('and the issuer agree before a power of two is used', async () => {
    await by.issuer.trust.grantSync({ grantee: address.agent, power: 'pause', asset })
    const members = await Promise.all(['issuer', 'agent'].map(personOf))
    await by.issuer.trust.setQuorumSync({ power: 'pause', asset, members, threshold: 2 })
    assert.equal((await refusal(by.issuer.ledger.pause({ asset }))).kind, 'trust/NeedsQuorum')
    const call = Actions.ledger.pause.call({ asset })
    const { proposal } = await by.issuer.trust.proposeSync({ power: 'pause', asset, call, deadline: inAYear() })
    const { scope, quorum } = await by.alice.trust.quorum({ power: 'pause', asset })
    assert.deepEqual([scope, quorum], [{ asset }, { members: members.sort(), threshold: 2 }])
    assert.equal((await by.alice.trust.quorum({ power: 'pause' })).quorum, null)
    const open = await by.alice.trust.proposal({ proposal })
    assert.deepEqual([open.status, open.approvals, open.needed], ['open', [open.proposer], 2])
    assert.deepEqual([open.to, open.data], [getAddress(call.address), encodeFunctionData(call)])
    await by.agent.trust.approveProposalSync({ proposal })
    assert.equal((await by.alice.trust.proposal({ proposal })).status, 'done')
    assert.equal((await by.alice.ledger.asset({ asset })).status, 'paused')
    const refused = await refusal(by.alice.ledger.transfer({ asset, legs: [{ to: address.bob, units: 1n }] }))
    assert.equal(refused.kind, 'PAUSED')
    const resume = await by.issuer.trust.proposeSync({
      power: 'pause',
      asset,
      call: Actions.ledger.resume.call({ asset }),
      deadline: inAYear(),
    })
    await by.agent.trust.approveProposalSync({ proposal: resume.proposal })
    assert.equal((await by.alice.ledger.asset({ asset })).status, 'open')
    const late = await by.issuer.trust.proposeSync({ power: 'pause', asset, call, deadline: inAYear() })
    await by.issuer.trust.withdrawProposalSync({ proposal: late.proposal })
    assert.equal((await refusal(by.issuer.trust.removeQuorum({ power: 'pause', asset }))).kind, 'trust/NeedsQuorum')
    assert.equal(
      (await refusal(by.agent.trust.approveProposal({ proposal: late.proposal }))).kind,
      'trust/ProposalClosed',
    )
  })

  test('pays for another', async () => {
    const person = await personOf('erik')
    await by.issuer.trust.sponsorSync({ person, gasAmount: 1_000_000n, expires: inAYear() })
    assert.equal((await by.alice.identity.person({ who: person })).fuel.sponsor.remaining, 1_000_000n)
    await by.erik.trust.acceptSponsorshipSync({ sponsor: await personOf('issuer') })
    assert.equal((await by.alice.identity.person({ who: person })).fuel.sponsor.isAccepted, true)
    await by.issuer.trust.endSponsorshipSync({ person })
    assert.equal((await by.alice.identity.person({ who: person })).fuel.sponsor, null)
  })
})

describe('an order', () => {
  test('is announced, contested, decided and carried out', async () => {
    await by.issuer.trust.grantSync({ grantee: address.issuer, power: 'force', asset })
    const taking = { asset, from: address.carol, to: address.alice, units: 1n, order }
    const { order: number } = await by.issuer.ledger.announceOrderSync({ ...taking, contestUntil: inAYear() })
    const early = await refusal(by.issuer.ledger.carryOutOrder({ order: number }))
    assert.equal(early.kind, 'ledger/WindowOpen')
    const stranger = await refusal(by.bob.ledger.contestOrder({ order: number, document: order.document }))
    assert.equal(stranger.kind, 'ledger/NotHolder')
    await by.carol.ledger.contestOrderSync({ order: number, document: order.document })
    const { orders } = await by.bob.ledger.announcedOrders({ asset, who: address.carol })
    assert.deepEqual(orders.map(({ number, stage, contest }) => ({ number, stage, contest })), [
      { number, stage: 'contested', contest: { by: address.carol, document: order.document, decision: null } },
    ])
    await by.issuer.ledger.confirmOrderSync({ order: number, document: order.document })
    await by.issuer.ledger.withdrawOrderSync({ order: number })
    const withdrawn = await by.bob.ledger.announcedOrder({ order: number })
    assert.equal(withdrawn.stage, 'withdrawn')
    assert.equal(withdrawn.contest.decision, order.document)
    // Without a window it may be carried out at once.
    const second = await by.issuer.ledger.announceOrderSync(taking)
    assert.equal((await by.bob.ledger.announcedOrder({ order: second.order })).isDue, true)
    await by.issuer.ledger.carryOutOrderSync({ order: second.order })
    assert.equal((await by.bob.ledger.announcedOrder({ order: second.order })).stage, 'carried_out')
    await by.alice.ledger.transferSync({ asset, legs: [{ to: address.carol, units: 1n }] })
  })

  test('that freezes a person or its units is contested by its key, and decided', async () => {
    const [person, document] = [await personOf('carol'), documentHash('why not')]
    const [ofPerson, ofUnits] = [
      { asset, person, order: orderKey(order), document },
      { asset, holder: address.carol, order: orderKey(order), document },
    ]
    await by.issuer.ledger.freezePersonSync({ asset, person, frozen: true, order })
    await by.issuer.ledger.freezeUnitsSync({ asset, holder: address.carol, units: 3n, order })
    // Which order freezes, who carried it out and since when, in the same words here and there; to the buyer it is not told.
    const stopped = { asset, from: address.carol, to: address.bob, units: 1n }
    const [frozen] = (await by.bob.compliance.explain(stopped)).reasons
    const { authority, reference } = order
    assert.deepEqual([frozen.code, frozen.order, frozen.by], ['FROZEN_FROM', { authority, reference }, await personOf('issuer')])
    const bound = await by.bob.ledger.announcedOrders({ asset, who: address.carol })
    assert.deepEqual([bound.frozen[0].halt, bound.freezes[0].halt.by], [{ by: address.issuer, since: frozen.since }, address.issuer])
    assert.deepEqual([reasonText(frozen), remedyText(frozen)], [frozen.text, frozen.remedy])
    assert.match(frozen.text, new RegExp(`by order of ${authority}, ${reference}, carried out by person \\d+ since 2`))
    const [hidden] = (await by.bob.compliance.explain({ ...stopped, view: 'receiver' })).reasons
    assert.deepEqual([hidden.code, hidden.order, hidden.by], ['NOT_ELIGIBLE', null, null])
    assert.equal((await refusal(by.bob.ledger.contestPersonFreeze(ofPerson))).kind, 'ledger/NotHolder')
    assert.equal((await refusal(by.issuer.ledger.confirmUnitsFreeze(ofUnits))).kind, 'ledger/NothingChanges')
    await by.carol.ledger.contestPersonFreezeSync(ofPerson)
    await by.carol.ledger.contestUnitsFreezeSync(ofUnits)
    const told = async () => {
      const { frozen, freezes } = await by.bob.ledger.announcedOrders({ asset, who: address.carol })
      return [frozen[0].key, frozen[0].contest, freezes[0].under, freezes[0].by.agent]
    }
    const open = { by: address.carol, document, decision: null }
    assert.deepEqual(await told(), [orderKey(order), open, orderKey(order), open])
    await by.issuer.ledger.confirmPersonFreezeSync(ofPerson)
    await by.issuer.ledger.confirmUnitsFreezeSync(ofUnits)
    const decided = { by: address.carol, document, decision: document }
    assert.deepEqual(await told(), [orderKey(order), decided, orderKey(order), decided])
    assert.equal((await refusal(by.carol.ledger.contestUnitsFreeze(ofUnits))).kind, 'ledger/NothingChanges')
    await by.issuer.ledger.freezePersonSync({ asset, person, frozen: false, order })
    await by.issuer.ledger.freezeUnitsSync({ asset, holder: address.carol, units: 0n, order })
    assert.equal((await refusal(by.carol.ledger.contestPersonFreeze(ofPerson))).kind, 'ledger/NoSuchOrder')
  })
})

describe('units', () => {
  test('are held for someone, delivered or given back', async () => {
    const terms = { asset, beneficiary: address.bob, units: 5n, expires: inAYear() }
    const { hold } = await by.alice.ledger.holdSync(terms)
    const { positions } = await by.alice.ledger.positions({ who: address.alice })
    assert.equal(positions[0].held, 5n)
    await by.bob.ledger.executeHoldSync({ hold, units: 2n })
    const told = await by.carol.ledger.standingHold({ hold })
    assert.deepEqual([told.number, told.asset, told.units, told.notary], [hold, asset, 3n, null])
    const { block, ...alone } = told
    assert.deepEqual((await by.carol.ledger.standingHolds({ asset, who: address.alice })).holds, [alone])
    assert.ok(block.number > 0n)
    const second = await by.alice.ledger.holdSync(terms)
    await by.bob.ledger.releaseHoldSync({ hold: second.hold })
    const pledge = await by.alice.ledger.pledgeSync({ ...terms, recourse: true })
    assert.equal((await by.carol.ledger.standingHold({ hold: pledge.hold })).pledge.recourse, true)
    await by.bob.ledger.executeHoldSync({ hold: pledge.hold, units: 1n })
    await by.bob.ledger.releaseHoldSync({ hold: pledge.hold })
    // On terms: the holder's own, whoever delivers.
    const priced = await by.alice.ledger.holdOnSync({ ...terms, currency: 'USD', paid: 51n })
    const price = async () => (await by.carol.ledger.standingHold({ hold: priced.hold })).price
    assert.deepEqual(await price(), { currency: 'USD', paid: 51n })
    await by.bob.ledger.executeHoldSync({ hold: priced.hold, units: 1n })
    assert.deepEqual(await price(), { currency: 'USD', paid: 40n })
    await by.bob.ledger.releaseHoldSync({ hold: priced.hold })
    const elected = await by.alice.ledger.holdOnSync({ ...terms, path: 'R144_NA' })
    assert.equal((await refusal(by.bob.ledger.executeHold({ hold: elected.hold, units: 1n }))).kind, 'NO_PATH')
    await by.bob.ledger.releaseHoldSync({ hold: elected.hold })
    assert.equal((await refusal(by.alice.ledger.pledge({ ...terms, recourse: true, path: 'R144_NA' }))).kind, 'NO_PATH')
    const moved = { asset, from: address.alice, to: address.bob, units: 1n, operator: address.bob }
    const { allowed, barred, reasons } = await by.carol.compliance.explain(moved)
    assert.deepEqual([allowed, reasons, barred.code], [false, [], 1016])
    await by.bob.ledger.transferSync({ asset, legs: [{ to: address.alice, units: 2n }] })
    assert.equal((await refusal(by.bob.ledger.executeHold({ hold: 999n, units: 1n }))).kind, 'ledger/UnknownHold')
  })

  test('are paid to many, and held for who may not take them', async () => {
    const carol = await personOf('carol')
    const frozen = { asset, person: carol, order }
    await by.issuer.ledger.freezePersonSync({ ...frozen, frozen: true })
    const legs = [{ to: address.bob, units: 1n }, { to: address.carol, units: 2n }]
    assert.equal((await refusal(by.alice.ledger.transfer({ asset, legs }))).kind, 'FROZEN_TO')
    const paid = await by.alice.ledger.distributeSync({ asset, legs, expires: inAYear() })
    const [hold] = paid.holds
    assert.deepEqual(paid.holds, [hold])
    const told = await by.carol.ledger.standingHold({ hold })
    assert.deepEqual([told.beneficiary.person, told.units, told.notary], [carol, 2n, null])
    await by.issuer.ledger.freezePersonSync({ ...frozen, frozen: false })
    await by.carol.ledger.executeHoldSync({ hold, units: 2n })
    await by.bob.ledger.transferSync({ asset, legs: [{ to: address.alice, units: 1n }] })
    await by.carol.ledger.transferSync({ asset, legs: [{ to: address.alice, units: 2n }] })
  })

  test('are frozen, moved and ended by order', async () => {
    const person = await personOf('carol')
    await by.issuer.trust.grantSync({ grantee: address.issuer, power: 'force', asset })
    await by.issuer.ledger.freezeUnitsSync({ asset, holder: address.carol, units: 8n, order })
    assert.equal((await by.alice.ledger.positions({ who: address.carol })).positions[0].frozen, 8n)
    await by.issuer.ledger.freezePersonSync({ asset, person, frozen: true, order })
    assert.equal(
      (await refusal(by.carol.ledger.transfer({ asset, legs: [{ to: address.bob, units: 1n }] }))).kind,
      'FROZEN_FROM',
    )
    await by.issuer.ledger.freezePersonSync({ asset, person, frozen: false, order })
    await by.issuer.ledger.forceTransferSync({ asset, from: address.carol, to: address.alice, units: 4n, order })
    await by.issuer.ledger.forceRedeemSync({ asset, from: address.carol, units: 3n, order })
    await by.issuer.ledger.reissueSync({ asset, to: address.carol, units: 3n, order })
    assert.equal((await by.alice.ledger.positions({ who: address.carol })).positions[0].units, 16n)
    await by.issuer.ledger.fileOrderSync({ asset, order })
    // A freeze that ends by itself.
    const expires = inAYear()
    await by.issuer.ledger.freezeUnitsSync({ asset, holder: address.carol, units: 2n, order: { ...order, expires } })
    const { positions } = await by.alice.ledger.positions({ who: address.carol })
    const contest = { by: zeroAddress, document: null, decision: null }
    const [{ halt, ...freeze }] = positions[0].freezes
    assert.deepEqual(freeze, { units: 2n, until: expires, under: orderKey(order), by: { agent: contest } })
    assert.equal(halt.by, address.issuer)
    assert.ok(halt.since > 0n && halt.since < expires)
    assert.equal(positions[0].freezes.length, 1)
    await by.issuer.ledger.freezeUnitsSync({ asset, holder: address.carol, units: 0n, order })
    assert.equal(
      (
        await refusal(
          by.issuer.ledger.forceTransfer({
            asset,
            from: address.carol,
            to: address.bob,
            units: 1n,
            order: { ...order, authority: '' },
          }),
        )
      ).kind,
      'ledger/IncompleteOrder',
    )
  })

  test('are remembered as they were', async () => {
    const { checkpoint } = await by.issuer.ledger.takeCheckpointSync({ asset })
    await by.carol.ledger.transferSync({ asset, legs: [{ to: address.bob, units: 2n }] })
    const then = await by.alice.ledger.checkpointBalance({ asset, who: address.carol, checkpoint })
    assert.equal(then.units, 16n)
    assert.ok(then.taken <= then.block.time)
  })

  test('come in classes, which can stand still', async () => {
    const { class: preferred } = await by.issuer.ledger.createClassSync({ asset, name: 'preferred' })
    await by.issuer.ledger.issueSync({ asset, class: preferred, legs: [{ to: address.alice, units: 7n }] })
    await by.issuer.ledger.freezeClassSync({ asset, class: preferred, frozen: true })
    const refused = await refusal(
      by.alice.ledger.transfer({ asset, class: preferred, legs: [{ to: address.bob, units: 1n }] }),
    )
    assert.ok(refused.reasons.length > 0)
    assert.equal((await by.alice.ledger.asset({ asset })).classes[preferred].isFrozen, true)
    assert.deepEqual(
      (await by.alice.ledger.holders({ asset, class: preferred })).holders.map(({ units }) => units),
      [7n],
    )
  })

  test('move by a permit that their owner signed', async () => {
    const deadline = BigInt(Math.floor(Date.now() / 1000) + 3600)
    const permit = await by.alice.ledger.signPermit({ asset, spender: address.bob, value: 30n, deadline })
    const hash = await writeContract(by.bob, permit)
    await waitForTransactionReceipt(by.bob, { hash })
    const at = { address: token, abi: tokenAbi }
    assert.equal(
      await readContract(by.bob, { ...at, functionName: 'allowance', args: [address.alice, address.bob] }),
      30n,
    )
  })
})

describe('a note', () => {
  let note
  test('is issued before it is paid, and its clock starts when it is', async () => {
    const given = { kind: 'debt', symbol: 'NOTE', name: 'Acme notes', cfi: 'DBFUFR', authorised: 1_000n }
    ;({ asset: note } = await by.issuer.ledger.createAssetSync(given))
    await by.issuer.compliance.setPolicySync({ asset: note, policy: { rules: [{ lot: { days: 1 } }] } })
    const leg = { to: address.alice, units: 9n }
    await by.issuer.ledger.issueUnpaidSync({ asset: note, legs: [leg] })
    const send = { asset: note, legs: [{ to: address.bob, units: 4n }] }
    assert.equal((await refusal(by.alice.ledger.transfer(send))).kind, 'UNPAID_LOT')
    const paid = { asset: note, holder: address.alice, units: 9n }
    assert.equal((await refusal(by.alice.ledger.confirmPayment(paid))).kind, 'trust/NotGranted')
    const more = await refusal(by.issuer.ledger.confirmPayment({ ...paid, units: 10n }))
    assert.equal(more.kind, 'ledger/NotUnpaid')
    await by.issuer.ledger.confirmPaymentSync(paid)
    assert.equal((await refusal(by.alice.ledger.transfer(send))).kind, 'LOCKED_LOT')
    const change = { policy: { rules: [] } }
    const { hash: report } = await by.alice.compliance.dryRun({ asset: note, change })
    await by.issuer.compliance.setPolicySync({ asset: note, ...change, report })
    await by.alice.ledger.transferSync(send)
  })

  test('is split, page by page, while nothing of it moves', async () => {
    const terms = { asset: note, made: 5, old: 2 }
    const begun = await by.issuer.ledger.convertSync({ ...terms, limit: 1 })
    assert.equal(begun.isComplete, false)
    assert.deepEqual(
      begun.converted.map(({ units, made, rest }) => [units, made, rest]),
      [[5n, 12n, 1]],
    )
    const send = { asset: note, legs: [{ to: address.alice, units: 1n }] }
    assert.equal((await refusal(by.bob.ledger.transfer(send))).kind, 'ledger/Converting')
    // Whoever it is goes on.
    const done = await by.bob.ledger.convertSync({ ...terms, first: 1, limit: 10 })
    assert.equal(done.isComplete, true)
    assert.equal((await by.bob.ledger.asset({ asset: note })).issued, 22n)
  })

  test('becomes shares of its issuer', async () => {
    const given = { kind: 'equity', symbol: 'NEWS', name: 'New shares', cfi: 'ESVUFR', authorised: 100n }
    const { asset: shares } = await by.issuer.ledger.createAssetSync(given)
    await by.issuer.compliance.setPolicySync({ asset: shares, policy: { rules: [] } })
    const exchange = {
      asset: note,
      made: shares,
      ratio: { made: 1, old: 4 },
      legs: [{ to: address.alice, units: 11n }],
    }
    assert.equal((await refusal(by.alice.ledger.exchange(exchange))).kind, 'trust/NotGranted')
    await by.issuer.ledger.exchangeSync(exchange)
    const of = async (asset) => (await by.bob.ledger.holders({ asset })).holders.map(({ units }) => units)
    assert.deepEqual([await of(note), await of(shares)], [[1n, 10n], [2n]])
  })
})

describe('an issuer', () => {
  test('opens one offer after the other', async () => {
    assert.equal(await by.alice.compliance.offer({ asset }), null)
    assert.equal((await refusal(by.alice.compliance.openOffer({ asset }))).kind, 'trust/NotGranted')
    await by.issuer.compliance.openOfferSync({ asset })
    assert.equal((await refusal(by.issuer.compliance.openOffer({ asset }))).kind, 'compliance/OfferOpen')
    const open = await by.alice.compliance.offer({ asset })
    assert.deepEqual([open.number, open.closed], [1, null])
    await by.issuer.compliance.closeOfferSync({ asset })
    assert.ok((await by.alice.compliance.offer({ asset })).closed >= open.opened)
    await by.issuer.compliance.openOfferSync({ asset })
    assert.equal((await by.alice.compliance.offer({ asset })).number, 2)
    await by.issuer.compliance.closeOfferSync({ asset })
  })

  test('changes lists, documents and what may exist', async () => {
    const person = await personOf('carol')
    await by.issuer.compliance.listSync({ asset, list: 3, person })
    const wallet = by.carol.account.address
    const listed = (entry) => by.carol.compliance.listed({ list: 3, ...entry })
    assert.equal((await listed({ asset, person })).from, 0n)
    // Neither the wallet of who is on it, nor of whom the network lists, is on it.
    assert.deepEqual([await listed({ asset, wallet }), await listed({ person })], [null, null])
    await by.issuer.compliance.delistSync({ asset, list: 3, person })
    assert.equal(await listed({ asset, person }), null)
    await by.issuer.compliance.listSync({ asset, list: 3, wallet, until: 4_000_000_000_000n })
    assert.deepEqual(await listed({ asset, wallet }), { from: 0n, until: 4_000_000_000_000n })
    await by.issuer.compliance.delistSync({ asset, list: 3, wallet })
    await assert.rejects(by.issuer.compliance.listSync({ list: 3, wallet }), /law/i)
    await by.issuer.ledger.setAuthorisedSync({ asset, authorised: 5_000n })
    const name = stringToHex('prospectus', { size: 32 })
    await by.issuer.ledger.publishDocumentSync({
      asset,
      name,
      uri: 'https://example.org/p.pdf',
      hash: documentHash('prospectus'),
    })
    const told = await by.alice.ledger.asset({ asset })
    assert.equal(told.authorised, 5_000n)
    assert.deepEqual(
      told.documents.map(({ name, uri, version }) => [hexToString(name, { size: 32 }), uri, version]),
      [['prospectus', 'https://example.org/p.pdf', 1]],
    )
    assert.equal((await refusal(by.issuer.ledger.closeAsset({ asset }))).kind, 'ledger/NotPaused')
  })
})
