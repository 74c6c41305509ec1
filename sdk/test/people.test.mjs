// People as the package knows them, and the powers of the network over them, against the real chain.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { NEVER, documentDate, documentHash, orderKey } from '@scrip/sdk'
import { inAYear, openStage, order, refusal, registration, until } from './chain.mjs'

let chain, by, address, personOf
before(async () => ({ chain, by, address, personOf } = await openStage()))
after(() => chain?.stop())

describe('people', () => {
  test('a provider registers a person, whom everyone can read', async () => {
    const { persons, receipt } = await by.provider.identity.registerSync({
      registrations: [registration(address.erik)],
    })
    assert.equal(receipt.status, 'success')
    const erik = await by.alice.identity.person({ who: address.erik })
    assert.deepEqual([[erik.person], erik.kind, erik.residence, erik.isActive], [persons, 'natural', 'AT', true])
    assert.deepEqual(
      erik.claims.map(({ topic, isCurrent }) => [topic, isCurrent]),
      [[1, true]],
    )
    assert.deepEqual(erik.accounts, [{ account: { person: persons[0], number: 0 }, wallet: address.erik }])
    assert.ok(erik.fuel.gas > 0n && erik.fuel.gas <= erik.fuel.capacity)
    for (const who of [erik.person, erik.accounts[0].account]) {
      assert.equal((await by.alice.identity.person({ who })).person, erik.person)
    }
  })

  test("a stranger enrols with its provider's voucher, and nobody with a changed one", async () => {
    const voucher = await by.provider.identity.signVoucher({
      registration: registration(address.nina),
      deadline: inAYear(),
    })
    const forged = { ...voucher, registration: { ...voucher.registration, residence: 'CH' } }
    assert.equal((await refusal(by.nina.identity.enrol({ voucher: forged }))).kind, 'identity/BadSignature')
    const { person } = await by.nina.identity.enrolSync({ voucher })
    assert.equal((await by.nina.identity.person({ who: address.nina })).person, person)
  })

  test('a stranger without one is told at the door what it lacks', async () => {
    const refused = by.spare.identity.revokeDelegation({ wallet: address.alice, gas: 100_000n })
    await assert.rejects(refused, /not bound to a registered person/)
  })

  test('claims are attested, renewed and revoked; a residence changes', async () => {
    const { person } = await by.alice.identity.person({ who: address.erik })
    const claims = async () => (await by.alice.identity.person({ who: person })).claims
    await by.provider.identity.attestSync({ person, claim: { topic: 10, value: 3n, expires: NEVER } })
    const [, told] = await claims()
    assert.deepEqual([told.topic, told.value, told.expires, told.isCurrent], [10, 3n, NEVER, true])
    assert.equal(told.dated, told.issued)
    const letter = (dated) => ({ person, claim: { topic: 10, dated, expires: NEVER } })
    await by.provider.identity.attestSync(letter(documentDate('2025-02-10')))
    assert.equal((await claims())[1].dated, 1_739_188_800_000n)
    assert.equal((await refusal(by.provider.identity.attest(letter(inAYear())))).kind, 'identity/DatedAhead')
    assert.throws(() => documentDate('2025-02-30'), RangeError)
    await by.provider.identity.revokeClaimSync({ person, topic: 10 })
    assert.equal((await claims())[1].isCurrent, false)
    assert.equal((await refusal(by.provider.identity.revokeClaim({ person, topic: 77 }))).kind, 'identity/NoClaim')
    await by.provider.identity.setResidenceSync({ person, residence: 'LI' })
    assert.equal((await by.alice.identity.person({ who: person })).residence, 'LI')
  })

  test('a person opens a further account for a fresh wallet that consents', async () => {
    const { person } = await by.alice.identity.person({ who: address.erik })
    const consent = await by.spare.identity.signConsent({ person, purpose: 'account', deadline: inAYear() })
    const { number } = await by.erik.identity.openAccountSync({ wallet: address.spare, consent })
    assert.equal(number, 1)
    assert.equal((await by.alice.identity.person({ who: { person, number } })).person, person)
  })

  test('a lost key is replaced by a wallet that consents, unless the recovery is stopped', async () => {
    const { person } = await by.alice.identity.person({ who: address.nina })
    const consent = await by.fresh.identity.signConsent({ person, purpose: 'recovery', deadline: inAYear() })
    const lost = address.nina
    const { ready } = await by.provider.identity.startRecoverySync({ lost, wallet: address.fresh, consent })
    assert.ok(ready > BigInt(Date.now()) - 60_000n)
    await by.provider.identity.cancelRecoverySync({ lost })
    assert.equal((await refusal(by.provider.identity.completeRecovery({ lost }))).kind, 'identity/NoRecovery')
    await by.provider.identity.startRecoverySync({ lost, wallet: address.fresh, consent })
    await by.provider.identity.completeRecoverySync({ lost })
    assert.deepEqual(
      (await by.alice.identity.person({ who: person })).accounts.map(({ wallet }) => wallet),
      [address.fresh],
    )
  })

  test('another wallet acts for an account until it may no longer', async () => {
    await by.alice.identity.delegateSync({
      wallet: address.carol,
      operations: ['transfer'],
      expires: inAYear(),
      limit: 5n,
    })
    const told = () => by.bob.identity.delegation({ who: address.alice, wallet: address.carol })
    const { delegation, isFrozen } = await told()
    assert.deepEqual([delegation.limit, delegation.operations, isFrozen], [5n, 1, false])
    await by.alice.identity.revokeDelegationSync({ wallet: address.carol })
    assert.equal((await told()).delegation, null)
    assert.equal(
      (await refusal(by.alice.identity.revokeDelegation({ wallet: address.carol }))).kind,
      'identity/NothingChanges',
    )
  })

  test("a person comes into another provider's care by its own word", async () => {
    const [person, from, to] = await Promise.all(['carol', 'provider', 'agent'].map(personOf))
    await by.admin.identity.admitProviderSync({ provider: to })
    const consent = await by.carol.identity.signCare({ person, from, to, deadline: inAYear() })
    const forged = await by.bob.identity.signCare({ person, from, to, deadline: inAYear() })
    assert.equal((await refusal(by.agent.identity.takeOver({ person, consent: forged }))).kind, 'identity/BadSignature')
    await by.agent.identity.takeOverSync({ person, consent })
    assert.equal((await by.alice.identity.person({ who: person })).provider, to)
  })
})

