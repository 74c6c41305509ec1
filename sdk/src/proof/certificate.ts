// The validators' threshold signature on a header's hash: BLS12-381, signatures in G1, one public key in G2.
import { bls12_381 } from '@noble/curves/bls12-381'
import { concatBytes, hexToBytes, stringToBytes, type Hex } from 'viem'
import { Cursor } from '../wire/bytes.js'
import { varint, writeVarint } from './varint.js'

const DST = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_'

/** A certificate taken apart. */
export type Certificate = {
  /** The hash of the header that is final. */
  header: Uint8Array
  /** What was signed. */
  proposal: Uint8Array
  /** A point of G1, compressed. */
  signature: Uint8Array
}

/** Reads a certificate; throws if the bytes are none. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const cursor = new Cursor(bytes)
  // Epoch, view, and the parent's view.
  for (let number = 0; number < 3; number++) varint(cursor)
  const header = cursor.take(32)
  const signature = cursor.take(48)
  cursor.end()
  return { header, proposal: bytes.subarray(0, bytes.length - signature.length), signature }
}

/** True if a quorum of the network's validators signed the certificate for this shard. */
export function isSigned({ proposal, signature }: Certificate, shard: number, networkKey: Hex): boolean {
  const namespace = stringToBytes(`scrip/${shard}_FINALIZE`)
  const message = concatBytes([writeVarint(BigInt(namespace.length)), namespace, proposal])
  try {
    // Both points must be in their groups and not the identity: `fromHex` refuses others.
    const point = bls12_381.G1.ProjectivePoint.fromHex(signature)
    const key = bls12_381.G2.ProjectivePoint.fromHex(hexToBytes(networkKey))
    return bls12_381.verifyShortSignature(point, bls12_381.G1.hashToCurve(message, { DST }) as typeof point, key)
  } catch {
    return false
  }
}
