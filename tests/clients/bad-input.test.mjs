// What must not get in: one clear error each, nothing changed, and the node answers the next one.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { encodeFunctionData, hexToBytes, parseTransaction, serializeTransaction, toHex } from 'viem'
import { post } from './chain.mjs'
import { TOKEN, openMarket } from './market.mjs'
import { SERVICES } from './people.mjs'

let market, rpc, alice, address, share
before(async () => {
  market = await openMarket()
  ;({ address, share } = market)
  ;({ rpc } = market.chain)
  alice = market.by.alice.account
  await market.send(market.by.alice, { ...share, functionName: 'transfer', args: [address.bob, 1n] })
})
after(() => market?.stop())

/** What a bad transaction could have changed. */
const state = async () => ({
  nonce: await rpc('eth_getTransactionCount', [alice.address, 'latest']),
  waiting: await rpc('txpool_status'),
  units: await market.ask(share, 'balanceOf', [alice.address]),
  supply: await market.ask(share, 'totalSupply'),
})
const unchanged = () => {
  let was
  beforeEach(async () => (was = await state()))
  afterEach(async () => assert.deepEqual(await state(), was))
}

const data = (units = 1n) => encodeFunctionData({ abi: TOKEN, functionName: 'transfer', args: [address.bob, units] })
const nextNonce = async () => Number(await rpc('eth_getTransactionCount', [alice.address, 'pending']))
const sign = async (over = {}, who = alice) =>
  who.signTransaction({
    type: 'eip1559',
    chainId: market.id,
    nonce: over.nonce ?? (await nextNonce()),
    maxFeePerGas: 2_000_000_000n,
    maxPriorityFeePerGas: 0n,
    gas: 100_000n,
    to: share.address,
    data: data(),
    ...over,
  })
const refused = (raw, why, code = -32000) =>
  assert.rejects(rpc('eth_sendRawTransaction', [raw]), (error) => {
    assert.match(error.message, why)
    assert.equal(error.code, code)
    return true
  })
const hash = (raw) => rpc('eth_sendRawTransaction', [raw])
const landed = (hash) => market.client.waitForTransactionReceipt({ hash })

describe('bytes that are no transaction of this chain', () => {
  unchanged()

  test('malformed RLP, whatever is wrong with it', async () => {
    const good = await sign()
    for (const raw of ['0x', '0x00', '0x02', '0xdeadbeef', '0xc0', '0xf8ff', '0x02c0', good.slice(0, -2), good + '00', `0x${'ff'.repeat(500)}`]) {
      await refused(raw, /not an RLP-encoded transaction|rlp/i)
    }
  })

  test('not hex, or no bytes at all', async () => {
    for (const raw of ['nonsense', '0x0', '0xzz', 7, null, {}]) await refused(raw, /transaction/, -32602)
    await assert.rejects(rpc('eth_sendRawTransaction', []), { code: -32602 })
  })

  test('signed for another chain, or for any', async () => {
    await refused(await sign({ chainId: 1 }), /signed for chain id .*1.*, this is/)
    const old = { type: 'legacy', nonce: 0, gas: 100_000n, gasPrice: 2_000_000_000n, to: share.address, data: data() }
    await refused(await alice.signTransaction(old), /signed for chain id/)
  })

  test('of a type that is not taken', async () => {
    const blob = '0x03f87a8205390180843b9aca00825208945c121900000000000000000100000000000000018080c001e1a0' + '01'.repeat(32) + '80a0' + '11'.repeat(32) + 'a0' + '22'.repeat(32)
    await refused(blob, /type 3|not an RLP/)
  })

  test('with the malleable twin of a signature', async () => {
    const { r, s, yParity, ...rest } = parseTransaction(await sign())
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const twin = serializeTransaction(rest, { r, s: toHex(order - BigInt(s), { size: 32 }), yParity: 1 - yParity })
    await refused(twin, /signature is not valid/)
  })

  test('300 seeded mutations of a good one', async () => {
    const good = hexToBytes(await sign())
    let seed = 42
    const random = (below) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below
    const calls = Array.from({ length: 300 }, (_, id) => {
      const bytes = Uint8Array.from(good)
      for (let flips = 1 + random(3); flips > 0; flips--) bytes[random(bytes.length)] ^= 1 + random(255)
      return { jsonrpc: '2.0', id, method: 'eth_sendRawTransaction', params: [toHex(bytes)] }
    }).filter(({ params }) => params[0] !== toHex(good))
    const answers = await post(market.chain.url, JSON.stringify(calls))
    assert.equal(answers.length, calls.length)
    for (const { error } of answers) assert.ok(error && error.message.length > 10, JSON.stringify(error))
  })
})

