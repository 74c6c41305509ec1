import type { Address, Hex } from 'viem'
import type { Attestation } from '../../generated/wire.js'
import { address, at, type At } from '../../naming.js'
import { exact, fromJson, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { appTold, type AppTold } from './apps.js'

/** An app: its contracts, the code of each as published and as it is, and who attests it. */
export async function app(client: AnyClient, parameters: app.Parameters): Promise<app.ReturnType> {
  const named = parameters.app
  const answer = await ask(client, 'scrip_getApp', { app: typeof named === 'bigint' ? exact(named) : named })
  return {
    ...appTold(answer),
    contracts: (answer['contracts'] as JsonObject[]).map((told) => ({
      address: address(told['address']),
      code: (told['code'] ?? null) as Hex | null,
      found: (told['found'] ?? null) as Hex | null,
      matches: told['matches'] as boolean,
      stopped: (told['stopped'] ?? null) as string | null,
      isAttested: told['is_attested'] as boolean,
      attestations: (told['attestations'] as JsonObject[]).map((said) => ({
        ...fromJson('Attestation', said),
        counts: said['counts'] as boolean,
      })),
    })),
    block: at(answer['block']),
  }
}

export declare namespace app {
  type Parameters = {
    /** Its number, or one of its contracts. */
    app: bigint | Address
  }
  type ReturnType = Omit<AppTold, 'contracts'> & {
    contracts: {
      address: Address
      /** The hash of its code when it was published. */
      code: Hex | null
      /** The hash of its code now; null if there is none, or if it is a proxy. */
      found: Hex | null
      /** True if they are the same. */
      matches: boolean
      /** Why it acts for nobody now; null if it may act. */
      stopped: string | null
      /** True if an auditor in standing attests its code now. */
      isAttested: boolean
      attestations: (Attestation & {
        /** True if it counts now, for this app. */
        counts: boolean
      })[]
    }[]
    block: At
  }
  type ErrorType = AskErrorType
}
