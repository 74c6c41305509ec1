// OpenZeppelin's npm contracts with native assets as their tokens: a vault, a vesting wallet, a timelock, a deposit,
// an airdrop. They know ERC-20 and nothing of securities; the asset's rules hold all the same.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  parseEventLogs,
  toHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { TOKEN, openMarket, refusal, service } from './market.mjs'
import { registration } from './people.mjs'

let market, client, by, address, share, cash, send, ask, deploy
before(async () => {
  market = await openMarket()
  ;({ client, by, address, share, cash, send, ask, deploy } = market)
})
after(() => market?.stop())

const ERRORS = TOKEN.filter(({ type }) => type === 'error')
const call = (contract, functionName, ...args) => ({ ...contract, abi: [...contract.abi, ...ERRORS], functionName, args })
const did = (who, contract, functionName, ...args) => send(by[who], call(contract, functionName, ...args))
const tried = (who, contract, functionName, ...args) =>
  client.simulateContract({ ...call(contract, functionName, ...args), account: address[who] })
const holds = (token, at) => ask(token, 'balanceOf', [at])

/** A contract holds units as a person does: a provider knows it, and answers for who runs it. */
async function known({ address }) {
  const entity = { ...registration(address, 'DE'), kind: 1 }
  await send(by.provider, { ...service.identity, functionName: 'register', args: [[entity]] })
}

describe('a vault (ERC-4626)', () => {
  let vault
  before(async () => {
    vault = await deploy(by.alice, 'Vault', [share.address])
    await did('alice', share, 'approve', vault.address, 200n)
  })

  test('takes no deposit while nobody answers for it', async () => {
    const why = await refusal(tried('alice', vault, 'deposit', 100n, address.alice))
    assert.match(why.reason, /not bound to a (registered|verified) person/)
    assert.equal(await ask(vault, 'totalAssets'), 0n)
  })

  test('once known, it holds what is deposited and gives it back', async () => {
    await known(vault)
    await did('alice', vault, 'deposit', 100n, address.alice)
    assert.deepEqual([await ask(vault, 'totalAssets'), await ask(vault, 'balanceOf', [address.alice])], [100n, 100n])
    // Its own shares are no security: they go to anyone.
    await did('alice', vault, 'transfer', address.carol, 30n)
    const receipt = await did('alice', vault, 'withdraw', 20n, address.bob, address.alice)
    const names = parseEventLogs({ abi: vault.abi, logs: receipt.logs }).map(({ eventName }) => eventName)
    assert.deepEqual(names, ['Transfer', 'Transfer', 'Withdraw'])
    assert.equal(await holds(share, vault.address), 80n)
  })

  test('but never to whom the security is not open, whoever has its shares', async () => {
    assert.equal((await refusal(tried('carol', vault, 'redeem', 30n, address.carol, address.carol))).code, 9012)
    await did('carol', vault, 'redeem', 30n, address.bob, address.carol)
    assert.equal(await holds(share, address.carol), 0n)
  })

  test('a gain is shared by all who have shares', async () => {
    await did('bob', share, 'transfer', vault.address, 50n)
    assert.equal(await ask(vault, 'convertToAssets', [50n]), 99n, 'rounded down, against who leaves')
  })
})

describe('a vesting wallet', () => {
  test('releases a native asset by time, to its owner alone', async () => {
    const { timestamp } = await client.getBlock()
    const start = timestamp - 500n
    const wallet = await deploy(by.alice, 'VestingWallet', [address.bob, start, 1_000n])
    await known(wallet)
    await did('alice', share, 'transfer', wallet.address, 40n)
    assert.equal(await ask(wallet, 'vestedAmount', [share.address, start + 500n]), 20n)
    const before = await holds(share, address.bob)
    const receipt = await did('carol', wallet, 'release', share.address)
    const [{ args }] = parseEventLogs({ abi: wallet.abi, logs: receipt.logs, eventName: 'ERC20Released' })
    assert.ok(args.amount >= 20n && args.amount < 40n, `${args.amount}`)
    assert.equal(await holds(share, address.bob), before + args.amount)
  })
})

