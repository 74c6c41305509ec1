import type { Hex } from 'viem'
import type { Header, Tables } from '../../generated/wire.js'
import { named, recordKey, recordOf, type Named, type TableName } from '../../proof/record.js'
import type { Unproved } from '../../proof/unproved.js'
import { verify, type Bundle } from '../../proof/verify.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/**
 * Fetches a record with its proof and believes only the proof: whoever runs the node cannot make a record up, nor
 * hide one. Gives the record, or null where there is none, and what to keep or pass on.
 */
export async function proveRecord<const Name extends TableName>(
  client: AnyClient,
  parameters: proveRecord.Parameters<Name>,
): Promise<proveRecord.ReturnType<Name>> {
  const { table, key, networkKey } = parameters
  const about = [named(table, key)]
  const answer = await ask(client, 'scrip_getProof', { keys: about.map(recordKey) })
  const bundle = answer['bundle'] as unknown as Bundle
  const verified = verify(bundle, networkKey)
  return {
    record: recordOf(verified, table, key),
    header: verified.header,
    hash: verified.hash,
    file: { about, bundle },
  }
}

export declare namespace proveRecord {
  type Parameters<Name extends TableName = TableName> = {
    /** The record's table. */
    table: Name
    /** Its key there. */
    key: Tables[Name]['key']
    /** The network's public key, from someone you trust; not from the node that is asked. */
    networkKey: Hex
  }
  type ReturnType<Name extends TableName = TableName> = {
    record: Tables[Name]['record'] | null
    /** The final header after which it stands so. */
    header: Header
    /** The header's hash. */
    hash: Hex
    /** The proof as `scrip verify-proof` reads it. */
    file: { about: Named[]; bundle: Bundle }
  }
  type ErrorType = Unproved | AskErrorType
}
