// An app under trust from its publication to its end: the escrow of contracts/examples, against the real chain.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { documentHash } from '@scrip/sdk'
import { refusalAbi } from '@scrip/sdk/abi'
import { getAddress, keccak256 } from 'viem'
import { deployContract, getCode, simulateContract, waitForTransactionReceipt, writeContract } from 'viem/actions'
import { inAYear, openStage, refusal, registration } from './chain.mjs'

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

let chain, by, address, personOf, asset, cash, escrow, code
const { abi, bytecode } = compile()
before(async () => {
  ;({ chain, by, address, personOf } = await openStage())
  const create = (symbol) =>
    by.issuer.ledger.createAssetSync({ kind: 'equity', cfi: 'ESVUFR', symbol, name: symbol, authorised: 10_000n })
  ;({ asset } = await create('ACME'))
  cash = await create('PAYS')
  const policy = { rules: [{ claim: { side: 'receiver', topic: 1 } }] }
  for (const each of [asset, cash.asset]) await by.issuer.compliance.setPolicySync({ asset: each, policy })
  const hash = await deployContract(by.agent, { abi, bytecode, gas: 5_000_000n })
  escrow = getAddress((await waitForTransactionReceipt(by.agent, { hash })).contractAddress)
  code = keccak256(await getCode(by.agent, { address: escrow }))
  const holder = registration(escrow)
  await by.provider.identity.registerSync({ registrations: [{ ...holder, kind: 'entity' }, registration(address.erik)] })
  await by.issuer.ledger.issueSync({ asset, legs: [{ to: address.erik, units: 100n }] })
})
after(() => chain?.stop())

/** Erik puts units into the escrow for nobody in particular; what the chain says, or nothing if it is done. */
async function open(units) {
  const args = [address.alice, asset, units, cash.token, 10n, 2n ** 60n]
  const call = { address: escrow, abi: [...abi, ...refusalAbi], functionName: 'open', args, account: by.erik.account }
  try {
    const { request } = await simulateContract(by.erik, call)
    await waitForTransactionReceipt(by.erik, { hash: await writeContract(by.erik, request) })
  } catch (error) {
    return error.cause?.data?.args?.[2] ?? String(error)
  }
}

const lets = (limit, terms) => {
  const delegation = { wallet: escrow, operations: ['transfer'], asset, limit, expires: inAYear(), terms }
  return by.erik.identity.delegateSync(delegation)
}
const held = async () => (await by.erik.ledger.positions({ who: escrow })).positions[0]?.units ?? 0n
const version = async () => ({
  name: 'Escrow',
  uri: 'https://escrow.example/manifest.json',
  manifest: documentHash('what it does'),
  contracts: await by.agent.apps.listed({ contracts: [escrow] }),
  operations: ['transfer'],
})

describe('an app under trust', () => {
  test('is published by who made it and stands as a developer, and found in the directory', async () => {
    assert.equal((await refusal(by.agent.apps.publish(await version()))).kind, 'trust/NoRole')
    for (const [name, role] of [
      ['agent', 'developer'],
      ['officer', 'developer'],
      ['officer', 'auditor'],
    ]) {
      await by.admin.apps.setRoleSync({ person: await personOf(name), role })
    }
    assert.equal((await refusal(by.officer.apps.publish(await version()))).kind, 'trust/NotCreator')
    const { app, version: number } = await by.agent.apps.publishSync(await version())
    assert.deepEqual([app, number], [1n, 1])
    const { apps, next } = await by.erik.apps.apps()
    assert.deepEqual([apps.length, next], [1, null])
    assert.deepEqual([apps[0].name, apps[0].powers, apps[0].operations], ['Escrow', [], ['transfer']])
    const told = await by.erik.apps.app({ app: escrow })
    assert.deepEqual([told.app, told.developer, told.developerStanding], [1n, await personOf('agent'), 'active'])
    const [contract] = told.contracts
    assert.deepEqual([contract.code, contract.found, contract.matches, contract.stopped], [code, code, true, null])
  })

  test('acts for a holder within what it said, and is attested where it asked for that', async () => {
    await lets(40n, { atOnce: 9n, perPeriod: { units: 12n, length: DAY }, attested: true })
    assert.match(await open(5n), /no auditor in standing attests/)
    const attest = { code, report: documentHash('the report'), uri: 'https://audit.example/1', expires: inAYear() }
    await by.officer.apps.attestCodeSync(attest)
    assert.equal(await open(5n), undefined)
    assert.match(await open(10n), /terms leave room for less/)
    assert.match(await open(8n), /terms leave room for less/)
    assert.equal(await open(7n), undefined)
    assert.equal(await held(), 12n)
    const { grants } = await by.erik.apps.grants({ who: address.erik })
    assert.equal(grants.length, 1)
    const [{ kind, contract, app, stands, why, delegation }] = grants
    // Its period is used up: until the next it does not stand.
    assert.deepEqual([kind, contract, app, stands, delegation.limit], ['delegation', escrow, 1n, false, 28n])
    assert.match(why, /terms leave room for less/)
    assert.deepEqual([delegation.terms.atOnce, delegation.terms.period.used], [9n, 12n])
  })

  test('stops with its auditor, its developer, the network or the holder, each at once', async () => {
    await lets(40n, { attested: true })
    await by.officer.apps.withdrawAttestationSync({ code })
    assert.match(await open(1n), /no auditor/)
    await lets(40n)
    assert.equal(await open(1n), undefined)
    await by.admin.apps.setStandingSync({ app: 1n, standing: 'suspended' })
    assert.match(await open(1n), /the network suspended it/)
    await by.admin.apps.setStandingSync({ app: 1n, standing: 'active' })
    await by.issuer.apps.demandAttestationSync({ asset })
    assert.match(await open(1n), /no auditor/)
    await by.issuer.apps.demandAttestationSync({ asset, demanded: false })
    const next = { ...(await version()), operations: [] }
    assert.equal((await by.agent.apps.publishVersionSync({ ...next, app: 1n })).version, 2)
    assert.match(await open(1n), /does not ask for this/)
    await by.agent.apps.publishVersionSync({ ...(await version()), app: 1n })
    assert.equal(await open(1n), undefined)
    await by.erik.identity.revokeDelegationSync({ wallet: escrow })
    assert.match(await open(1n), /no delegation/)
    assert.equal(await held(), 14n)
    const { grants } = await by.erik.apps.grants({ who: address.erik })
    assert.deepEqual([grants[0].stands, grants[0].delegation], [false, null])
  })

  test('uses a power only while who lent it has it', async () => {
    const asks = { ...(await version()), powers: ['issue'] }
    await by.agent.apps.publishVersionSync({ ...asks, app: 1n })
    const power = { grantee: escrow, power: 'issue', asset }
    await by.issuer.trust.grantSync({ ...power, limit: 7n, expires: inAYear(), terms: { atOnce: 5n } })
    const lent = async () => (await by.issuer.apps.grants({ who: address.issuer })).grants[0]
    const { kind, stands, grant } = await lent()
    assert.deepEqual([kind, stands, grant.remaining, grant.terms.atOnce], ['power', true, 7n, 5n])
    await by.admin.trust.revokeGrantSync({ grantee: address.issuer, power: 'issue', asset })
    assert.match((await lent()).why, /may not use it now itself/)
    await by.admin.trust.grantSync({ grantee: address.issuer, power: 'issue', asset })
    assert.equal((await lent()).stands, true)
  })
})
