// The real binary, and clients of it that have the package's words.
import assert from 'node:assert/strict'
import { ScripRefusal, documentHash, scripActions, scripDev } from '@scrip/sdk'
import { createClient, http, webSocket } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { startChain } from '../../tests/clients/chain.mjs'

export { startChain }

/** The dev chain's own wallets, by their place in the mnemonic, and some that it does not know. */
export const ROLES = { admin: 0, provider: 1, issuer: 2, agent: 3, officer: 4, alice: 5, bob: 6, carol: 7, dave: 8 }
export const STRANGERS = { erik: 20, nina: 21, spare: 22, fresh: 23 }

/** A wallet of the mnemonic that everyone knows. */
export const wallet = (addressIndex) =>
  mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex })

/** A client of the chain that sends for one wallet. */
export function connect(chain, account, transport = http(chain.url)) {
  return createClient({ account, chain: scripDev, transport, pollingInterval: 20, cacheTime: 0 }).extend(scripActions())
}

/** The same over WebSocket. */
export const connectSocket = (chain, account) => connect(chain, account, webSocket(chain.ws))

/** A fresh chain with everyone on it: `by` has a client for each name, `address` its wallet. */
export async function openStage() {
  const chain = await startChain()
  const places = Object.entries({ ...ROLES, ...STRANGERS })
  const by = Object.fromEntries(places.map(([name, place]) => [name, connect(chain, wallet(place))]))
  const address = Object.fromEntries(places.map(([name, place]) => [name, wallet(place).address]))
  const personOf = async (name) => (await by.admin.identity.person({ who: address[name] })).person
  return { chain, by, address, personOf }
}

/** A year from now, in milliseconds since 1970. */
export const inAYear = () => BigInt(Date.now()) + 365n * 24n * 3600n * 1000n

/** A wallet's owner as its provider registers it. */
export const registration = (wallet) => ({
  wallet,
  kind: 'natural',
  residence: 'AT',
  uniqueness: `0x${'00'.repeat(11)}01${wallet.slice(2).toLowerCase()}`,
  claims: [{ topic: 1, expires: inAYear() }],
})

/** A complete order. */
export const order = { authority: 'Handelsgericht Wien', reference: '12 Cg 3/26', document: documentHash('the order') }

/** The refusal that a verb ends in. */
export async function refusal(promise) {
  const error = await promise.then(
    () => undefined,
    (error) => error,
  )
  assert.ok(error instanceof ScripRefusal, `not a refusal: ${error?.stack ?? error}`)
  return error
}

/** Tries until something truthy comes; the test runner's own time limit ends it. */
export async function until(attempt) {
  for (;;) {
    const found = await attempt()
    if (found) return found
    await new Promise((wake) => setTimeout(wake, 20))
  }
}
