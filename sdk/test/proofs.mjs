// Proofs made by the real binary, from fixtures/make.mjs.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Unproved } from '@scrip/sdk/proof'

/** The network's key, and each bundle with what the command says of it. */
export const { networkKey, proofs } = JSON.parse(readFileSync(new URL('fixtures/proofs.json', import.meta.url), 'utf8'))

/** The proof of this name, to do with as one likes. */
export const called = (name) => structuredClone(proofs.find((proof) => proof.name === name))

/** What is wrong with a proof, or 'none'. */
export const flawOf = (run) => {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof Unproved, error.stack)
    return error.flaw
  }
  return 'none'
}
