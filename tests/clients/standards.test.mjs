// An asset held to the letter of its standards: their texts, OpenZeppelin's readers of them, T-REX's own interfaces.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import {
  encodeAbiParameters,
  maxUint256,
  parseEventLogs,
  parseSignature,
  stringToHex,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { TOKEN, openMarket, refusal, service } from './market.mjs'
import { PERMIT, registration } from './people.mjs'
import { TEXTS } from './texts.mjs'

const require = createRequire(import.meta.url)
const artifact = (path) => require(`@tokenysolutions/t-rex/artifacts/contracts/${path}.json`).abi
const DEFAULT = stringToHex('default', { size: 32 })
const order = { authority: 'High Court', ref: 'HC-2026-17', document: `0x${'d0'.repeat(32)}`, expires: 0n }
const said = encodeAbiParameters([{ type: 'string' }, { type: 'string' }, { type: 'bytes32' }], [order.authority, order.ref, order.document])

let market, client, by, address, share, send, ask, contract
before(async () => {
  market = await openMarket()
  ;({ client, by, address, share, send, ask } = market)
  contract = await market.deploy(by.alice, 'Standards')
  // A contract holds securities as a person does: known, by a provider that answers for it.
  const entity = { ...registration(contract.address, 'DE'), kind: 1 }
  entity.claims[0].topic = 2
  await send(by.provider, { ...service.identity, functionName: 'register', args: [[entity]] })
  // What the policy of this market asks of everyone.
  const person = await ask(service.identity, 'personOf', [contract.address])
  const claim = { ...entity.claims[0], topic: 1 }
  await send(by.provider, { ...service.identity, functionName: 'attest', args: [person, claim] })
  const key = { grantee: address.issuer, power: 9, asset: share.number, class: 0 }
  await send(by.issuer, { ...service.trust, functionName: 'grant', args: [key, 0n, 2n ** 64n - 1n] })
  await send(by.issuer, { ...service.ledger, functionName: 'fileOrder', args: [share.number, order] })
})
after(() => market?.stop())

const token = (functionName, ...args) => ({ ...share, functionName, args })
const inContract = (functionName, ...args) => ({ ...contract, functionName, args: [share.address, ...args] })
const balance = (who) => ask(share, 'balanceOf', [address[who]])
const logsOf = ({ logs }, ...names) =>
  parseEventLogs({ abi: share.abi, logs }).filter(({ eventName, address }) => names.includes(eventName) && address.toLowerCase() === share.address.toLowerCase())
const tried = (who, call) => refusal(client.simulateContract({ ...call, account: address[who] }))

/** A function, event or error by what its standard fixes: no names of arguments. */
function shape({ type, name, inputs = [], outputs = [], stateMutability }) {
  const kind = (item) =>
    `${item.components ? `(${item.components.map(kind)})${item.type.slice(5)}` : item.type}${item.indexed ? ' indexed' : ''}`
  const answer = type === 'function' ? ` ${stateMutability} -> ${outputs.map(kind)}` : ''
  return `${type} ${name}(${inputs.map(kind)})${answer}`
}

describe('by its interface', () => {
  const ours = new Set(TOKEN.map(shape))
  for (const [standard, text] of Object.entries(TEXTS)) {
    test(`an asset declares ${standard} as its text has it`, () => {
      assert.deepEqual(text.map(shape).filter((item) => !ours.has(item)), [])
    })
  }

  test('an asset and the identity service declare ERC-3643 as T-REX 4.1.6 publishes it', () => {
    const registry = new Set(service.identity.abi.map(shape))
    const token = artifact('token/IToken.sol/IToken')
    const identities = artifact('registry/interface/IIdentityRegistry.sol/IIdentityRegistry')
    assert.deepEqual(token.map(shape).filter((item) => !ours.has(item)), [])
    assert.deepEqual(identities.map(shape).filter((item) => !registry.has(item)), [])
    assert.ok(token.length > 40 && identities.length > 20)
  })

  // What is asked for without its arguments: the last place that looks for it is ERC-165's.
  const UNKNOWN = /is unknown here.*type check failed for "IERC165Calls"/
  const answer = async (data) => {
    const call = { from: address.erik, to: share.address, data }
    return market.chain.rpc('eth_call', [call, 'latest']).catch((error) => error.message)
  }

  test('every function of every text is answered at the address, never as one that nobody knows', async () => {
    const asked = ({ type, name }) => type === 'function' && name !== 'supportsInterface'
    const functions = Object.values(TEXTS).flat().filter(asked)
    const trex = artifact('token/IToken.sol/IToken').filter(asked)
    for (const item of [...functions, ...trex]) {
      assert.doesNotMatch(await answer(toFunctionSelector(item)), UNKNOWN, shape(item))
    }
    assert.match(await answer('0x01020304'), UNKNOWN)
  })

  test('ERC-165 names them all, as OpenZeppelin asks, within the gas that it allows', async () => {
    const [speaks, named] = await ask(contract, 'named', [share.address])
    assert.equal(speaks, true)
    assert.deepEqual(named, Array(9).fill(true))
    assert.ok((await ask(contract, 'gasOfAnswer', [share.address])) < 30_000n)
    const supports = (id) => ask(share, 'supportsInterface', [id])
    assert.deepEqual(await Promise.all(['0x3edbb4c4', '0x36372b07', '0xffffffff', '0x12345678'].map(supports)), [true, true, false, false])
    for (const { address } of Object.values(service)) {
      assert.equal((await ask(contract, 'named', [address]))[0], true)
    }
  })
})

