import { keccak256, type Address, type Hex } from 'viem'
import { getCode } from 'viem/actions'
import type { AnyClient } from '../ask.js'

/** Contracts as a version lists them, with the hash of the code that each has now. */
export async function listed(client: AnyClient, { contracts }: listed.Parameters): Promise<listed.ReturnType> {
  return Promise.all(
    contracts.map(async (at) => {
      const code = await getCode(client, { address: at })
      if (!code) throw new TypeError(`there is no contract at ${at}`)
      return { at, code: keccak256(code) }
    }),
  )
}

export declare namespace listed {
  type Parameters = {
    /** The contracts. */
    contracts: readonly Address[]
  }
  type ReturnType = { at: Address; code: Hex }[]
}
