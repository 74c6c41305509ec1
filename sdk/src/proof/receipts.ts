// The Merkle tree over what a block did: SHA-256, leaves and nodes told apart as in RFC 6962.
import { hexToBytes } from 'viem'
import type { MerkleProof } from '../generated/wire.js'
import { same, sha256 } from './hash.js'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** True if the leaf stands at the proof's index under the root. */
export function isUnder(root: Uint8Array, leaf: Uint8Array, { index, leaves, siblings }: MerkleProof): boolean {
  if (index >= leaves) return false
  let hash = sha256(LEAF, leaf)
  let used = 0
  for (let at = index, size = leaves; size > 1; at >>>= 1, size = Math.ceil(size / 2)) {
    // A node without a right sibling rises unchanged.
    if (at % 2 === 0 && at + 1 === size) continue
    const sibling = siblings[used++]
    if (!sibling) return false
    hash = at % 2 === 0 ? sha256(NODE, hash, hexToBytes(sibling)) : sha256(NODE, hexToBytes(sibling), hash)
  }
  return used === siblings.length && same(hash, root)
}
