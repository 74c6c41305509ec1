import type { Hex } from 'viem'
import type { Binding, Stage, Taking } from '../../generated/wire.js'
import { at, type At } from '../../naming.js'
import { exact, fromJson, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** An order that was announced to the holder whose units it is to take, and whether it may be carried out now. */
export async function announcedOrder(
  client: AnyClient,
  parameters: announcedOrder.Parameters,
): Promise<announcedOrder.ReturnType> {
  const answer = await ask(client, 'scrip_getOrder', { order: exact(parameters.order) })
  return { ...orderTold(answer), block: at(answer['block']) }
}

/** An announced order as it is told alone and in lists. */
export type OrderTold = Taking & {
  /** Its number. */
  number: bigint
  /** How far it has come. */
  stage: Stage
  /** True if it may be carried out now. */
  isDue: boolean
}

/** Reads an announced order as it is told alone and in lists. */
export function orderTold(answer: Json): OrderTold {
  const told = answer as JsonObject
  return {
    ...fromJson('Taking', told),
    number: BigInt(told['number'] as number),
    stage: told['stage'] as Stage,
    isDue: told['is_due'] as boolean,
  }
}

/** An order that binds a person, and how it contests it. */
export type BindingTold = Binding & {
  /** The key by which it is contested. */
  key: Hex
}

/** Reads an order that binds a person as it is told in lists. */
export function bindingTold(answer: Json): BindingTold {
  const told = answer as JsonObject
  return { ...fromJson('Binding', told), key: told['key'] as Hex }
}

export declare namespace announcedOrder {
  type Parameters = {
    /** Its number. */
    order: bigint
  }
  type ReturnType = OrderTold & { block: At }
  type ErrorType = AskErrorType
}