describe('ERC-20', () => {
  test('a movement of nothing is a movement, and announced', async () => {
    const receipt = await send(by.alice, token('transfer', address.bob, 0n))
    const [log] = logsOf(receipt, 'Transfer')
    assert.deepEqual({ ...log.args }, { from: address.alice, to: address.bob, value: 0n })
    await send(by.bob, token('transferFrom', address.alice, address.bob, 0n))
  })

  test('a careful contract gives, allows and is told no', async () => {
    await send(by.alice, token('transfer', contract.address, 100n))
    await send(by.alice, inContract('give', address.bob, 40n))
    assert.equal(await ask(share, 'balanceOf', [contract.address]), 60n)
  })

  test('an allowance is what was approved, replaced by the next, spent by what moves', async () => {
    const allowance = () => ask(share, 'allowance', [address.alice, address.bob])
    const receipt = await send(by.alice, token('approve', address.bob, 7n))
    assert.deepEqual({ ...logsOf(receipt, 'Approval')[0].args }, { owner: address.alice, spender: address.bob, value: 7n })
    await send(by.alice, token('approve', address.bob, 5n))
    await send(by.bob, token('transferFrom', address.alice, address.dora, 2n))
    assert.equal(await allowance(), 3n)
    const short = await tried('bob', token('transferFrom', address.alice, address.dora, 4n))
    assert.deepEqual([short.name, short.code, short.status, short.reason], ['ERC20InsufficientAllowance', address.bob, 3n, 4n])
    await send(by.alice, token('approve', address.bob, maxUint256))
    await send(by.bob, token('transferFrom', address.alice, address.dora, 2n))
    assert.equal(await allowance(), maxUint256, 'without limit stays without limit')
    await send(by.alice, token('approve', address.bob, 0n))
    assert.equal(await allowance(), 0n)
  })

  test('the supply is what was issued and has not ended', async () => {
    const before = await ask(share, 'totalSupply')
    const minted = await send(by.issuer, token('mint', address.dora, 10n))
    assert.equal(logsOf(minted, 'Transfer')[0].args.from, zeroAddress)
    const burned = await send(by.issuer, token('burn', address.dora, 4n))
    assert.equal(logsOf(burned, 'Transfer')[0].args.to, zeroAddress)
    assert.equal(await ask(share, 'totalSupply'), before + 6n)
  })
})

