import type { Power, Quorum, Scope } from '../../generated/wire.js'
import { assetName, at, type AssetName, type At } from '../../naming.js'
import { fromJson } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Who must agree to use a power over the network, an asset or a class of one. */
export async function quorum(client: AnyClient, parameters: quorum.Parameters): Promise<quorum.ReturnType> {
  const { power, asset } = parameters
  const answer = await ask(client, 'scrip_getQuorum', {
    power,
    ...(asset !== undefined && { asset: assetName(asset) }),
    class: parameters.class,
  })
  return {
    power: answer['power'] as Power,
    scope: fromJson('Scope', answer['scope']),
    quorum: answer['quorum'] == null ? null : fromJson('Quorum', answer['quorum']),
    block: at(answer['block']),
  }
}

export declare namespace quorum {
  type Parameters = {
    power: Power
    /** Over which asset; over the network if none is named. */
    asset?: AssetName
    /** Over which class of it; over all if none is named. */
    class?: number
  }
  type ReturnType = {
    power: Power
    scope: Scope
    /** Its members and how many of them must agree; null if one may alone. */
    quorum: Quorum | null
    block: At
  }
  type ErrorType = AskErrorType
}
