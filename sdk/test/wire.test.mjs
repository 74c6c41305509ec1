// One schema for JSON and bytes, generated; and what is checked in is what the sources give.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  Actions,
  NEVER,
  ScripRefusal,
  assetNumber,
  assetsIn,
  personAddress,
  personsIn,
  readParams,
  readRefusal,
  reasonText,
  remedyText,
  scripActions,
  services,
  tokenAddress,
} from '@scrip/sdk'
import * as abi from '@scrip/sdk/abi'
import { bytesToHex, createClient, custom, decodeAbiParameters, encodeErrorResult, hexToBytes } from 'viem'
import { encodeReport, reportHash, reportOf } from '../dist/actions/compliance/report.js'
import { eventFromJson, eventFromRecord } from '../dist/event.js'
import { parameters } from '../dist/generated/parameters.js'
import { refusals, schema } from '../dist/generated/wire.js'
import { fromBytes, writeBytes } from '../dist/wire/bytes.js'
import { fromJson, time, toJson } from '../dist/wire/json.js'
import { generate } from '../generate/index.mjs'
import { readCrate } from '../generate/rust.mjs'
import { wire } from '../generate/wire.mjs'

describe('what is generated', () => {
  for (const [path, text] of Object.entries(generate())) {
    test(`${path} is what the sources give: else run npm run generate`, () => {
      assert.equal(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), text)
    })
  }

  test('has no two types by one name: the generator stops', () => {
    const root = mkdtempSync(join(tmpdir(), 'scrip-crates-'))
    try {
      cpSync(new URL('../../crates', import.meta.url).pathname, join(root, 'crates'), { recursive: true })
      const file = join(root, 'crates/modules/ledger/src/state.rs')
      const text = readFileSync(file, 'utf8')
      const generated = (more, type) => {
        writeFileSync(file, `${text.replace(/pub struct Document \{/, `$& pub more: ${type},`)}\n${more}`)
        return wire(root)
      }
      assert.match(generated('pub struct Own { pub number: u8 }', 'Own'), /export type Own = \{ number: number \}/)
      const own = (name) => `pub struct ${name} { pub number: u8 }`
      // A type that others have too, one that the package tells as something else, and one that is of two crates.
      assert.throws(() => generated(own('Filter'), 'Filter'), /ledger::Filter and compliance::Filter|compliance::Filter and ledger::Filter/)
      assert.throws(() => generated(own('Date'), 'Date'), /types and ledger have a Date/)
      assert.throws(() => generated('', 'Period'), /ledger: is Period of types or compliance\? Write its path/)
      assert.match(generated('', 'types::Period'), /more: Period/)
      assert.match(generated('', 'compliance::Period'), /more: RulePeriod/)
      writeFileSync(join(root, 'crates/modules/ledger/src/other.rs'), own('Own'))
      assert.throws(() => generated(own('Own'), 'Own'), /ledger defines Own twice/)
    } finally {
      rmSync(root, { recursive: true })
    }
  })

  test('has a verb for every function by which a service changes something', () => {
    const sources = readdirSync(new URL('../src/actions', import.meta.url), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(`../src/actions/${name}`, import.meta.url), 'utf8'))
    for (const [service, name] of [
      ['identity', 'IIdentity'],
      ['trust', 'ITrust'],
      ['trust', 'IApps'],
      ['compliance', 'ICompliance'],
      ['ledger', 'ILedger'],
    ]) {
      const functions = abi[name].filter(
        ({ type, stateMutability }) => type === 'function' && stateMutability === 'nonpayable',
      )
      const without = functions.filter(
        (item) => !sources.some((text) => text.includes(`${service}Abi, '${item.name}'`)),
      )
      assert.deepEqual(
        without.map(({ name }) => name),
        [],
        service,
      )
    }
  })

  test('names every verb in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const verbs = Object.values(Actions)
      .flatMap((subject) => Object.keys(subject))
      .filter((name) => !name.endsWith('Sync'))
    assert.deepEqual(
      verbs.filter((name) => !readme.includes(`\`${name}\``)),
      [],
    )
  })

  test('names every refusal and reason', () => {
    for (const module of ['identity', 'trust', 'compliance', 'ledger']) {
      const folder = new URL(`../../crates/modules/${module}`, import.meta.url).pathname
      const declared = readFileSync(`${folder}/src/refusal.rs`, 'utf8').match(/= \d+, 0x/g).length
      assert.equal(readCrate(folder).refusals.length, declared)
      assert.equal(Object.values(refusals).filter((name) => name.startsWith(`${module}/`)).length, declared)
    }
    assert.equal(refusals[9012], 'COUNTRY_FORBIDDEN')
    assert.equal(refusals[4012], 'ledger/UnknownHold')
  })
})

