// What the compiler must know: this file is checked, never run.
import {
  Actions,
  ScripRefusal,
  scripActions,
  scripDev,
  type GrantKey,
  type Policy,
  type Rule,
  type RuleScope,
  type Scope,
  type ScripEvent,
} from '@scrip/sdk'
import { recordOf, verify, type Bundle } from '@scrip/sdk/proof'
import { createClient, createPublicClient, createWalletClient, http, type Address, type Hex } from 'viem'

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
const holds = <Claim extends true>(..._: Claim[]) => {}

const wallet: Address = '0x0000000000000000000000000000000000000001'
const networkKey: Hex = '0x'

// Any of viem's clients can be extended.
const client = createClient({ chain: scripDev, transport: http() }).extend(scripActions())
createPublicClient({ chain: scripDev, transport: http() }).extend(scripActions()).getBlockNumber()
createWalletClient({ chain: scripDev, transport: http(), account: wallet }).extend(scripActions()).ledger

// A verb's parameters and answer are those of its function.
holds<Same<Parameters<typeof client.ledger.transfer>[0], Actions.ledger.transfer.Parameters>>()
holds<Same<Awaited<ReturnType<typeof client.ledger.createAssetSync>>['asset'], bigint>>()
holds<Same<Awaited<ReturnType<typeof client.network.receipt>>, Actions.network.receipt.ReturnType>>()

// Units are bigint, a policy is checked to its leaves.
// @ts-expect-error units are bigint
client.ledger.transfer({ asset: 1n, legs: [{ to: wallet, units: 5 }] })
// @ts-expect-error a rule has no such field
const wrong: Policy = { rules: [{ holding: { maximum: 5n } }] }
const right: Policy = {
  rules: [
    {
      any: [
        ['small', { holding: { max: 5n } }],
        ['closed', { not: { kind: 'issue' } }],
      ],
    },
  ],
}
// What a rule counts over, in which period and what it does is not what a grant covers or a transaction did.
const counted: Policy = {
  rules: [
    { persons: { meter: 'buyers', scope: 'offer', period: { rolling: '90d' }, max: { number: 35n } } },
    { effect: { duty: { duty: 'FORM_D', due: '15d' } } },
    { effect: 'restart' },
    { fact: { fact: 'closing' } },
  ],
}
holds<Same<Extract<Rule, { count: unknown }>['count']['scope'], RuleScope | undefined>>()
holds<Same<GrantKey['scope'], Scope>>()
// @ts-expect-error a duty has a name
client.compliance.meetDuty({ asset: 1n, duty: 'FORM_D' })
// @ts-expect-error there is no such kind of asset
client.ledger.createAsset({ kind: 'share', symbol: 'A', name: 'A', cfi: 'ESVUFR', authorised: 1n })

// An event's fields follow from its name.
export function unitsOf(event: ScripEvent): bigint | undefined {
  if (event.module !== 'ledger') return undefined
  switch (event.event) {
    case 'moved':
      holds<Same<typeof event.cause, 'issue' | 'transfer' | 'hold' | 'redeem' | 'forced' | 'forced_redeem' | 'pledge' | 'recourse_pledge' | 'exchange' | 'fee'>>()
      return event.units
    case 'hold_released':
      return event.units
    default:
      return undefined
  }
}

// A refusal's kind is one of those that there are.
export function isLocked(error: unknown): boolean {
  // @ts-expect-error there is no such refusal
  if (error instanceof ScripRefusal && error.kind === 'LOCKED') return true
  return error instanceof ScripRefusal && error.kind === 'LOCKED_LOT' && error.earliestOk !== null
}

// A proved record has its table's type, and its key is checked.
export async function proved(bundle: Bundle) {
  const account = { person: 6n, number: 0 }
  const position = recordOf(verify(bundle, networkKey), 'ledger/positions', [1n, 0, account])
  holds<Same<NonNullable<typeof position>['units'], bigint>>()
  const { record } = await client.network.proveRecord({ table: 'identity/wallets', key: wallet, networkKey })
  holds<Same<NonNullable<typeof record>['isAlive'], boolean>>()
  // @ts-expect-error a position's key names class and account
  recordOf(verify(bundle, networkKey), 'ledger/positions', [1n, account])
}
