// The compiled T-REX suite as its npm packages have it, deployed and used with viem: the existing world of
// security-token contracts runs here as it does elsewhere.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { encodeAbiParameters, encodeFunctionData, getAddress, keccak256, parseEventLogs, stringToHex, zeroAddress } from 'viem'
import { openMarket, service } from './market.mjs'
import { RESIDENCES } from './people.mjs'

const require = createRequire(import.meta.url)
const load = (name, path) => {
  const { abi, bytecode } = require(`${name}/artifacts/contracts/${path}.json`)
  return { abi, bytecode }
}
const trex = (path) => load('@tokenysolutions/t-rex', path)
const onchainId = (path) => load('@onchain-id/solidity', path)
const ISO = { DE: 276, FR: 250, US: 840 }
const TOPIC = 7n

let market, client, by, address, send, ask, suite, kyc, identities
before(async () => {
  market = await openMarket()
  ;({ client, by, address, send, ask } = market)
  const person = await ask(service.identity, 'personOf', [address.issuer])
  await send(by.operator, { ...service.trust, functionName: 'creditFuel', args: [person, 400_000_000n] })
})
after(() => market?.stop())

/** Creates a contract of theirs. */
async function deploy({ abi, bytecode }, ...args) {
  const hash = await by.issuer.deployContract({ abi, bytecode, args })
  const { status, contractAddress } = await client.waitForTransactionReceipt({ hash })
  assert.equal(status, 'success')
  return { address: contractAddress, abi }
}
const call = (contract, functionName, ...args) => ({ ...contract, functionName, args })
const did = (who, contract, functionName, ...args) => send(by[who], call(contract, functionName, ...args))
const told = (contract, functionName, ...args) => ask(contract, functionName, args)
const refused = (who, pattern, contract, functionName, ...args) =>
  assert.rejects(client.simulateContract({ ...call(contract, functionName, ...args), account: address[who] }), pattern)

