import type { Hex } from 'viem'
import { exact } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** The validators' signature that made a block final; a node keeps none of blocks that a later one's covers. */
export async function certificate(
  client: AnyClient,
  parameters: certificate.Parameters,
): Promise<certificate.ReturnType> {
  const answer = await ask(client, 'scrip_getCertificate', { height: exact(parameters.height) })
  return answer['certificate'] as Hex
}

export declare namespace certificate {
  type Parameters = { height: bigint }
  type ReturnType = Hex
  type ErrorType = AskErrorType
}
