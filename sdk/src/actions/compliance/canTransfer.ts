import type { AnyClient } from '../ask.js'
import { explain } from './explain.js'

/** Would this movement happen now? `explain` says why not. */
export async function canTransfer(
  client: AnyClient,
  parameters: canTransfer.Parameters,
): Promise<canTransfer.ReturnType> {
  return (await explain(client, parameters)).allowed
}

export declare namespace canTransfer {
  type Parameters = explain.Parameters
  type ReturnType = boolean
  type ErrorType = explain.ErrorType
}