describe('a timelock', () => {
  test('is an issuer\'s second lock: what it holds moves when all have had their time', async () => {
    const lock = await deploy(by.alice, 'TimelockController', [0n, [address.alice], [zeroAddress], zeroAddress])
    await known(lock)
    await did('alice', share, 'transfer', lock.address, 10n)
    const data = encodeFunctionData({ abi: share.abi, functionName: 'transfer', args: [address.bob, 10n] })
    const order = [share.address, 0n, data, zeroHash, toHex(1, { size: 32 })]
    await assert.rejects(tried('bob', lock, 'execute', ...order), /TimelockUnexpectedOperationState/)
    await assert.rejects(tried('bob', lock, 'schedule', ...order, 0n), /AccessControlUnauthorizedAccount/)
    await did('alice', lock, 'schedule', ...order, 0n)
    const before = await holds(share, address.bob)
    await did('bob', lock, 'execute', ...order)
    assert.equal(await holds(share, address.bob), before + 10n)
    assert.equal(await ask(lock, 'isOperationDone', [await ask(lock, 'hashOperation', order)]), true)
  })

  test('and its call is refused as anyone\'s is', async () => {
    const lock = await deploy(by.alice, 'TimelockController', [0n, [address.alice], [zeroAddress], zeroAddress])
    await known(lock)
    await did('alice', share, 'transfer', lock.address, 5n)
    const data = encodeFunctionData({ abi: share.abi, functionName: 'transfer', args: [address.carol, 5n] })
    const order = [share.address, 0n, data, zeroHash, zeroHash]
    await did('alice', lock, 'schedule', ...order, 0n)
    assert.equal((await refusal(tried('bob', lock, 'execute', ...order))).code, 9012)
    assert.equal(await holds(share, lock.address), 5n)
  })
})

describe('a deposit', () => {
  test('of native cash is released by its arbiter, and of nobody else', async () => {
    const deposit = await deploy(by.alice, 'Deposit', [cash.address, address.bob, address.alice, address.dora])
    await known(deposit)
    await did('bob', cash, 'approve', deposit.address, 700n)
    await did('carol', deposit, 'pay', 700n)
    await assert.rejects(tried('alice', deposit, 'release', 700n), /AccessControlUnauthorizedAccount/)
    const before = await holds(cash, address.alice)
    await did('dora', deposit, 'release', 600n)
    assert.deepEqual([await holds(cash, address.alice), await holds(cash, deposit.address)], [before + 600n, 100n])
    const short = await tried('dora', deposit, 'release', 101n).catch((error) => error)
    const { data } = short.walk(({ name }) => name === 'ContractFunctionRevertedError')
    assert.deepEqual([data.errorName, ...data.args], ['ERC20InsufficientBalance', deposit.address, 100n, 101n])
  })
})

describe('an airdrop', () => {
  test('gives once to who is in the tree and may hold', async () => {
    const leaf = (who, units) => {
      const words = encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [address[who], units])
      return keccak256(keccak256(words))
    }
    const leaves = [leaf('dora', 3n), leaf('carol', 4n)]
    const root = keccak256(concat([...leaves].sort()))
    const drop = await deploy(by.alice, 'Airdrop', [share.address, root])
    await known(drop)
    await did('alice', share, 'transfer', drop.address, 7n)
    const before = await holds(share, address.dora)
    await did('dora', drop, 'claim', 3n, [leaves[1]])
    assert.equal(await holds(share, address.dora), before + 3n)
    await assert.rejects(tried('dora', drop, 'claim', 3n, [leaves[1]]), /taken/)
    await assert.rejects(tried('bob', drop, 'claim', 3n, [leaves[1]]), /not in the tree/)
    // Refused, and not taken: she may come again when the security is open to her.
    const why = await refusal(tried('carol', drop, 'claim', 4n, [leaves[0]]))
    assert.equal(why.code, 9012)
    assert.equal(await ask(drop, 'taken', [address.carol]), false)
  })
})
