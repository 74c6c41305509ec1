// Generates `src/generated/wire.ts`: the records, events and reasons of the chain, as types and as one schema from
// which both their JSON and their bytes are read.
import { join } from 'node:path'
import { readCrate, split } from './rust.mjs'

const CRATES = {
  types: 'types',
  identity: 'modules/identity',
  trust: 'modules/trust',
  compliance: 'modules/compliance',
  ledger: 'modules/ledger',
}

/** What the package speaks of; all that these mention comes along. */
const ROOTS = [
  'types::Header',
  'types::Effect',
  'types::EthLog',
  'types::MerkleProof',
  'types::Calendar',
  'identity::Event',
  'identity::Person',
  'identity::Wallet',
  'identity::Claims',
  'identity::Delegation',
  'trust::Event',
  'trust::Grant',
  'trust::Act',
  'trust::Quorum',
  'trust::App',
  'trust::Contract',
  'trust::Attestation',
  'trust::Role',
  'compliance::Event',
  'compliance::Policy',
  'compliance::PolicyRecord',
  'compliance::Profile',
  'compliance::Reason',
  'compliance::Change',
  'ledger::Event',
  'ledger::Asset',
  'ledger::Class',
  'ledger::Position',
  'ledger::Document',
  'ledger::Hold',
  'ledger::Taking',
  'ledger::Stage',
  'ledger::DryRun',
]

/** The tables whose records people prove. */
const TABLES = [
  'identity/persons',
  'identity/accounts',
  'identity/wallets',
  'identity/claims',
  'identity/sanctions',
  'identity/delegations',
  'trust/grants',
  'trust/apps',
  'trust/contracts',
  'trust/attestations',
  'trust/roles',
  'compliance/policies',
  'ledger/assets',
  'ledger/classes',
  'ledger/positions',
  'ledger/documents',
  'ledger/holds',
  'ledger/frozen',
  'ledger/orders',
  'ledger/checkpoints',
]

/** The place of a module's first table among all. */
const TABLES_PER_MODULE = 64

/** Types whose encoding is written by hand in Rust, or that are told as something else. */
const KNOWN = {
  u8: 'u8',
  u16: 'u16',
  u32: 'u32',
  u64: 'u64',
  i16: 'i16',
  bool: 'bool',
  String: 'string',
  str: 'string',
  Name: 'string',
  PersonId: 'person',
  AssetId: 'asset',
  ClassId: 'u32',
  ShardId: 'u16',
  Units: 'u128',
  Exemptions: 'u32',
  Paths: ['list', 'u16'],
  Time: 'time',
  Bps: 'u16',
  B256: 'b256',
  Address: 'address',
  Bytes: 'bytes',
  Isin: 'text12',
  Lei: 'text20',
  Cfi: 'text6',
  Country: 'text2',
  Currency: 'text3',
  Fisn: 'string',
  Span: 'span',
  Clock: 'clock',
  Date: 'date',
}

/** What a type is called where crates call different ones the same. */
const NAMES = {
  'identity::Event': 'IdentityEvent',
  'trust::Event': 'TrustEvent',
  'compliance::Event': 'ComplianceEvent',
  'ledger::Event': 'LedgerEvent',
  'compliance::Effect': 'RuleEffect',
  'compliance::Period': 'RulePeriod',
  'compliance::Scope': 'RuleScope',
}

/** What a field is that may be left out, as JSON. */
const ABSENT = { option: null, list: [], bool: false, string: '', span: '0d', u8: 0, u16: 0, u32: 0, u64: 0, u128: '0' }

const TYPESCRIPT = {
  u8: 'number',
  u16: 'number',
  i16: 'number',
  u32: 'number',
  u64: 'bigint',
  u128: 'bigint',
  time: 'bigint',
  person: 'bigint',
  asset: 'bigint',
  bool: 'boolean',
  string: 'string',
  span: 'string',
  clock: 'string',
  date: 'string',
  b256: 'Hex',
  address: 'Address',
  bytes: 'Hex',
}

