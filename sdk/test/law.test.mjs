// The law as data: every profile and calendar of profiles/, and policies as the documents write them, through the
// package and, by their hashes and in full, through the real chain.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { calendarFromJson, policyFromJson, profileFromJson } from '@scrip/sdk'
import { sha256 } from 'viem'
import { parse } from 'yaml'
import { fromBytes, writeBytes } from '../dist/wire/bytes.js'
import { fromJson, toJson } from '../dist/wire/json.js'
import { openStage, refusal } from './chain.mjs'

const folder = new URL('../../profiles/', import.meta.url)
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => parse(readFileSync(new URL(name, folder), 'utf8'), { intAsBigInt: true }))
const profiles = files.filter(({ profile }) => profile).map(({ profile }) => profile)
const calendars = files.filter(({ calendar }) => calendar).map(({ calendar }) => calendar)

/** The policy of docs/policy.md, as it stands there. */
const documented = JSON.parse(
  readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8').match(/```json\n([^]*?)```/)[1],
)

/** Every period, scope and effect that a policy may have, and every limit. */
const everything = {
  rules: [
    { persons: { meter: 'ever', scope: 'offer', max: { number: '35' } } },
    { persons: { meter: 'rolling', scope: 'class', period: { rolling: '12mo' }, max: { number: 35 } } },
    { counted: { meter: 'rolling', scope: 'class' } },
    { amount: { meter: 'fixed', of: { paid: 'USD' }, period: { fixed: '30d' }, max: { number: '5000000' } } },
    { amount: { meter: 'year', by: 'receiver', period: { year: { month: 4, day: 1 } }, max: { part: { part: 1000, of: 'outstanding' } } } },
    { amount: { meter: 'since', of: 'movements', by: { group: 9 }, period: { since: 'closing' }, max: { least: ['units', 'paid', { paid_in: 'EUR' }] } } },
    { amount: { meter: 'month', period: 'month', max: { if: { less: { holders: 'all' }, than: { holders_of_class: { country: 'DE' } }, then: { sum: [{ number: 1 }, { fact: { fact: 'cap' } }] }, otherwise: { greatest: [{ claim: { side: 'receiver', topic: 50 } }, { number: '7' }] } } } } },
    { count: { filter: { country_without: ['US', 20] }, scope: 'class', max: 100 } },
    { when: { guard: { kind: 'issue' }, then: { effect: { duty: { duty: 'FORM_D', due: '15d' } } } } },
    { when: { guard: { pair: { topic: 9, between: 'parties', lookback: '3mo' } }, then: { effect: 'restart' } } },
  ],
}

/** A profile as the chain keeps it: what it refers to in the version that there is, the first. */
const settled = (value) => {
  if (Array.isArray(value)) return value.map(settled)
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, settled(part)]))
  return parts.by?.profile ? { by: { ...parts.by, version: 1 } } : parts
}

