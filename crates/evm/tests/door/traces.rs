//! What happened inside a call, frame by frame.

use crate::world::*;
use alloy_sol_types::SolCall;
use types::U256;

fn traced(
    world: &mut World,
    to: types::Address,
    input: Vec<u8>,
) -> alloy_rpc_types_trace::geth::CallFrame {
    let request = evm::CallRequest {
        from: wallet("alice"),
        to: Some(to),
        input: input.into(),
        gas: GAS,
        access_list: Default::default(),
    };
    let mark = world.ctx.mark();
    let frame = evm::trace(&mut world.ctx, &request);
    world.ctx.rollback(mark);
    frame
}

#[test]
fn a_native_inside_a_guest_is_a_frame_with_its_log() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 10);
    let told = vec![
        step(acme(), transfer_from("alice", "bob", 3)),
        step(acme(), transfer_from("alice", "bob", 90)),
    ];
    let input = Script::runCall { told, fail: false }.abi_encode();
    let used = world.call("alice", script, input.clone()).gas_used;
    let frame = traced(&mut world, script, input);
    assert_eq!((frame.to, frame.gas_used), (Some(script), U256::from(used)));
    let [done, refused] = &frame.calls[..] else { panic!("two frames: {:?}", frame.calls) };
    assert_eq!((done.to, done.logs.len(), done.error.clone()), (Some(acme()), 1, None));
    assert_eq!((refused.to, refused.logs.len()), (Some(acme()), 0));
    assert_eq!(refused.error.as_deref(), Some("execution reverted"));
    assert_eq!((world.balance("alice"), world.balance("bob")), (1_000, 0), "tracing keeps nothing");
}

#[test]
fn a_native_alone_is_one_frame_and_says_why_it_refuses() {
    let mut world = World::new();
    let transfer =
        |units| IERC20::transferCall { to: wallet("bob"), value: U256::from(units) }.abi_encode();
    let frame = traced(&mut world, acme(), transfer(3));
    assert_eq!(
        (frame.typ.as_str(), frame.calls.len(), frame.logs.len(), frame.error),
        ("CALL", 0, 1, None)
    );
    let frame = traced(&mut world, acme(), transfer(3_000));
    assert_eq!((frame.logs.len(), frame.error.as_deref()), (0, Some("execution reverted")));
    let reason = frame.revert_reason.expect("in words");
    assert!(reason.contains("3000 units needed"), "{reason}");
}
