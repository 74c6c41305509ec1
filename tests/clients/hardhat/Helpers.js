// Every helper of hardhat-network-helpers on the chain itself, with contract state and with native state.
const assert = require('node:assert/strict')
const { ethers, network } = require('hardhat')
const helpers = require('@nomicfoundation/hardhat-network-helpers')

const LEDGER = '0x5C12190000000000000000000000000000000004'
const COMPLIANCE = '0x5C12190000000000000000000000000000000003'
const STRANGER = '0x00000000000000000000000000000000000a11ce'
const NEW = { kind: 0, currency: '', symbol: 'HELP', name: 'Helped', decimals: 0, isin: '', cfi: 'ESVUFR', fisn: '', lei: '', authorised: 100n }

const done = async (sent) => (await sent).wait()

/** A security of which the first investor has ten. */
async function security() {
  const [, , issuer, alice, bob] = await ethers.getSigners()
  const ledger = await ethers.getContractAt('ILedger', LEDGER, issuer)
  const { logs } = await done(ledger.createAsset(NEW))
  const { asset, token } = logs.map((log) => ledger.interface.parseLog(log)).find((log) => log?.name === 'AssetCreated').args
  await done((await ethers.getContractAt('ICompliance', COMPLIANCE, issuer)).setPolicy(asset, '{"rules":[]}', ethers.ZeroHash))
  await done(ledger.issueBatch(asset, 0, [{ to: alice.address, units: 10 }]))
  return { alice, bob, ledger, asset, share: await ethers.getContractAt('IERC20', token, alice) }
}

describe('hardhat-network-helpers', () => {
  it('mine blocks, as many as are asked, and know the latest', async () => {
    const before = await helpers.time.latestBlock()
    await helpers.mine()
    await helpers.mine(3)
    assert.equal(await helpers.time.latestBlock(), before + 4)
    await helpers.mineUpTo(before + 6)
    assert.equal(await ethers.provider.getBlockNumber(), before + 6)
  })

  it('move time, for blocks and for natives', async () => {
    const start = await helpers.time.latest()
    await helpers.time.increase(3_600)
    assert.ok((await helpers.time.latest()) >= start + 3_600)
    const later = (await helpers.time.latest()) + 86_400
    await helpers.time.increaseTo(later)
    assert.equal(await helpers.time.latest(), later)
    await helpers.time.setNextBlockTimestamp(later + 100)
    await helpers.mine()
    assert.equal(await helpers.time.latest(), later + 100)
  })

  it('take back natives with contracts: a snapshot, and a fixture', async () => {
    const { alice, bob, share } = await helpers.loadFixture(security)
    const snapshot = await helpers.takeSnapshot()
    await done(share.transfer(bob.address, 4))
    assert.deepEqual([await share.balanceOf(alice.address), await share.balanceOf(bob.address)], [6n, 4n])
    const nonce = await ethers.provider.getTransactionCount(alice.address)
    await snapshot.restore()
    assert.deepEqual([await share.balanceOf(alice.address), await share.balanceOf(bob.address)], [10n, 0n])
    assert.equal(await ethers.provider.getTransactionCount(alice.address), nonce - 1)
    await done(share.transfer(bob.address, 1))
    await helpers.loadFixture(security)
    assert.equal(await share.balanceOf(bob.address), 0n)
  })

  it('let time run out for a hold, which is the ledger\'s own', async () => {
    const { alice, bob, ledger, asset, share } = await helpers.loadFixture(security)
    const expires = (BigInt(await helpers.time.latest()) + 600n) * 1_000n
    const hold = ledger.connect(alice)
    const number = await hold.hold.staticCall(asset, 0, bob.address, 0, 7, expires)
    await done(hold.hold(asset, 0, bob.address, 0, 7, expires))
    await assert.rejects(share.transfer.staticCall(bob.address, 4), /units/)
    await assert.rejects(hold.releaseHold.staticCall(number))
    await helpers.time.increase(601)
    await done(hold.releaseHold(number))
    await done(share.transfer(bob.address, 4))
  })

  it('act as anybody', async () => {
    await helpers.impersonateAccount(STRANGER)
    const stranger = await ethers.getSigner(STRANGER)
    const { share } = await helpers.loadFixture(security)
    await helpers.impersonateAccount(STRANGER)
    await done(share.connect(stranger).approve(LEDGER, 1))
    await helpers.stopImpersonatingAccount(STRANGER)
    await assert.rejects(share.connect(stranger).approve(LEDGER, 2))
  })

  it('set code, storage, nonces and what an account can spend', async () => {
    const at = '0x00000000000000000000000000000000000c0de5'
    // PUSH0 SLOAD PUSH0 MSTORE PUSH1 32 PUSH0 RETURN: tells the first word of its storage.
    await helpers.setCode(at, '0x5f545f5260205ff3')
    assert.equal(await ethers.provider.getCode(at), '0x5f545f5260205ff3')
    await helpers.setStorageAt(at, 0, 77)
    assert.equal(BigInt(await helpers.getStorageAt(at, 0)), 77n)
    assert.equal(BigInt(await ethers.provider.call({ to: at })), 77n)
    await helpers.setNonce(STRANGER, 40)
    assert.equal(await ethers.provider.getTransactionCount(STRANGER), 40)
    await helpers.setBalance(STRANGER, 10n ** 18n)
    assert.equal(await ethers.provider.getBalance(STRANGER), 10n ** 18n)
  })

  it('reset the chain', async () => {
    await helpers.mine(5)
    await network.provider.send('hardhat_reset')
    assert.ok((await ethers.provider.getBlockNumber()) < 5)
  })
})