/** One value of every type, each variant in turn. */
function* samples(type, depth = 0) {
  if (typeof type !== 'string') {
    const [shape, ...parts] = type
    if (shape === 'option') yield null
    // What may hold another of its own kind holds none so deep.
    if (shape === 'option' && depth > 4) return
    if (shape === 'list') yield []
    const first = parts.map((part) => [...samples(part, depth + 1)][0])
    yield shape === 'option' ? first[0] : first
    return
  }
  const item = schema[type]
  const fields = (list) =>
    Object.fromEntries(list.map(([name, of]) => [camel(name), [...samples(of, depth + 1)].at(depth > 3 ? 0 : -1)]))
  if (item?.fields) return yield fields(item.fields)
  for (const [name, , content] of (depth > 3 ? item?.variants.slice(0, 1) : item?.variants) ?? []) {
    if (content === null) yield name
    else yield { [camel(name)]: content.fields ? fields(content.fields) : [...samples(content, depth + 1)][0] }
  }
  if (!item) yield PLAIN[type]
}
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())
const PLAIN = {
  u8: 200,
  u16: 65_000,
  i16: -300,
  u32: 4_000_000_000,
  u64: 2n ** 53n - 1n,
  u128: 2n ** 128n - 1n,
  time: 1_795_260_905_301n,
  person: 12n,
  asset: 7n,
  bool: true,
  string: 'Zürich',
  span: '1y6mo5bd90d',
  clock: '09:30',
  date: '2026-01-15',
  b256: `0x${'ab'.repeat(32)}`,
  bytes: '0x0102',
  address: '0x5C12190000000000000000000000000000000004',
  text2: 'DE',
  text3: 'EUR',
  text6: 'ESVUFR',
  text12: 'US0378331005',
  text20: '984500SCRIP000001297',
}

describe('every type', () => {
  // Events are only ever read: the chain alone announces.
  for (const name of Object.keys(schema).filter((name) => !name.endsWith('Event'))) {
    test(`${name} goes through bytes and back, and through JSON and back`, () => {
      for (const value of samples(name)) {
        const bytes = writeBytes(name, value)
        assert.deepEqual(fromBytes(name, bytes), value)
        for (let end = 0; end < bytes.length; end++)
          assert.throws(() => fromBytes(name, bytes.subarray(0, end)), RangeError)
        assert.throws(() => fromBytes(name, Uint8Array.of(...bytes, 0)), RangeError)
        assert.deepEqual(fromJson(name, JSON.parse(JSON.stringify(toJson(name, value)))), value)
      }
    })
  }
})

describe('events', () => {
  const moved = {
    module: 'ledger',
    event: 'moved',
    asset: 1,
    class: 0,
    from: { person: 6, number: 0 },
    to: { person: 7, number: 0 },
    units: '20',
    cause: 'transfer',
    paths: [],
    operator: '0x5c12190000000000000000000000000000000004',
  }

  test('name their persons and assets, wherever they stand', () => {
    const event = eventFromJson(moved)
    assert.equal(event.units, 20n)
    assert.deepEqual([personsIn(event), assetsIn(event)], [[6n, 7n], [1n]])
    const grant = { grantee: { person: 4 }, power: 'issue', scope: { class: [3, 1] } }
    const granted = eventFromJson({
      module: 'trust',
      event: 'granted',
      grant,
      by: { person: 3 },
      limit: null,
      expires: 18446744073709551615,
      terms: { at_once: '5', period: null, attested: true },
    })
    assert.deepEqual([personsIn(granted), assetsIn(granted)], [[4n, 3n], [3n]])
    assert.equal(granted.expires, NEVER)
  })

  test('of a newer chain are passed on as what they are: unknown', () => {
    assert.equal(eventFromJson({ module: 'settlement', bytes: '0x01' }).by, 'settlement')
    assert.equal(eventFromJson({ module: 'ledger', event: 'teleported', asset: 1 }).module, 'unknown')
    assert.deepEqual(eventFromRecord({ module: 'chain', bytes: '0x05' }), {
      module: 'unknown',
      event: 'unknown',
      by: 'chain',
      bytes: '0x05',
    })
  })
})

describe('policies', () => {
  test('are written as the chain reads them, and a wrong field is named', () => {
    const policy = {
      rules: [{ holding: { max: 600n, fullOnly: true } }, { lot: { freeTo: [5], inherit: { restartIfFrom: 9 } } }],
    }
    assert.deepEqual(toJson('Policy', policy), {
      rules: [{ holding: { max: '600', full_only: true } }, { lot: { free_to: [5], inherit: { restart_if_from: 9 } } }],
    })
    assert.throws(() => toJson('Policy', { rules: [{ holding: { maximum: 1n } }] }), /no field maximum/)
    assert.throws(() => toJson('Policy', { rules: [{ hodling: {} }] }), /no hodling/)
  })
})

