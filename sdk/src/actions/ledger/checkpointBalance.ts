import { assetName, at, who, type AssetName, type At, type Who } from '../../naming.js'
import { time } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** What a holder had at a checkpoint: of one class, or of all. */
export async function checkpointBalance(
  client: AnyClient,
  parameters: checkpointBalance.Parameters,
): Promise<checkpointBalance.ReturnType> {
  const { asset, checkpoint, class: of } = parameters
  const named = { asset: assetName(asset), who: who(parameters.who), checkpoint, class: of }
  const answer = await ask(client, 'scrip_getCheckpointBalance', named)
  return { units: BigInt(answer['units'] as string), taken: time(answer['taken']), block: at(answer['block']) }
}

export declare namespace checkpointBalance {
  type Parameters = { asset: AssetName; who: Who; checkpoint: number; class?: number }
  /** The units, and when the checkpoint was taken, in milliseconds since 1970. */
  type ReturnType = { units: bigint; taken: bigint; block: At }
  type ErrorType = AskErrorType
}
