//! A wallet whose account waits for a recovery: it says that its key is not lost, or nothing.

use crate::world::*;
use alloy_signer::SignerSync;
use alloy_sol_types::SolCall;
use evm::NotIncludable;
use types::{AccountId, Module, PersonId, U256};

fn identity_service() -> types::Address {
    service(Module::Identity)
}

/// The provider attests that alice lost her key and has another one.
fn in_dispute() -> World {
    let mut world = World::new();
    let fresh = wallet("alice's new key");
    let (purpose, deadline) = (identity::Purpose::Recovery, types::Time(NOW.0 + 60_000));
    let digest = identity::consent_digest(&world.ctx, PersonId(3), &fresh, purpose, deadline);
    let consent = signer("alice's new key").sign_hash_sync(&digest).expect("signs");
    let consent = consent.as_bytes().into();
    let (account, deadline) = (wallet("alice"), deadline.0);
    let start = IIdentity::startRecoveryCall { account, wallet: fresh, deadline, consent };
    world.ok("kyc", identity_service(), start);
    world
}

#[test]
fn while_a_recovery_waits_nothing_else_comes_through_the_door() {
    let mut world = in_dispute();
    let pending = identity::Refusal::RecoveryPending(AccountId::new(PersonId(3), 0));
    let steal = IERC20::transferCall { to: wallet("bob"), value: U256::from(1) };
    let tx = transaction(world.next_nonce("alice"), Some(acme()), steal.abi_encode().into());
    let refused = world.try_execute("alice", tx).unwrap_err();
    assert_eq!(refused, NotIncludable::Sender(pending.clone()));
    // Nor does a call to another place that begins like the one word it has.
    let cancel = IIdentity::cancelRecoveryCall { account: wallet("alice") };
    let tx = transaction(world.next_nonce("alice"), Some(acme()), cancel.abi_encode().into());
    let refused = world.try_execute("alice", tx).unwrap_err();
    assert_eq!(refused, NotIncludable::Sender(pending));
    assert_eq!(world.balance("alice"), 1_000);
}

#[test]
fn who_still_has_the_key_ends_the_recovery_and_goes_on() {
    let mut world = in_dispute();
    let cancel = IIdentity::cancelRecoveryCall { account: wallet("alice") };
    world.ok("alice", identity_service(), cancel);
    let value = U256::from(1);
    world.ok("alice", acme(), IERC20::transferCall { to: wallet("bob"), value });
    assert_eq!(world.balance("bob"), 1);
}
