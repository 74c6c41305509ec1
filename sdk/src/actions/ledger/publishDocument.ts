import type { Address, Hex } from 'viem'
import { tokenAbi } from '../../abi.js'
import { assetNumber, tokenAddress } from '../../address.js'
import type { AnyClient } from '../ask.js'
import {
  callOf,
  write,
  writeSync,
  type Call,
  type WriteErrorType,
  type WriteParameters,
  type Written,
  type WrittenSync,
} from '../write.js'

/** Publishes a document of an asset, or a new version of it (ERC-1643). */
export async function publishDocument(
  client: AnyClient,
  parameters: publishDocument.Parameters,
): Promise<publishDocument.ReturnType> {
  return write(client, parameters, publishDocument.call(parameters))
}

/** The same, and waits until it is in its block. */
export async function publishDocumentSync(
  client: AnyClient,
  parameters: publishDocument.Parameters,
): Promise<publishDocumentSync.ReturnType> {
  return writeSync(client, parameters, publishDocument.call(parameters))
}

export namespace publishDocument {
  export type Arguments = {
    /** The asset, by number or token. */
    asset: bigint | Address
    /** Its name, 32 bytes. */
    name: Hex
    /** Where it can be read. */
    uri: string
    /** SHA-256 of its bytes: `documentHash`. */
    hash: Hex
  }
  export type Parameters = WriteParameters & Arguments
  export type ReturnType = Written
  export type ErrorType = WriteErrorType

  /** The call itself: to encode, to simulate, to propose. */
  export const call = ({ asset, name, uri, hash }: Arguments): Call =>
    callOf(tokenAddress(assetNumber(asset)), tokenAbi, 'setDocument', [name, uri, hash])
}

export declare namespace publishDocumentSync {
  type Parameters = publishDocument.Parameters
  type ReturnType = WrittenSync
  type ErrorType = WriteErrorType
}
