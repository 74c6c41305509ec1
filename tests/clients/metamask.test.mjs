// MetaMask's own test page in a headless browser, over a wallet for tests: what it does with any chain, it does here.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { getAddress } from 'viem'
import { browserBinary, open, serve } from './browser.mjs'
import { account, openMarket } from './market.mjs'
import { testWallet } from './wallet.mjs'

const skip = browserBinary ? false : 'no Chromium on this machine; install the package chromium or set CHROMIUM_BIN'
const PAGE = join(dirname(createRequire(import.meta.url).resolve('@metamask/test-dapp/package.json')), 'dist')

/** Whom the page allows its tokens, and to whom it sends them. */
const SPENDER = '0x9bc5baF874d2DA8D216aE9f137804184EE5AfEF4'
const RECIPIENT = '0x2f318C334780961FB129D2a6c30D0763d9a5C970'

let market, site, wallet, tab, page, address, share, ask
before(async () => {
  if (skip) return
  market = await openMarket()
  ;({ address, share, ask } = market)
  wallet = testWallet({ account: account(20), chains: { [market.id]: market.chain.url }, chainId: market.id })
  site = await serve(PAGE)
})
after(async () => {
  await tab?.close()
  await site?.close()
  await market?.stop()
})

/** Opens the page anew. Its last act when it loads is to show the chain. */
async function visit(query = '') {
  await tab?.close()
  tab = await open(site.url + query, wallet)
  page = tab.page
  await says('chainId', /^0x/)
}

/** Waits until an element says something, and returns it. */
async function says(id, pattern) {
  const has = ([id, source]) => new RegExp(source, 'i').test(document.getElementById(id)?.innerText ?? '')
  await page.waitForFunction(has, [id, pattern.source], { timeout: 20_000 })
  return page.locator(`#${id}`).innerText()
}
const press = (id) => page.locator(`#${id}`).click({ timeout: 20_000 })

describe('the test page', { skip }, () => {
  before(() => visit())

  test('finds the wallet, connects, and shows the chain', async () => {
    await says('providers', /Test wallet/)
    await press('connectButton')
    assert.equal(getAddress(await says('accounts', /^0x/)), address.alice)
    assert.equal(Number(await says('network', /./)), market.id)
  })

  test('signs a message, typed data and a sign-in, and recovers who signed', async () => {
    await press('personalSign')
    await says('personalSignResult', /^0x/)
    await press('personalSignVerify')
    assert.equal(getAddress(await says('personalSignVerifySigUtilResult', /^0x/)), address.alice)
    assert.equal(getAddress(await says('personalSignVerifyECRecoverResult', /^0x/)), address.alice)
    await press('signTypedDataV4')
    await says('signTypedDataV4Result', /^0x/)
    await press('signTypedDataV4Verify')
    assert.equal(getAddress(await says('signTypedDataV4VerifyResult', /^0x/)), address.alice)
    await press('siwe')
    await says('siweResult', /^0x[0-9a-f]{130}/)
  })

  test('deploys its token, adds it to the wallet, moves and allows it', async () => {
    await press('createToken')
    const at = getAddress(await says('erc20TokenAddresses', /^0x[0-9a-f]{40}/))
    await press('watchAssets')
    await page.waitForFunction(() => !document.getElementById('transferTokens').disabled)
    const token = { address: at, abi: share.abi }
    const before = await ask(token, 'balanceOf', [address.alice])
    await press('transferTokens')
    await until(async () => (await ask(token, 'balanceOf', [address.alice])) < before)
    assert.equal(await ask(token, 'balanceOf', [RECIPIENT]), before - (await ask(token, 'balanceOf', [address.alice])))
    await press('approveTokens')
    await until(async () => (await ask(token, 'allowance', [address.alice, SPENDER])) > 0n)
    assert.ok(wallet.watched.some(({ address: watched }) => getAddress(watched) === at))
  })

  test('is told when a contract fails', async () => {
    await press('deployFailingButton')
    await says('failingContractStatus', /Deployed/)
    await press('sendFailingButton')
    await says('failingContractStatus', /^Failed transaction process completed/)
  })

  test('a person\'s no is a no', async () => {
    wallet.decide((method) => method !== 'personal_sign')
    await press('personalSign')
    await says('personalSign', /reject/)
    wallet.decide(() => true)
  })
})

describe('the test page with a security of this chain as its token', { skip }, () => {
  before(() => visit(`?contract=${share.address}`))

  test('allows units of it', async () => {
    await press('approveTokens')
    await until(async () => (await ask(share, 'allowance', [address.alice, SPENDER])) > 0n)
  })

  test('and moves none to somebody whom nobody knows', async () => {
    const asked = wallet.seen.length
    const before = await ask(share, 'balanceOf', [address.alice])
    await press('transferTokens')
    await until(() => wallet.seen.slice(asked).some((method) => method === 'eth_sendTransaction' || method === 'eth_estimateGas'))
    assert.equal(await ask(share, 'balanceOf', [address.alice]), before)
  })
})

/** Tries until something truthy comes; the test runner's own time limit ends it. */
async function until(attempt) {
  while (!(await attempt())) await new Promise((wake) => setTimeout(wake, 20))
}