describe('the factory', () => {
  test('deploys the whole suite behind its proxies in one transaction', async () => {
    const version = { major: 4, minor: 1, patch: 6 }
    const authority = await deploy(trex('proxy/authority/TREXImplementationAuthority.sol/TREXImplementationAuthority'), true, zeroAddress, zeroAddress)
    const implementation = (path) => deploy(trex(path)).then(({ address }) => address)
    const contracts = {}
    for (const [field, path] of Object.entries({
      tokenImplementation: 'token/Token.sol/Token',
      ctrImplementation: 'registry/implementation/ClaimTopicsRegistry.sol/ClaimTopicsRegistry',
      irImplementation: 'registry/implementation/IdentityRegistry.sol/IdentityRegistry',
      irsImplementation: 'registry/implementation/IdentityRegistryStorage.sol/IdentityRegistryStorage',
      tirImplementation: 'registry/implementation/TrustedIssuersRegistry.sol/TrustedIssuersRegistry',
      mcImplementation: 'compliance/modular/ModularCompliance.sol/ModularCompliance',
    })) {
      contracts[field] = await implementation(path)
    }
    await did('issuer', authority, 'addAndUseTREXVersion', version, contracts)

    const { abi, bytecode } = onchainId('Identity.sol/Identity')
    const library = await deploy({ abi, bytecode }, address.issuer, true)
    const idAuthority = await deploy(onchainId('proxy/ImplementationAuthority.sol/ImplementationAuthority'), library.address)
    const ids = await deploy(onchainId('factory/IdFactory.sol/IdFactory'), idAuthority.address)
    const factory = await deploy(trex('factory/TREXFactory.sol/TREXFactory'), authority.address, ids.address)
    await did('issuer', ids, 'addTokenFactory', factory.address)
    kyc = await deploy(onchainId('ClaimIssuer.sol/ClaimIssuer'), address.provider)
    await did('provider', kyc, 'addKey', keccak256(encodeAbiParameters([{ type: 'address' }], [address.provider])), 3n, 1n)

    const module = await deploy(trex('compliance/modular/modules/CountryAllowModule.sol/CountryAllowModule'))
    const proxy = await deploy(
      trex('compliance/modular/modules/ModuleProxy.sol/ModuleProxy'),
      module.address,
      encodeFunctionData({ abi: module.abi, functionName: 'initialize' }),
    )
    const countries = encodeFunctionData({ abi: module.abi, functionName: 'batchAllowCountries', args: [[ISO.DE, ISO.FR]] })
    const receipt = await did('issuer', factory, 'deployTREXSuite', 'acme', {
      owner: address.issuer,
      name: 'Acme elsewhere',
      symbol: 'TREX',
      decimals: 0,
      irs: zeroAddress,
      ONCHAINID: zeroAddress,
      irAgents: [address.issuer],
      tokenAgents: [address.issuer],
      complianceModules: [proxy.address],
      complianceSettings: [countries],
    }, { claimTopics: [TOPIC], issuers: [kyc.address], issuerClaims: [[TOPIC]] })
    const [{ args }] = parseEventLogs({ abi: factory.abi, logs: receipt.logs, eventName: 'TREXSuiteDeployed' })
    suite = {
      token: { address: args._token, abi: trex('token/Token.sol/Token').abi },
      registry: { address: args._ir, abi: trex('registry/implementation/IdentityRegistry.sol/IdentityRegistry').abi },
      compliance: { address: args._mc, abi: trex('compliance/modular/ModularCompliance.sol/ModularCompliance').abi },
      ids,
    }
    assert.equal(await told(suite.token, 'identityRegistry'), suite.registry.address)
    assert.deepEqual(await told(suite.compliance, 'getModules'), [getAddress(proxy.address)])
    assert.equal(await told(suite.token, 'paused'), true)
  })

  test('two investors are identified by a claim that their provider signed', async () => {
    identities = {}
    for (const name of ['alice', 'bob', 'carol']) {
      const wallet = address[name]
      await did('issuer', suite.ids, 'createIdentity', wallet, name)
      const identity = { address: await told(suite.ids, 'getIdentity', wallet), abi: onchainId('Identity.sol/Identity').abi }
      const data = stringToHex(`seen: ${name}`)
      const words = [{ type: 'address' }, { type: 'uint256' }, { type: 'bytes' }]
      const digest = keccak256(encodeAbiParameters(words, [identity.address, TOPIC, data]))
      const signature = await by.provider.signMessage({ message: { raw: digest } })
      await did(name, identity, 'addClaim', TOPIC, 1n, kyc.address, signature, data, 'https://kyc.example')
      await did('issuer', suite.registry, 'registerIdentity', wallet, identity.address, ISO[RESIDENCES[name]])
      identities[name] = identity
      assert.equal(await told(suite.registry, 'isVerified', wallet), true, name)
    }
    assert.equal(await told(suite.registry, 'isVerified', address.dora), false)
  })
})

