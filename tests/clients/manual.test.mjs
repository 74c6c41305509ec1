// The interfaces are the manual: whatever a developer can call, hear or be refused with says what it is.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toFunctionSignature } from 'viem'
import { compile } from './contracts.mjs'

const contracts = compile()
const ours = Object.entries(contracts).filter(([, { source }]) => source.startsWith('contracts/'))

const signature = (item) => toFunctionSignature({ ...item, type: 'function' })

/** What of a contract has no word of explanation. */
function silent([name, { abi, userdoc }]) {
  const said = {
    function: (item) => userdoc.methods?.[signature(item)]?.notice,
    event: (item) => userdoc.events?.[signature(item)]?.notice,
    error: (item) => userdoc.errors?.[signature(item)]?.[0]?.notice,
  }
  return abi.filter((item) => said[item.type] && !said[item.type](item)).map((item) => `${name}.${item.name}`)
}

describe('every function, event and error of', () => {
  for (const folder of ['contracts/interfaces', 'contracts/examples']) {
    test(`${folder} is explained`, () => {
      const here = ours.filter(([, { source }]) => source.startsWith(folder))
      assert.ok(here.length >= 4)
      assert.deepEqual(here.flatMap(silent), [])
    })
  }

  test('a contract that says nothing is found out', () => {
    assert.ok(silent(['Probe', contracts.Probe]).includes('Probe.called'))
  })
})
