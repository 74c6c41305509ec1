//! CHA-1, CHA-2, CHA-3: a block is a function of its parent and its body.

mod market;

use chain::{Chain, ExecuteError, Executed};
use market::*;
use proptest::prelude::*;
use types::{B256, Block, Bytes, Module, PersonId, Time, U256};

/// What somebody tries: most of it can be included, some of it cannot.
#[derive(Clone, Copy, Debug)]
enum Try {
    Move { from: usize, to: usize, units: u64 },
    Nonce { from: usize, ahead: u64 },
    Value { from: usize },
    Stranger,
    Garbage(u8),
    Create { from: usize },
    Twice,
}

const HOLDERS: usize = 4;

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let who = || 0..HOLDERS;
    let one = prop_oneof![
        6 => (who(), who(), 0u64..1_500).prop_map(|(from, to, units)| Try::Move { from, to, units }),
        1 => (who(), 1u64..3).prop_map(|(from, ahead)| Try::Nonce { from, ahead }),
        1 => who().prop_map(|from| Try::Value { from }),
        1 => Just(Try::Stranger),
        1 => any::<u8>().prop_map(Try::Garbage),
        1 => who().prop_map(|from| Try::Create { from }),
        1 => Just(Try::Twice),
    ];
    prop::collection::vec(one, 0..24)
}

/// The bytes of what is tried, nonces in turn from where each holder stands; and which can be included.
fn bytes(tries: &[Try], nonces: &mut [u64; HOLDERS]) -> Vec<(Bytes, bool)> {
    let mut all: Vec<(Bytes, bool)> = Vec::new();
    for one in tries {
        let next = match *one {
            Try::Move { from, to, units } => {
                nonces[from] += 1;
                (transfer(&holder(from), nonces[from] - 1, &holder(to), units), true)
            }
            Try::Nonce { from, ahead } => {
                (transfer(&holder(from), nonces[from] + ahead, &holder(0), 1), false)
            }
            Try::Value { from } => {
                let mut tx = transaction(nonces[from], Some(acme()), Vec::new());
                tx.value = U256::from(1);
                (sign(&holder(from), tx), false)
            }
            Try::Stranger => (transfer("stranger", 0, &holder(0), 1), false),
            Try::Garbage(byte) => (vec![byte; 40].into(), false),
            Try::Create { from } => {
                nonces[from] += 1;
                // Returns one byte of code: PUSH1 1 PUSH1 31 RETURN, of a memory of zeros.
                let code = vec![0x60, 1, 0x60, 31, 0xf3];
                (sign(&holder(from), transaction(nonces[from] - 1, None, code)), true)
            }
            Try::Twice => match all.last() {
                Some((bytes, _)) => (bytes.clone(), false),
                None => continue,
            },
        };
        all.push(next);
    }
    all
}

fn assert_same(left: &Executed, right: &Executed) {
    assert_eq!(left.receipts, right.receipts);
    assert_eq!(left.changes, right.changes);
    assert_eq!((left.receipts_root, left.gas_used), (right.receipts_root, right.gas_used));
}

