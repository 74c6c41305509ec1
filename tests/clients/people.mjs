// Who and what every client's story is about. No client library here.

export const MNEMONIC = 'test test test test test test test test test test test junk'

/** The dev chain's own wallets, by their place in the mnemonic. */
export const ROLES = { operator: 0, provider: 1, issuer: 2 }

/** Wallets of the same mnemonic that the dev chain does not know: the stories bring them in. */
export const PLACES = { alice: 20, bob: 21, carol: 22, dora: 23, erik: 24 }

export const RESIDENCES = { alice: 'DE', bob: 'FR', carol: 'US', dora: 'AT' }

/** The services, at the same addresses on every hub. */
export const SERVICES = {
  identity: '0x5c12190000000000000000000000000000000001',
  trust: '0x5c12190000000000000000000000000000000002',
  compliance: '0x5C12190000000000000000000000000000000003',
  ledger: '0x5C12190000000000000000000000000000000004',
}

const YEAR_MS = 365 * 24 * 3600 * 1000

/** What the provider says of a person: due diligence was done, and for how long it counts. */
export function registration(wallet, residence) {
  const hex = (text) => `0x${Buffer.from(text).toString('hex')}`
  return {
    wallet,
    kind: 0,
    residence: hex(residence),
    uniqueness: `0x${'00'.repeat(11)}01${wallet.slice(2).toLowerCase()}`,
    claims: [{ topic: 1, value: 0n, dated: 0n, expires: BigInt(Date.now() + YEAR_MS), evidence: `0x${'e1'.repeat(32)}` }],
  }
}

/** EIP-712: what a provider signs so that a wallet may enrol by itself. */
export const VOUCHER = {
  Voucher: [
    { name: 'wallet', type: 'address' },
    { name: 'kind', type: 'uint8' },
    { name: 'residence', type: 'bytes2' },
    { name: 'uniqueness', type: 'bytes32' },
    { name: 'claims', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
}

/** A voucher's claims are signed as the hash of these words, one after the other. */
export const CLAIM_WORDS = ['uint256', 'uint256', 'uint256', 'uint256', 'bytes32']
export const claimWords = ({ topic, value, dated, expires, evidence }) => [BigInt(topic), value, dated, expires, evidence]

export const voucherDomain = (chainId) => ({
  name: 'Scrip Identity',
  version: '1',
  chainId,
  verifyingContract: SERVICES.identity,
})

/** EIP-712: what an owner signs instead of `approve`, ERC-2612. */
export const PERMIT = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}

export const SECURITY = {
  kind: 0,
  currency: '',
  symbol: 'ACME',
  name: 'Acme ordinary shares',
  decimals: 0,
  isin: 'US0378331005',
  cfi: 'ESVUFR',
  fisn: 'ACME/SH',
  lei: '',
  authorised: 1_000_000n,
}

export const CASH = {
  kind: 5,
  currency: 'EUR',
  symbol: 'EURC',
  name: 'Euro cash',
  decimals: 2,
  isin: '',
  cfi: 'TCSXXX',
  fisn: '',
  lei: '',
  authorised: 1_000_000_000n,
}

/** What stands for the report of a dry run where rules are changed. */
export const REPORT = `0x${'01'.repeat(32)}`

/** Due diligence on both sides, buyers in three countries, and at most 600 shares in one hand. */
export const POLICY = {
  rules: [
    { claim: { side: 'both', topic: 1 } },
    { countries: { side: 'receiver', mode: 'allow', countries: ['DE', 'FR', 'AT'] } },
    { holding: { max: '600' } },
  ],
}

export const OPEN_POLICY = { rules: [] }