describe('a transaction that cannot be included', () => {
  unchanged()

  test('moves ether, which there is none of', () => sign({ value: 1n }).then((raw) => refused(raw, /no coin/)))
  test('offers less than the base fee', () =>
    sign({ maxFeePerGas: 1n }).then((raw) => refused(raw, /max fee per gas less than block base fee/)))
  test('has less gas than entering costs', () => sign({ gas: 20_999n }).then((raw) => refused(raw, /intrinsic gas too low/)))
  test('asks for more gas than a transaction may have', () =>
    sign({ gas: 10n ** 12n }).then((raw) => refused(raw, /exceeds transaction gas limit/)))
  test('asks for more fuel than its sender has', () =>
    sign({ gas: 400_000_000n }).then((raw) => refused(raw, /insufficient funds for gas.*fuel for 400000000 gas is needed/)))
  test('comes from someone nobody knows', async () =>
    refused(await sign({ nonce: 0 }, market.by.erik.account), /sender not registered.*enrol with a KYC provider/))
  test('uses a nonce again', async () => refused(await sign({ nonce: (await nextNonce()) - 1 }), /nonce too low/))
  test('runs far ahead', async () => refused(await sign({ nonce: (await nextNonce()) + 5_000 }), /too far ahead/))
})

describe('a nonce that has to wait', () => {
  test('waits, can be replaced for a tenth more, and goes with the one before it', async () => {
    const nonce = await nextNonce()
    const waiting = await sign({ nonce: nonce + 1, data: data(2n) })
    await hash(waiting)
    assert.equal(BigInt((await rpc('txpool_status')).queued), 1n)
    assert.equal(await nextNonce(), nonce)
    await refused(waiting, /already known/)
    await refused(await sign({ nonce: nonce + 1, data: data(3n) }), /replacement transaction underpriced/)
    const replaced = await hash(await sign({ nonce: nonce + 1, data: data(4n), maxFeePerGas: 2_200_000_000n }))
    const first = await hash(await sign({ nonce }))
    const [one, other] = [await landed(first), await landed(replaced)]
    assert.deepEqual([one.status, other.status], ['success', 'success'])
    assert.equal(await rpc('eth_getTransactionReceipt', [await rpc('web3_sha3', [waiting])]), null)
  })

  test('the same bytes twice land once', async () => {
    const raw = await sign()
    const before = await market.ask(share, 'balanceOf', [address.bob])
    await landed(await hash(raw))
    await refused(raw, /nonce too low|already known/)
    assert.equal(await market.ask(share, 'balanceOf', [address.bob]), before + 1n)
  })
})

describe('calls that the services cannot read', () => {
  unchanged()
  const call = (to, input) => rpc('eth_call', [{ from: alice.address, to, data: input }, 'latest'])
  const reverts = (to, input, why) =>
    assert.rejects(call(to, input), (error) => {
      assert.equal(error.code, 3)
      assert.match(error.message, why)
      return error.data.length > 10
    })

  test('unknown functions, missing and dirty arguments', async () => {
    await reverts(share.address, '0xdeadbeef', /function 0xdeadbeef is unknown here/)
    await reverts(share.address, '0x', /names no function/)
    await reverts(share.address, data().slice(0, 100), /do not decode/)
    await reverts(share.address, data().slice(0, 10) + 'ff'.repeat(64), /do not decode/)
    for (const service of Object.values(SERVICES)) await reverts(service, '0x00000000', /unknown here/)
  })

  test('arrays whose offsets point at each other', async () => {
    // register(Registration[]): 60,000 entries which are all the same bytes.
    const word = (value) => value.toString(16).padStart(64, '0')
    const count = 60_000
    const selector = '0x' + (await rpc('web3_sha3', [toHex('register((address,uint8,bytes2,bytes32,(uint32,uint64,uint64,bytes32)[])[])')])).slice(2, 10)
    const bomb = selector + word(32) + word(count) + word(count * 32).repeat(count) + word(0).repeat(5)
    await assert.rejects(call(SERVICES.identity, bomb), (error) => error.code === 3 || error.code === -32000)
  })
})

