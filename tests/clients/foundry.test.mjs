// Foundry's forge on the template as its README says, and on the chain: build, test, create, and ask with cast.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { toFunctionSelector } from 'viem'
import { root } from './chain.mjs'
import { contracts, openMarket, service } from './market.mjs'
import { MNEMONIC, PLACES } from './people.mjs'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const served = (name) => {
  try {
    return join(dirname(require.resolve(`@foundry-rs/${name}-linux-amd64/package.json`)), 'bin', name)
  } catch {
    return undefined
  }
}
const tools = { forge: process.env.FORGE_BIN ?? served('forge'), cast: process.env.CAST_BIN ?? served('cast') }
const missing = Object.keys(tools).filter((name) => !tools[name])
const skip = missing.length ? `the registry serves no ${missing.join(', no ')} for this platform; set FORGE_BIN, CAST_BIN` : false

/** Forge runs a compiler as a program and asks it its version; the npm package has one in JavaScript. */
const COMPILER = `#!/usr/bin/env node
const solc = require(${JSON.stringify(require.resolve('solc'))})
if (process.argv.includes('--version')) {
  console.log('solc, the solidity compiler commandline interface\\nVersion: ' + solc.version())
} else {
  const chunks = []
  process.stdin.on('data', (chunk) => chunks.push(chunk))
  process.stdin.on('end', () => process.stdout.write(solc.compile(Buffer.concat(chunks).toString())))
}
`

let market, folder, app, env
before(async () => {
  if (skip) return
  folder = mkdtempSync(join(tmpdir(), 'scrip-foundry-'))
  app = join(folder, 'my-app')
  const [, said] = readFileSync(join(root, 'contracts/templates/foundry/README.md'), 'utf8').match(/```sh\n([^]*?)cd my-app/)
  await run('sh', ['-ec', said.replaceAll('my-app', app)], { cwd: root })
  const compiler = join(app, 'solc.cjs')
  writeFileSync(compiler, COMPILER)
  chmodSync(compiler, 0o755)
  market = await openMarket()
  env = {
    ...process.env,
    FOUNDRY_SOLC: compiler,
    FOUNDRY_OFFLINE: 'true',
    FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
    NO_COLOR: '1',
    HOME: app,
    SCRIP_RPC: market.chain.url,
    ETH_RPC_URL: market.chain.url,
  }
})
after(async () => {
  await market?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

async function tool(name, ...args) {
  try {
    const { stdout } = await run(tools[name], args, { cwd: app, env, timeout: 100_000 })
    return stdout.trim()
  } catch (error) {
    throw new Error(`${name} ${args[0]}: ${error.stderr}${error.stdout}`)
  }
}
const keys = (who) => ['--mnemonic', MNEMONIC, '--mnemonic-index', String(PLACES[who])]

describe('the template', { skip }, () => {
  test('builds, and its tests pass', async () => {
    const suites = JSON.parse(await tool('forge', 'test', '--json'))
    const results = Object.values(suites).flatMap(({ test_results }) => Object.entries(test_results))
    assert.equal(results.length, 3)
    assert.deepEqual(results.filter(([, { status }]) => status !== 'Success'), [])
  })

  test('is created on the chain, and counts what holders had at a checkpoint', async () => {
    const { address, share, by, send, ask } = market
    await send(by.issuer, { ...service.ledger, functionName: 'takeCheckpoint', args: [share.number] })
    const created = await tool(
      'forge', 'create', 'src/Poll.sol:Poll', '--json', '--broadcast', ...keys('alice'),
      '--constructor-args', String(share.number), '1', 'Shall the board be thanked?',
    )
    const { deployedTo } = JSON.parse(created.slice(created.indexOf('{')))
    const had = await ask(share, 'balanceOf', [address.alice])
    await send(by.alice, { ...share, functionName: 'transfer', args: [address.bob, 10n] })
    const { status } = JSON.parse(await tool('cast', 'send', '--json', ...keys('alice'), deployedTo, 'vote(bool)', 'true'))
    assert.equal(status, '0x1')
    assert.equal(BigInt((await tool('cast', 'call', deployedTo, 'yes()(uint256)')).split(' ')[0]), had)
    assert.equal(await tool('cast', 'call', deployedTo, 'isCarried()(bool)'), 'true')
    const again = tool('cast', 'send', ...keys('alice'), deployedTo, 'vote(bool)', 'true')
    await assert.rejects(again, /VotedAlready|0x[0-9a-f]{8}/)
  })

  test('knows the interfaces by the selectors that everyone has', async () => {
    const { methodIdentifiers } = JSON.parse(readFileSync(join(app, 'out/ILedger.sol/ILedger.json')))
    const functions = contracts.ILedger.abi.filter(({ type }) => type === 'function')
    const selectors = functions.map((item) => toFunctionSelector(item).slice(2))
    assert.deepEqual(Object.values(methodIdentifiers).sort(), selectors.sort())
  })
})
