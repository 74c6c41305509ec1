/** Something that others may do for an account. */
export type Operation = keyof typeof BITS

/** The bits of the operations, as the chain numbers them. */
const BITS = { transfer: 1, hold: 2 }

/** Operations as the chain counts a set of them. */
export const operationsOf = (operations: readonly Operation[]): number =>
  operations.reduce((set, operation) => set | BITS[operation], 0)

/** A set of operations by their names. */
export const operationsIn = (set: number): Operation[] =>
  (Object.keys(BITS) as Operation[]).filter((operation) => set & BITS[operation])