describe('the network', () => {
  test('suspends and reinstates by order, and hits by a list', async () => {
    const person = await personOf('dave')
    const told = () => by.alice.identity.person({ who: person })
    await by.officer.identity.suspendSync({ person, order })
    assert.equal((await told()).isActive, false)
    // Who is suspended says something against it, and nothing else.
    const contest = { person, order: orderKey(order), document: documentHash('why not') }
    assert.equal((await refusal(by.alice.identity.contestSuspension(contest))).kind, 'identity/NotBound')
    await by.dave.identity.contestSuspensionSync(contest)
    assert.equal((await refusal(by.dave.identity.contestSuspension(contest))).kind, 'identity/NothingChanges')
    await by.officer.identity.confirmSuspensionSync(contest)
    const [suspension] = (await told()).suspensions
    assert.deepEqual(
      [suspension.key, suspension.contest],
      [contest.order, { by: address.dave, document: contest.document, decision: contest.document }],
    )
    assert.equal(
      (await refusal(by.officer.identity.reinstate({ person, order: { ...order, authority: '' } }))).kind,
      'identity/IncompleteOrder',
    )
    await by.officer.identity.reinstateSync({ person, order })
    assert.equal((await told()).isActive, true)
    await by.officer.identity.setSanctionsSync({ person, listVersion: 3, hit: true })
    assert.equal((await told()).isSanctioned, true)
    await by.officer.identity.setSanctionsSync({ person, listVersion: 4, hit: false })
    assert.equal((await told()).isSanctioned, false)
    assert.equal((await refusal(by.alice.identity.suspend({ person, order }))).kind, 'trust/NotGranted')
  })

  test('lets providers attest or not, ends one, and gives its book to another', async () => {
    const [from, to, person] = await Promise.all(['agent', 'provider', 'carol'].map(personOf))
    await by.admin.identity.setProviderStandingSync({ provider: from, isActive: false })
    assert.equal((await by.alice.identity.person({ who: from })).isProvider, false)
    await by.admin.identity.setProviderStandingSync({ provider: from, isActive: true })
    const move = { from, to, persons: [person], order }
    assert.equal((await refusal(by.admin.identity.moveBook(move))).kind, 'identity/ProviderStands')
    await by.admin.identity.cutOffProviderSync({ provider: from, at: BigInt(Date.now()) + 500n, keepEarlier: false })
    await until(() =>
      by.admin.identity
        .moveBookSync(move)
        .catch((error) => error.kind !== 'identity/ProviderStands' && Promise.reject(error)),
    )
    assert.equal((await by.alice.identity.person({ who: person })).provider, to)
  })

  test('freezes what others may do for a person, for its provider', async () => {
    const person = await personOf('alice')
    await by.provider.identity.freezeDelegationsSync({ person, frozen: true })
    assert.equal((await by.alice.identity.person({ who: person })).delegationsFrozen, true)
    await by.provider.identity.freezeDelegationsSync({ person, frozen: false })
  })

  test('credits fuel and says how it grows', async () => {
    const person = await personOf('bob')
    await by.admin.trust.creditFuelSync({ person, gasAmount: 77n })
    assert.equal((await by.alice.identity.person({ who: person })).fuel.bought, 77n)
    await by.admin.trust.setScheduleSync({
      registeredCapacity: 200_000n,
      verifiedCapacity: 90_000_000n,
      refillMs: 1_000n,
    })
    await until(async () => (await by.alice.identity.person({ who: person })).fuel.capacity === 90_000_000n)
  })
})