export function wire(root) {
  const crates = Object.fromEntries(
    Object.entries(CRATES).map(([name, folder]) => [name, readCrate(join(root, 'crates', folder))]),
  )
  const found = new Map()
  /** Where each name of the package comes from: no two types may share one. */
  const origins = new Map()

  /** A Rust type as a schema, taking along what it names. */
  const type = (crate, text) => {
    // Written as any list; its first items lie in place.
    const inline = text.match(/^SmallVec<\[([^]*); \d+\]>$/)
    if (inline) return ['list', type(crate, inline[1])]
    const generic = text.match(/^(?:\w+::)*(Option|Vec|Box|Arc)<([^]*)>$/)
    if (generic?.[1] === 'Option') return ['option', type(crate, generic[2])]
    if (generic?.[1] === 'Vec') return generic[2] === 'u8' ? 'bytes' : ['list', type(crate, generic[2])]
    if (generic) return type(crate, generic[2])
    if (text.startsWith('(')) return ['tuple', ...split(text.slice(1, -1)).map((part) => type(crate, part))]
    const name = text.split('::').at(-1)
    const owners = Object.keys(crates).filter((owner) => crates[owner][name])
    if (KNOWN[name] && owners.length > 1) throw new Error(`${owners.join(' and ')} have a ${name}, and so does KNOWN`)
    if (KNOWN[name]) return KNOWN[name]
    const owner = ownerOf(crates, crate, text, owners)
    if (!owner) throw new Error(`${crate}: nothing is known of the type ${text}`)
    const item = crates[owner][name]
    if (item.isTwice) throw new Error(`${owner} defines ${name} twice: rename one`)
    return item.alias ? type(owner, item.alias) : take(owner, name, item)
  }
  const take = (crate, name, item) => {
    const origin = `${crate}::${name}`
    const known = NAMES[origin] ?? name
    const other = origins.get(known)
    if (other && other !== origin) throw new Error(`${origin} and ${other} are both ${known}: name one in NAMES`)
    if (other) return known
    origins.set(known, origin)
    // Named before what it holds, which may be itself.
    found.set(known, undefined)
    const record = (fields) =>
      fields.map((field) => {
        const of = type(crate, field.type)
        return { name: field.name, type: of, ...(field.isOptional && { absent: absent(crate, field, of) }) }
      })
    found.set(
      known,
      item.fields
        ? { fields: record(item.fields) }
        : {
            tag: item.tag,
            usual: item.variants.find((variant) => variant.isDefault)?.name,
            variants: item.variants.map((variant) => [
              variant.name,
              variant.number,
              variant.fields
                ? { fields: record(variant.fields) }
                : payload(variant.types?.map((text) => type(crate, text))),
            ]),
          },
    )
    return known
  }
  /** What a field is if it is left out. */
  const absent = (crate, { name, number }, type) => {
    const plain = number ? crates[crate].numbers?.[number] : ABSENT[typeof type === 'string' ? type : type[0]]
    const value = plain === undefined ? found.get(type)?.usual : plain
    if (value === undefined) throw new Error(`${crate}: what is ${name} if it is left out?`)
    return value
  }
  for (const name of ROOTS) type(name.split('::')[0], name)
  const tables = TABLES.map((name) => {
    const crate = name.split('/')[0]
    const table = crates[crate].tables.find((table) => table.name === name)
    const number = crates.types.Module.variants.find((module) => module.name === crate).number * TABLES_PER_MODULE
    return { name, number: number + table.number, key: type(crate, table.key), record: type(crate, table.record) }
  })
  const unused = Object.entries(NAMES).find(([origin, known]) => origins.get(known) !== origin)
  if (unused) throw new Error(`NAMES: nothing mentions ${unused[0]}`)
  return print(found) + printTables(tables) + codes(crates)
}

/** The crate that a type is of: the one its path names, else that which mentions it, else the only one. */
function ownerOf(crates, crate, text, owners) {
  const [name, path] = text.split('::').reverse()
  const near = [path, crate].find((owner) => crates[owner]?.[name])
  if (near || owners.length < 2) return near ?? owners[0]
  throw new Error(`${crate}: is ${text} of ${owners.join(' or ')}? Write its path`)
}

