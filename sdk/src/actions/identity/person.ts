import type { Address } from 'viem'
import type { AccountId, Claim, Person, Sponsorship } from '../../generated/wire.js'
import { address, addressOrNone, at, who, type At, type Who } from '../../naming.js'
import { fromJson, type Json, type JsonObject } from '../../wire/json.js'
import { ask, type AnyClient, type AskErrorType } from '../ask.js'
import { bindingTold, type BindingTold } from '../ledger/announcedOrder.js'

/** A person, its accounts, what providers attest about it, and its fuel. */
export async function person(client: AnyClient, parameters: person.Parameters): Promise<person.ReturnType> {
  const answer = await ask(client, 'scrip_getPerson', { who: who(parameters.who) })
  const accounts = answer['accounts'] as JsonObject[]
  const fuel = answer['fuel'] as JsonObject
  return {
    // How many accounts there are follows from the accounts themselves.
    ...fromJson('Person', { ...answer, accounts: accounts.length }),
    person: BigInt(answer['person'] as number),
    address: address(answer['address']),
    isActive: answer['is_active'] as boolean,
    isSanctioned: answer['is_sanctioned'] as boolean,
    otherNumbers: (answer['other_numbers'] as number[]).map(BigInt),
    suspensions: (answer['suspensions'] as JsonObject[]).map(bindingTold),
    isProvider: answer['is_provider'] as boolean,
    accounts: accounts.map((account) => ({
      account: fromJson('AccountId', account['account']),
      wallet: addressOrNone(account['wallet']),
    })),
    claims: (answer['claims'] as JsonObject[]).map((claim) => ({
      ...fromJson('Claim', claim),
      topicName: claim['topic_name'] as string,
      isCurrent: claim['is_current'] as boolean,
    })),
    fuel: {
      gas: number(fuel['gas']),
      capacity: number(fuel['capacity']),
      wei: number(fuel['wei']),
      bought: number(fuel['bought']),
      sponsor: fuel['sponsor'] == null ? null : fromJson('Sponsorship', fuel['sponsor']),
    },
    block: at(answer['block']),
  }
}

export declare namespace person {
  type Parameters = { who: Who }
  type ReturnType = Omit<Person, 'accounts'> & {
    /** Its number. */
    person: bigint
    /** The address that names it where ERC-3643 speaks of identities. */
    address: Address
    /** False while an order suspends it, and of the dead. */
    isActive: boolean
    isSanctioned: boolean
    /** The other numbers of the same human. */
    otherNumbers: bigint[]
    /** The orders that suspend it. */
    suspensions: BindingTold[]
    isProvider: boolean
    accounts: { account: AccountId; wallet: Address | null }[]
    claims: (Claim & { topicName: string; isCurrent: boolean })[]
    fuel: {
      /** Gas that it can use now. */
      gas: bigint
      capacity: bigint
      /** The same at the chain's price, as wallets show it. */
      wei: bigint
      bought: bigint
      /** Who pays for it, how much more, and until when. */
      sponsor: Sponsorship | null
    }
    block: At
  }
  type ErrorType = AskErrorType
}

const number = (json: Json | undefined) => BigInt(json as string | number)