describe('what is written by hand', () => {
  const written = [
    ...profiles.map((json) => ['Profile', json.id, profileFromJson, json]),
    ...calendars.map((json) => ['Calendar', json.id, calendarFromJson, json]),
    ['Policy', 'of docs/policy.md', policyFromJson, documented],
    ['Policy', 'with everything', policyFromJson, everything],
  ]
  for (const [type, name, read, json] of written) {
    test(`${type} ${name} is read, and goes through bytes and JSON and back`, () => {
      const value = read(json)
      assert.deepEqual(fromBytes(type, writeBytes(type, value)), value)
      assert.deepEqual(fromJson(type, JSON.parse(JSON.stringify(toJson(type, value)))), value)
      assert.deepEqual(read(toJson(type, value)), value)
    })
  }

  test('there is every profile and calendar', () => assert.deepEqual([profiles.length, calendars.length], [40, 11]))

  test('is the same with what may be left out and without', () => {
    const value = policyFromJson({ rules: [{ fact: { fact: 'closing' } }, { effect: { duty: { duty: 'D', due: '12mo' } } }] })
    assert.deepEqual(value, {
      rules: [
        { fact: { about: 'asset', fact: 'closing', atLeast: 1n, atMost: null, minAge: '0d', maxAge: null } },
        { effect: { duty: { duty: 'D', due: '1y', roll: 'none' } } },
      ],
      calendar: null,
      contract: null,
    })
    const short = { rules: [{ fact: { fact: 'closing' } }, { effect: { duty: { duty: 'D', due: '1y' } } }] }
    assert.deepEqual(writeBytes('Policy', short), writeBytes('Policy', value))
  })

  const refused = (rule, where) => assert.throws(() => policyFromJson({ rules: [{ not: rule }] }), where)
  test('is refused at the place where it is wrong', () => {
    assert.throws(() => policyFromJson('{"rules": []}'), /^TypeError: policy: ".*" is not an object with rules, /)
    assert.throws(() => policyFromJson({}), /^TypeError: policy: rules is missing/)
    assert.throws(() => policyFromJson({ rules: {} }), /^TypeError: policy.rules: {} is not a list/)
    refused({ holding: { maxPart: 5 } }, /policy\.rules\[0\]\.not\.holding: there is no field maxPart; known are min, max, max_part/)
    refused({ hodling: {} }, /policy\.rules\[0\]\.not: there is no hodling; known are claim, /)
    refused({ kind: 'issue', lot: {} }, /policy\.rules\[0\]\.not: .* is not one of claim, /)
    refused('kind', /policy\.rules\[0\]\.not: "kind" is not \{"kind": …\}/)
    refused({ effect: { restart: {} } }, /not\.effect: {"restart":{}} is not "restart" alone/)
    refused({ list: { side: 'both', mode: 'allow' } }, /not\.list: list is missing/)
    refused({ list: { side: 'both', mode: 'allow', list: -1 } }, /not\.list\.list: -1 is not a whole number/)
    refused({ list: { side: 'both', mode: 'allow', list: 2 ** 32 } }, /not\.list\.list: 4294967296 is not a whole number/)
    refused({ holding: { max: 0.5 } }, /not\.holding\.max: 0\.5 is not a whole number/)
    refused({ holding: { max: 2 ** 60 } }, /not\.holding\.max: 1152921504606847000 is not .* as text/)
    refused({ holding: { full_only: 'yes' } }, /not\.holding\.full_only: "yes" is not true or false/)
    refused({ countries: { side: 'both', mode: 'deny', countries: ['USA'] } }, /countries\.countries\[0\]: "USA" is not 2 letters/)
    refused({ fact: { fact: 'f', min_age: '90' } }, /not\.fact\.min_age: "90" is not a length of time/)
    refused({ any: [['one', { kind: 'issue' }, 3]] }, /not\.any\[0\]: .* is not a list of 2/)
    const profile = profiles.find(({ id }) => id === 'US-506B')
    assert.throws(() => profileFromJson({ profile }), /^TypeError: profile: there is no field profile/)
    assert.throws(() => profileFromJson({ ...profile, effective: ['2026-02-30', null] }), /profile\.effective\[0\]: .* is not a day/)
  })

  test('is told apart where it is handed over as it stands', () => {
    const call = { asset: 1n, policy: documented }
    assert.throws(() => toJson('Policy', call.policy), /policy\.rules\[3\]\.holding: there is no field max_part.*policyFromJson/)
    assert.throws(() => toJson('Policy', { rules: [{ kind: 'issue', lot: {} }] }), /policy\.rules\[0\]: one name is wanted/)
    assert.throws(() => toJson('Policy', { rules: ['lot'] }), /policy\.rules\[0\]: lot stands with what it holds/)
    assert.throws(() => toJson('Policy', { rules: [{ effect: { restart: {} } }] }), /rules\[0\]\.effect: restart stands alone/)
    assert.throws(() => toJson('Policy', { rules: [{ list: { side: 'both' } }] }), /policy\.rules\[0\]\.list: mode is missing/)
    assert.throws(() => toJson('Policy', { rules: [{ not: null }] }), /policy\.rules\[0\]\.not is missing/)
    assert.throws(() => toJson('Policy', { rules: [{ lot: null }] }), /policy\.rules\[0\]\.lot: an object with days, .* is wanted/)
    assert.throws(() => toJson('Policy', { rules: {} }), /policy\.rules: a list is wanted/)
  })
})

