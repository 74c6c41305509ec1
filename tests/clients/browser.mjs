// Chromium of this machine, headless, on pages that are served from a folder; nothing else is reachable.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser's program; undefined if there is none. */
export const browserBinary = process.env.CHROMIUM_BIN ?? PLACES.find((path) => existsSync(path))

const KINDS = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' }

/** Serves a folder on a free port of this machine. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname)
    const file = join(folder, path === '/' ? 'index.html' : path)
    if (!file.startsWith(folder) || !existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': KINDS[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  const close = () => new Promise((done) => (server.close(done), server.closeAllConnections()))
  return { url: `http://localhost:${server.address().port}/`, close }
}

/** Opens a page with a wallet in it, as EIP-1193 and EIP-6963 have it; requests to anywhere else are cut off. */
export async function open(url, wallet) {
  const browser = await chromium.launch({
    executablePath: browserBinary,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost'],
  })
  const page = await browser.newPage()
  await page.route((other) => other.origin !== new URL(url).origin, (route) => route.abort())
  await page.exposeFunction('askWallet', async (json) => {
    try {
      return JSON.stringify({ result: (await wallet.request(JSON.parse(json))) ?? null })
    } catch ({ code, message, data }) {
      return JSON.stringify({ error: { code: code ?? -32603, message, data } })
    }
  })
  await page.addInitScript(inject)
  for (const event of ['accountsChanged', 'chainChanged']) {
    wallet.on(event, (value) => page.evaluate(([event, value]) => window.ethereum?.tell(event, value), [event, value]).catch(() => {}))
  }
  await page.goto(url)
  return { page, close: () => browser.close() }
}

/** Runs in the page: hands every request to the wallet outside. */
function inject() {
  const listeners = {}
  const add = (event, listener) => ((listeners[event] ??= []).push(listener), provider)
  const drop = (event, listener) => {
    listeners[event] = (listeners[event] ?? []).filter((other) => other !== listener)
    return provider
  }
  const provider = {
    isMetaMask: true,
    async request(call) {
      const { result, error } = JSON.parse(await window.askWallet(JSON.stringify(call)))
      if (error) throw Object.assign(new Error(error.message), error)
      return result
    },
    // The ways of older pages.
    enable: () => provider.request({ method: 'eth_requestAccounts' }),
    send: (method, params) => provider.request(typeof method === 'string' ? { method, params } : method),
    sendAsync: (call, answer) =>
      provider.request(call).then(
        (result) => answer(null, { id: call.id, jsonrpc: '2.0', result }),
        (error) => answer(error),
      ),
    on: add,
    addListener: add,
    removeListener: drop,
    off: drop,
    removeAllListeners: (event) => delete listeners[event] && provider,
    isConnected: () => true,
    tell: (event, value) => listeners[event]?.forEach((listener) => listener(value)),
  }
  window.ethereum = provider
  const info = { uuid: '350670db-19fa-4704-a166-e52e178b59d2', name: 'Test wallet', rdns: 'io.metamask', icon: 'data:,' }
  const announce = () =>
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