describe('its token', () => {
  const balance = (who) => told(suite.token, 'balanceOf', address[who])

  test('moves between those who are verified, where its modules allow it', async () => {
    await did('issuer', suite.token, 'mint', address.alice, 1_000n)
    await refused('alice', /Pausable: paused/, suite.token, 'transfer', address.bob, 1n)
    await did('issuer', suite.token, 'unpause')
    const receipt = await did('alice', suite.token, 'transfer', address.bob, 300n)
    assert.deepEqual(parseEventLogs({ abi: suite.token.abi, logs: receipt.logs }).map(({ eventName }) => eventName), ['Transfer'])
    assert.deepEqual([await balance('alice'), await balance('bob')], [700n, 300n])
    await refused('alice', /Transfer not possible/, suite.token, 'transfer', address.carol, 1n)
    await refused('alice', /Transfer not possible/, suite.token, 'transfer', address.dora, 1n)
  })

  test('is frozen, thawed, forced and burned by its agent alone', async () => {
    await did('issuer', suite.token, 'freezePartialTokens', address.alice, 650n)
    await refused('alice', /Insufficient Balance/, suite.token, 'transfer', address.bob, 51n)
    await did('alice', suite.token, 'transfer', address.bob, 50n)
    await refused('bob', /AgentRole: caller does not have the Agent role/, suite.token, 'forcedTransfer', address.alice, address.bob, 1n)
    const receipt = await did('issuer', suite.token, 'forcedTransfer', address.alice, address.bob, 100n)
    const names = parseEventLogs({ abi: suite.token.abi, logs: receipt.logs }).map(({ eventName }) => eventName)
    assert.deepEqual(names, ['TokensUnfrozen', 'Transfer'])
    await did('issuer', suite.token, 'burn', address.bob, 450n)
    assert.deepEqual([await balance('alice'), await balance('bob'), await told(suite.token, 'totalSupply')], [550n, 0n, 550n])
  })

  test('passes to a new wallet when the old key is lost', async () => {
    const { alice } = identities
    const key = keccak256(encodeAbiParameters([{ type: 'address' }], [address.dora]))
    await did('alice', alice, 'addKey', key, 1n, 1n)
    await did('issuer', suite.token, 'recoveryAddress', address.alice, address.dora, alice.address)
    assert.deepEqual([await balance('alice'), await balance('dora')], [0n, 550n])
    assert.equal(await told(suite.registry, 'isVerified', address.dora), true)
    assert.equal(await told(suite.token, 'getFrozenTokens', address.dora), 550n)
  })

  test('is refused again when a claim is revoked', async () => {
    await did('issuer', suite.token, 'unfreezePartialTokens', address.dora, 550n)
    await did('dora', suite.token, 'transfer', address.bob, 1n)
    const { bob } = identities
    const [claim] = await told(bob, 'getClaimIdsByTopic', TOPIC)
    await did('provider', kyc, 'revokeClaim', claim, bob.address)
    assert.equal(await told(suite.registry, 'isVerified', address.bob), false)
    await refused('dora', /Transfer not possible/, suite.token, 'transfer', address.bob, 1n)
  })
})

describe('its delivery against payment', () => {
  test('settles a native asset against native cash, and takes both back where one is refused', async () => {
    const desk = await deploy(trex('DVD/DVDTransferManager.sol/DVDTransferManager'))
    const { share, cash } = market
    const initiate = (buyer, nonce, units, paid) =>
      did('alice', desk, 'initiateDVDTransfer', share.address, units, address[buyer], cash.address, paid).then(() =>
        told(desk, 'calculateTransferID', nonce, address.alice, share.address, units, address[buyer], cash.address, paid),
      )
    await did('alice', share, 'approve', desk.address, 10n)
    const id = await initiate('bob', 0n, 4n, 400n)
    await did('bob', cash, 'approve', desk.address, 400n)
    const before = await Promise.all([told(share, 'balanceOf', address.bob), told(cash, 'balanceOf', address.alice)])
    await did('bob', desk, 'takeDVDTransfer', id)
    const after = await Promise.all([told(share, 'balanceOf', address.bob), told(cash, 'balanceOf', address.alice)])
    assert.deepEqual(after, [before[0] + 4n, before[1] + 400n])

    const other = await initiate('carol', 1n, 4n, 400n)
    await did('carol', cash, 'approve', desk.address, 400n)
    const paid = await told(cash, 'balanceOf', address.carol)
    const forbidden = call({ ...desk, abi: [...desk.abi, ...share.abi] }, 'takeDVDTransfer', other)
    await assert.rejects(client.simulateContract({ ...forbidden, account: address.carol }), /is not open for the buyer/)
    const hash = await by.carol.writeContract({ ...forbidden, gas: 1_000_000n })
    assert.equal((await client.waitForTransactionReceipt({ hash })).status, 'reverted')
    assert.equal(await told(cash, 'balanceOf', address.carol), paid)
  })
})
