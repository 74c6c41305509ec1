// There is no coin: fuel comes back with time, runs out, can be lent, and is what a wallet takes for its balance.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openMarket, refusal, service } from './market.mjs'
import { registration } from './people.mjs'

let market, client, by, address, send, ask, spinner, erik
before(async () => {
  market = await openMarket()
  ;({ client, by, address, send, ask } = market)
  spinner = await market.deploy(by.alice, 'Workshop')
  // Registered, but without due diligence: the small tank.
  const bare = { ...registration(address.erik, 'DE'), claims: [] }
  await send(by.provider, { ...service.identity, functionName: 'register', args: [[bare]] })
  erik = await ask(service.identity, 'personOf', [address.erik])
})
after(() => market?.stop())

const gasOf = async (who) => (await client.getBalance({ address: address[who] })) / (await client.getGasPrice())
const burn = (gas) => by.erik.writeContract({ ...spinner, functionName: 'spin', gas })
const mined = (hash) => client.waitForTransactionReceipt({ hash })

test('due diligence gives a larger tank', async () => {
  assert.equal(await gasOf('erik'), 5_000_000n)
  assert.equal(await ask(service.trust, 'fuelOf', [erik]), 5_000_000n)
  assert.ok((await gasOf('bob')) > 50_000_000n)
})

test('what is used is gone for now, and no more than is there can be used', async () => {
  assert.equal((await mined(await burn(3_000_000n))).gasUsed, 3_000_000n)
  const left = await gasOf('erik')
  assert.ok(left >= 2_000_000n && left < 2_500_000n, `${left} left`)
  await assert.rejects(burn(3_000_000n), /insufficient funds for gas \* price/)
  assert.equal(await client.getTransactionCount({ address: address.erik }), 1)
})

test('a refused transaction costs what it used, not what it brought', async () => {
  const before = await gasOf('bob')
  const { share } = market
  const hash = await by.bob.writeContract({ ...share, functionName: 'transfer', args: [address.carol, 1n], gas: 10_000_000n })
  const { status, gasUsed } = await mined(hash)
  assert.equal(status, 'reverted')
  assert.ok(gasUsed < 100_000n)
  assert.ok((await gasOf('bob')) > before - 200_000n)
})

test('a sponsor lends of its own, and the borrower\'s wallet sees it', async () => {
  const later = BigInt(Date.now() + 3_600_000)
  await send(by.bob, { ...service.trust, functionName: 'sponsor', args: [erik, 4_000_000n, later] })
  const [mine, theirs] = [await gasOf('erik'), await gasOf('bob')]
  assert.equal(mine, 4_000_000n)
  assert.equal((await mined(await burn(3_000_000n))).gasUsed, 3_000_000n)
  assert.ok((await gasOf('bob')) < theirs - 2_000_000n, 'the sponsor paid')
  await send(by.bob, { ...service.trust, functionName: 'endSponsorship', args: [erik] })
  await assert.rejects(burn(3_000_000n), /insufficient funds/)
})

test('fuel is not for sale to oneself', async () => {
  const credit = { ...service.trust, functionName: 'creditFuel', args: [erik, 10_000_000n] }
  assert.match((await refusal(by.alice.writeContract(credit))).reason, /no grant of fuel/)
  await send(by.operator, credit)
  assert.ok((await gasOf('erik')) >= 10_000_000n)
})
