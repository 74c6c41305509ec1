// Starts the real binary on a fresh chain and compiles the contracts that the tests use.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import solc from 'solc'

const here = dirname(fileURLToPath(import.meta.url))
export const root = resolve(here, '../..')
const binary = process.env.SCRIP_BIN ?? join(root, 'target/debug/scrip')

export const MNEMONIC = 'test test test test test test test test test test test junk'
export const CHAIN_ID = 31337

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Starts `scrip dev` and resolves once it answers. `stop` ends it and removes its data. */
export async function startChain() {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const dir = mkdtempSync(join(tmpdir(), 'scrip-'))
  const args = ['dev', '--data-dir', dir, '--port', String(port), '--metrics-port', String(metricsPort)]
  const node = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  node.stdout.on('data', (chunk) => (said += chunk))
  node.stderr.on('data', (chunk) => (said += chunk))
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; ; attempt++) {
    if (node.exitCode !== null || attempt > 600) throw new Error(`scrip dev did not start:\n${said}`)
    try {
      if (BigInt(await rpc(url, 'eth_blockNumber')) > 0n) break
    } catch {}
    await new Promise((wake) => setTimeout(wake, 50))
  }
  const stop = async () => {
    if (node.exitCode === null) {
      node.kill('SIGTERM')
      await once(node, 'exit')
    }
    rmSync(dir, { recursive: true, force: true })
  }
  return { url, ws: `ws://127.0.0.1:${port}`, metrics: `http://127.0.0.1:${metricsPort}`, stop }
}

/** One JSON-RPC call with nothing but fetch; throws the error object's message. */
export async function rpc(url, method, params = []) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = await response.json()
  if (error) throw Object.assign(new Error(error.message), error)
  return result
}

function sources(folder, prefix) {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.sol'))
      .map((name) => [`${prefix}/${name}`, { content: readFileSync(join(folder, name), 'utf8') }]),
  )
}

/** Compiles contracts/ and the tests' own contracts; returns { Name: { abi, bytecode } }. */
export function compile() {
  const input = {
    language: 'Solidity',
    sources: { ...sources(join(root, 'contracts'), 'contracts'), ...sources(join(here, 'contracts'), 'tests') },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input)))
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  const contracts = {}
  for (const file of Object.values(output.contracts)) {
    for (const [name, { abi, evm }] of Object.entries(file)) {
      contracts[name] = { abi, bytecode: `0x${evm.bytecode.object}` }
    }
  }
  return contracts
}
