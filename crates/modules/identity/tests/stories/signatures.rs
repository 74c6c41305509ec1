//! Vouchers and consents: whose signature counts, over what, in what form.

use crate::world::*;
use alloy_primitives::{FixedBytes, U256, keccak256, uint};
use alloy_sol_types::{SolStruct, SolValue, eip712_domain};
use identity::{Call, Consent, Purpose, Refusal, topic};
use types::{AccountId, Bytes, Module, Reserved, ShardId};

/// What wallets are shown to sign.
mod typed {
    use alloy_sol_types::sol;

    sol! {
        struct Voucher {
            address wallet;
            uint8 kind;
            bytes2 residence;
            bytes32 uniqueness;
            bytes32 claims;
            uint64 deadline;
        }

        struct Consent {
            uint64 person;
            address wallet;
            uint8 purpose;
            uint64 deadline;
        }

        struct Care {
            uint64 person;
            uint64 from;
            uint64 to;
            uint64 deadline;
        }
    }
}

/// The order of the curve: `s` and `N - s` sign the same, and only the lower is canonical.
const N: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

fn malleate(signature: &Bytes) -> Bytes {
    let mut bytes = signature.to_vec();
    let s = U256::from_be_slice(&bytes[32..64]);
    bytes[32..64].copy_from_slice(&(N - s).to_be_bytes::<32>());
    bytes[64] ^= 27 ^ 28;
    bytes.into()
}

#[test]
fn only_one_form_of_a_signature_counts() {
    let mut world = World::new();
    let good = world.enrolment(1, registration(10, 10), world.after(MINUTE));
    let mut attempt = |signature: Bytes| {
        let enrolment = identity::Enrolment { signature, ..good.clone() };
        world.call(10, Call::Enrol(enrolment)).map(drop)
    };
    let refused = Err(Refusal::BadSignature { expected: wallet(1) });
    let high_s = malleate(&good.signature);
    let hash = |v: u8| {
        let mut bytes = good.signature.to_vec();
        bytes[64] = v;
        Bytes::from(bytes)
    };
    assert_eq!(attempt(high_s), refused, "high s");
    for v in [0, 1, 26, 29, 255] {
        assert_eq!(attempt(hash(v)), refused, "v {v}");
    }
    assert_eq!(attempt(good.signature[..64].to_vec().into()), refused, "64 bytes");
    assert_eq!(attempt([&good.signature[..], &[0]].concat().into()), refused, "66 bytes");
    assert_eq!(attempt(Bytes::new()), refused, "none");
    assert_eq!(attempt(vec![0; 65].into()), refused, "zeros");
    assert_eq!(attempt(good.signature.clone()), Ok(()));
}

#[test]
fn nobody_registers_somebody_elses_wallet() {
    // P14: a further account needs the wallet's own signature, for this person, on this chain.
    let mut world = World::new();
    let attempt = |world: &mut World, consent: Consent| {
        world.call(3, Call::OpenAccount { wallet: wallet(30), consent })
    };
    let refused = Refusal::BadSignature { expected: wallet(30) };
    let consent = world.consent(ALICE, 30);
    let again = |signature| Consent { signature, ..consent.clone() };
    let digest = world.read(|ctx| {
        identity::consent_digest(ctx, ALICE, &wallet(30), Purpose::Account, consent.deadline)
    });
    assert_eq!(attempt(&mut world, again(sign(3, digest))).unwrap_err(), refused);
    let for_another = world.consent(KESTREL, 30);
    assert_eq!(attempt(&mut world, for_another).unwrap_err(), refused);
    let for_recovery = world.consent_to(Purpose::Recovery, ALICE, 30);
    assert_eq!(attempt(&mut world, for_recovery).unwrap_err(), refused, "for something else");
    let twin = again(malleate(&consent.signature));
    assert_eq!(attempt(&mut world, twin).unwrap_err(), refused);
    let longer = Consent { deadline: world.after(2 * DAY), ..consent.clone() };
    assert_eq!(attempt(&mut world, longer).unwrap_err(), refused, "the deadline is signed");
    world.pass(DAY + 1);
    let passed = Refusal::DeadlinePassed(consent.deadline);
    assert_eq!(attempt(&mut world, consent).unwrap_err(), passed);
    let consent = world.consent(ALICE, 30);
    world.pass(DAY);
    let done = attempt(&mut world, consent.clone()).unwrap();
    assert_eq!(done.reply.account, Some(AccountId::new(ALICE, 1)));
    assert_eq!(world.acting(30), Ok(AccountId::new(ALICE, 1)));
    let taken = Refusal::WalletTaken(wallet(30));
    assert_eq!(attempt(&mut world, consent).unwrap_err(), taken, "a consent is used once");
    // Nor does a bound wallet come along to another person.
    let call = Call::Register(vec![registration(30, 31)]);
    assert_eq!(world.call(2, call).unwrap_err(), taken);
}

#[test]
fn vouchers_and_consents_are_typed_data_as_any_wallet_signs_it() {
    let mut world = World::new();
    world.env.shard = ShardId(3);
    let domain = eip712_domain! {
        name: "Scrip Identity",
        version: "1",
        chain_id: 7_357,
        verifying_contract: Reserved::service(ShardId(3), Module::Identity),
    };
    let mut given = registration(10, 10);
    given.claims = vec![claim(topic::KYC_NATURAL, START), claim(topic::PEP, START)];
    given.claims[1].dated = START;
    let packed: Vec<u8> = given
        .claims
        .iter()
        .map(|it| {
            let words = [u64::from(it.topic), it.value, it.dated.0, it.expires.0];
            (words.map(U256::from), it.evidence)
        })
        .flat_map(|words| words.abi_encode_packed())
        .collect();
    let voucher = typed::Voucher {
        wallet: wallet(10),
        kind: 0,
        residence: FixedBytes(*b"DE"),
        uniqueness: given.uniqueness,
        claims: keccak256(packed),
        deadline: START.0,
    };
    let digest = world.read(|ctx| identity::voucher_digest(ctx, &given, START.0));
    assert_eq!(digest, voucher.eip712_signing_hash(&domain));
    for (number, purpose) in [(1, Purpose::Account), (2, Purpose::Recovery)] {
        let signed = typed::Consent {
            person: ALICE.0,
            wallet: wallet(10),
            purpose: number,
            deadline: START.0,
        };
        let digest =
            world.read(|ctx| identity::consent_digest(ctx, ALICE, &wallet(10), purpose, START));
        assert_eq!(digest, signed.eip712_signing_hash(&domain));
    }
    let (person, from, to) = (ALICE.0, KESTREL.0, HERON.0);
    let signed = typed::Care { person, from, to, deadline: START.0 };
    let digest = world.read(|ctx| identity::care_digest(ctx, ALICE, KESTREL, HERON, START));
    assert_eq!(digest, signed.eip712_signing_hash(&domain));
}
