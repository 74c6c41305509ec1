import type { Freeze } from '../../generated/wire.js'
import { fromJson, type JsonObject } from '../../wire/json.js'
import { assetName, at, who, type AssetName, type At, type Who } from '../../naming.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { bindingTold, orderTold, type BindingTold, type OrderTold } from './announcedOrder.js'

/** The orders that freeze what somebody has of an asset: announced ones, agents' on its units, and those on the person. */
export async function announcedOrders(
  client: AnyClient,
  parameters: announcedOrders.Parameters,
): Promise<announcedOrders.ReturnType> {
  const answer = await ask(client, 'scrip_getOrders', {
    asset: assetName(parameters.asset),
    who: who(parameters.who),
    class: parameters.class,
  })
  return {
    orders: (answer['orders'] as JsonObject[]).map(orderTold),
    freezes: (answer['freezes'] as JsonObject[]).map((freeze) => fromJson('Freeze', freeze)),
    frozen: (answer['frozen'] as JsonObject[]).map(bindingTold),
    block: at(answer['block']),
  }
}

export declare namespace announcedOrders {
  type Parameters = {
    asset: AssetName
    who: Who
    /** Of which class; 0 if none is named. */
    class?: number
  }
  type ReturnType = {
    orders: OrderTold[]
    /** What agents' orders freeze of the position: `under` is the key by which each is contested. */
    freezes: Freeze[]
    /** The orders that freeze the person for the asset. */
    frozen: BindingTold[]
    block: At
  }
  type ErrorType = AskErrorType
}
