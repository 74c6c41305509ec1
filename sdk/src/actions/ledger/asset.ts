import type { Address, Hex } from 'viem'
import type { Asset, Class, Document, Policy } from '../../generated/wire.js'
import { address, assetName, at, type AssetName, type At } from '../../naming.js'
import { fromJson, time, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** An asset with its classes, documents and the rules in force. */
export async function asset(client: AnyClient, parameters: asset.Parameters): Promise<asset.ReturnType> {
  const answer = await ask(client, 'scrip_getAsset', { asset: assetName(parameters.asset) })
  const classes = answer['classes'] as JsonObject[]
  const documents = answer['documents'] as JsonObject[]
  const policy = answer['policy'] as JsonObject | null
  return {
    ...described({ ...answer, classes: classes.length, documents: documents.length }),
    classes: classes.map((told) => ({
      class: told['class'] as number,
      name: told['name'] as string,
      issued: BigInt(told['issued'] as string),
      treasury: BigInt(told['treasury'] as string),
      isFrozen: told['is_frozen'] as boolean,
      accountsEver: told['accounts_ever'] as number,
    })),
    documents: documents.map((told) => ({ ...fromJson('Document', told), name: told['name'] as Hex })),
    policy: policy && {
      version: policy['version'] as number,
      since: time(policy['since']),
      policy: fromJson('Policy', policy['policy']),
    },
    block: at(answer['block']),
  }
}

/** An asset as it is told alone and in lists. */
export type AssetTold = Asset & {
  /** Its number. */
  asset: bigint
  /** Where it answers as a token. */
  token: Address
  /** Units that others than the issuer itself hold. */
  outstanding: bigint
  /** How many persons hold it. */
  holders: number
}

/** Reads an asset as it is told alone and in lists. */
export function described(answer: Json): AssetTold {
  const told = answer as JsonObject
  return {
    ...fromJson('Asset', told),
    asset: BigInt(told['asset'] as number),
    token: address(told['address']),
    outstanding: BigInt(told['outstanding'] as string),
    holders: told['holders'] as number,
  }
}

export declare namespace asset {
  type Parameters = { asset: AssetName }
  type ReturnType = Omit<AssetTold, 'classes' | 'documents'> & {
    classes: (Pick<Class, 'name' | 'issued' | 'treasury' | 'isFrozen'> & { class: number; accountsEver: number })[]
    documents: (Document & { name: Hex })[]
    /** The rules in force; without any nothing moves. */
    policy: { version: number; since: bigint; policy: Policy } | null
    block: At
  }
  type ErrorType = AskErrorType
}
