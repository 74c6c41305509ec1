// What is signed that is no transaction: a provider's voucher, a wallet's consent, an owner's permit. EIP-712, exactly
// as the chain checks it. `hashTypedData` gives the digest.
import { concatHex, encodeAbiParameters, keccak256, type Address, type Hex } from 'viem'
import { servicesOf } from './address.js'
import { registration as given, type RegistrationGiven } from './given.js'

const WORD = { type: 'uint256' } as const
const CLAIM = [WORD, WORD, WORD, WORD, { type: 'bytes32' }] as const

/** The fields of what is signed, in order. */
export const typedDataTypes = {
  Voucher: fields('address wallet,uint8 kind,bytes2 residence,bytes32 uniqueness,bytes32 claims,uint64 deadline'),
  Consent: fields('uint64 person,address wallet,uint8 purpose,uint64 deadline'),
  Care: fields('uint64 person,uint64 from,uint64 to,uint64 deadline'),
  Permit: fields('address owner,address spender,uint256 value,uint256 nonce,uint256 deadline'),
} as const

type Place = { chainId: number; shard?: number }

const identityDomain = ({ chainId, shard = 0 }: Place) =>
  ({ name: 'Scrip Identity', version: '1', chainId, verifyingContract: servicesOf(shard).identity }) as const

/** What a provider signs so that a wallet may enrol by itself until the deadline, in milliseconds since 1970. */
export function voucherData({
  registration,
  deadline,
  ...place
}: Place & { registration: RegistrationGiven; deadline: bigint }) {
  const { claims, ...rest } = given(registration)
  // The claims' words, packed one after the other.
  const words = claims.map((claim) =>
    encodeAbiParameters(CLAIM, [BigInt(claim.topic), claim.value, claim.dated, claim.expires, claim.evidence]),
  )
  const message = { ...rest, claims: keccak256(concatHex(words)), deadline }
  return { domain: identityDomain(place), types: typedDataTypes, primaryType: 'Voucher', message } as const
}

/** What a consent is for. */
const PURPOSES = { account: 1, recovery: 2 } as const

/** What a wallet signs to become the owner of an account of this person: a further one, or one whose key is lost. */
export function consentData({ person, wallet, purpose, deadline, ...place }: Place & ConsentGiven) {
  const message = { person, wallet, purpose: PURPOSES[purpose], deadline }
  return { domain: identityDomain(place), types: typedDataTypes, primaryType: 'Consent', message } as const
}

/** A wallet's word that it becomes the owner of an account. */
export type ConsentGiven = {
  person: bigint
  wallet: Address
  purpose: keyof typeof PURPOSES
  /** Until when it is good, in milliseconds since 1970. */
  deadline: bigint
}

/** What a person's first wallet signs to leave one provider's care for another's. */
export function careData({ person, from, to, deadline, ...place }: Place & CareGiven) {
  const message = { person, from, to, deadline }
  return { domain: identityDomain(place), types: typedDataTypes, primaryType: 'Care', message } as const
}

/** A person's word that another provider shall answer for it. */
export type CareGiven = {
  person: bigint
  /** The provider that answers for it now. */
  from: bigint
  /** The provider that shall. */
  to: bigint
  /** Until when it is good, in milliseconds since 1970. */
  deadline: bigint
}

/** What an owner signs instead of sending `approve`, ERC-2612. The deadline is in seconds, as the standard has it. */
export function permitData({
  chainId,
  token,
  name,
  ...message
}: {
  chainId: number
  token: Address
  /** The asset's name, which its domain carries. */
  name: string
  owner: Address
  spender: Address
  value: bigint
  nonce: bigint
  deadline: bigint
}) {
  const domain = { name, version: '1', chainId, verifyingContract: token } as const
  return { domain, types: typedDataTypes, primaryType: 'Permit', message } as const
}

/** A signed consent: what `openAccount`, `startRecovery` and `takeOver` take. */
export type Consent = { deadline: bigint; signature: Hex }

/** Who signed, and what: what `enrol` takes. */
export type Voucher = { provider: bigint; registration: RegistrationGiven; deadline: bigint; signature: Hex }

type Field<Text extends string> = Text extends `${infer Type} ${infer Name}`
  ? { readonly name: Name; readonly type: Type }
  : never
type FieldsOf<Text extends string> = Text extends `${infer First},${infer Rest}`
  ? readonly [Field<First>, ...FieldsOf<Rest>]
  : readonly [Field<Text>]

/** Fields as a type's text names them. */
function fields<const Text extends string>(text: Text): FieldsOf<Text> {
  const named = text.split(',').map((field) => {
    const [type, name] = field.split(' ')
    return { name, type }
  })
  return named as unknown as FieldsOf<Text>
}
