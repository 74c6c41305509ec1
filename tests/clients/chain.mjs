// Starts, kills and restarts the real binary on a fresh chain, and speaks to it with nothing but fetch.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const binary = process.env.SCRIP_BIN ?? join(root, 'target/debug/scrip')

/**
 * Starts `scrip dev` on an empty directory and resolves once it answers. `crash` is kill -9, `restart` starts
 * it again on the same directory and ports, `stop` ends it and removes what it kept.
 */
export const startChain = () => onFreePorts(startChainOn)

async function startChainOn(port, metricsPort) {
  const dir = mkdtempSync(join(tmpdir(), 'scrip-'))
  const args = ['dev', '--data-dir', dir, '--port', String(port), '--metrics-port', String(metricsPort)]
  const url = `http://127.0.0.1:${port}`
  let node
  onExit(() => node?.kill('SIGKILL'))
  const start = () => launch(args, url, (spawned) => (node = spawned))
  await start()
  return {
    url,
    ws: `ws://127.0.0.1:${port}`,
    metrics: `http://127.0.0.1:${metricsPort}`,
    dir,
    rpc: (method, params) => rpc(url, method, params),
    crash: () => end(node, 'SIGKILL'),
    restart: start,
    stop: async () => {
      await end(node, 'SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Starts `scrip dev` as a developer does, in memory: instant, with the test methods, everyone welcome. */
export const startWorkbench = (...flags) =>
  onFreePorts((port, metricsPort) => startWorkbenchOn(port, metricsPort, flags))

async function startWorkbenchOn(port, metricsPort, flags) {
  const url = `http://127.0.0.1:${port}`
  let node
  onExit(() => node?.kill('SIGKILL'))
  const args = ['dev', '--ephemeral', '--port', String(port), '--metrics-port', String(metricsPort), ...flags]
  await launch(args, url, (spawned) => (node = spawned))
  const ws = `ws://127.0.0.1:${port}`
  return { url, ws, rpc: (method, params) => rpc(url, method, params), stop: () => end(node, 'SIGTERM') }
}

/** Starts a network of four validators, each a process; `nodes` are their doors, the first is everyone's. */
export async function startNetwork() {
  const dir = mkdtempSync(join(tmpdir(), 'scrip-'))
  const ports = []
  for (const flag of ['--port', '--metrics-port', '--peer-port']) ports.push(flag, String(await freePorts(4)))
  const parent = spawn(binary, ['--json', 'testnet', '--data-dir', dir, ...ports], { stdio: ['ignore', 'pipe', 'inherit'] })
  onExit(() => parent.kill('SIGTERM'))
  let said = ''
  parent.stdout.on('data', (chunk) => (said += chunk))
  const told = () => {
    try {
      return JSON.parse(said)
    } catch {
      return undefined
    }
  }
  while (!told() && parent.exitCode === null) await new Promise((wake) => setTimeout(wake, 50))
  if (!told()) throw new Error(`scrip testnet did not start: ${said}`)
  const { nodes } = told()
  const doors = nodes.map(({ rpc: url, process: id }) => ({
    url,
    rpc: (method, params) => rpc(url, method, params),
    crash: () => process.kill(id, 'SIGKILL'),
  }))
  return {
    ...doors[0],
    ws: doors[0].url.replace('http', 'ws'),
    nodes: doors,
    dir,
    stop: async () => {
      await end(parent, 'SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A test file that dies, or takes too long and is ended, must not leave its chain behind. */
function onExit(clean) {
  process.once('exit', clean)
  process.once('SIGTERM', () => process.exit(143))
}

/** Starts something on two free ports; on others if somebody took one of them before it did. */
async function onFreePorts(start) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort(), await freePort())
    } catch (error) {
      if (attempt === 5 || !/is in use/.test(error.message)) throw error
    }
  }
}

/** The first of so many free ports in a row. */
async function freePorts(count) {
  for (;;) {
    const first = await freePort()
    const others = Array.from({ length: count - 1 }, (_, i) => isFree(first + 1 + i))
    if (!(await Promise.all(others)).includes(false)) return first
  }
}

const isFree = (port) =>
  new Promise((answer) => {
    const server = createServer().once('error', () => answer(false))
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)))
  })

/** A port that nobody has. */
export const freePort = () =>
  new Promise((answer) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => answer(port))
    })
  })

async function launch(args, url, spawned) {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: run cargo build, or set SCRIP_BIN`)
  const node = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  spawned(node)
  let said = ''
  const listen = (chunk) => (said = (said + chunk).slice(-20_000))
  node.stdout.on('data', listen)
  node.stderr.on('data', listen)
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (node.exitCode !== null) break
    try {
      if (BigInt(await rpc(url, 'eth_blockNumber')) > 0n) return
    } catch {}
    await new Promise((wake) => setTimeout(wake, 50))
  }
  node.kill('SIGKILL')
  throw new Error(`scrip dev did not start:\n${said}`)
}

async function end(node, signal) {
  if (node.exitCode !== null || node.signalCode !== null) return
  const gone = once(node, 'exit')
  node.kill(signal)
  await gone
}

/** One JSON-RPC call; a refusal is thrown as an Error with its `code` and `data`. */
export async function rpc(url, method, params = []) {
  const { error, result } = await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  if (error) throw Object.assign(new Error(error.message), error)
  return result
}

/** Posts any body and reads the JSON that comes back. */
export async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return response.json()
}