fn invalid(result: Result<Executed, ExecuteError>) -> String {
    match result {
        Err(ExecuteError::Invalid(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was executed"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn cha_1_and_2_what_is_proposed_is_what_others_execute_and_the_rest_leaves_nothing(
        first in tries(), second in tries(),
    ) {
        let (mut ours, mut theirs) = (Market::open(HOLDERS), Market::open(HOLDERS));
        let mut nonces = [0; HOLDERS];
        for tries in [first, second] {
            let candidates = bytes(&tries, &mut nonces);
            let all: Vec<Bytes> = candidates.iter().map(|(bytes, _)| bytes.clone()).collect();
            let good: Vec<Bytes> = candidates.into_iter().filter(|c| c.1).map(|c| c.0).collect();
            let (block, proposed) = ours.propose(&all);
            prop_assert_eq!(&block.body, &good);
            // A block of the good ones alone is the same block.
            let (alone, executed) = ours.propose(&good);
            prop_assert_eq!(&alone, &block);
            assert_same(&executed, &proposed);
            let executed = theirs.chain.execute(&theirs.parent(), &block).expect("valid");
            assert_same(&executed, &proposed);
            ours.adopt(&block, &proposed);
            theirs.adopt(&block, &executed);
        }
        let records = |market: &Market| market.chain.with_base(|base| base.records());
        prop_assert_eq!(records(&ours), records(&theirs));
        let total: u128 = (0..HOLDERS).map(|n| ours.balance(&holder(n))).sum();
        prop_assert_eq!(total, 1_000 * HOLDERS as u128);
    }
}

#[test]
fn a_block_with_one_transaction_that_cannot_be_included_is_invalid_and_says_which() {
    let market = Market::open(2);
    let good = transfer(&holder(0), 0, &holder(1), 1);
    let (_, executed) = market.propose(std::slice::from_ref(&good));
    let cases = [
        (transfer(&holder(1), 1, &holder(0), 1), "nonce too high"),
        (good.clone(), "nonce too low"),
        (transfer("stranger", 0, &holder(0), 1), "sender not registered"),
        (vec![1, 2, 3].into(), "not an RLP-encoded transaction"),
    ];
    for (bad, why) in cases {
        let block = market.assemble(vec![good.clone(), bad], &executed);
        let said = invalid(market.chain.execute(&market.parent(), &block));
        assert!(said.starts_with("transaction 1: ") && said.contains(why), "{said}");
    }
}

#[test]
fn cha_3_genesis_is_written_by_block_one_and_never_again() {
    let mut market = Market::of(genesis(3));
    market.chain.read(|ctx| assert!(identity::person(ctx, PersonId(1)).is_none()));
    let (_, first) = market.block(&[]);
    market.chain.read(|ctx| assert!(identity::person(ctx, PersonId(5)).is_some()));
    let (_, second) = market.block(&[]);
    assert!(!first.changes.is_empty());
    assert_eq!((second.changes.len(), second.receipts.len()), (0, 0));
    assert_ne!(genesis(3).hash(), genesis(4).hash());
}

#[test]
fn every_field_of_a_header_is_checked_and_named() {
    let market = Market::open(2);
    let (block, _) = market.propose(&[transfer(&holder(0), 0, &holder(1), 1)]);
    type Damage = fn(&mut Block);
    let damages: [(&str, Damage); 8] = [
        ("the shard is another one", |b| b.header.shard = types::ShardId(1)),
        ("the parent hash is another one", |b| b.header.parent = B256::repeat_byte(1)),
        ("the height does not follow the parent's", |b| b.header.height += 1),
        ("the time is not later than the parent's", |b| {
            b.header.time = Time(b.header.time.0 - 1_000)
        }),
        ("the body hash is another one", |b| b.header.body_hash = B256::ZERO),
        ("the body hash is another one", |b| b.body.clear()),
        ("the receipts root is another one", |b| b.header.receipts_root = B256::ZERO),
        ("the gas used is another sum", |b| b.header.gas_used += 1),
    ];
    for (why, damage) in damages {
        let mut damaged = block.clone();
        damage(&mut damaged);
        assert_eq!(invalid(market.chain.execute(&market.parent(), &damaged)), why);
    }
    assert!(market.chain.execute(&market.parent(), &block).is_ok());
}

#[test]
fn a_block_whose_parent_is_not_in_memory_is_not_judged() {
    let market = Market::open(2);
    let (block, _) = market.propose(&[]);
    let fresh = Chain::new(genesis(2));
    let result = fresh.execute(&market.parent(), &block);
    assert!(matches!(result, Err(ExecuteError::MissingParent(_))));
}

#[test]
fn a_block_carries_no_more_than_its_limits() {
    let mut small = genesis(4);
    small.limits.transactions = 4;
    let mut market = Market::of(small);
    market.block(&opening(4));
    let all: Vec<Bytes> =
        (0..5).map(|n| transfer(&holder(n % 4), n as u64 / 4, &holder(0), 1)).collect();
    let (block, executed) = market.propose(&all);
    assert_eq!(block.body, all[..4]);
    let too_many = market.assemble(all.clone(), &executed);
    assert_eq!(invalid(market.chain.execute(&market.parent(), &too_many)), "too many transactions");

    let mut narrow = genesis(4);
    narrow.limits.bytes = 4_096;
    let mut market = Market::of(narrow);
    market.block(&opening(4));
    let all: Vec<Bytes> = (0..40).map(|n| transfer(&holder(0), n, &holder(1), 1)).collect();
    let (block, executed) = market.propose(&all);
    let bytes: usize = block.body.iter().map(|tx| tx.len() + 4).sum();
    assert!(bytes <= 4_096 && bytes > 3_500 && block.body.len() < 40);
    let too_long = market.assemble(all.clone(), &executed);
    let said = invalid(market.chain.execute(&market.parent(), &too_long));
    assert_eq!(said, format!("transaction {}: the block is full", block.body.len()));

    // What a transaction may use at most must be left, even if it would use less.
    let mut scarce = genesis(4);
    scarce.limits.gas = 4 * GAS;
    let mut market = Market::of(scarce);
    let mut opening = opening(4);
    opening.truncate(2);
    market.block(&opening);
    let all: Vec<Bytes> = (0..300).map(|n| transfer(&holder(0), n, &holder(1), 1)).collect();
    let (block, executed) = market.propose(&all);
    assert!(block.body.len() < 300);
    assert!(executed.gas_used > 3 * GAS - 100_000 && executed.gas_used <= 4 * GAS);
}

/// Contracts have a limit of their own: what no core could interpret in a leader's turn waits, and native
/// calls go on.
#[test]
fn a_block_interprets_no_more_than_its_share_for_contracts() {
    let mut genesis = genesis(4);
    genesis.limits.guest_gas = 3 * GAS - 1;
    let mut market = Market::of(genesis);
    market.block(&opening(4));
    // An invalid opcode burns all the gas there is.
    let burn = |number: usize| {
        let mut tx = transaction(0, None, vec![0xfe]);
        tx.gas_limit = GAS;
        sign(&holder(number), tx)
    };
    let wanted = [burn(0), burn(1), burn(2), transfer(&holder(3), 0, &holder(0), 1)];
    let (block, executed) = market.propose(&wanted);
    let kept = [wanted[0].clone(), wanted[1].clone(), wanted[3].clone()];
    assert_eq!(block.body, kept);
    let all = market.assemble(wanted.to_vec(), &executed);
    let said = invalid(market.chain.execute(&market.parent(), &all));
    assert_eq!(said, "transaction 2: the block is full");
}

/// Calls whose rule contract finds no room cost a leader work that nobody pays for: it stops trying them,
/// and goes on with the rest.
#[test]
fn work_in_vain_ends_before_the_leaders_turn_does() {
    let mut genesis = genesis(30);
    genesis.limits.guest_gas = 2 * GAS;
    let mut market = Market::of(genesis);
    market.block(&opening(30));
    // A rule contract that never ends: JUMPDEST, PUSH1 0, JUMP.
    let endless = [0x63, 0x5b, 0x60, 0x00, 0x56, 0x60, 0x00, 0x52, 0x60, 0x04, 0x60, 0x1c, 0xf3];
    let nonce = market.chain.read(|ctx| evm::nonce(ctx, &wallet("issuer")));
    let (_, executed) = market.block(&[sign("issuer", transaction(nonce, None, endless.to_vec()))]);
    let rule = executed.receipts.last().and_then(|receipt| receipt.created).expect("a contract");
    let policy = format!(r#"{{"rules":[],"contract":["{rule}",900000]}}"#);
    let set = ICompliance::setPolicyCall { asset: 1, policy, report: B256::repeat_byte(1) };
    market.block(&[signed("issuer", nonce + 1, service(Module::Compliance), set)]);
    // Each may burn 940,000 of the 4,000,000 there are; what comes after them asks no contract.
    let mut wanted: Vec<Bytes> =
        (0..30).map(|n| transfer(&holder(n), 0, &holder((n + 1) % 30), 1)).collect();
    let approve = IERC20::approveCall { spender: wallet(&holder(1)), value: U256::from(1) };
    wanted.push(signed("issuer", nonce + 2, acme(), approve));
    let (block, executed) = market.propose(&wanted);
    assert_eq!(block.body.len(), 5, "four that burn, and the one that asks nobody");
    assert_eq!(block.body.last(), wanted.last());
    assert!(market.chain.execute(&market.parent(), &block).is_ok());
    assert!(executed.receipts.last().is_some_and(types::Receipt::is_done));
}

/// However many threads recover senders, in whatever order, the block is the same.
#[test]
fn senders_recovered_in_parallel_are_the_senders() {
    let market = Market::open(8);
    let all: Vec<Bytes> =
        (0..400).map(|n| transfer(&holder(n % 8), n as u64 / 8, &holder((n + 1) % 8), 1)).collect();
    let (block, executed) = market.propose(&all);
    assert_eq!(block.body, all);
    for (number, receipt) in executed.receipts.iter().enumerate() {
        assert_eq!(receipt.sender, wallet(&holder(number % 8)));
        assert_eq!(receipt.tx, evm::transaction_hash(&all[number]));
    }
    let threads =
        |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("threads");
    for count in [1, 3] {
        let fresh = Market::open(8);
        let again =
            threads(count).install(|| fresh.chain.execute(&fresh.parent(), &block)).expect("valid");
        assert_same(&again, &executed);
    }
    let first = market.chain.recover(&all[0]).expect("well-formed");
    let second = market.chain.recover(&all[0]).expect("well-formed");
    assert!(std::sync::Arc::ptr_eq(&first, &second), "recovered once");
}

#[test]
fn a_replay_sees_the_state_before_each_transaction() {
    let mut market = Market::open(2);
    let body: Vec<Bytes> = (0..5).map(|n| transfer(&holder(0), n, &holder(1), 10)).collect();
    let (block, _) = market.block(&body);
    market.block(&[transfer(&holder(1), 0, &holder(0), 500)]);
    for index in 0..5 {
        let seen = market.chain.replay(&block, index, |ctx, signed| {
            let account = identity::account_of(ctx, &wallet(&holder(1))).expect("registered");
            (ledger::balance(ctx, types::AssetId(1), account).0, signed.nonce())
        });
        assert_eq!(seen.expect("kept"), (1_000 + 10 * index as u128, index as u64));
    }
    let beyond = market.chain.replay(&block, 5, |_, _| ());
    assert!(matches!(beyond, Err(ExecuteError::Invalid(_))));
}

#[test]
fn a_chain_loaded_from_its_records_goes_on_as_the_one_that_made_them() {
    let mut market = Market::open(3);
    market.block(&[transfer(&holder(0), 0, &holder(1), 10)]);
    let mut loaded = Market::of(genesis(3));
    let mut base = loaded.chain.empty();
    for (_, record) in market.chain.with_base(|base| base.records()) {
        base.load(&record).expect("a record");
    }
    loaded.chain.start_from(&market.tip, base);
    loaded.tip = market.tip.clone();
    assert_eq!(loaded.chain.latest(), market.tip);
    let (block, executed) = market.block(&[transfer(&holder(1), 0, &holder(2), 1_010)]);
    let again = loaded.chain.execute(&loaded.parent(), &block).expect("valid");
    assert_same(&again, &executed);
}

#[test]
fn finality_forgets_rivals_and_saying_it_again_does_nothing() {
    let mut market = Market::open(2);
    let (ours, executed) = market.propose(&[transfer(&holder(0), 0, &holder(1), 1)]);
    let (rival, rivals) = market.propose(&[transfer(&holder(1), 0, &holder(0), 1)]);
    market.chain.attach(&ours.header, &executed);
    market.chain.attach(&rival.header, &rivals);
    let hashes = [ours.header.hash(), rival.header.hash()];
    assert!(hashes.iter().all(|hash| market.chain.knows(hash)));
    assert!(market.chain.finalize(&ours.header));
    assert!(market.chain.knows(&hashes[0]) && !market.chain.knows(&hashes[1]));
    assert!(market.chain.finalize(&ours.header));
    assert_eq!(market.chain.latest(), ours.header);
    market.tip = ours.header.clone();
    let (unseen, _) = market.propose(&[]);
    assert!(!market.chain.finalize(&unseen.header), "its changes are not in memory");
    assert_eq!(market.chain.latest(), ours.header);
    assert_eq!((market.balance(&holder(0)), market.balance(&holder(1))), (999, 1_001));
}

#[test]
fn older_final_states_can_be_read_while_they_are_kept() {
    let mut market = Market::open(2);
    let mut headers = vec![market.tip.clone()];
    for nonce in 0..4 {
        headers.push(market.block(&[transfer(&holder(0), nonce, &holder(1), 100)]).0.header);
    }
    for (blocks, header) in headers.iter().enumerate() {
        let seen = market.chain.read_at(header, |ctx| {
            let account = identity::account_of(ctx, &wallet(&holder(0))).expect("registered");
            (ledger::balance(ctx, types::AssetId(1), account).0, ctx.env.height)
        });
        assert_eq!(seen.expect("kept"), (1_000 - 100 * blocks as u128, header.height));
    }
}

/// A claim that lapses is counted out by the block itself, in its own receipt.
#[test]
fn what_is_due_happens_at_the_start_of_a_block_without_a_caller() {
    let mut market = Market::open(2);
    let claim = IIdentity::Claim {
        topic: 40,
        value: 1,
        dated: 0,
        expires: market.tip.time.0 + 1_500,
        evidence: B256::ZERO,
    };
    let attest = IIdentity::attestCall { person: 3, claim };
    let (_, executed) = market.block(&[signed("kyc", 0, service(Module::Identity), attest)]);
    assert!(executed.receipts[0].is_done(), "{:?}", executed.receipts[0].outcome);
    let has = |market: &Market| {
        market.chain.read(|ctx| identity::current_claim(ctx, PersonId(3), 40, &[]).is_some())
    };
    assert!(has(&market));
    market.block(&[]);
    assert!(!has(&market));
}
