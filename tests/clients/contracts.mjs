// Compiles contracts/ and the tests' own contracts. `node contracts.mjs` prints them for other languages.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './chain.mjs'

const here = dirname(fileURLToPath(import.meta.url))

function sources(folder, prefix) {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.sol'))
      .map((name) => [`${prefix}/${name}`, { content: readFileSync(join(folder, name), 'utf8') }]),
  )
}

/**
 * Returns { Name: { source, abi, bytecode, userdoc } }, of the packages that are imported too; where names meet, ours
 * stand. Compiles once for every state of the sources and packages.
 */
export function compile() {
  const input = JSON.stringify({
    language: 'Solidity',
    sources: {
      ...sources(join(root, 'contracts/interfaces'), 'contracts/interfaces'),
      ...sources(join(root, 'contracts/examples'), 'contracts/examples'),
      ...sources(join(here, 'contracts'), 'tests'),
    },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'userdoc', 'evm.bytecode.object'] } },
    },
  })
  const folder = join(here, 'node_modules/.cache')
  const hash = createHash('sha256').update(input)
  for (const name of ['package-lock.json', 'contracts.mjs']) hash.update(readFileSync(join(here, name)))
  const state = hash.digest('hex').slice(0, 16)
  const file = join(folder, `contracts-${state}.json`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    // Whoever reads the file under its name finds it whole.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(compiled(input)))
    renameSync(`${file}.${process.pid}`, file)
  }
  return JSON.parse(readFileSync(file, 'utf8'))
}

function compiled(input) {
  // The compiler is large: it is loaded only where there is something to compile.
  const solc = createRequire(import.meta.url)('solc')
  const output = JSON.parse(solc.compile(input, { import: fromPackage }))
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  const contracts = {}
  const files = Object.entries(output.contracts)
  const isOurs = ([name]) => !name.startsWith('@')
  for (const [source, file] of [...files.filter(isOurs), ...files.filter((file) => !isOurs(file))]) {
    for (const [name, { abi, userdoc, evm }] of Object.entries(file)) {
      contracts[name] ??= { source, abi, userdoc, bytecode: `0x${evm.bytecode.object}` }
    }
  }
  return contracts
}

function fromPackage(name) {
  const file = join(here, 'node_modules', name)
  return existsSync(file) ? { contents: readFileSync(file, 'utf8') } : { error: `${name} is in no package` }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Larger than a pipe's buffer: the process may only end once all of it is taken.
  process.stdout.write(JSON.stringify(compile()))
}
