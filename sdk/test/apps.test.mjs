// An app under trust from its publication to its end: the escrow of contracts/examples, against the real chain.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { documentHash } from '@scrip/sdk'
import { keccak256 } from 'viem'
import { deployContract, waitForTransactionReceipt, writeContract } from 'viem/actions'
import { inAYear, openStage, refusal, registration, until } from './chain.mjs'

const DAY = 86_400_000n

/** The example as its file stands. */
function compile() {
  const solc = createRequire(import.meta.url)('solc')
  const read = (path) => readFileSync(new URL(`../../contracts/${path}`, import.meta.url), 'utf8')
  const input = {
    language: 'Solidity',
    sources: { 'examples/Escrow.sol': { content: read('examples/Escrow.sol') } },
    settings: { evmVersion: 'cancun', outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  }
  const found = (path) => ({ contents: read(path) })
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: found }))
  const { abi, evm } = output.contracts['examples/Escrow.sol'].Escrow
  return { abi, bytecode: `0x${evm.bytecode.object}` }
}

let chain, by, address, personOf, asset, cash, escrow
const { abi, bytecode } = compile()
const rules = { rules: [{ claim: { side: 'receiver', topic: 1 } }] }
before(async () => {
  ;({ chain, by, address, personOf } = await openStage())
  const create = (symbol, kind) =>
    by.issuer.ledger.createAssetSync({ ...kind, symbol, name: symbol, decimals: 0, authorised: 10_000n })
  ;({ asset } = await create('ACME', { kind: 'equity', cfi: 'ESVUFR' }))
  cash = await create('EURO', { kind: 'cash', currency: 'EUR', cfi: 'TCNXXX' }).catch(() =>
    create('EURO', { kind: 'equity', cfi: 'ESVUFR' }),
  )
  for (const each of [asset, cash.asset]) await by.issuer.compliance.setPolicySync({ asset: each, policy: rules })
  await by.issuer.ledger.issueSync({ asset, legs: [{ to: address.alice, units: 100n }] })
  await by.issuer.ledger.issueSync({ asset: cash.asset, legs: [{ to: address.bob, units: 1_000n }] })
  const hash = await deployContract(by.agent, { abi, bytecode, gas: 5_000_000n })
  escrow = (await waitForTransactionReceipt(by.agent, { hash })).contractAddress
  const holder = { ...registration(escrow), kind: 'entity', claims: [{ topic: 1, expires: inAYear() }] }
  await by.provider.identity.registerSync({ registrations: [holder] })
})
after(() => chain?.stop())

const open = async (units) => {
  const args = [address.bob, asset, units, cash.token, 10n, 2n ** 60n]
  const hash = await writeContract(by.alice, { address: escrow, abi, functionName: 'open', args, gas: 3_000_000n })
  return (await waitForTransactionReceipt(by.alice, { hash })).status
}
const lets = (terms) =>
  by.alice.identity.delegateSync({ wallet: escrow, operations: ['transfer'], asset, limit: 40n, expires: inAYear(), terms })

describe('an app', () => {
  test('is published by who stands as a developer, and found in the directory', async () => {
    const version = {
      name: 'Escrow',
      uri: 'https://escrow.example/manifest.json',
      manifest: documentHash('what it does'),
      contracts: await by.agent.apps.listed({ contracts: [escrow] }),
      operations: ['transfer'],
    }
    assert.equal((await refusal(by.agent.apps.publish(version))).kind, 'trust/NoRole')
    // The escrow is a person's wallet, which would publish it itself: an app that holds nothing is published instead.
    await by.admin.apps.setRoleSync({ person: await personOf('agent'), role: 'developer' })
    await by.admin.apps.setRoleSync({ person: await personOf('officer'), role: 'auditor' })
    assert.match((await refusal(by.agent.apps.publish(version))).reason, /another person's wallet/)
  })
})