describe('ERC-2612 and ERC-5267', () => {
  const deadline = BigInt(Math.floor(Date.now() / 1000) + 3_600)
  async function signed(spender, value) {
    const [fields, name, version, chainId, verifyingContract, salt, extensions] = await ask(share, 'eip712Domain')
    assert.deepEqual([fields, version, salt, extensions], ['0x0f', '1', zeroHash, []])
    const nonce = await ask(share, 'nonces', [address.alice])
    const message = { owner: address.alice, spender, value, nonce, deadline }
    const domain = { name, version, chainId: Number(chainId), verifyingContract }
    const { v, r, s } = parseSignature(await by.alice.signTypedData({ domain, types: PERMIT, primaryType: 'Permit', message }))
    return [Number(v), r, s]
  }

  test('a contract takes a permit and pulls, with the digest put together in Solidity', async () => {
    const had = await ask(share, 'balanceOf', [contract.address])
    const nonce = await ask(share, 'nonces', [address.alice])
    const signature = await signed(contract.address, 12n)
    await send(by.bob, inContract('pull', address.alice, 12n, deadline, ...signature))
    assert.equal(await ask(share, 'balanceOf', [contract.address]), had + 12n)
    assert.equal(await ask(share, 'nonces', [address.alice]), nonce + 1n)
    await assert.rejects(client.simulateContract({ ...inContract('pull', address.alice, 12n, deadline, ...signature), account: address.bob }))
  })

  test('a new name is a new domain, announced, and ends the permits of the old', async () => {
    const [v, r, s] = await signed(address.bob, 3n)
    const [, name] = await ask(share, 'eip712Domain')
    const receipt = await send(by.issuer, token('setName', 'Acme renamed'))
    assert.equal(logsOf(receipt, 'EIP712DomainChanged').length, 1)
    assert.equal((await ask(share, 'eip712Domain'))[1], 'Acme renamed')
    const stale = await tried('bob', token('permit', address.alice, address.bob, 3n, deadline, v, r, s))
    assert.match(stale.reason, /signature is not/)
    await send(by.issuer, token('setName', name))
    await send(by.bob, token('permit', address.alice, address.bob, 3n, deadline, v, r, s))
    assert.equal(await ask(share, 'allowance', [address.alice, address.bob]), 3n)
    await send(by.alice, token('approve', address.bob, 0n))
  })
})

describe('ERC-1410, 1594 and 1644', () => {
  test('the default class is a class where it is named: its movement, issue and end are told with what was said', async () => {
    const note = stringToHex('ref 7')
    const moved = await send(by.alice, token('transferByPartition', DEFAULT, address.bob, 1n, note))
    const [{ args }] = logsOf(moved, 'TransferByPartition')
    assert.deepEqual([args.fromPartition, args.from, args.to, args.value, args.data], [DEFAULT, address.alice, address.bob, 1n, note])
    assert.equal(logsOf(moved, 'Transfer').length, 1)
    const issued = await send(by.issuer, token('issueByPartition', DEFAULT, address.bob, 2n, note))
    assert.deepEqual(logsOf(issued, 'IssuedByPartition', 'Issued').map(({ args }) => args.data), [note, note])
    const ended = await send(by.issuer, token('operatorRedeemByPartition', DEFAULT, address.bob, 2n, note))
    assert.equal(logsOf(ended, 'RedeemedByPartition')[0].args.operatorData, note)
    const plain = await send(by.alice, token('transfer', address.bob, 1n))
    assert.deepEqual(logsOf(plain, 'TransferByPartition'), [])
  })

  test('a contract moves a class, and learns where it arrived and ERC-1400\'s byte', async () => {
    const call = { ...inContract('byPartition', DEFAULT, address.bob, 2n), account: address.bob }
    assert.deepEqual((await client.simulateContract(call)).result, [DEFAULT, '0x51'])
    const receipt = await send(by.bob, inContract('byPartition', DEFAULT, address.bob, 2n))
    assert.equal(logsOf(receipt, 'TransferByPartition')[0].args.data, stringToHex('by a contract'))
  })

  test('an operator may move all or a class, until it is revoked', async () => {
    const move = (to) => token('operatorTransferByPartition', DEFAULT, address.alice, to, 1n, '0x', stringToHex('desk 3'))
    const is = () =>
      Promise.all([
        ask(share, 'isOperator', [address.bob, address.alice]),
        ask(share, 'isOperatorForPartition', [DEFAULT, address.bob, address.alice]),
      ])
    for (const [give, take, args, state] of [
      ['authorizeOperator', 'revokeOperator', [address.bob], [true, true]],
      ['authorizeOperatorByPartition', 'revokeOperatorByPartition', [DEFAULT, address.bob], [false, true]],
    ]) {
      await tried('bob', move(address.dora))
      const given = await send(by.alice, token(give, ...args))
      assert.equal(logsOf(given, 'AuthorizedOperator', 'AuthorizedOperatorByPartition').length, 1)
      assert.deepEqual(await is(), state)
      const moved = await send(by.bob, move(address.dora))
      const [log] = logsOf(moved, 'TransferByPartition')
      assert.deepEqual([log.args.operator, log.args.operatorData], [address.bob, stringToHex('desk 3')])
      const taken = await send(by.alice, token(take, ...args))
      assert.equal(logsOf(taken, 'RevokedOperator', 'RevokedOperatorByPartition').length, 1)
      assert.deepEqual(await is(), [false, false])
    }
  })

  test('a controller acts by order, and the order is in the log as it was given', async () => {
    assert.equal(await ask(share, 'isControllable'), true)
    const note = stringToHex('case 4')
    const moved = await send(by.issuer, token('controllerTransfer', address.alice, address.bob, 1n, note, said))
    const [taken] = logsOf(moved, 'ControllerTransfer')
    assert.deepEqual([taken.args.controller, taken.args.data, taken.args.operatorData], [address.issuer, note, said])
    const ended = await send(by.issuer, token('controllerRedeem', address.bob, 1n, note, said))
    const [end] = logsOf(ended, 'ControllerRedemption')
    assert.deepEqual([end.args.tokenHolder, end.args.value, end.args.operatorData], [address.bob, 1n, said])
  })
})

