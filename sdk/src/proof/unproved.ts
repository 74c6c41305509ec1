import { BaseError } from 'viem'

/** What is wrong with a proof. */
export type Flaw =
  /** The bytes are not a proof. */
  | 'malformed'
  /** It proves nothing, or is longer than any honest one. */
  | 'amount'
  /** The certificate is not one of this network and shard. */
  | 'not signed'
  /** The certificate or a header names another header. */
  | 'broken chain'
  /** A record is not what the header commits to. */
  | 'record'
  /** An effect is not what the header commits to. */
  | 'effect'

/** A proof that shows nothing. Nothing it says may be believed. */
export class Unproved extends BaseError {
  override name = 'Unproved'
  /** What is wrong with it. */
  readonly flaw: Flaw

  constructor(flaw: Flaw, why: string, cause?: unknown) {
    super(why, cause instanceof Error ? { cause } : {})
    this.message = why
    this.flaw = flaw
  }
}

/** Reads bytes that may be anything; what does not read is malformed. */
export function decoded<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Unproved('malformed', `the ${what} does not decode`, error)
  }
}
