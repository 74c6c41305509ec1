// How every verb that changes something goes its way: asked first, sent, and a refusal told with every reason.
import {
  type Abi,
  type Account,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type Hex,
  type TransactionReceipt,
  type WriteContractErrorType,
  type WriteContractParameters,
  type WriteContractSyncParameters,
} from 'viem'
import { simulateContract, writeContract, writeContractSync } from 'viem/actions'
import { ScripRefusal, isAboutMovement, readRefusal, refusalIn, type Explanation, type Said } from '../refusal.js'
import { askMaybe, type AnyClient } from './ask.js'
import { explain, type Stated } from './compliance/explain.js'

/** What every verb that changes something takes beside its own parameters. */
export type WriteParameters = {
  /** Who sends it; the client's account if none is named. */
  account?: Account | Address
  /** How much gas to allow. If it is given, the transaction is sent without asking first whether it would be refused. */
  gas?: bigint
  /** The place in the sender's order; the next one if none is given. */
  nonce?: number
}

/** A transaction was sent. */
export type Written = { hash: Hex }

/** A transaction is in its block and did what it said. */
export type WrittenSync = { hash: Hex; receipt: TransactionReceipt }

/** What may go wrong. */
export type WriteErrorType = ScripRefusal | WriteContractErrorType

/** A call of a service or asset. */
export type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] }

/** A movement that a call would make; without `from` an issue. */
export type Movement = { asset: bigint; class?: number; from?: Address; to?: Address; units: bigint } & Stated

/** A call whose function and arguments its interface has. Text that is undefined would be encoded as none: it throws. */
export function callOf<const abi extends Abi, name extends ContractFunctionName<abi, 'nonpayable'>>(
  address: Address,
  abi: abi,
  functionName: name,
  args: ContractFunctionArgs<abi, 'nonpayable', name>,
) {
  const place = undefinedIn(args)
  if (place !== undefined) throw new TypeError(`${functionName}: an argument is missing, args${place}`)
  return { address, abi, functionName, args }
}

/** Where something is undefined, if anything is. */
function undefinedIn(value: unknown): string | undefined {
  if (value === undefined) return ''
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, part] of Object.entries(value)) {
    const place = undefinedIn(part)
    if (place !== undefined) return Array.isArray(value) ? `[${name}]${place}` : `.${name}${place}`
  }
  return undefined
}

/** Sends a call; throws a `ScripRefusal` before anything is sent if it would be refused. */
export async function write(
  client: AnyClient,
  parameters: WriteParameters,
  call: Call,
  movements: readonly Movement[] = [],
): Promise<Written> {
  const request = options(client, parameters, call)
  return told(client, movements, async () => {
    if (parameters.gas === undefined) await simulateContract(client, request)
    return { hash: await writeContract(client, request as WriteContractParameters) }
  })
}

/** Sends a call and waits for its block; throws a `ScripRefusal` if it is refused, before or there. */
export async function writeSync(
  client: AnyClient,
  parameters: WriteParameters,
  call: Call,
  movements: readonly Movement[] = [],
): Promise<WrittenSync> {
  const request = options(client, parameters, call)
  return told(client, movements, async () => {
    if (parameters.gas === undefined) await simulateContract(client, request)
    const receipt = await writeContractSync(client, {
      ...request,
      throwOnReceiptRevert: false,
    } as WriteContractSyncParameters)
    const hash = receipt.transactionHash
    if (receipt.status === 'success') return { hash, receipt }
    const own = await askMaybe(client, 'scrip_getTransactionReceipt', { tx: hash })
    const said = own?.['data'] ? readRefusal(own['data'] as Hex) : undefined
    const halted = {
      code: 0,
      status: '0x00',
      reason: String(own?.['reason'] ?? 'the transaction was not carried out'),
    } as const
    throw await explained(client, said ?? halted, movements, hash)
  })
}

function options(client: AnyClient, { account = client.account as Account, gas, nonce }: WriteParameters, call: Call) {
  const given = { ...(gas !== undefined && { gas }), ...(nonce !== undefined && { nonce }) }
  return { ...call, account, chain: client.chain, ...given } as Call & { account: Account | Address }
}

/** Runs, and turns an error that carries a refusal into that refusal. */
async function told<T>(client: AnyClient, movements: readonly Movement[], run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const said = error instanceof ScripRefusal ? undefined : refusalIn(error)
    throw said ? await explained(client, said, movements) : error
  }
}

/** How many movements of one call are explained: more would be asked of a node than one answer is worth. */
const MAX_EXPLAINED = 16

async function explained(
  client: AnyClient,
  said: Said,
  movements: readonly Movement[],
  hash?: Hex,
): Promise<ScripRefusal> {
  if (!isAboutMovement(said)) return new ScripRefusal(said, undefined, hash)
  const asked = movements.slice(0, MAX_EXPLAINED).map((movement) => explain(client, movement).catch(() => undefined))
  const refused = (await Promise.all(asked)).filter((decision) => decision && !decision.allowed)
  const first = refused[0]
  const explanation: Explanation | undefined = first && {
    reasons: refused.flatMap((decision) => decision!.reasons),
    earliestOk: refused.length === 1 ? first.earliestOk : null,
    maxOk: refused.length === 1 ? first.maxOk : null,
  }
  return new ScripRefusal(said, explanation, hash)
}
