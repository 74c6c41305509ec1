import type { Address } from 'viem'
import type { AccountId, Delegation, Grant, GrantKey } from '../../generated/wire.js'
import { address, at, who, type At, type Who } from '../../naming.js'
import { exact, fromJson, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** What a person ever let contracts do, by the page, and what of it stands now. */
export async function grants(client: AnyClient, parameters: grants.Parameters): Promise<grants.ReturnType> {
  const { who: named, after, limit } = parameters
  const answer = await ask(client, 'scrip_getAppGrants', {
    who: who(named),
    ...(after !== undefined && { after: exact(after) }),
    limit,
  })
  return {
    person: BigInt(answer['person'] as number),
    grants: (answer['grants'] as JsonObject[]).map(grantTold),
    next: answer['next'] == null ? null : BigInt(answer['next'] as number),
    block: at(answer['block']),
  }
}

function grantTold(told: JsonObject): grants.Told {
  const common = {
    contract: address(told['contract']),
    app: told['app'] == null ? null : BigInt(told['app'] as number),
    stands: told['stands'] as boolean,
    why: (told['why'] ?? null) as string | null,
  }
  if (told['kind'] === 'power') {
    const given = told['grant']
    return { ...common, kind: 'power', grant: { ...fromJson('GrantKey', given), ...fromJson('Grant', given) } }
  }
  const given = told['delegation'] ?? null
  const account = fromJson('AccountId', told['account'])
  return { ...common, kind: 'delegation', account, delegation: given === null ? null : fromJson('Delegation', given) }
}

export declare namespace grants {
  type Parameters = {
    /** Whose. */
    who: Who
    /** The `next` of the page before. */
    after?: bigint
    /** How many at most, up to 1000; 100 if none is named. */
    limit?: number
  }
  type Told = {
    /** The contract. */
    contract: Address
    /** The app it belongs to, if it is published. */
    app: bigint | null
    /** True if the contract could use it now. */
    stands: boolean
    /** Why not. */
    why: string | null
  } & (
    | { kind: 'power'; grant: GrantKey & Grant }
    | {
        kind: 'delegation'
        account: AccountId
        /** Null once it was revoked. */
        delegation: Delegation | null
      }
  )
  type ReturnType = {
    person: bigint
    grants: Told[]
    /** Names the next page; null on the last. */
    next: bigint | null
    block: At
  }
  type ErrorType = AskErrorType
}
