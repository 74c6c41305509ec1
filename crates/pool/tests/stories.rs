//! What waits, who waits how long, and that nothing admitted is lost. THREATS M1.

#[path = "../../chain/tests/market/mod.rs"]
mod market;

use alloy_sol_types::SolCall;
use market::*;
use pool::{Lane, Limits, Pool, Refusal};
use proptest::prelude::*;
use std::collections::BTreeSet;
use types::{B256, Block, Bytes, Module, U256};

fn hash(bytes: &Bytes) -> B256 {
    evm::transaction_hash(bytes)
}

fn pool(market: &Market) -> Pool {
    Pool::new(market.chain.clone(), Limits::default())
}

/// The next block is made of what the pool offers, becomes final, and the pool hears of both.
fn block(market: &mut Market, pool: &Pool) -> Block {
    let (block, executed) = market.propose(&pool.candidates());
    pool.executed(&block);
    market.adopt(&block, &executed);
    pool.finalized(&block);
    block
}

fn waiting(pool: &Pool) -> BTreeSet<B256> {
    let (pending, queued) = pool.content();
    pending.iter().chain(&queued).map(|signed| signed.hash).collect()
}

#[test]
fn m1_a_burst_of_one_kind_leaves_every_other_kind_its_share() {
    let market = Market::open(8);
    let pool = pool(&market);
    for n in 0..800 {
        pool.add(transfer(&holder(n % 4), n as u64 / 4, &holder(5), 1)).expect("room");
    }
    // What comes last, of three other kinds, stands among the first of the next block.
    let control: Vec<Bytes> = (0..3)
        .map(|n| {
            signed(
                "issuer",
                3 + n,
                service(Module::Trust),
                ITrust::endSponsorshipCall { person: 3 },
            )
        })
        .collect();
    let identity: Vec<Bytes> = (0..3)
        .map(|n| {
            signed(
                "kyc",
                n,
                service(Module::Identity),
                IIdentity::revokeCall { person: 3, topic: 9 },
            )
        })
        .collect();
    let guest: Vec<Bytes> = (0..3)
        .map(|n| sign(&holder(6), transaction(n, Some(wallet("nobody")), Vec::new())))
        .collect();
    let late: BTreeSet<B256> =
        [&control, &identity, &guest].into_iter().flatten().map(hash).collect();
    for bytes in control.into_iter().chain(identity).chain(guest) {
        pool.add(bytes).expect("room");
    }
    let first: Vec<B256> = pool.candidates().iter().take(12).map(hash).collect();
    assert_eq!(first.iter().filter(|hash| late.contains(*hash)).count(), 9, "three of each four");
    let lanes: Vec<usize> = pool.status().lanes.iter().map(|(_, waiting)| *waiting).collect();
    assert_eq!(lanes, vec![3, 3, 800, 3]);
    assert_eq!(pool.candidates().len(), 809);
}

#[test]
fn m1_a_sender_and_a_person_may_have_so_many_waiting() {
    let market = Market::open(3);
    let limits = Limits { per_sender: 4, per_person: 6, ..Limits::default() };
    let pool = Pool::new(market.chain.clone(), limits);
    for nonce in 0..4 {
        pool.add(transfer(&holder(0), nonce, &holder(1), 1)).expect("room");
    }
    let fifth = pool.add(transfer(&holder(0), 4, &holder(1), 1));
    assert_eq!(fifth, Err(Refusal::SenderFull(wallet(&holder(0)), 4)));
    // Another sender is not touched by it.
    pool.add(transfer(&holder(1), 0, &holder(0), 1)).expect("room");

    let tight = Pool::new(market.chain.clone(), Limits { per_person: 2, ..limits });
    for nonce in 0..2 {
        tight.add(transfer(&holder(0), nonce, &holder(1), 1)).expect("room");
    }
    let third = tight.add(transfer(&holder(0), 2, &holder(1), 1));
    assert_eq!(third, Err(Refusal::PersonFull(types::PersonId(3), 2)));
}

#[test]
fn a_full_pool_keeps_room_for_every_kind() {
    let market = Market::open(8);
    let limits = Limits { transactions: 16, ..Limits::default() };
    let pool = Pool::new(market.chain.clone(), limits);
    let mut answers: Vec<_> =
        (0..20).map(|n| pool.add(transfer(&holder(n % 8), n as u64 / 8, &holder(0), 1))).collect();
    let taken = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(taken, 8, "half of the room is for any kind");
    assert_eq!(answers.pop(), Some(Err(Refusal::Full(Lane::Assets))));
    for nonce in 0..2 {
        let revoke = IIdentity::revokeCall { person: 3, topic: 9 };
        pool.add(signed("kyc", nonce, service(Module::Identity), revoke)).expect("its own room");
    }
    assert_eq!(pool.status().pending + pool.status().queued, 10);

    let small = Pool::new(market.chain.clone(), Limits { bytes: 1_000, ..Limits::default() });
    let added =
        (0..20).filter(|n| small.add(transfer(&holder(0), *n, &holder(1), 1)).is_ok()).count();
    assert!(added > 2 && added < 20);
    assert!(small.status().bytes <= 1_000);
}