describe('on the chain', () => {
  let chain, by, asset
  before(async () => {
    ;({ chain, by } = await openStage())
    const given = { kind: 'equity', symbol: 'LAW', name: 'Law shares', cfi: 'ESVUFR', authorised: 1_000n }
    ;({ asset } = await by.issuer.ledger.createAssetSync(given))
  })
  after(() => chain?.stop())

  test('every calendar and profile is registered, and is there what it is here', async () => {
    for (const calendar of calendars.map(calendarFromJson)) {
      await by.admin.compliance.registerCalendarSync({ calendar })
      const { hash } = await by.alice.compliance.calendar({ id: calendar.id })
      assert.equal(hash, sha256(writeBytes('Calendar', calendar)), calendar.id)
    }
    // What others refer to is there before them.
    const named = (json) => JSON.stringify(toJson('Profile', profileFromJson(json))).includes('{"by":{"profile"')
    for (const json of [...profiles].sort((one, other) => named(one) - named(other))) {
      const profile = profileFromJson(json)
      await by.admin.compliance.registerProfileSync({ profile })
      const { version, hash } = await by.alice.compliance.profile({ id: profile.id })
      assert.deepEqual([version, hash], [1, sha256(writeBytes('Profile', settled(profile)))], profile.id)
    }
  })

  test('a policy is set and read back as it was: the documented one, and one with everything', async () => {
    for (const policy of [documented, { ...everything, calendar: 'US-FEDERAL' }].map(policyFromJson)) {
      // The first takes no report; whoever replaces it brings one.
      const { hash: report } = await by.alice.compliance.dryRun({ asset, change: { policy } })
      await by.issuer.compliance.setPolicySync({ asset, policy, report })
      assert.deepEqual((await by.alice.ledger.asset({ asset })).policy.policy, policy)
    }
  })

  test('profiles are adopted, and a change is foreseen before', async () => {
    const named = ['US-506B', 'US-RESALE', 'US-REGCF', 'EU-PR', 'UK-POATR', 'AU-S708']
    const changed = { ...profileFromJson(profiles.find(({ id }) => id === 'US-506B')), title: 'another' }
    const { accounts } = await by.alice.compliance.dryRun({ asset, change: { register: [changed], adopt: ['US-506B'] } })
    assert.equal(accounts, 0)
    for (const id of named) await by.issuer.compliance.adoptProfileSync({ asset, id })
    const { profiles: found } = await by.alice.compliance.explain({ asset, to: by.alice.account.address, units: 1n })
    assert.ok(found.some(({ id, version }) => id === 'US-506B' && version === 1))
    // For the eyes of another it says no more than it may, and what it rests on.
    const asked = { asset, to: by.alice.account.address, units: 1n }
    const shown = await by.alice.compliance.explain({ ...asked, view: 'public' })
    assert.ok(shown.reasons.every(({ code, side }) => side == null || code === 'NOT_ELIGIBLE'), shown.text)
    assert.deepEqual(shown.effects, [])
    const whole = await by.alice.compliance.explain({ ...asked, reads: true })
    assert.ok(whole.reads.some(({ table }) => table === 'compliance/policies'))
    assert.ok(whole.asOf > 0n)
    assert.equal(whole.effects.length > 0, whole.allowed)
  })

  test('whoever keeps the money asks whether it may be used, or had back', async () => {
    const { person } = await by.alice.identity.person({ who: by.alice.account.address })
    const asked = { asset, profile: 'MY-ECF' }
    await assert.rejects(by.alice.compliance.canRelease(asked), /did not adopt MY-ECF/)
    await by.issuer.compliance.adoptProfileSync({ asset, id: 'MY-ECF' })
    const attest = (name, value) => by.issuer.compliance.attestFactSync({ asset, name, value })
    await attest('target_myr', 100_000_000n)
    await attest('raised_myr', 99_999_999n)
    await attest('offer_closed', 1n)
    const release = await by.alice.compliance.canRelease(asked)
    assert.equal(release.allowed, false)
    const { code, have, need } = release.reason
    assert.deepEqual([code, have, need], ['OUT_OF_BOUNDS', 99_999_999n, 100_000_000n])
    assert.match(release.text, /target amount/)
    const back = await by.alice.compliance.canWithdraw({ ...asked, person })
    assert.deepEqual([back.allowed, back.reason, back.text, back.paths.length], [true, null, '', 1])
    await attest('raised_myr', 100_000_000n)
    const kept = await by.alice.compliance.canWithdraw({ ...asked, person })
    assert.deepEqual([kept.allowed, kept.reason.code, kept.earliestOk], [false, 'NO_PATH', null])
  })

  test('every profile that is registered is listed', async () => {
    const first = await by.alice.compliance.profiles({ limit: 1 })
    assert.deepEqual([first.profiles.length, first.profiles[0].number], [1, 1])
    const rest = await by.alice.compliance.profiles({ after: first.next })
    const listed = [...first.profiles, ...rest.profiles].map(({ id }) => id)
    assert.deepEqual(new Set(listed), new Set(profiles.map(({ id }) => id)))
    const { authority, effective, version } = rest.profiles.find(({ id }) => id === 'US-REGCF')
    assert.deepEqual([authority, effective, version], ['US/SEC', ['2022-09-20', null], 1])
  })

  test('the receiver approves several sales on terms, or so many units in parts', async () => {
    const given = { kind: 'equity', symbol: 'STEP', name: 'Step shares', cfi: 'ESVUFR', authorised: 1_000n }
    const { asset } = await by.issuer.ledger.createAssetSync(given)
    const policy = (then) => policyFromJson({ rules: [{ when: { guard: { kind: 'transfer' }, then } }] })
    await by.issuer.compliance.setPolicySync({ asset, policy: policy({ approvals: ['receiver'] }) })
    const [alice, bob] = [by.alice.account.address, by.bob.account.address]
    await by.issuer.ledger.issueSync({ asset, legs: [{ to: alice, units: 100n }] })
    const sell = (units) => by.alice.ledger.transferOnSync({ asset, currency: 'USD', legs: [{ to: bob, units, paid: 500n }] })
    const isRefused = (error) => error.reasons[0].code === 'APPROVAL_MISSING'
    await assert.rejects(sell(10n), isRefused)
    const persons = await Promise.all([alice, bob].map((who) => by.alice.identity.person({ who })))
    const [from, to] = persons.map(({ person }) => person)
    await by.bob.compliance.approveMovementsSync({ asset, list: 0, from, to, units: 10n, times: 2 })
    await sell(10n)
    await sell(10n)
    await assert.rejects(sell(10n), isRefused)
    const listed = policy({ approvals: [{ of: { list: 7, count: 1 } }] })
    const without = await refusal(by.issuer.compliance.setPolicy({ asset, policy: listed }))
    assert.equal(without.kind, 'compliance/NoReport')
    const { hash: report } = await by.alice.compliance.dryRun({ asset, change: { policy: listed } })
    await by.issuer.compliance.setPolicySync({ asset, policy: listed, report })
    const none = { asset, list: 7, from, to, units: 15n }
    assert.equal((await refusal(by.bob.compliance.approveMovements({ ...none, times: 0 }))).kind, 'compliance/NoneApproved')
    await by.issuer.compliance.listSync({ asset, list: 7, person: to })
    await by.bob.compliance.approveUnitsSync({ asset, list: 7, from, to, units: 15n })
    await sell(9n)
    await assert.rejects(sell(7n), isRefused)
    await sell(6n)
    const { positions } = await by.bob.ledger.positions({ who: bob })
    assert.equal(positions.find((position) => position.asset === asset).units, 35n)
  })

  test('a lot says by which profiles it is resold, and which it came free of', async () => {
    const given = { kind: 'equity', symbol: 'FREE', name: 'Free shares', cfi: 'ESVUFR', authorised: 100n }
    const { asset } = await by.issuer.ledger.createAssetSync(given)
    await by.issuer.compliance.setPolicySync({ asset, policy: policyFromJson({ rules: [] }) })
    const written = { title: 'Freed', source: 'test', effective: ['2025-01-01', null], issue: [{ kind: 'issue' }] }
    for (const [id, resale] of [['XA-KEPT', [{ kind: 'transfer' }]], ['XB-FREED', [{ effect: 'free' }]]]) {
      const profile = profileFromJson({ ...written, id, authority: `${id.slice(0, 2)}/T`, resale })
      await by.admin.compliance.registerProfileSync({ profile })
      await by.issuer.compliance.adoptProfileSync({ asset, id })
    }
    const [alice, bob] = [by.alice.account.address, by.bob.account.address]
    await by.issuer.ledger.issueSync({ asset, legs: [{ to: alice, units: 10n }] })
    await by.alice.ledger.transferSync({ asset, legs: [{ to: bob, units: 4n }] })
    const lots = async (who) => {
      const { positions } = await by.alice.ledger.positions({ who })
      const { lots } = positions.find((position) => position.asset === asset)
      return lots.map(({ units, profiles, freeOf }) => ({ units, profiles, freeOf }))
    }
    const [kept, freed] = ['XA-KEPT', 'XB-FREED'].map((id) => ({ id, version: 1 }))
    assert.deepEqual(await lots(alice), [{ units: 6n, profiles: [kept, freed], freeOf: [] }])
    assert.deepEqual(await lots(bob), [{ units: 4n, profiles: [kept], freeOf: [freed] }])
  })

  test('what a rule makes the issuer owe is asked for and met by one name', async () => {
    const given = { kind: 'equity', symbol: 'OWED', name: 'Owed shares', cfi: 'ESVUFR', authorised: 1_000n }
    const { asset } = await by.issuer.ledger.createAssetSync(given)
    const policy = policyFromJson({
      rules: [
        { when: { guard: { kind: 'issue' }, then: { effect: { duty: { duty: 'FORM_D', due: '15d' } } } } },
        { amount: { meter: 'raised', scope: 'offer', max: { number: 10 } } },
      ],
    })
    await by.issuer.compliance.setPolicySync({ asset, policy })
    const owed = { asset, name: 'FORM_D' }
    const legs = [{ to: by.alice.account.address, units: 10n }]
    const closed = await refusal(by.issuer.ledger.issue({ asset, legs }))
    assert.equal(closed.kind, 'OFFER_NOT_OPEN')
    await by.issuer.compliance.openOfferSync({ asset })
    assert.equal(await by.issuer.compliance.duty(owed), null)
    await by.issuer.ledger.issueSync({ asset, legs })
    assert.equal((await by.issuer.compliance.duty(owed)).met, null)
    await by.issuer.compliance.meetDutySync(owed)
    assert.ok((await by.issuer.compliance.duty(owed)).met > 0n)
    const over = await refusal(by.issuer.ledger.issue({ asset, legs: [{ ...legs[0], units: 1n }] }))
    assert.match(over.kind, /^CAP_AMOUNT/)
  })
})