describe('what a rule counts over, in which period, and what it does', () => {
  test('is not what a grant covers, what bounds its use, or what a transaction did', () => {
    const rules = [
      { persons: { meter: 'buyers', scope: 'offer', period: { rolling: '90d' }, max: { number: 35n } } },
      { amount: { meter: 'sold', scope: 'issuer', period: { year: { month: 4, day: 1 } }, max: 'outstanding' } },
      { count: { filter: 'all', scope: 'class', max: 100 } },
      { effect: 'restart' },
      { effect: { duty: { duty: 'FORM_D', due: '15d', roll: 'next_business_day' } } },
    ]
    assert.deepEqual(toJson('Policy', { rules }).rules.slice(3), rules.slice(3))
    const { rules: read } = fromBytes('Policy', writeBytes('Policy', { rules }))
    assert.deepEqual(read[0].persons, { meter: 'buyers', scope: 'offer', by: 'everyone', period: { rolling: '90d' }, max: { number: 35n } })
    assert.deepEqual(read[4], rules[4])
    assert.deepEqual(fromJson('Policy', JSON.parse(JSON.stringify(toJson('Policy', { rules })))).rules, read)
    assert.equal(bytesToHex(writeBytes('Scope', { class: [3n, 1] })), '0x02030000000000000001000000')
    assert.equal(bytesToHex(writeBytes('RuleScope', 'offer')), '0x04')
  })
})

describe('what a verb is given', () => {
  const asked = []
  const transport = custom({ request: async (request) => void asked.push(request) })
  const client = createClient({ transport }).extend(scripActions())
  const verbs = Object.entries(Actions)
    .filter(([, subject]) => typeof subject === 'object')
    .flatMap(([subject, verbs]) => Object.entries(verbs).map(([name, verb]) => ({ subject, name, verb })))

  test('is known of every verb', () => {
    const named = verbs.filter(({ name }) => !name.endsWith('Sync')).map(({ subject, name }) => `${subject}.${name}`)
    const known = Object.entries(parameters).flatMap(([subject, verbs]) => Object.keys(verbs).map((name) => `${subject}.${name}`))
    assert.deepEqual(known.sort(), named.sort())
    assert.ok(named.length > 100)
  })

  for (const { subject, name, verb } of verbs) {
    const known = Object.keys(parameters[subject][name.replace(/Sync$/, '')])
    const required = known.filter((one) => !one.endsWith('?'))
    test(`${subject}.${name} refuses what it does not know, and wants what it needs, before anything is asked`, async () => {
      const isWatch = name.startsWith('watch')
      // What is watched gives no promise; what does, never throws before it gave it.
      assert.equal(verb.constructor.name === 'AsyncFunction', !isWatch)
      const run = async (...given) => client[subject][name](...given)
      if (!isWatch) assert.ok(client[subject][name]({ nothing: 1 }).catch(() => {}) instanceof Promise)
      const whole = new RegExp(`^TypeError: ${subject}\\.${name}: `)
      const wrong = await run({ nothing: 1 }).then(assert.fail, (error) => error)
      assert.match(String(wrong), whole)
      assert.match(wrong.message, /there is no nothing, (known are \w|it takes none)/)
      for (const one of required) assert.match(wrong.message, new RegExp(`[ ]${one} is missing`))
      if (required.length > 0) await assert.rejects(run(), whole)
      assert.deepEqual(asked, [])
    })
  }

  test('is looked at to its leaves', async () => {
    const order = { authority: 'a', reference: 'r', document: '0x', expiry: 5n }
    await assert.rejects(client.ledger.fileOrder({ asset: 1n, order }), {
      message: 'ledger.fileOrder: there is no order.expiry, known are authority, reference, document, expires',
    })
    await assert.rejects(client.ledger.transfer({ asset: 1n, legs: [{ to: '0x', units: 1n }, { to: '0x', unit: 1n }] }), {
      message: 'ledger.transfer: legs[1].units is missing; there is no legs[1].unit, known are to, units',
    })
    await assert.rejects(client.ledger.transfer({ asset: 1n, legs: {} }), { message: 'ledger.transfer: legs is a list' })
    await assert.rejects(client.ledger.asset(1n), { message: 'ledger.asset: what it takes is an object' })
    await assert.rejects(client.compliance.meetDuty({ asset: 1n, duty: 'FORM_D' }), {
      message: 'compliance.meetDuty: name is missing; there is no duty, known are asset, name, account, gas, nonce',
    })
  })

  test('never goes out without what is needed, though no client looks at it', () => {
    assert.throws(() => Actions.compliance.meetDuty.call({ asset: 1n }), /meetDuty: an argument is missing, args\[1\]/)
    const order = { reference: 'r', document: '0x' }
    assert.throws(() => Actions.ledger.fileOrder.call({ asset: 1n, order }), /fileOrder: .*, args\[1\]\.authority/)
  })
})

