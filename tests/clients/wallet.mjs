// A wallet for tests: EIP-1193 with keys in Node, and a person's yes or no. What a page or a library sees of it
// is what it sees of a browser's wallet.
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  hexToBigInt,
  hexToNumber,
  http,
  isAddressEqual,
  numberToHex,
  recoverMessageAddress,
} from 'viem'

/** Errors as EIP-1193 and EIP-3085 number them. */
export const REJECTED = 4001
export const UNKNOWN_CHAIN = 4902
const UNSUPPORTED = 4200

const error = (code, message) => Object.assign(new Error(message), { code })

/**
 * A wallet that knows one key and, until it is told of others, the chains in `chains`: { id: url }. `decide` is asked
 * about everything that a person would be asked about; its no is a rejection. `seen` is what it was asked.
 */
export function testWallet({ account, chains = {}, chainId, decide = () => true }) {
  const known = new Map(Object.entries(chains).map(([id, url]) => [Number(id), url]))
  const listeners = new Map()
  const seen = []
  const watched = []
  let selected = chainId
  let isConnected = false

  const tell = (event, value) => listeners.get(event)?.forEach((listener) => listener(value))
  const chain = () => {
    const url = known.get(selected)
    if (!url) throw error(UNKNOWN_CHAIN, `chain ${selected} is unknown`)
    const nativeCurrency = { name: 'Fuel', symbol: 'FUEL', decimals: 18 }
    return defineChain({ id: selected, name: 'test', nativeCurrency, rpcUrls: { default: { http: [url] } } })
  }
  const agree = (method, params) => {
    if (!decide(method, params)) throw error(REJECTED, 'User rejected the request.')
  }
  const own = (address) => {
    if (!isConnected || !isAddressEqual(address, account.address)) throw error(4100, `${address} is not connected`)
  }
  // In lower case, as browsers' wallets give them.
  const accounts = () => (isConnected ? [account.address.toLowerCase()] : [])

  const answers = {
    eth_accounts: accounts,
    eth_requestAccounts() {
      agree('eth_requestAccounts')
      isConnected = true
      tell('accountsChanged', accounts())
      return accounts()
    },
    wallet_requestPermissions(params) {
      answers.eth_requestAccounts()
      const value = accounts()
      return [{ ...params[0], parentCapability: 'eth_accounts', caveats: [{ type: 'restrictReturnedAccounts', value }] }]
    },
    wallet_getPermissions: () => (isConnected ? [{ parentCapability: 'eth_accounts', caveats: [] }] : []),
    wallet_revokePermissions() {
      isConnected = false
      tell('accountsChanged', [])
      return null
    },
    eth_chainId: () => numberToHex(selected),
    net_version: () => String(selected),
    wallet_switchEthereumChain([{ chainId }]) {
      const id = hexToNumber(chainId)
      if (!known.has(id)) throw error(UNKNOWN_CHAIN, `Unrecognized chain ID "${chainId}".`)
      agree('wallet_switchEthereumChain', chainId)
      selected = id
      tell('chainChanged', chainId)
      return null
    },
    async wallet_addEthereumChain([{ chainId, rpcUrls: [url] }]) {
      agree('wallet_addEthereumChain', chainId)
      // As a careful wallet does: the node must say that it is that chain.
      const said = await createPublicClient({ transport: http(url) }).getChainId()
      if (said !== hexToNumber(chainId)) throw error(-32602, `the node at ${url} is of chain ${said}`)
      known.set(said, url)
      selected = said
      tell('chainChanged', chainId)
      return null
    },
    wallet_watchAsset(asset) {
      agree('wallet_watchAsset', asset)
      watched.push(asset.options ?? asset[0]?.options)
      return true
    },
    personal_sign([raw, address]) {
      own(address)
      agree('personal_sign', raw)
      return account.signMessage({ message: { raw } })
    },
    personal_ecRecover: async ([raw, signature]) => (await recoverMessageAddress({ message: { raw }, signature })).toLowerCase(),
    eth_signTypedData_v4([address, json]) {
      own(address)
      agree('eth_signTypedData_v4', json)
      const typed = typeof json === 'string' ? JSON.parse(json) : json
      const { chainId } = typed.domain
      // Numbers come as they are or as text.
      const domain = { ...typed.domain, ...(chainId !== undefined && { chainId: Number(chainId) }) }
      return account.signTypedData({ ...typed, domain })
    },
    eth_sendTransaction([{ from, to, data, input, value, gas, gasLimit = gas }]) {
      own(from)
      agree('eth_sendTransaction', { to, data: data ?? input })
      const client = createWalletClient({ account, chain: chain(), transport: http() })
      return client.sendTransaction({ to, data: data ?? input, value: value && hexToBigInt(value), gas: gasLimit && hexToBigInt(gasLimit) })
    },
  }

  async function request({ method, params = [] }) {
    seen.push(method)
    if (answers[method]) return answers[method](params)
    if (method.startsWith('wallet_')) throw error(UNSUPPORTED, `${method} is not supported`)
    const client = createPublicClient({ chain: chain(), transport: http() })
    try {
      return await client.request({ method, params }, { retryCount: 0 })
    } catch (thrown) {
      // A wallet hands the node's own error on.
      const cause = thrown.walk?.((it) => typeof it.code === 'number' && it.code !== -32603) ?? thrown
      throw Object.assign(error(cause.code ?? -32603, cause.details ?? cause.message), { data: cause.data })
    }
  }

  const on = (event, listener) => void listeners.set(event, [...(listeners.get(event) ?? []), listener])
  const removeListener = (event, listener) =>
    void listeners.set(event, (listeners.get(event) ?? []).filter((other) => other !== listener))
  return { isMetaMask: true, request, on, removeListener, seen, watched, decide: (by) => (decide = by) }
}
