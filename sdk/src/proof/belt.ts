// The Merkle mountain belt over the store's log: perfect trees of heights that never grow, folded from the newest to
// the oldest. Every node is hashed with its place, which follows from its first leaf and its height.
import { be64, sha256 } from './hash.js'

/** The most leaves a belt may have. */
const MAX_LEAVES = 0x4000_0000_0000_001en

/** Tags of this family of trees, and of folding its peaks from the newest. */
const DOMAIN = Uint8Array.of(1, 1)

/** A perfect tree: its height, and its first leaf. */
type Tree = { height: bigint; start: bigint }

/** A path from one leaf to the root. */
export type BeltProof = { leaves: bigint; inactivePeaks: bigint; digests: Uint8Array[] }

/** How a node is hashed, by its place, from its children. */
export type NodeHash = (tree: Tree, place: Uint8Array, left: Uint8Array, right: Uint8Array) => Uint8Array

/** The root over a leaf and its path; `undefined` if the path is not one of this leaf. */
export function rootOf(proof: BeltProof, leaf: bigint, element: Uint8Array, node: NodeHash): Uint8Array | undefined {
  const { leaves, inactivePeaks, digests } = proof
  if (leaf >= leaves || leaves > MAX_LEAVES) return undefined
  const peaks = peaksOf(leaves)
  const own = peaks.findIndex(({ height, start }) => leaf < start + (1n << height))
  // More than there are are found out when they are folded.
  const inactive = Number(inactivePeaks)

  // Peaks before the leaf's own: the inactive ones come as one digest. After it: the active ones do.
  const folded = Math.min(inactive, own)
  const after = peaks.length - own - 1
  const single = Math.min(Math.max(inactive - own - 1, 0), after)
  const heads = (folded > 0 ? 1 : 0) + (own - folded)
  const tails = single + (after > single ? 1 : 0)
  const siblings = digests.slice(heads + tails)
  if (digests.length < heads + tails || BigInt(siblings.length) !== peaks[own]!.height) return undefined

  const peak = climb(peaks[own]!, leaf, element, siblings, node)
  const all = [...digests.slice(0, heads), peak, ...digests.slice(heads, heads + tails)]
  const first = folded > 0 ? inactive - folded + 1 : inactive
  return fold(leaves, first, inactivePeaks, all)
}

/** The peaks of a belt, oldest first. */
function peaksOf(leaves: bigint): Tree[] {
  const peaks: Tree[] = []
  let start = 0n
  for (let bit = log2(leaves + 1n) - 1n; bit >= 0n; bit--) {
    const height = bit + (((leaves + 1n) >> bit) & 1n)
    peaks.push({ height, start })
    start += 1n << height
  }
  return peaks
}

/** The digest of a tree from one of its leaves and the siblings on its way, in the order of a walk from the left. */
function climb(tree: Tree, leaf: bigint, element: Uint8Array, siblings: Uint8Array[], node: NodeHash): Uint8Array {
  let next = 0
  const walk = ({ height, start }: Tree): Uint8Array => {
    const place = be64(placeOf({ height, start }))
    if (height === 0n) return sha256(place, element)
    const middle = start + (1n << (height - 1n))
    const isLeft = leaf < middle
    const left = isLeft ? walk({ height: height - 1n, start }) : siblings[next++]!
    const right = isLeft ? siblings[next++]! : walk({ height: height - 1n, start: middle })
    return node({ height, start }, place, left, right)
  }
  return walk(tree)
}

/** Hashes a node as everywhere in the belt. */
export const plainNode: NodeHash = (_, place, left, right) => sha256(place, left, right)

/** Where a tree's root stands among all nodes. A parent is born some leaves after its last one. */
function placeOf({ height, start }: Tree): bigint {
  const placeOfLeaf = (leaf: bigint) => 2n * leaf - log2(leaf + 1n)
  return height === 0n ? placeOfLeaf(start) : placeOfLeaf(start + 3n * (1n << (height - 1n)) - 2n) + 1n
}

/** Folds the peaks into the root: the inactive ones from the oldest, then the others from the newest. */
function fold(leaves: bigint, first: number, inactive: bigint, peaks: Uint8Array[]): Uint8Array | undefined {
  const count = Math.max(first, 1)
  if (count > peaks.length) return undefined
  const old = peaks.slice(0, count).reduce((total, peak) => sha256(total, peak))
  const young = peaks.slice(count)
  const bag = (): Uint8Array => young.reduceRight((total, peak) => sha256(peak, total))
  const whole = young.length > 0 ? sha256(old, bag()) : old
  return sha256(DOMAIN, be64(leaves), ...(inactive > 0n ? [be64(inactive)] : []), whole)
}

const log2 = (value: bigint): bigint => BigInt(value.toString(2).length - 1)