#[test]
fn a_transaction_whose_nonce_is_ahead_waits_for_the_ones_before() {
    let mut market = Market::open(2);
    let pool = pool(&market);
    let sent: Vec<Bytes> = (0..4).map(|nonce| transfer(&holder(0), nonce, &holder(1), 1)).collect();
    for nonce in [3, 1, 2] {
        pool.add(sent[nonce].clone()).expect("room");
    }
    assert!(pool.candidates().is_empty());
    assert_eq!((pool.status().pending, pool.status().queued), (0, 3));
    assert_eq!(pool.pending_nonce(&wallet(&holder(0))), Some(0));
    pool.add(sent[0].clone()).expect("room");
    assert_eq!(pool.pending_nonce(&wallet(&holder(0))), Some(4));
    assert_eq!(pool.candidates(), sent, "in the order of nonces");
    assert_eq!(block(&mut market, &pool).body, sent);
    assert_eq!(pool.pending_nonce(&wallet(&holder(0))), None);
    assert_eq!(pool.status().pending + pool.status().queued, 0);

    let gap = pool.add(transfer(&holder(0), 4 + 1_024, &holder(1), 1));
    assert_eq!(gap, Err(Refusal::NonceGap { nonce: 1_028, next: 4, gap: 1_024 }));
    let farthest = pool.add(transfer(&holder(0), u64::MAX - 1, &holder(1), 1));
    assert!(matches!(farthest, Err(Refusal::NonceGap { .. })));
    let last = pool.add(transfer(&holder(0), u64::MAX, &holder(1), 1));
    assert!(matches!(last, Err(Refusal::NotIncludable(evm::NotIncludable::NonceMax))));
    let used = pool.add(sent[0].clone());
    assert!(matches!(used, Err(Refusal::NotIncludable(evm::NotIncludable::NonceTooLow { .. }))));
}

fn priced(nonce: u64, to: usize, percent: u128) -> Bytes {
    let call = IERC20::transferCall { to: wallet(&holder(to)), value: U256::from(1) };
    let mut tx = transaction(nonce, Some(acme()), call.abi_encode());
    tx.max_fee_per_gas = u128::from(evm::BASE_FEE) * percent / 100;
    sign(&holder(0), tx)
}

#[test]
fn m1_a_waiting_transaction_is_replaced_by_one_that_offers_a_tenth_more_and_by_no_other() {
    let mut market = Market::open(3);
    let pool = pool(&market);
    let first = priced(0, 1, 100);
    pool.add(first.clone()).expect("room");
    assert_eq!(pool.add(first.clone()), Err(Refusal::AlreadyKnown));
    assert_eq!(pool.add(priced(0, 2, 109)), Err(Refusal::Underpriced(0)));
    let better = priced(0, 2, 110);
    pool.add(better.clone()).expect("a tenth more");
    assert!(pool.get(&hash(&first)).is_none());
    assert_eq!(pool.candidates(), vec![better.clone()]);
    assert_eq!(pool.status().bytes, better.len());
    assert_eq!(pool.add(first), Err(Refusal::Underpriced(0)));
    // What a block carries is not replaced.
    let (carrying, executed) = market.propose(&pool.candidates());
    pool.executed(&carrying);
    assert_eq!(pool.add(priced(0, 1, 200)), Err(Refusal::Underpriced(0)));
    market.adopt(&carrying, &executed);
    pool.finalized(&carrying);
    assert_eq!(waiting(&pool).len(), 0);
}

#[test]
fn what_a_block_carries_is_not_offered_again_unless_its_rival_becomes_final() {
    let mut market = Market::open(4);
    let pool = pool(&market);
    let (left, right) =
        (transfer(&holder(0), 0, &holder(3), 1), transfer(&holder(1), 0, &holder(3), 1));
    for bytes in [&left, &right] {
        pool.add(bytes.clone()).expect("room");
    }
    let (rival, _) = market.propose(std::slice::from_ref(&left));
    let (ours, executed) = market.propose(std::slice::from_ref(&right));
    pool.executed(&rival);
    assert_eq!(pool.candidates(), vec![right.clone()]);
    pool.executed(&ours);
    assert!(pool.candidates().is_empty());
    assert_eq!(waiting(&pool).len(), 2, "both can still be asked for");
    market.adopt(&ours, &executed);
    pool.finalized(&ours);
    assert_eq!(pool.candidates(), vec![left.clone()]);
    assert_eq!(block(&mut market, &pool).body, vec![left]);
    assert!(waiting(&pool).is_empty());
}

