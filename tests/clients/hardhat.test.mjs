// Hardhat 2 and its network helpers on `scrip dev`: the template as its README says, and every helper.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { root, startWorkbench } from './chain.mjs'

const run = promisify(execFile)
const template = join(root, 'contracts/templates/hardhat')

let chain, app
before(async () => {
  const packages = join(template, 'node_modules')
  if (!existsSync(packages)) throw new Error(`${packages} is not there: run npm ci in ${template}`)
  app = mkdtempSync(join(tmpdir(), 'scrip-hardhat-'))
  const isSource = (path) => !path.includes('node_modules')
  cpSync(template, app, { recursive: true, filter: isSource })
  cpSync(join(root, 'contracts/interfaces'), join(app, 'contracts/scrip'), { recursive: true })
  symlinkSync(packages, join(app, 'node_modules'))
  cpSync(join(root, 'tests/clients/hardhat'), join(app, 'test'), { recursive: true })
  chain = await startWorkbench('--compat', 'hardhat')
})
after(async () => {
  await chain?.stop()
  if (app) rmSync(app, { recursive: true, force: true })
})

async function hardhat(...args) {
  const env = { ...process.env, SCRIP_RPC: chain.url, HOME: app, NO_COLOR: '1', HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true', CI: 'true' }
  try {
    const { stdout } = await run(process.execPath, [join(app, 'node_modules/hardhat/internal/cli/bootstrap.js'), ...args], { cwd: app, env, timeout: 110_000 })
    return stdout
  } catch (error) {
    throw new Error(`hardhat ${args[0]}: ${error.stderr}${error.stdout}`)
  }
}

test('the template builds with the compiler of its packages', async () => {
  assert.match(await hardhat('compile'), /Compiled \d+ Solidity files? successfully/)
})

test('its own tests pass on the chain', async () => {
  assert.match(await hardhat('test', '--no-compile', 'test/Poll.js'), /2 passing/)
})

test('every network helper does what it says, to natives too', async () => {
  assert.match(await hardhat('test', '--no-compile', 'test/Helpers.js'), /7 passing/)
})
