import type { Account, Chain, Client, HttpRequestErrorType, RpcRequestErrorType, Transport } from 'viem'
import type { Json, JsonObject } from '../wire/json.js'

/** Any viem client of the chain. */
export type AnyClient = Client<Transport, Chain | undefined, Account | undefined>

/** What may go wrong when the node is asked. */
export type AskErrorType = RpcRequestErrorType | HttpRequestErrorType

/** Asks the node by one of its own methods, with parameters by name. */
export async function ask(
  client: AnyClient,
  method: `scrip_${string}`,
  parameters: JsonObject = {},
): Promise<JsonObject> {
  return (await askMaybe(client, method, parameters)) as JsonObject
}

/** Asks for what may not be there. */
export async function askMaybe(
  client: AnyClient,
  method: `scrip_${string}`,
  parameters: JsonObject,
): Promise<JsonObject | null> {
  const request = client.request as (request: { method: string; params: Json[] }) => Promise<Json>
  return (await request({ method, params: [parameters] })) as JsonObject | null
}