describe('ERC-1643', () => {
  test('a document is kept by name, replaced, and taken off', async () => {
    const name = stringToHex('prospectus', { size: 32 })
    const hash = (byte) => `0x${byte.repeat(32)}`
    for (const [uri, documentHash] of [['ipfs://one', hash('a1')], ['ipfs://two', hash('a2')]]) {
      const receipt = await send(by.issuer, token('setDocument', name, uri, documentHash))
      assert.deepEqual({ ...logsOf(receipt, 'DocumentUpdated')[0].args }, { name, uri, documentHash })
      const [gotUri, gotHash, time] = await ask(share, 'getDocument', [name])
      const { timestamp } = await client.getBlock({ blockNumber: receipt.blockNumber })
      assert.deepEqual([gotUri, gotHash, time], [uri, documentHash, timestamp])
      assert.deepEqual(await ask(share, 'getAllDocuments'), [name])
    }
    const receipt = await send(by.issuer, token('removeDocument', name))
    assert.deepEqual({ ...logsOf(receipt, 'DocumentRemoved')[0].args }, { name, uri: 'ipfs://two', documentHash: hash('a2') })
    assert.deepEqual(await ask(share, 'getAllDocuments'), [])
    assert.deepEqual(await ask(share, 'getDocument', [name]), ['', zeroHash, 0n])
    await tried('alice', token('setDocument', name, 'ipfs://sly', hash('a3')))
  })
})

describe('ERC-1404', () => {
  const detected = (to, value, from = address.alice) => ask(share, 'detectTransferRestriction', [from, to, value])

  test('a number says why a transfer would be refused, 0 that it would not, and each has words', async () => {
    const have = await balance('alice')
    for (const [to, value, number] of [[address.bob, 1n, 0], [address.bob, have + 1n, 15], [address.carol, 1n, 26], [address.erik, 1n, 20]]) {
      assert.equal(await detected(to, value), number)
      assert.notEqual(await ask(share, 'messageForTransferRestriction', [number]), '')
      if (number) await tried('alice', token('transfer', to, value))
    }
    assert.equal(await ask(share, 'messageForTransferRestriction', [99]), '')
    await send(by.issuer, token('pause'))
    assert.equal(await detected(address.bob, 1n), 10)
    await send(by.issuer, token('unpause'))
  })
})

