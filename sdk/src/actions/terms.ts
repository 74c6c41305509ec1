/** What bounds each use of something given; what is left out bounds nothing. */
export type TermsGiven = {
  /** At most so many units in one call. */
  atOnce?: bigint | undefined
  /** At most so many units in each period of so many milliseconds, the first from when it is given. */
  perPeriod?: { units: bigint; length: bigint } | undefined
  /** Only for a published app whose code an auditor in standing attests. */
  attested?: boolean | undefined
}

/** Terms as the interface has them: 0 bounds nothing. */
export const termsOf = ({ atOnce, perPeriod, attested }: TermsGiven) => ({
  atOnce: atOnce ?? 0n,
  perPeriod: perPeriod?.units ?? 0n,
  period: perPeriod?.length ?? 0n,
  attested: attested ?? false,
})
