// Records by table and key: proofs know a record by the hash of both, and a stored record carries both.
import { bytesToHex, hexToBytes, type Hex } from 'viem'
import { tables, type Tables } from '../generated/wire.js'
import { Cursor, readBytes, writeBytes } from '../wire/bytes.js'
import { sha256 } from './hash.js'
import type { Verified } from './verify.js'
import { Unproved, decoded } from './unproved.js'

/** The name of a table whose records this package reads. */
export type TableName = keyof Tables

/** A record by its table and key, as a file of `scrip proof` names it. */
export type Named = { table: number; key: Hex }

/** Names a record. */
export function named<Name extends TableName>(table: Name, key: Tables[Name]['key']): Named {
  return { table: tables[table].number, key: bytesToHex(writeBytes(tables[table].key, key)) }
}

/** The hash under which proofs know a record. */
export function recordKey({ table, key }: Named): Hex {
  return bytesToHex(sha256(tableBytes(table), hexToBytes(key)))
}

/** Takes one record out of what a proof shows: the record, or null where there is none. Throws if it is not shown. */
export function recordOf<Name extends TableName>(
  verified: Verified,
  table: Name,
  key: Tables[Name]['key'],
): Tables[Name]['record'] | null {
  const name = named(table, key)
  const place = recordKey(name)
  const shown = verified.records.find((record) => record.key === place)
  if (!shown) throw new Unproved('record', `the proof does not speak of this record of ${table}`)
  if (shown.record === null) return null
  const stored = takeApart(shown.record)
  if (stored.table !== name.table || stored.key !== name.key) {
    throw new Unproved('record', `the record with key ${place} names another key`)
  }
  return decoded('record', () => readBytes(tables[table].record, hexToBytes(stored.record))) as Tables[Name]['record']
}

/** A proved record, or a proved absence, in words that a program can read. */
export type Told = {
  /** The hash under which the proof knows it. */
  key: Hex
  /** Its table, and its key there; undefined if nobody named an absent record, or the table is not known here. */
  table?: TableName
  of?: unknown
  /** The record; null if there is none. Bytes where the table is not known here. */
  record: unknown
}

/** Tells all records that a proof shows. A record names itself; one that is absent is named by `about`. */
export function tell(verified: Verified, about: readonly Named[] = []): Told[] {
  return verified.records.map(({ key, record }) => {
    const stored = record === null ? undefined : takeApart(record)
    if (stored && recordKey(stored) !== key) {
      throw new Unproved('record', `the record with key ${key} names another key`)
    }
    const name = stored ?? about.find((named) => recordKey(named) === key)
    const table = (Object.keys(tables) as TableName[]).find((known) => tables[known].number === name?.table)
    if (!name || !table) return { key, record: stored ? stored.record : null }
    return {
      key,
      table,
      of: decoded('key', () => readBytes(tables[table].key, hexToBytes(name.key))),
      record: stored ? decoded('record', () => readBytes(tables[table].record, hexToBytes(stored.record))) : null,
    }
  })
}

/** A stored record as table, key and what is recorded. */
function takeApart(stored: Hex): Named & { record: Hex } {
  return decoded('stored record', () => {
    const bytes = hexToBytes(stored)
    const cursor = new Cursor(bytes)
    const table = Number(cursor.number(2))
    const key = cursor.take(Number(cursor.number(2)))
    return { table, key: bytesToHex(key), record: bytesToHex(bytes.subarray(4 + key.length)) }
  })
}

const tableBytes = (table: number) => Uint8Array.of(table & 0xff, table >> 8)
