import { parseEventLogs, type Address, type Hex } from 'viem'
import { trustAbi } from '../../abi.js'
import type { Power } from '../../generated/wire.js'
import { numberOf } from '../../naming.js'
import { operationsOf, type Operation } from '../operations.js'
import type { WrittenSync } from '../write.js'

/** A version of an app, as its developer presents it. */
export type Version = {
  /** Its name, for people: 1 to 64 bytes. */
  name: string
  /** Where its manifest is. */
  uri: string
  /** SHA-256 of the manifest. */
  manifest: Hex
  /** Its contracts, each with the Keccak-256 hash of its code: see `listed`. */
  contracts: readonly { at: Address; code: Hex }[]
  /** The powers it asks for; it can use no other. */
  powers?: readonly Power[] | undefined
  /** What it would do for accounts; it can do nothing else. */
  operations?: readonly Operation[] | undefined
}

/** A version as the interface has it. */
export const versionOf = ({ name, uri, manifest, contracts, powers, operations }: Version) => ({
  name,
  uri,
  manifest,
  contracts,
  powers: (powers ?? []).reduce((set, power) => set | (1 << numberOf('Power', power)), 0),
  operations: operationsOf(operations ?? []),
})

/** What was published, from the receipt. */
export type PublishedSync = WrittenSync & {
  /** The app's number. */
  app: bigint
  /** Counted from 1. */
  version: number
}

/** Reads it. */
export function published(written: WrittenSync): PublishedSync {
  const logs = parseEventLogs({ abi: trustAbi, logs: written.receipt.logs, eventName: 'AppPublished' })
  const { app, version } = logs[0]!.args
  return { ...written, app, version }
}
