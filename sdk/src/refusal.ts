import { BaseError, decodeErrorResult, isHex, type Address, type Hex } from 'viem'
import { refusalAbi } from './abi.js'
import { refusals, type Reason } from './generated/wire.js'

/** Every refusal by its name: the module's, or the first reason of compliance and ledger against a movement. */
export type RefusalKind = (typeof refusals)[keyof typeof refusals] | 'door' | 'unknown'

/** A reason against a movement, with its facts and in words. */
export type ExplainedReason = Reason & {
  number: number
  /** The status bytes of ERC-1066 and ERC-1400, and the number of ERC-1404, as docs/reasons.md has them. */
  erc1066: number
  erc1400: number
  erc1404: number
  text: string
  /** What could be done about it. */
  remedy: string
  /** The providers that could attest what is missing, with the wallets by which they are found. */
  ask: readonly { person: bigint; wallet: Address | null; isProvider: boolean }[]
}

/** What stood in the way, and when or how much would pass. */
export type Explanation = {
  reasons: readonly ExplainedReason[]
  /** When it would pass, all else being as it is; null if no date alone would do. */
  earliestOk: bigint | null
  /** The largest amount that would pass now; null if there is too much to try. */
  maxOk: bigint | null
}

const DOOR = 5_000
const REASONS = 9_000
const ALLOWANCE = { code: 4009, status: '0x56' } as const
const BALANCE = { code: 9005, status: '0x54' } as const

/** The chain says no, and why. Nothing was changed. */
export class ScripRefusal extends BaseError {
  override name = 'ScripRefusal'
  /** The number on the wire: the module's times 1000 plus the refusal's, or 9000 plus the first reason's. */
  readonly code: number
  /** What the number stands for. */
  readonly kind: RefusalKind
  /** The ERC-1066 status byte. */
  readonly status: Hex
  /** Every reason in words, as the chain put them. */
  readonly reason: string
  /** Every reason with its facts, where units were to move; empty where a service refused something else. */
  readonly reasons: readonly ExplainedReason[]
  /** When it would pass, all else being as it is. */
  readonly earliestOk: bigint | null
  /** The largest amount that would pass now. */
  readonly maxOk: bigint | null
  /** The transaction that was refused in its block; undefined if nothing was sent. */
  readonly hash: Hex | undefined

  constructor(said: Said, explained?: Explanation, hash?: Hex) {
    super(said.reason, { name: 'ScripRefusal' })
    // The chain's own sentence says it all.
    this.message = said.reason
    this.code = said.code
    this.kind = kindOf(said.code)
    this.status = said.status
    this.reason = said.reason
    this.reasons = explained?.reasons ?? []
    this.earliestOk = explained?.earliestOk ?? null
    this.maxOk = explained?.maxOk ?? null
    this.hash = hash
  }
}

/** A refusal as it stands in revert data. */
export type Said = { code: number; status: Hex; reason: string }

/** Reads a refusal in revert data; undefined if it is a contract's own error. */
export function readRefusal(data: Hex): Said | undefined {
  try {
    const { errorName, args } = decodeErrorResult({ abi: refusalAbi, data })
    if (errorName === 'Refused') return { code: args[0], status: args[1], reason: args[2] }
    const [, have, need] = args as readonly [Address, bigint, bigint]
    if (errorName === 'ERC20InsufficientAllowance')
      return { ...ALLOWANCE, reason: `the allowance is ${have}, ${need} is needed` }
    if (errorName === 'ERC20InsufficientBalance') return { ...BALANCE, reason: `${need} units needed, ${have} there` }
    return undefined
  } catch {
    return undefined
  }
}

/** Reads the refusal behind an error of viem's; undefined if it is another error. */
export function refusalIn(error: unknown): Said | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { raw, data } = cause as { raw?: unknown; data?: unknown }
    for (const candidate of [raw, data, (data as { data?: unknown } | undefined)?.data]) {
      const said = isHex(candidate) ? readRefusal(candidate) : undefined
      if (said) return said
    }
  }
  return undefined
}

/** True if the reasons of compliance and ledger against a movement can be asked for. */
export const isAboutMovement = ({ code }: Said): boolean => code >= REASONS

function kindOf(code: number): RefusalKind {
  const known = (refusals as Record<number, RefusalKind>)[code]
  return known ?? (Math.floor(code / 1_000) * 1_000 === DOOR ? 'door' : 'unknown')
}
