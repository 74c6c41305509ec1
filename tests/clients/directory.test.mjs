// The data directory: whether there is room, whether it is whole, whose it is. Each has an exit code and a remedy.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { binary, freePort, rpc } from './chain.mjs'

const dir = mkdtempSync(join(tmpdir(), 'scrip-'))
const running = new Set()
let network, port

/** A network of one validator that never ran. */
async function prepare(name) {
  const out = join(dir, name)
  const places = ['--validator', `127.0.0.1:${await freePort()}`, '--listen-rpc', `127.0.0.1:${port}`]
  execFileSync(binary, ['init', join(dir, 'genesis.toml'), '--out', out, ...places])
  return out
}

/** Runs its node, through a shell's line if one is given, until `ready` or the end. */
function run(folder, shell = 'exec "$@"') {
  const args = [binary, 'node', '--config', join(folder, 'node-1/node.toml')]
  const env = { ...process.env, RUST_LOG: 'off', DATA: join(folder, 'node-1/data') }
  const node = spawn('sh', ['-c', shell, 'sh', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(node)
  let said = ''
  node.stderr.on('data', (chunk) => (said += chunk))
  const ended = once(node, 'close').then(([code]) => ({ code, said }))
  return { node, ended, ready: once(node.stdout, 'data') }
}

const data = (folder) => join(folder, 'node-1/data')

async function stops(folder, code, says, shell) {
  const { node, ready, ended: end } = run(folder, shell)
  // Whoever is ready instead is ended, and has another code.
  ready.then(() => node.kill('SIGTERM'), () => {})
  const ended = await end
  assert.equal(ended.code, code, `${folder} ${ended.said}`)
  assert.match(ended.said, says)
}

before(async () => {
  port = await freePort()
  writeFileSync(join(dir, 'genesis.toml'), execFileSync(binary, ['init', '--example']))
  network = await prepare('network')
  const { node, ready, ended } = run(network)
  await ready
  // Until the store has a block that it acknowledged, half of its log is a start that was cut short, and no damage.
  while (BigInt(await rpc(`http://127.0.0.1:${port}`, 'eth_blockNumber')) < 3n) await setTimeout(50)
  node.kill('SIGTERM')
  assert.equal((await ended).code, 0)
})

after(() => {
  for (const node of running) node.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

// A process that may not write longer files is told what one on a full disk is told, and needs no rights to be so.
const shortFiles = "trap '' XFSZ; ulimit -f 2048; exec \"$@\""

test('a disk without room is found at the start', async () => {
  await stops(await prepare('short'), 72, /disk is full.*make room/s, shortFiles)
})

test('a disk that gets full stops a node, which goes on once there is room', async () => {
  const folder = join(dir, 'filling')
  cpSync(network, folder, { recursive: true })
  const { node, ready, ended } = run(folder, "trap '' XFSZ; exec \"$@\"")
  await ready
  const height = BigInt(await rpc(`http://127.0.0.1:${port}`, 'eth_blockNumber'))
  execFileSync('prlimit', ['--pid', String(node.pid), '--fsize=4096:unlimited'])
  const { code, said } = await ended
  assert.equal(code, 72, said)
  assert.match(said, /disk is full.*make room/s)
  const again = run(folder)
  await again.ready
  assert.ok(BigInt(await rpc(`http://127.0.0.1:${port}`, 'eth_blockNumber')) >= height)
  again.node.kill('SIGTERM')
  assert.equal((await again.ended).code, 0)
})

const small = 'mkdir -p "$DATA" && mount -t tmpfs -o size=2m tmpfs "$DATA"'
const mayMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0

test('so is a small file system', { skip: !mayMount && 'this user may mount nothing' }, async () => {
  const shell = `exec unshare -rm sh -c '${small} && exec "$@"' sh "$@"`
  await stops(await prepare('small'), 72, /No space left on device/, shell)
})

test('what is stored and does not fit together is damage, whichever file it is in', async () => {
  const flip = (file) => {
    const bytes = readFileSync(file)
    for (let i = 8; i < bytes.length; i += 97) bytes[i] ^= 0x55
    writeFileSync(file, bytes)
  }
  const half = (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2))
  const cases = [
    ['network.json', half],
    ['network.json', rmSync],
    ['storage/scrip-records-log_data/0000000000000000', flip],
    ['storage/scrip-records-log_data/0000000000000000', half],
    ['storage/scrip-records-tree-blobs/0000000000000000', rmSync],
    ['storage/scrip-blocks-value/0000000000000000', half],
    ['storage/scrip-blocks-key/0000000000000000', flip],
    ['storage/scrip-receipts-value/0000000000000000', flip],
    ['storage/scrip-cache-cache-0-verified-value/0000000000000000', flip],
  ]
  for (const [file, damage] of cases) {
    const folder = join(dir, `${damage.name} ${file.replaceAll('/', ' ')}`)
    cpSync(network, folder, { recursive: true })
    damage(join(data(folder), file))
    await stops(folder, 73, /damaged.*restore it, or remove it/s)
  }
})

test('a directory of another network or validator is left alone', async () => {
  const other = await prepare('other')
  cpSync(data(network), data(other), { recursive: true })
  const before = readFileSync(join(data(other), 'network.json'))
  await stops(other, 74, /belongs to network key .* use another directory/s)
  assert.deepEqual(readFileSync(join(data(other), 'network.json')), before)
})

test('a directory in use is left to its owner', async () => {
  const { node, ready, ended } = run(network)
  await ready
  const node1 = join(network, 'node-1/node.toml')
  const ports = readFileSync(node1, 'utf8').replace(/listen = "127.0.0.1:\d+"/, `listen = "127.0.0.1:${await freePort()}"`)
  writeFileSync(node1, ports)
  await stops(network, 71, /another process uses/)
  node.kill('SIGTERM')
  assert.equal((await ended).code, 0)
})
