//! EVM-1 on random trees of calls: what stands is what frames that did not fail did, in both worlds.

use crate::world::*;
use alloy_sol_types::SolCall;
use proptest::prelude::*;
use types::{Address, U256};

/// What a frame does: it moves units natively, or calls itself anew; at its end it may fail.
#[derive(Clone, Debug)]
enum Act {
    Move(u8),
    Call(Vec<Act>, bool),
}

fn acts(depth: u32) -> impl Strategy<Value = Vec<Act>> {
    let leaf = (0u8..4).prop_map(Act::Move);
    let act = leaf.prop_recursive(depth, 48, 4, |inner| {
        (prop::collection::vec(inner, 0..4), any::<bool>())
            .prop_map(|(acts, fails)| Act::Call(acts, fails))
    });
    prop::collection::vec(act, 1..5)
}

fn told(script: Address, acts: &[Act]) -> Vec<Script::Step> {
    let one = |act: &Act| match act {
        Act::Move(units) => step(acme(), transfer_from("alice", "bob", u128::from(*units))),
        Act::Call(acts, fail) => {
            step(script, Script::runCall { told: told(script, acts), fail: *fail }.abi_encode())
        }
    };
    acts.iter().map(one).collect()
}

/// Units moved, steps counted and movements announced, if the frame stands.
fn expected(acts: &[Act]) -> (u128, u64, usize) {
    let mut sum = (0, acts.len() as u64, 0);
    for act in acts {
        let (units, steps, moves) = match act {
            Act::Move(0) => (0, 0, 0),
            Act::Move(units) => (u128::from(*units), 0, 1),
            Act::Call(_, true) => (0, 0, 0),
            Act::Call(acts, false) => expected(acts),
        };
        sum = (sum.0 + units, sum.1 + steps, sum.2 + moves);
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_stands_is_what_frames_that_did_not_fail_did(acts in acts(5), fails in prop::bool::weighted(0.1)) {
        let mut world = World::new();
        let script = world.script();
        world.approve("alice", script, 1_000);
        let call = Script::runCall { told: told(script, &acts), fail: fails };
        let receipt = world.send("alice", script, call);
        let (units, steps, moves) = if fails { (0, 0, 0) } else { expected(&acts) };
        prop_assert_eq!(receipt.is_done(), !fails);
        prop_assert_eq!(world.balance("bob"), units);
        prop_assert_eq!(world.balance("alice") + units, 1_000);
        prop_assert_eq!(evm::storage(&world.ctx, &script, U256::ZERO), U256::from(steps));
        let transfers = logs::<IERC20::Transfer>(&receipt.logs, acme());
        let told: U256 = transfers.iter().map(|log| log.value).sum();
        prop_assert_eq!(told, U256::from(units));
        prop_assert_eq!(transfers.iter().filter(|log| !log.value.is_zero()).count(), moves);
        prop_assert_eq!(logs::<Script::Stepped>(&receipt.logs, script).len() as u64, steps);
        // Each log of a movement has its event, and no event is without its log.
        prop_assert_eq!(receipt.events.len(), transfers.len());
        let allowed = world.view(acme(), IERC20::allowanceCall { owner: wallet("alice"), spender: script });
        prop_assert_eq!(allowed, U256::from(1_000 - units));
    }
}