#[test]
fn what_waits_too_long_in_block_time_leaves() {
    let mut market = Market::open(2);
    let limits = Limits { max_age_ms: 2_500, ..Limits::default() };
    let pool = Pool::new(market.chain.clone(), limits);
    pool.add(transfer(&holder(0), 1, &holder(1), 1)).expect("it waits for nonce 0");
    for blocks in 1..=2 {
        block(&mut market, &pool);
        assert_eq!(waiting(&pool).len(), 1, "after {blocks} seconds");
    }
    block(&mut market, &pool);
    assert!(waiting(&pool).is_empty());
    let status = pool.status();
    assert_eq!((status.bytes, status.pending, status.queued), (0, 0, 0));
    assert!(status.lanes.iter().all(|(_, count)| *count == 0));
}

#[test]
fn what_can_never_be_included_any_more_leaves_after_a_block_with_room() {
    let mut market = Market::open(2);
    let pool = pool(&market);
    pool.add(transfer(&holder(0), 0, &holder(1), 1)).expect("room");
    let order = IIdentity::Order {
        authority: "BaFin".into(),
        r#ref: "1".into(),
        document: [1; 32].into(),
        expires: 0,
    };
    let suspend =
        signed("kyc", 0, service(Module::Identity), IIdentity::suspendCall { person: 3, order });
    // Suspended behind the pool's back, by a block of another leader.
    let (other, executed) = market.propose(&[suspend]);
    assert!(executed.receipts[0].is_done());
    pool.executed(&other);
    market.adopt(&other, &executed);
    pool.finalized(&other);
    assert_eq!(block(&mut market, &pool).body.len(), 0);
    assert!(waiting(&pool).is_empty());
}

#[test]
fn what_is_admitted_is_told_to_gossip_once() {
    let market = Market::open(2);
    let pool = pool(&market);
    let mut told = pool.admitted();
    let good = transfer(&holder(0), 0, &holder(1), 1);
    pool.add(good.clone()).expect("room");
    assert!(pool.add(good.clone()).is_err());
    assert!(pool.add(transfer("stranger", 0, &holder(1), 1)).is_err());
    assert_eq!(told.try_recv().ok(), Some(good));
    assert!(told.try_recv().is_err());
}

#[test]
fn waiting_for_work_ends_with_work() {
    let market = Market::open(2);
    let pool = pool(&market);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let other = pool.clone();
        let waiter = tokio::spawn(async move { other.wait().await });
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        pool.add(transfer(&holder(0), 1, &holder(1), 1)).expect("room");
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished(), "it waits for nonce 0");
        pool.add(transfer(&holder(0), 0, &holder(1), 1)).expect("room");
        waiter.await.expect("woken");
    });
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Add {
        from: usize,
        nonce: u64,
    },
    Block {
        takes: usize,
    },
    /// A block that carries some becomes nothing: a rival without them is final.
    Lost {
        takes: usize,
    },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = prop_oneof![
        6 => (0usize..3, 0u64..8).prop_map(|(from, nonce)| Event::Add { from, nonce }),
        2 => (0usize..6).prop_map(|takes| Event::Block { takes }),
        1 => (0usize..6).prop_map(|takes| Event::Lost { takes }),
    ];
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_happens_what_is_admitted_waits_or_is_in_a_final_block(events in events()) {
        let mut market = Market::open(3);
        let pool = pool(&market);
        let (mut admitted, mut included) = (BTreeSet::new(), BTreeSet::new());
        for event in events {
            match event {
                Event::Add { from, nonce } => {
                    if let Ok(hash) = pool.add(transfer(&holder(from), nonce, &holder(0), 1)) {
                        admitted.insert(hash);
                    }
                }
                Event::Block { takes } => {
                    let offered = pool.candidates();
                    let (block, executed) = market.propose(&offered[..takes.min(offered.len())]);
                    pool.executed(&block);
                    market.adopt(&block, &executed);
                    pool.finalized(&block);
                    included.extend(block.body.iter().map(hash));
                }
                Event::Lost { takes } => {
                    let offered = pool.candidates();
                    let (lost, _) = market.propose(&offered[..takes.min(offered.len())]);
                    pool.executed(&lost);
                    let (empty, executed) = market.propose(&[]);
                    pool.executed(&empty);
                    market.adopt(&empty, &executed);
                    pool.finalized(&empty);
                }
            }
            let waiting = waiting(&pool);
            prop_assert!(waiting.is_disjoint(&included));
            let all: BTreeSet<B256> = waiting.union(&included).copied().collect();
            prop_assert_eq!(&all, &admitted);
            let status = pool.status();
            prop_assert_eq!(status.pending + status.queued, waiting.len());
            prop_assert_eq!(status.lanes.iter().map(|lane| lane.1).sum::<usize>(), waiting.len());
        }
        // In the end every one of them that has no gap before it is included.
        block(&mut market, &pool);
        prop_assert_eq!(pool.status().pending, 0);
    }
}