describe('ERC-7943', () => {
  const can = (to, amount, from = address.alice) => ask(share, 'canTransfer', [from, to, amount])
  const canSend = (who) => ask(share, 'canSend', [who])
  const canReceive = (who) => ask(share, 'canReceive', [who])

  test('who may send and receive is asked without an amount, and of nobody too', async () => {
    assert.deepEqual(await Promise.all([canSend(address.alice), canReceive(address.alice)]), [true, true])
    // The policy asks buyers for their country and sellers for none.
    assert.deepEqual(await Promise.all([canSend(address.carol), canReceive(address.carol)]), [true, false])
    for (const nobody of [address.erik, zeroAddress, share.address]) {
      assert.deepEqual(await Promise.all([canSend(nobody), canReceive(nobody)]), [false, false])
      assert.equal(await can(nobody, 1n), false)
      assert.equal(await ask(share, 'getFrozenTokens', [nobody]), 0n)
    }
    assert.equal(await can(address.bob, maxUint256), false)
  })

  test('what is foretold is so, in a contract and before it', async () => {
    for (const [to, value] of [[address.bob, 1n], [address.carol, 1n], [address.erik, 1n], [address.bob, 10n ** 30n]]) {
      const { result: [said, did] } = await client.simulateContract({ ...inContract('foretold', to, value), account: address.alice })
      assert.equal(said, did, `${to} ${value}`)
      assert.equal(said, to === address.bob && value === 1n)
    }
  })

  test('frozen units stay, may be more than there are, and are told as they stand', async () => {
    const had = await balance('alice')
    const freeze = (amount) => token('setFrozenTokens', address.alice, amount)
    await tried('bob', freeze(1n))
    for (const [amount, told] of [[had + 1_000n, { TokensFrozen: had + 1_000n }], [had - 3n, { TokensUnfrozen: 1_003n }]]) {
      const receipt = await send(by.issuer, freeze(amount))
      assert.deepEqual({ ...logsOf(receipt, 'Frozen')[0].args }, { account: address.alice, amount })
      assert.deepEqual(Object.fromEntries(logsOf(receipt, 'TokensFrozen', 'TokensUnfrozen').map(({ eventName, args }) => [eventName, args.amount])), told)
      assert.equal(await ask(share, 'getFrozenTokens', [address.alice]), amount)
    }
    assert.deepEqual(await Promise.all([can(address.bob, 3n), can(address.bob, 4n)]), [true, false])
    assert.equal(await canSend(address.alice), true)
    const why = await tried('alice', token('transfer', address.bob, 4n))
    assert.deepEqual([why.code, why.status], [9006, '0x53'])
  })

  test('force thaws first and says so before units move; nobody who could not receive is given any', async () => {
    const receipt = await send(by.issuer, token('forcedTransfer', address.alice, address.bob, 5n))
    const order = logsOf(receipt, 'Frozen', 'Transfer', 'ForcedTransfer').map(({ eventName }) => eventName)
    assert.deepEqual(order, ['Frozen', 'Transfer', 'ForcedTransfer'])
    await tried('issuer', token('forcedTransfer', address.alice, address.erik, 1n))
    await tried('alice', token('forcedTransfer', address.bob, address.alice, 1n))
    await send(by.issuer, token('setFrozenTokens', address.alice, 0n))
  })

  test('a halt is in the way of transfers and of no person', async () => {
    await send(by.issuer, token('pause'))
    assert.deepEqual([await can(address.bob, 1n), await canSend(address.alice)], [false, true])
    await send(by.issuer, token('unpause'))
    await send(by.issuer, token('setAddressFrozen', address.bob, true))
    assert.deepEqual([await can(address.bob, 1n), await canReceive(address.bob), await canSend(address.bob)], [false, false, false])
    await send(by.issuer, token('setAddressFrozen', address.bob, false))
  })
})

describe('status bytes', () => {
  const byte = async (who, to, value) =>
    (await client.readContract({ ...share, abi: TEXTS['ERC-1594'], functionName: 'canTransfer', args: [to, value, '0x'], account: address[who] }))[1]
  const refused = async (who, to, value) => (await tried(who, token('transfer', to, value))).status

  test('are ERC-1400\'s in previews and ERC-1066\'s in refusals', async () => {
    const have = await balance('alice')
    assert.equal(await byte('alice', address.bob, 1n), '0x51')
    assert.equal(await byte('alice', address.bob, have + 1n), '0x52')
    assert.equal(await byte('alice', address.carol, 1n), '0x57')
    assert.equal(await byte('alice', address.erik, 1n), '0x57')
    assert.equal(await refused('alice', address.carol, 1n), '0x10', 'disallowed')
    assert.equal(await refused('erik', address.bob, 1n), '0x20', 'not found')
    const from = await client.readContract({
      ...share, abi: TEXTS['ERC-1594'], functionName: 'canTransferFrom', args: [address.alice, address.dora, 1n, '0x'], account: address.bob,
    })
    assert.deepEqual(from.slice(0, 2), [false, '0x53'])

    await send(by.issuer, token('pause'))
    assert.deepEqual([await byte('alice', address.bob, 1n), await refused('alice', address.bob, 1n)], ['0x54', '0x42'])
    await send(by.issuer, token('unpause'))
    await send(by.issuer, token('setFrozenTokens', address.alice, have))
    assert.deepEqual([await byte('alice', address.bob, 1n), await refused('alice', address.bob, 1n)], ['0x55', '0x53'])
    await send(by.issuer, token('setFrozenTokens', address.alice, 0n))
    await send(by.issuer, token('setAddressFrozen', address.alice, true))
    assert.deepEqual([await byte('alice', address.bob, 1n), await refused('alice', address.bob, 1n)], ['0x56', '0x10'])
    await send(by.issuer, token('setAddressFrozen', address.alice, false))
  })

  test('of who asks by class are the same', async () => {
    const [status, , arrival] = await ask(share, 'canTransferByPartition', [address.alice, address.carol, DEFAULT, 1n, '0x'])
    assert.deepEqual([status, arrival], ['0x57', DEFAULT])
  })
})