describe('requests that are none', () => {
  unchanged()
  const ask = (body) => post(market.chain.url, typeof body === 'string' ? body : JSON.stringify(body))
  const fails = async (body, code, why) => {
    const { error, result } = await ask(body)
    assert.equal(result, undefined)
    assert.equal(error?.code, code, JSON.stringify(error))
    assert.match(error.message, why)
  }

  test('are answered with JSON-RPC\'s own codes', async () => {
    await fails('{"jsonrpc":"2.0"', -32700, /parse error/)
    await fails('', -32700, /empty/)
    await fails('[]', -32600, /empty/)
    await fails('42', -32600, /object/)
    await fails({ id: 1, method: 'eth_chainId' }, -32600, /jsonrpc/)
    await fails({ jsonrpc: '2.0', id: 1, method: 'eth_mine' }, -32601, /eth_mine does not exist/)
    await fails({ jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: ['0x12'] }, -32602, /address/)
    await fails({ jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: 7 }, -32602, /params/)
    await fails({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: ['soon', false] }, -32602, /block/)
    await fails(`{"jsonrpc":"2.0","id":1,"method":"a","params":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, -32600, /deeper/)
  })

  test('a batch is answered call by call, and may have a thousand', async () => {
    const calls = (count) => Array.from({ length: count }, (_, id) => ({ jsonrpc: '2.0', id, method: 'eth_chainId' }))
    const answers = await ask(calls(1_000))
    assert.deepEqual(answers.map(({ id }) => id), calls(1_000).map(({ id }) => id))
    await fails(calls(1_001), -32600, /at most 1000/)
    const mixed = await ask([...calls(1), { jsonrpc: '2.0', id: 'x', method: 'nope' }, 5])
    assert.deepEqual(mixed.map(({ error }) => error?.code), [undefined, -32601, -32600])
  })

  test('a body too large is refused before it is read', async () => {
    const response = await fetch(market.chain.url, { method: 'POST', body: `["${'x'.repeat(6 << 20)}"]` }).catch((error) => error)
    // The node may close the connection while the client still writes.
    if (!(response instanceof Error)) {
      assert.equal(response.status, 413)
      assert.match(await response.text(), /4194304|4 MiB|too large/i)
    }
    assert.equal(Number(await rpc('eth_chainId')), market.id)
  })

  test('a log query that runs backwards, a block that is not there yet', async () => {
    await assert.rejects(rpc('eth_getLogs', [{ fromBlock: '0x5', toBlock: '0x1' }]), (error) => error.code < 0 && /block/i.test(error.message))
    assert.equal(await rpc('eth_getBlockByNumber', ['0xffffff', false]), null)
    assert.equal(await rpc('eth_getTransactionByHash', [`0x${'12'.repeat(32)}`]), null)
    await assert.rejects(rpc('eth_subscribe', ['newHeads']), /WebSocket/)
  })

  test('pages of other origins may ask', async () => {
    const headers = { origin: 'https://wallet.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
    const response = await fetch(market.chain.url, { method: 'OPTIONS', headers })
    assert.ok(response.ok)
    assert.ok(['*', headers.origin].includes(response.headers.get('access-control-allow-origin')))
  })

  test('a hundred clients that never finish their request keep nobody waiting', async () => {
    const { hostname, port } = new URL(market.chain.url)
    const slow = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = connect(Number(port), hostname)
        await once(socket, 'connect')
        socket.on('error', () => {})
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{')
        return socket
      }),
    )
    assert.equal(Number(await rpc('eth_chainId')), market.id)
    slow.forEach((socket) => socket.destroy())
  })
})

describe('WebSocket', () => {
  test('what is no message gets an error, and the connection goes on', { timeout: 30_000 }, async () => {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(market.chain.ws)
    await once(socket, 'open')
    const say = async (text) => {
      const heard = once(socket, 'message')
      socket.send(text)
      return JSON.parse((await heard)[0])
    }
    assert.equal((await say('nonsense')).error.code, -32700)
    assert.equal((await say('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["weather"]}')).error.code, -32602)
    assert.equal((await say('{"jsonrpc":"2.0","id":2,"method":"eth_unsubscribe","params":["0x99"]}')).id, 2)
    assert.equal(Number((await say('{"jsonrpc":"2.0","id":3,"method":"eth_chainId"}')).result), market.id)
    socket.terminate()
  })
})
