const assert = require('node:assert/strict')
const { ethers } = require('hardhat')
const { loadFixture } = require('@nomicfoundation/hardhat-network-helpers')

const LEDGER = '0x5C12190000000000000000000000000000000004'
const COMPLIANCE = '0x5C12190000000000000000000000000000000003'

const SHARE = {
  kind: 0,
  currency: '',
  symbol: 'POLL',
  name: 'Poll shares',
  decimals: 0,
  isin: '',
  cfi: 'ESVUFR',
  fisn: '',
  lei: '',
  authorised: 1_000n,
}

/** A security, two holders, a checkpoint, and a poll on it. */
async function market() {
  // Who is who among the ten wallets is told by `scrip dev` when it starts.
  const [, , issuer, alice, bob] = await ethers.getSigners()
  const ledger = await ethers.getContractAt('ILedger', LEDGER, issuer)
  const created = await (await ledger.createAsset(SHARE)).wait()
  const { asset, token } = created.logs.map((log) => ledger.interface.parseLog(log)).find((log) => log?.name === 'AssetCreated').args
  const compliance = await ethers.getContractAt('ICompliance', COMPLIANCE, issuer)
  await (await compliance.setPolicy(asset, JSON.stringify({ rules: [] }), ethers.ZeroHash)).wait()
  await (await ledger.issueBatch(asset, 0, [{ to: alice.address, units: 60 }, { to: bob.address, units: 40 }])).wait()
  await (await ledger.takeCheckpoint(asset)).wait()
  const share = await ethers.getContractAt('IERC20', token)
  const poll = await ethers.deployContract('Poll', [asset, 1, 'Shall the board be thanked?'], issuer)
  await poll.waitForDeployment()
  return { issuer, alice, bob, share, poll }
}

const done = async (sent) => (await sent).wait()

/** The name of the error that a call reverts with. */
async function refusal(contract, call) {
  const error = await call.then(() => assert.fail('it was not refused'), (thrown) => thrown)
  return contract.interface.parseError(error.data)?.name ?? error.message
}

describe('Poll', () => {
  it('gives each holder a vote a unit, as of the checkpoint', async () => {
    const { alice, bob, share, poll } = await loadFixture(market)
    await done(share.connect(alice).transfer(bob.address, 30))
    await done(poll.connect(alice).vote(true))
    await done(poll.connect(bob).vote(false))
    assert.deepEqual([await poll.yes(), await poll.no(), await poll.isCarried()], [60n, 40n, true])
  })

  it('hears each once, and holders only', async () => {
    const { issuer, alice, share, poll } = await loadFixture(market)
    // The fixture took the securities back as well: nobody has moved anything yet.
    assert.equal(await share.balanceOf(alice.address), 60n)
    await done(poll.connect(alice).vote(false))
    assert.equal(await refusal(poll, poll.connect(alice).vote.staticCall(true)), 'VotedAlready')
    assert.equal(await refusal(poll, poll.connect(issuer).vote.staticCall(true)), 'NoVotes')
    assert.equal(await poll.isCarried(), false)
  })
})
