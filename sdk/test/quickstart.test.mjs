// The README's code as it stands there: taken out, run against a real chain, and every line of it is meant.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { startChain } from './chain.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const blocks = [...readFileSync(join(here, '../README.md'), 'utf8').matchAll(/```js\n([^]*?)```/g)].map(
  ([, code]) => code,
)

let chain
// Inside the package, so that its own name leads to it as an installed one would.
const folder = mkdtempSync(join(here, '.readme-'))
before(async () => {
  // Where the lines run: beside the profiles, with the policy of docs/policy.md.
  symlinkSync(join(here, '../../profiles'), join(folder, 'profiles'))
  const policies = readFileSync(join(here, '../../docs/policy.md'), 'utf8')
  writeFileSync(join(folder, 'policy.json'), policies.match(/```json\n([^]*?)```/)[1])
  chain = await startChain()
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await chain?.stop()
})

/** Runs a script to which the port that everybody knows is this chain's. */
async function run(code) {
  const [script, detour] = [join(folder, 'script.mjs'), join(folder, 'detour.mjs')]
  writeFileSync(script, code)
  writeFileSync(
    detour,
    `const [told, real, ask] = ['http://127.0.0.1:8545', '${chain.url}', fetch]
globalThis.fetch = (asked, ...rest) =>
  ask(typeof asked === 'string' ? asked.replace(told, real) : new Request(asked.url.replace(told, real), asked), ...rest)\n`,
  )
  return promisify(execFile)(process.execPath, ['--import', pathToFileURL(detour).href, script], { cwd: folder })
}

test('the ten lines do what they say', async () => {
  const statements = blocks[0].split('\n').filter((line) => /^\S/.test(line))
  assert.equal(statements.length, 10)
  const { stdout } = await run(blocks[0])
  assert.match(stdout, /allowed: false/)
  assert.match(stdout, /code: 'INSUFFICIENT_BALANCE'/)
  assert.match(stdout, /code: 'ABOVE_MAX'/)
  assert.match(stdout, /maxOk: 480n/)
})

test('every line has the types that it needs', async () => {
  const script = join(folder, 'readme.ts')
  writeFileSync(script, blocks.join('\n'))
  const options = '--ignoreConfig --noEmit --strict --module nodenext --target es2022 --skipLibCheck --types node'
  const compiler = join(here, '../node_modules/typescript/bin/tsc')
  const run = promisify(execFile)(process.execPath, [compiler, ...options.split(' '), script])
  await run.catch(({ stdout }) => assert.fail(stdout))
})

test('and so do the lines that follow', async () => {
  const whole = [blocks[0].replaceAll('ACME', 'NEXT'), ...blocks.slice(1)].join('\n')
  const { stdout } = await run(whole)
  assert.match(
    stdout,
    /INSUFFICIENT_BALANCE 700 units needed, 480 there; the buyer would hold 720, at most 600 is allowed/,
  )
  assert.match(stdout, /20n as of block \d+n/)
  assert.match(stdout, /table: 'identity\/wallets'/)
})
