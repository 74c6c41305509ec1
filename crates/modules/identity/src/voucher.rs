//! Signatures that are not a transaction's: a provider's voucher, a wallet's consent. EIP-712.

use crate::{ClaimGiven, PersonKind, Refusal, Registration};
use alloy_primitives::{Signature, U256, keccak256};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use types::{Address, B256, Bytes, Module, PersonId, Reserved, Time, ensure};

/// What recovering a signer costs, as Ethereum prices it.
pub(crate) const RECOVERY_GAS: u64 = 3_000;

/// The digest a provider signs so that a wallet may enrol by itself.
///
/// `Voucher(address wallet,uint8 kind,bytes2 residence,bytes32 uniqueness,bytes32 claims,uint64 deadline)` where
/// `claims` is the keccak of the claims, each a word for its topic, value, date, expiry and evidence.
pub fn voucher_digest(ctx: &Context<'_>, registration: &Registration, deadline_ms: u64) -> B256 {
    const TYPE: &[u8] = b"Voucher(address wallet,uint8 kind,bytes2 residence,bytes32 uniqueness,bytes32 claims,uint64 deadline)";
    let Registration { wallet, kind, residence, uniqueness, claims } = registration;
    let kind = match kind {
        PersonKind::Natural => 0u8,
        PersonKind::Entity => 1,
        PersonKind::Trust => 2,
        PersonKind::Fund => 3,
    };
    let mut country = [0u8; 32];
    country[..2].copy_from_slice(residence.as_str().as_bytes());
    let claims: Vec<u8> = claims.iter().flat_map(packed).collect();
    let fields = [
        keccak256(TYPE),
        wallet.into_word(),
        U256::from(kind).into(),
        country.into(),
        *uniqueness,
        keccak256(claims),
        U256::from(deadline_ms).into(),
    ];
    typed(ctx, &fields)
}

/// What a wallet agrees to own. Numbers are signed: append, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// A further account of the person.
    Account = 1,
    /// An account whose key is lost.
    Recovery = 2,
}

/// A signed word for one thing, good until a time.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Consent {
    /// Until when it is good, inclusive.
    pub deadline: Time,
    /// The signature.
    pub signature: Bytes,
}

impl Consent {
    /// Refuses what is late, or not this wallet's word.
    pub(crate) fn check(
        &self,
        ctx: &Context<'_>,
        digest: &B256,
        signer: &Address,
    ) -> Result<(), Refusal> {
        ensure(ctx.now() <= self.deadline, Refusal::DeadlinePassed(self.deadline))?;
        ctx.charge(RECOVERY_GAS);
        let is_signed = recover(digest, &self.signature) == Some(*signer);
        ensure(is_signed, Refusal::BadSignature { expected: *signer })
    }
}

/// The digest a wallet signs to become the owner of an account of this person, for this purpose and until
/// then: `Consent(uint64 person,address wallet,uint8 purpose,uint64 deadline)`.
pub fn consent_digest(
    ctx: &Context<'_>,
    person: PersonId,
    wallet: &Address,
    purpose: Purpose,
    deadline: Time,
) -> B256 {
    const TYPE: &[u8] = b"Consent(uint64 person,address wallet,uint8 purpose,uint64 deadline)";
    let fields = [
        keccak256(TYPE),
        U256::from(person.0).into(),
        wallet.into_word(),
        U256::from(purpose as u8).into(),
        U256::from(deadline.0).into(),
    ];
    typed(ctx, &fields)
}

/// The digest a person's first wallet signs to leave one provider's care for another's:
/// `Care(uint64 person,uint64 from,uint64 to,uint64 deadline)`.
pub fn care_digest(
    ctx: &Context<'_>,
    person: PersonId,
    from: PersonId,
    to: PersonId,
    deadline: Time,
) -> B256 {
    const TYPE: &[u8] = b"Care(uint64 person,uint64 from,uint64 to,uint64 deadline)";
    let numbers = [person.0, from.0, to.0, deadline.0];
    let [person, from, to, deadline] = numbers.map(|number| B256::from(U256::from(number)));
    typed(ctx, &[keccak256(TYPE), person, from, to, deadline])
}

/// Who signed a digest; refuses signatures that are not canonical (EIP-2: low s; v 27 or 28).
pub fn recover(digest: &B256, signature: &[u8]) -> Option<Address> {
    if signature.len() != 65 || !matches!(signature[64], 27 | 28) {
        return None;
    }
    let parsed = Signature::from_raw(signature).ok()?;
    if parsed.normalize_s().is_some() {
        return None;
    }
    parsed.recover_address_from_prehash(digest).ok()
}

fn packed(claim: &ClaimGiven) -> Vec<u8> {
    let mut bytes = U256::from(claim.topic).to_be_bytes::<32>().to_vec();
    bytes.extend(U256::from(claim.value).to_be_bytes::<32>());
    bytes.extend(U256::from(claim.dated.0).to_be_bytes::<32>());
    bytes.extend(U256::from(claim.expires.0).to_be_bytes::<32>());
    bytes.extend(claim.evidence);
    bytes
}

fn typed(ctx: &Context<'_>, fields: &[B256]) -> B256 {
    const DOMAIN: &[u8] =
        b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
    let domain = [
        keccak256(DOMAIN),
        keccak256(b"Scrip Identity"),
        keccak256(b"1"),
        U256::from(ctx.env.chain_id).into(),
        Reserved::service(ctx.shard(), Module::Identity).into_word(),
    ];
    let hash =
        |words: &[B256]| keccak256(words.iter().flat_map(|word| word.0).collect::<Vec<u8>>());
    keccak256([b"\x19\x01".as_slice(), hash(&domain).as_slice(), hash(fields).as_slice()].concat())
}