const payload = (types) => (types ? (types.length === 1 ? types[0] : ['tuple', ...types]) : null)
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())

function print(found) {
  const names = [...found.keys()].sort()
  const declared = names.map((name) => `export type ${name} = ${declaration(found.get(name))}`.replace(/= $/m, '='))
  const entries = names.map((name) => `  ${name}: ${JSON.stringify(compact(found.get(name)))},`)
  return `// Generated by generate/wire.mjs from crates/. Do not edit: run \`npm run generate\`.
import type { Address, Hex } from 'viem'
import type { Schema, Type } from '../wire/schema.js'

${declared.join('\n\n')}

/** Every type here by its name in the schema. */
export type Described = { ${names.map((name) => `${name}: ${name}`).join('; ')} }

export const schema = {
${entries.join('\n')}
} as const satisfies Schema
`
}

function printTables(tables) {
  const types = tables.map(
    ({ name, key, record }) => `  '${name}': { key: ${typescript(key)}; record: ${typescript(record)} }`,
  )
  const entries = tables.map(
    ({ name, number, key, record }) =>
      `  '${name}': { number: ${number}, key: ${JSON.stringify(key)}, record: ${JSON.stringify(record)} },`,
  )
  return `
/** Keys and records of the tables that people prove, by name. */
export type Tables = {
${types.join('\n')}
}

/** The tables that people prove: their numbers on the wire, and what their keys and records are. */
export const tables = {
${entries.join('\n')}
} as const satisfies { [Name in keyof Tables]: { number: number; key: Type; record: Type } }
`
}

const compact = (item) =>
  item.fields
    ? { fields: pairs(item.fields) }
    : {
        ...(item.tag && { tag: item.tag }),
        variants: item.variants.map(([name, number, content]) => [
          name,
          number,
          content?.fields ? { fields: pairs(content.fields) } : content,
        ]),
      }
const pairs = (fields) =>
  fields.map(({ name, type, absent }) => (absent === undefined ? [name, type] : [name, type, absent]))

function declaration(item) {
  if (item.fields) return record(item.fields)
  return item.variants
    .map(([name, , content]) => {
      if (item.tag) return `\n  | ${record([], `${item.tag}: '${name}'`, content?.fields ?? [])}`
      if (content === null) return `\n  | '${name}'`
      return `\n  | { ${camel(name)}: ${content.fields ? record(content.fields) : typescript(content)} }`
    })
    .join('')
}

function record(fields, first, more = []) {
  const told = [...fields, ...more].map(({ name, type, absent }) => {
    const mark = absent === undefined ? '' : '?'
    return `${camel(name)}${mark}: ${typescript(type)}`
  })
  return `{ ${[first, ...told].filter(Boolean).join('; ')} }`
}

function typescript(type) {
  if (typeof type === 'string') return TYPESCRIPT[type] ?? (type.startsWith('text') ? 'string' : type)
  const [shape, ...parts] = type
  if (shape === 'option') return `${typescript(parts[0])} | null`
  if (shape === 'list') return `readonly ${wrapped(typescript(parts[0]))}[]`
  return `readonly [${parts.map(typescript).join(', ')}]`
}

const wrapped = (text) => (/[ |]/.test(text) ? `(${text})` : text)

/** What the numbers in a refusal stand for. */
function codes(crates) {
  const modules = ['identity', 'trust', 'compliance', 'ledger']
  const lines = modules.flatMap((name, at) =>
    crates[name].refusals.map(({ name: refusal, code }) => `  ${(at + 1) * 1000 + code}: '${name}/${refusal}',`),
  )
  const reasons = crates.compliance.ReasonCode.variants.map(({ name, number }) => `  ${9000 + number}: '${name}',`)
  return `
/** Refusals by their number on the wire: the module's number times 1000, or 9000 and the reason's. */
export const refusals = {
${[...lines, ...reasons].join('\n')}
} as const
`
}
