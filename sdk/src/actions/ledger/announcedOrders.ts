import type { JsonObject } from '../../wire/json.js'
import { assetName, at, who, type AssetName, type At, type Who } from '../../naming.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { orderTold, type OrderTold } from './announcedOrder.js'

/** The announced orders that freeze what somebody has of an asset. */
export async function announcedOrders(
  client: AnyClient,
  parameters: announcedOrders.Parameters,
): Promise<announcedOrders.ReturnType> {
  const answer = await ask(client, 'scrip_getOrders', {
    asset: assetName(parameters.asset),
    who: who(parameters.who),
    class: parameters.class,
  })
  return { orders: (answer['orders'] as JsonObject[]).map(orderTold), block: at(answer['block']) }
}

export declare namespace announcedOrders {
  type Parameters = {
    asset: AssetName
    who: Who
    /** Of which class; 0 if none is named. */
    class?: number
  }
  type ReturnType = { orders: OrderTold[]; block: At }
  type ErrorType = AskErrorType
}
