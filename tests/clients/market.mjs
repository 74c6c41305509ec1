// A market on a fresh chain, opened with viem: people registered, a security and cash issued.
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeAbiParameters,
  getAddress,
  http,
  keccak256,
  parseEventLogs,
  zeroHash,
} from 'viem'
import { createNonceManager, mnemonicToAccount } from 'viem/accounts'
import { jsonRpc } from 'viem/nonce'
import { startChain } from './chain.mjs'
import { compile } from './contracts.mjs'
import {
  CASH,
  CLAIM_WORDS,
  MNEMONIC,
  OPEN_POLICY,
  PLACES,
  POLICY,
  RESIDENCES,
  ROLES,
  SECURITY,
  SERVICES,
  VOUCHER,
  claimWords,
  registration,
  voucherDomain,
} from './people.mjs'

/** What every interface can answer is decoded by one ABI: refusals come from everywhere. */
export const contracts = compile()
export const REFUSED = contracts.IRefusal.abi
export const abiOf = (...names) => [...names.flatMap((name) => contracts[name].abi), ...REFUSED]
export const TOKEN = abiOf(
  'IERC20', 'IERC20Metadata', 'IERC2612', 'IERC5267', 'IERC165', 'IERC1404', 'IERC1410', 'IERC1594', 'IERC1643', 'IERC1644', 'IERC3643',
  'IERC7943Fungible',
)

/** Connects viem to a chain. Blocks come as fast as work does, so nothing is remembered between calls. */
export async function connect(chain) {
  const id = Number(await chain.rpc('eth_chainId'))
  const network = defineChain({
    id,
    name: 'Scrip',
    nativeCurrency: { name: 'Fuel', symbol: 'FUEL', decimals: 18 },
    rpcUrls: { default: { http: [chain.url], webSocket: [chain.ws] } },
  })
  const client = createPublicClient({ chain: network, transport: http(), pollingInterval: 20, cacheTime: 0 })
  const wallet = (addressIndex) =>
    createWalletClient({ account: account(addressIndex), chain: network, transport: http() })
  return { id, network, client, wallet }
}

export const account = (addressIndex, options = {}) => mnemonicToAccount(MNEMONIC, { addressIndex, ...options })
export const counting = (addressIndex) =>
  account(addressIndex, { nonceManager: createNonceManager({ source: jsonRpc() }) })

export const service = {
  identity: { address: SERVICES.identity, abi: abiOf('IIdentity', 'IIdentityRegistry') },
  trust: { address: SERVICES.trust, abi: abiOf('ITrust') },
  compliance: { address: SERVICES.compliance, abi: abiOf('ICompliance') },
  ledger: { address: SERVICES.ledger, abi: abiOf('ILedger') },
}

/**
 * Starts a chain and brings everyone in: alice, bob and carol are registered, dora enrols herself, erik stays
 * a stranger. Alice has 500 shares and bob 100, and both have cash.
 */
export async function openMarket(start = startChain) {
  const chain = await start()
  try {
    return await furnish(chain)
  } catch (error) {
    await chain.stop()
    throw error
  }
}

async function furnish(chain) {
  const { id, network, client, wallet } = await connect(chain)
  const by = Object.fromEntries(
    Object.entries({ ...ROLES, ...PLACES }).map(([name, place]) => [name, wallet(place)]),
  )
  const address = Object.fromEntries(Object.entries(by).map(([name, { account }]) => [name, account.address]))

  /** Sends a call and waits; a receipt that is no success is an error. */
  const send = async (who, call) => {
    const receipt = await client.waitForTransactionReceipt({ hash: await who.writeContract(call) })
    if (receipt.status !== 'success') throw new Error(`${call.functionName} was refused in its block`)
    return receipt
  }
  const ask = (target, functionName, args = []) => client.readContract({ ...target, functionName, args })
  const deploy = async (who, name, args = []) => {
    const { abi, bytecode } = contracts[name]
    const receipt = await client.waitForTransactionReceipt({ hash: await who.deployContract({ abi, bytecode, args }) })
    if (receipt.status !== 'success') throw new Error(`${name} was not created`)
    return { address: getAddress(receipt.contractAddress), abi: [...abi, ...REFUSED], receipt }
  }

  const registered = await send(by.provider, {
    ...service.identity,
    functionName: 'register',
    args: [['alice', 'bob', 'carol'].map((name) => registration(address[name], RESIDENCES[name]))],
  })
  const enrolled = await enrol({ id, by, address, ask, send })
  const create = async (asset, policy) => {
    const created = await send(by.issuer, { ...service.ledger, functionName: 'createAsset', args: [asset] })
    const [{ args }] = parseEventLogs({ abi: service.ledger.abi, logs: created.logs, eventName: 'AssetCreated' })
    const set = { ...service.compliance, functionName: 'setPolicy', args: [args.asset, JSON.stringify(policy), zeroHash] }
    const token = { address: args.token, abi: TOKEN, number: args.asset }
    return { token, created, policySet: await send(by.issuer, set) }
  }
  const security = await create(SECURITY, POLICY)
  const cash = await create(CASH, OPEN_POLICY)
  const issue = (token, legs) =>
    send(by.issuer, { ...service.ledger, functionName: 'issueBatch', args: [token.number, 0, legs] })
  const issued = await issue(security.token, [
    { to: address.alice, units: 500n },
    { to: address.bob, units: 100n },
  ])
  await issue(cash.token, [
    { to: address.alice, units: 100_000n },
    { to: address.bob, units: 100_000n },
    { to: address.carol, units: 100_000n },
  ])
  return {
    chain,
    id,
    network,
    client,
    wallet,
    by,
    address,
    send,
    ask,
    deploy,
    share: security.token,
    cash: cash.token,
    stop: chain.stop,
    receipts: { registered, enrolled, created: security.created, policySet: security.policySet, issued },
  }
}

/** Dora is no one yet: her provider's voucher lets her first transaction register her. */
async function enrol({ id, by, address, ask, send }) {
  const provider = await ask(service.identity, 'personOf', [address.provider])
  const dora = registration(address.dora, RESIDENCES.dora)
  const deadline = dora.claims[0].expires
  const words = dora.claims.map((claim) => encodeAbiParameters(CLAIM_WORDS.map((type) => ({ type })), claimWords(claim)))
  const signature = await by.provider.signTypedData({
    domain: voucherDomain(id),
    types: VOUCHER,
    primaryType: 'Voucher',
    message: { ...dora, claims: keccak256(`0x${words.map((word) => word.slice(2)).join('')}`), deadline },
  })
  return send(by.dora, { ...service.identity, functionName: 'enrol', args: [provider, dora, deadline, signature] })
}

/** What a refused call says: the decoded `Refused(code, status, reason)`. */
export async function refusal(promise) {
  let error
  try {
    await promise
  } catch (thrown) {
    error = thrown
  }
  if (!error) throw new Error('the call was not refused')
  const reverted = error.walk?.((cause) => cause.name === 'ContractFunctionRevertedError')
  if (!reverted?.data) throw error
  const [code, status, reason] = reverted.data.args
  return { name: reverted.data.errorName, code, status, reason, message: error.message }
}

