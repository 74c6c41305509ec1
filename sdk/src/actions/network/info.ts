import type { Address, Hex } from 'viem'
import { address } from '../../naming.js'
import type { JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'

/** Which network this is. The network key is worth as much as who tells it: to check proofs, get it from someone else. */
export async function info(client: AnyClient): Promise<info.ReturnType> {
  const answer = await ask(client, 'scrip_networkInfo')
  const services = answer['services'] as JsonObject
  const key = answer['network_key'] as string
  return {
    name: answer['name'] as string,
    chainId: answer['chain_id'] as number,
    shard: answer['shard'] as number,
    genesisHash: answer['genesis_hash'] as Hex,
    networkKey: key.startsWith('0x') ? (key as Hex) : `0x${key}`,
    validators: answer['validators'] as number,
    services: {
      identity: address(services['identity']),
      trust: address(services['trust']),
      compliance: address(services['compliance']),
      ledger: address(services['ledger']),
    },
    client: answer['client'] as string,
  }
}

export declare namespace info {
  type ReturnType = {
    name: string
    chainId: number
    shard: number
    genesisHash: Hex
    /** The one key that checks every certificate of the network: a point of BLS12-381 G2. */
    networkKey: Hex
    validators: number
    services: { identity: Address; trust: Address; compliance: Address; ledger: Address }
    /** The node's program and version. */
    client: string
  }
  type ErrorType = AskErrorType
}