describe('refusals', () => {
  test('are read from revert data, with their name', () => {
    const data = encodeErrorResult({
      abi: abi.refusalAbi,
      errorName: 'Refused',
      args: [4012, '0x20', 'there is no hold 9'],
    })
    const refusal = new ScripRefusal(readRefusal(data))
    assert.deepEqual(
      [refusal.code, refusal.kind, refusal.status, refusal.reason],
      [4012, 'ledger/UnknownHold', '0x20', 'there is no hold 9'],
    )
    assert.equal(new ScripRefusal({ code: 5007, status: '0x20', reason: '' }).kind, 'door')
    assert.equal(new ScripRefusal({ code: 8001, status: '0x20', reason: '' }).kind, 'unknown')
    assert.equal(readRefusal('0x08c379a0'), undefined)
  })

  test("are read from ERC-6093's errors too", () => {
    const said = (errorName) =>
      readRefusal(encodeErrorResult({ abi: abi.refusalAbi, errorName, args: [tokenAddress(1n), 3n, 5n] }))
    assert.deepEqual(said('ERC20InsufficientBalance'), {
      code: 9005,
      status: '0x54',
      reason: '5 units needed, 3 there',
    })
    assert.equal(new ScripRefusal(said('ERC20InsufficientBalance')).kind, 'INSUFFICIENT_BALANCE')
    assert.equal(said('ERC20InsufficientAllowance').reason, 'the allowance is 3, 5 is needed')
  })
})

test('reserved addresses', () => {
  assert.equal(services.ledger, '0x5C12190000000000000000000000000000000004')
  assert.equal(tokenAddress(7n), '0x5c12190000000000000000010000000000000007')
  assert.equal(assetNumber(tokenAddress(2n ** 63n)), 2n ** 63n)
  assert.throws(() => assetNumber(personAddress(7n)), TypeError)
  assert.throws(() => assetNumber(services.ledger), TypeError)
})

test('times beyond exact numbers never come', () => {
  assert.equal(time(18446744073709551615), NEVER)
  assert.equal(time(5), 5n)
  assert.equal(bytesToHex(writeBytes('time', NEVER)), '0xffffffffffffffff')
  assert.equal(fromBytes('Seal', hexToBytes(`0x${'00'.repeat(24)}${'00'.repeat(64)}${'ff'.repeat(16)}`)).opsEnd, NEVER)
})

describe('params of a verdict', () => {
  const { outputs } = abi.complianceAbi.find(({ name }) => name === 'canMove')
  const params = outputs[0].components.find(({ name }) => name === 'params')
  const cases = JSON.parse(readFileSync(new URL('fixtures/params.json', import.meta.url), 'utf8'))

  test('are the reason that the chain has, in its words, for every code', () => {
    for (const { params: encoded, reason, text, remedy } of cases) {
      const read = readParams(decodeAbiParameters([params], encoded)[0])
      assert.deepEqual(read, fromJson('Reason', reason))
      assert.deepEqual([reasonText(read), remedyText(read)], [text, remedy])
    }
    const codes = Object.keys(refusals).filter((code) => code >= 9_000)
    assert.equal(new Set(cases.map(({ reason }) => reason.code)).size, codes.length)
  })
})

describe('reports', () => {
  test('are the same however many pages there were, and have the hash that the command computes', () => {
    const hash = `0x${'aa'.padStart(64, '0')}`
    const page = (next, fails, exceeded) => ({
      ...{ accounts: 2, next, asset: 1, fails, exceeded, holds: [], change: { policy: hash, replaces: 1 } },
      block: { number: 7, hash, time: 5 },
    })
    const lacks = (have, passed, persons) => ({
      ...{ role: 'buyer', count: persons.length, passed, persons },
      reason: { code: 'CLAIM_MISSING', layer: 'issuer', have, text: 'in words' },
    })
    const beyond = (have, holders) => ({ profile: '', rule: { holding: { max: '5' } }, have, limit: '5', holders })
    const report = reportOf([
      page([0, 2], [lacks('1', 1, [9, 4])], [beyond('7', [4, 9])]),
      page(null, [lacks('2', 2, [4, 5])], [beyond('8', [4])]),
    ])
    const whole = { ...page(null, [lacks('1', 3, [4, 5, 9])], [beyond('8', [4, 9])]), accounts: 4 }
    assert.deepEqual(report, reportOf([whole]))
    // The same number stands in crates/client/src/report.rs.
    assert.equal(reportHash(report), '0x53bd2d97dec4fe6eddb0da1c328051f5cd65906a08dbde0e1a804e161321e891')
    assert.equal(JSON.parse(encodeReport(report)).fails[0].reason.text, undefined)
  })
})
