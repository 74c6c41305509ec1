// Compiles contracts/ and the tests' own contracts. `node contracts.mjs` prints them for other languages.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import solc from 'solc'
import { root } from './chain.mjs'

const here = dirname(fileURLToPath(import.meta.url))

function sources(folder, prefix) {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.sol'))
      .map((name) => [`${prefix}/${name}`, { content: readFileSync(join(folder, name), 'utf8') }]),
  )
}

/** Returns { Name: { abi, bytecode } }. */
export function compile() {
  const input = {
    language: 'Solidity',
    sources: {
      ...sources(join(root, 'contracts/interfaces'), 'contracts/interfaces'),
      ...sources(join(here, 'contracts'), 'tests'),
    },
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Larger than a pipe's buffer: the process may only end once all of it is taken.
  process.stdout.write(JSON.stringify(compile()))
}
