// `client.extend(scripActions())`: every verb on the client, by subject. Each is a function of its own, too.
import * as identity from './identity/index.js'
import * as trust from './trust/index.js'
import * as apps from './apps/index.js'
import * as compliance from './compliance/index.js'
import * as ledger from './ledger/index.js'
import * as network from './network/index.js'
import type { TableName } from '../proof/record.js'
import type { AnyClient } from './ask.js'
import { checkParameters } from './parameters.js'

export { identity, trust, apps, compliance, ledger, network }

/** The verbs of a subject with the client filled in. */
type Bound<Verbs> = {
  [Name in keyof Verbs]: Verbs[Name] extends (client: AnyClient, ...rest: infer Rest) => infer Return
    ? (...rest: Rest) => Return
    : never
}

/** What a client can do once it is extended. */
export type ScripActions = {
  /** Persons, accounts, wallets, claims, providers. */
  identity: Bound<typeof identity>
  /** Who may do what, to what, until when; and fuel. */
  trust: Bound<typeof trust>
  /** Apps under trust: who publishes them, who attests their code, which there are. */
  apps: Bound<typeof apps>
  /** May this happen? */
  compliance: Bound<typeof compliance>
  /** Securities and cash, who holds them, and how they move. */
  ledger: Bound<typeof ledger>
  /** Blocks, receipts, proofs. */
  network: Omit<Bound<typeof network>, 'proveRecord'> & {
    /** Fetches a record with its proof and believes only the proof. */
    proveRecord<const Name extends TableName>(
      parameters: network.proveRecord.Parameters<Name>,
    ): Promise<network.proveRecord.ReturnType<Name>>
  }
}

/** Gives a viem client the words of the securities market. */
export function scripActions() {
  return (client: AnyClient): ScripActions => ({
    identity: bound(client, 'identity', identity),
    trust: bound(client, 'trust', trust),
    apps: bound(client, 'apps', apps),
    compliance: bound(client, 'compliance', compliance),
    ledger: bound(client, 'ledger', ledger),
    network: bound(client, 'network', network) as ScripActions['network'],
  })
}

function bound<Verbs extends object>(client: AnyClient, subject: keyof ScripActions, verbs: Verbs): Bound<Verbs> {
  const bind = ([name, verb]: [string, (client: AnyClient, ...rest: unknown[]) => unknown]) => {
    const checked = (...rest: unknown[]) => {
      checkParameters(subject, name, rest[0])
      return verb(client, ...rest)
    }
    // What is watched gives at once what stops it; all else a promise, of what is wrong too.
    return [name, name.startsWith('watch') ? checked : async (...rest: unknown[]) => checked(...rest)] as const
  }
  return Object.fromEntries(Object.entries(verbs).map(bind)) as Bound<Verbs>
}
