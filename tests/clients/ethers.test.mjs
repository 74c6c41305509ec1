// ethers against the real binary: the same story from nothing to a refused transfer, with its own encoders.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  AbiCoder,
  Contract,
  ContractFactory,
  HDNodeWallet,
  Interface,
  JsonRpcProvider,
  NonceManager,
  Signature,
  WebSocketProvider,
  ZeroAddress,
  ZeroHash,
  concat,
  isCallException,
  isError,
  keccak256,
} from 'ethers'
import { startChain } from './chain.mjs'
import { compile } from './contracts.mjs'
import {
  CASH,
  CLAIM_WORDS,
  MNEMONIC,
  OPEN_POLICY,
  PERMIT,
  PLACES,
  POLICY,
  RESIDENCES,
  ROLES,
  SECURITY,
  SERVICES,
  VOUCHER,
  claimWords,
  registration,
  voucherDomain,
} from './people.mjs'

const contracts = compile()
const abi = (...names) => new Interface([...names, 'IRefusal'].flatMap((name) => contracts[name].abi))
const TOKEN = abi('IERC20', 'IERC20Metadata', 'IERC2612', 'IERC5267', 'IERC1594')

let chain, provider, by, identity, ledger, compliance, share, cash
before(async () => {
  chain = await startChain()
  // Blocks come faster than ethers expects: it would remember a nonce for a quarter of a second.
  provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1, polling: true, pollingInterval: 20 })
  by = Object.fromEntries(
    Object.entries({ ...ROLES, ...PLACES }).map(([name, place]) => {
      const wallet = HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${place}`)
      return [name, wallet.connect(provider)]
    }),
  )
  identity = new Contract(SERVICES.identity, abi('IIdentity', 'IIdentityRegistry'), provider)
  ledger = new Contract(SERVICES.ledger, abi('ILedger'), provider)
  compliance = new Contract(SERVICES.compliance, abi('ICompliance'), provider)
})
after(async () => {
  provider?.destroy()
  await chain?.stop()
})

const done = async (sent) => (await sent).wait()

/** What a refused call says. ethers decodes what calls give by itself, and leaves an estimate's data as it is. */
async function refusal(promise) {
  try {
    await promise
  } catch (error) {
    const revert = isCallException(error) && (error.revert ?? TOKEN.parseError(error.data))
    if (revert) return { name: revert.name, ...revert.args.toObject() }
    throw error
  }
  throw new Error('the call was not refused')
}

describe('from nothing to a market', () => {
  test('the network is known, fees are of the new kind, fuel is the balance', async () => {
    assert.equal((await provider.getNetwork()).chainId, BigInt(await chain.rpc('eth_chainId')))
    const fees = await provider.getFeeData()
    assert.ok(fees.maxFeePerGas > 0n, 'a base fee of zero would make ethers send old transactions')
    assert.ok((await provider.getBalance(by.issuer.address)) > 0n)
    assert.equal(await provider.getBalance(by.erik.address), 0n)
  })

  test('a provider registers people, and a voucher lets one enrol herself', async () => {
    const people = ['alice', 'bob', 'carol'].map((name) => registration(by[name].address, RESIDENCES[name]))
    const receipt = await done(identity.connect(by.provider).register(people))
    assert.equal(receipt.logs.filter((log) => identity.interface.parseLog(log)?.name === 'PersonRegistered').length, 3)

    const dora = registration(by.dora.address, RESIDENCES.dora)
    const coder = AbiCoder.defaultAbiCoder()
    const claims = keccak256(concat(dora.claims.map((claim) => coder.encode(CLAIM_WORDS, claimWords(claim)))))
    const deadline = dora.claims[0].expires
    const { chainId } = await provider.getNetwork()
    const signature = await by.provider.signTypedData(voucherDomain(chainId), VOUCHER, { ...dora, claims, deadline })
    const vouching = await identity.personOf(by.provider.address)
    const forged = await by.erik.signTypedData(voucherDomain(chainId), VOUCHER, { ...dora, claims, deadline })
    await assert.rejects(
      identity.connect(by.dora).enrol(vouching, dora, deadline, forged, { gasLimit: 300_000 }),
      /enrolment refused: the signature is not/,
    )
    await done(identity.connect(by.dora).enrol(vouching, dora, deadline, signature))
    assert.equal(await identity.isVerified(by.dora.address), true)
    assert.equal(await identity.contains(by.erik.address), false)
  })

  test('an issuer creates a security and cash; without a policy nothing moves', async () => {
    const create = async (asset, policy) => {
      const { logs } = await done(ledger.connect(by.issuer).createAsset(asset))
      const created = logs.map((log) => ledger.interface.parseLog(log)).find((event) => event?.name === 'AssetCreated')
      const { asset: number, token } = created.args
      const why = await refusal(ledger.connect(by.issuer).issueBatch(number, 0, [{ to: by.alice.address, units: 1 }]))
      assert.match(why.reason, /no policy yet/)
      await done(compliance.connect(by.issuer).setPolicy(number, JSON.stringify(policy), ZeroHash))
      return Object.assign(new Contract(token, TOKEN, provider), { number })
    }
    share = await create(SECURITY, POLICY)
    cash = await create(CASH, OPEN_POLICY)
    const unclear = compliance.connect(by.issuer).setPolicy(share.number, '{"rules":[{"clam":{}}]}', ZeroHash)
    assert.match((await refusal(unclear)).reason, /policy: unknown variant `clam`.*line 1 column/)
    await done(ledger.connect(by.issuer).issueBatch(share.number, 0, [{ to: by.alice.address, units: 500 }]))
    await done(ledger.connect(by.issuer).issueBatch(cash.number, 0, [{ to: by.bob.address, units: 90_000 }]))
    assert.equal(await share.balanceOf(by.alice.address), 500n)
  })
})

describe('a security in ethers', () => {
  test('moves where it may, and the receipt tells', async () => {
    const receipt = await done(share.connect(by.alice).transfer(by.bob.address, 40))
    assert.equal(receipt.status, 1)
    const { name, args } = share.interface.parseLog(receipt.logs[0])
    assert.deepEqual([name, ...args], ['Transfer', by.alice.address, by.bob.address, 40n])
    const transaction = await provider.getTransaction(receipt.hash)
    assert.equal(transaction.type, 2)
    assert.equal(transaction.blockNumber, receipt.blockNumber)
  })

  test('does not where it may not, and the error is named', async () => {
    const call = share.connect(by.alice).transfer.staticCall(by.carol.address, 1)
    await assert.rejects(call, (error) => isCallException(error) && error.revert.name === 'Refused')
    const why = await refusal(share.connect(by.alice).transfer(by.carol.address, 1))
    assert.equal(why.name, 'Refused')
    assert.equal(why.code, 9012n)
    assert.match(why.reason, /is not open for the buyer/)
    const sent = await share.connect(by.alice).transfer(by.carol.address, 1, { gasLimit: 200_000 })
    await assert.rejects(sent.wait(), (error) => isError(error, 'CALL_EXCEPTION') && error.receipt.status === 0)
    assert.equal(await share.balanceOf(by.carol.address), 0n)
  })

  test('takes a permit that ethers signed', async () => {
    const [, name, version, chainId, verifyingContract] = await share.eip712Domain()
    const permit = {
      owner: by.alice.address,
      spender: by.dora.address,
      value: 25n,
      nonce: await share.nonces(by.alice.address),
      deadline: BigInt(Math.floor(Date.now() / 1000) + 600),
    }
    const signed = await by.alice.signTypedData({ name, version, chainId, verifyingContract }, PERMIT, permit)
    const { v, r, s } = Signature.from(signed)
    await done(share.connect(by.dora).permit(permit.owner, permit.spender, permit.value, permit.deadline, v, r, s))
    const over = await refusal(share.connect(by.dora).transferFrom(by.alice.address, by.dora.address, 26))
    assert.deepEqual([over.name, over.allowance, over.needed], ['ERC20InsufficientAllowance', 25n, 26n])
    await done(share.connect(by.dora).transferFrom(by.alice.address, by.dora.address, 25))
    assert.equal(await share.balanceOf(by.dora.address), 25n)
  })

  test('is bought from a Solidity contract that ethers deployed', async () => {
    const { abi: deskAbi, bytecode } = contracts.Desk
    const factory = new ContractFactory([...deskAbi, ...contracts.IRefusal.abi], bytecode, by.alice)
    const desk = await factory.deploy(share.target, cash.target, by.alice.address, 100)
    await desk.waitForDeployment()
    await done(share.connect(by.alice).approve(desk.target, 100))
    await done(cash.connect(by.bob).approve(desk.target, 100_000))
    const receipt = await done(desk.connect(by.bob).buy(4))
    assert.deepEqual(
      receipt.logs.map((log) => (desk.interface.parseLog(log) ?? TOKEN.parseLog(log)).name),
      ['Transfer', 'Transfer', 'Sold'],
    )
    assert.equal(await cash.balanceOf(by.alice.address), 400n)
    const why = await refusal(desk.connect(by.carol).buy.staticCall(1))
    assert.equal(why.name, 'ERC20InsufficientAllowance')
  })
})

/** ethers does not wait for the answer to `eth_unsubscribe`, and cries out if it is cut off from it. */
class Listener extends WebSocketProvider {
  asked = []

  send(method, params) {
    const answer = super.send(method, params)
    this.asked.push(answer)
    return answer
  }

  /** Closes the connection when nobody listens any more and every question has its answer. */
  async close() {
    await this.removeAllListeners()
    for (let seen = -1; seen < this.asked.length; ) {
      seen = this.asked.length
      await Promise.allSettled(this.asked)
      // The next question may follow from an answer.
      await new Promise(setImmediate)
    }
    await this.destroy()
  }
}

describe('what ethers hears', () => {
  test('past events by filter', async () => {
    const all = await share.queryFilter(share.filters.Transfer(), 0)
    const issued = await share.queryFilter(share.filters.Transfer(ZeroAddress), 0)
    assert.deepEqual(issued.map(({ args }) => args.value), [500n])
    assert.ok(all.length > issued.length)
    assert.ok(all.every((event, i) => i === 0 || all[i - 1].blockNumber <= event.blockNumber))
  })

  test('blocks and events as they happen, over WebSocket', { timeout: 30_000 }, async () => {
    const socket = new Listener(chain.ws)
    const token = new Contract(share.target, TOKEN, socket)
    const block = new Promise((heard) => socket.once('block', heard))
    const event = new Promise((heard) => token.once('Transfer', (from, to, value) => heard([from, to, value])))
    // A call on the same connection is answered after the subscriptions stand.
    await Promise.all([socket.listenerCount('block'), token.listenerCount('Transfer')])
    await socket.getBlockNumber()
    const { blockNumber } = await done(share.connect(by.alice).transfer(by.bob.address, 1))
    assert.deepEqual(await event, [by.alice.address, by.bob.address, 1n])
    assert.ok((await block) <= blockNumber)
    await socket.close()
  })
})

describe('what ethers sends', () => {
  test('50 transactions at once with its nonce manager, all included', async () => {
    const alice = new NonceManager(by.alice)
    const before = await share.balanceOf(by.bob.address)
    const sent = await Promise.all(
      Array.from({ length: 50 }, () => share.connect(alice).transfer(by.bob.address, 1, { gasLimit: 100_000 })),
    )
    const receipts = await Promise.all(sent.map((transaction) => transaction.wait()))
    assert.ok(receipts.every(({ status }) => status === 1))
    assert.equal(await share.balanceOf(by.bob.address), before + 50n)
  })

  test('old and access-list transactions too', async () => {
    const data = TOKEN.encodeFunctionData('transfer', [by.bob.address, 1])
    for (const type of [0, 1]) {
      const receipt = await done(by.alice.sendTransaction({ type, to: share.target, data, gasLimit: 100_000 }))
      assert.equal(receipt.status, 1)
      assert.equal((await provider.getTransaction(receipt.hash)).type, type)
    }
  })

  test('ether to anyone is refused: there is none', async () => {
    const send = by.alice.sendTransaction({ to: by.bob.address, value: 1n, gasLimit: 21_000 })
    await assert.rejects(send, /there is no coin on this chain/)
  })

  test('a nonce that is used, and one that cannot be right', async () => {
    const next = await by.alice.getNonce()
    const call = (nonce) => share.connect(by.alice).transfer(by.bob.address, 1, { nonce, gasLimit: 100_000 })
    await assert.rejects(call(next - 1), (error) => isError(error, 'NONCE_EXPIRED') || /nonce too low/.test(error.message))
    await assert.rejects(call(next + 1_000_000), /too far ahead/)
  })
})
