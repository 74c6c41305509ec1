// Compiles the contracts beside it: `node compile.mjs`, with solc 0.8.30 from npm. Writes NAME.hex.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import solc from 'solc'

const names = readdirSync('.').filter((name) => name.endsWith('.sol'))
const input = {
  language: 'Solidity',
  sources: Object.fromEntries(names.map((name) => [name, { content: readFileSync(name, 'utf8') }])),
  settings: {
    evmVersion: 'cancun',
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
  },
}
const output = JSON.parse(solc.compile(JSON.stringify(input)))
for (const { severity, formattedMessage } of output.errors ?? []) {
  if (severity === 'error') throw new Error(formattedMessage)
}
for (const name of names) {
  const contract = name.replace('.sol', '')
  writeFileSync(`${contract}.hex`, output.contracts[name][contract].evm.bytecode.object + '\n')
}
