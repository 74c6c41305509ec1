//! The laws of typed state, on random histories.

use proptest::prelude::*;
use state::{Base, Context, Env, Forest, Looked, Reach, Schema, Table, View, take_apart};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use types::{B256, Module, ShardId, Time};

const BALANCES: Table<u8, u64> = Table::new(Module::Ledger, 0, "test/balances");
const NAMES: Table<u8, String> = Table::new(Module::Ledger, 1, "test/names");

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u64),
    Name(u8, String),
    Delete(u8),
    Mark,
    Rollback,
}

type Model = (BTreeMap<u8, u64>, BTreeMap<u8, String>, usize);

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..16u8, 0..4u64).prop_map(|(k, v)| Step::Put(k, v)),
        2 => (0..16u8, "[a-z]{0,3}").prop_map(|(k, v)| Step::Name(k, v)),
        2 => (0..16u8).prop_map(Step::Delete),
        2 => Just(Step::Mark),
        1 => Just(Step::Rollback),
    ]
}

fn schema() -> Schema {
    Schema::default().with(&BALANCES).with(&NAMES)
}

fn env() -> Env {
    Env {
        shard: ShardId(0),
        chain_id: 1,
        height: 1,
        time: Time(1),
        guest_gas: 30_000_000,
        gas_limit: 2_000_000_000,
    }
}

fn model_of(ctx: &Context<'_>) -> Model {
    let balances = (0..16).filter_map(|k| Some((k, BALANCES.get(ctx, &k)?))).collect();
    let names = (0..16).filter_map(|k| Some((k, NAMES.get(ctx, &k)?))).collect();
    (balances, names, ctx.events().len())
}

/// Runs the steps on a context and on a model with copies for marks.
fn run(ctx: &mut Context<'_>, steps: &[Step], model: &mut Model) {
    let mut marks = Vec::new();
    for step in steps {
        match step {
            Step::Put(k, v) => {
                BALANCES.put(ctx, k, *v);
                ctx.emit(Module::Ledger, v);
                model.0.insert(*k, *v);
                model.2 += 1;
            }
            Step::Name(k, v) => {
                NAMES.put(ctx, k, v.clone());
                model.1.insert(*k, v.clone());
            }
            Step::Delete(k) => {
                BALANCES.delete(ctx, k);
                model.0.remove(k);
            }
            Step::Mark => marks.push((ctx.mark(), model.clone())),
            Step::Rollback => {
                if let Some((mark, copy)) = marks.pop() {
                    ctx.rollback(mark);
                    *model = copy;
                }
            }
        }
        assert_eq!(&model_of(ctx), model, "STA-1 after {step:?}");
    }
}

proptest! {
    #[test]
    fn layers_marks_changes_and_loading_agree_with_a_plain_map(
        blocks in prop::collection::vec(prop::collection::vec(step(), 0..40), 1..6),
        folded in 0..6usize,
    ) {
        let hash = |height: usize| B256::with_last_byte(height as u8 + 1);
        let forest = Forest::new(&schema(), hash(0));
        let mut model = Model::default();
        let mut stored: BTreeMap<B256, Vec<u8>> = BTreeMap::new();
        let mut history = vec![model.clone()];
        for (height, steps) in blocks.iter().enumerate() {
            let (layer, changes) = forest.with(hash(height), |view| {
                let mut ctx = Context::new(view, env());
                run(&mut ctx, steps, &mut model);
                ctx.settle();
                model.2 = 0;
                ctx.finish()
            }).unwrap();
            prop_assert!(changes.windows(2).all(|two| two[0].key < two[1].key), "STA-3");
            for change in changes {
                let before = stored.get(&change.key).cloned();
                prop_assert_ne!(&before, &change.record, "STA-3: a change changes something");
                match change.record {
                    Some(record) => stored.insert(change.key, record),
                    None => stored.remove(&change.key),
                };
            }
            forest.attach(hash(height + 1), hash(height), Arc::new(layer));
            if height < folded {
                prop_assert!(forest.finalize(hash(height + 1)));
            }
            let read = forest.with(hash(height + 1), |view| model_of(&Context::new(view, env()))).unwrap();
            prop_assert_eq!(&read, &model, "STA-2");
            history.push(model.clone());
        }
        prop_assert!(forest.finalize(hash(blocks.len())));
        for (height, then) in history.iter().enumerate() {
            let past = forest.with_past(hash(height), |view| model_of(&Context::new(view, env()))).unwrap();
            prop_assert_eq!(&past, then, "STA-5");
        }
        let records = forest.with_base(|_, base| base.records());
        prop_assert_eq!(&records, &stored.clone().into_iter().collect::<Vec<_>>(), "STA-3: the changes are the state");
        let mut loaded = Base::new(&schema());
        for record in stored.values() {
            loaded.load(record).unwrap();
        }
        prop_assert_eq!(loaded.records(), records, "STA-4");
        prop_assert_eq!(model_of(&Context::new(View::of(&loaded), env())), model, "STA-4");
    }

    #[test]
    fn no_bytes_make_loading_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = take_apart(&bytes);
        let mut base = Base::new(&schema());
        if base.load(&bytes).is_ok() {
            prop_assert_eq!(&base.records()[0].1, &bytes, "one encoding per record");
        }
    }
}

proptest! {
    #[test]
    fn sta_7_going_back_restores_every_record(
        steps in prop::collection::vec((prop::collection::vec(step(), 0..20), any::<bool>()), 1..8),
        to in 0..8usize,
    ) {
        let hash = |height: usize| B256::with_last_byte(height as u8 + 1);
        let forest = Forest::with_reach(&schema(), hash(0), Reach::ALL);
        let mut history = vec![(forest.place(), forest.with_base(|hash, base| (hash, base.records())))];
        let (mut height, mut model) = (0, Model::default());
        for (steps, is_block) in &steps {
            let layer = forest.with_final(|_, view| {
                let mut ctx = Context::new(view, env());
                run(&mut ctx, steps, &mut model);
                ctx.settle();
                model.2 = 0;
                ctx.finish().0
            });
            if *is_block {
                forest.attach(hash(height + 1), hash(height), Arc::new(layer));
                prop_assert!(forest.finalize(hash(height + 1)));
                height += 1;
            } else {
                forest.amend(&layer);
            }
            history.push((forest.place(), forest.with_base(|hash, base| (hash, base.records()))));
        }
        let ahead = history[history.len() - 1].0;
        let (place, then) = history[to.min(history.len() - 1)].clone();
        prop_assert!(forest.rewind(place), "STA-7");
        prop_assert_eq!(forest.with_base(|hash, base| (hash, base.records())), then, "STA-7");
        prop_assert_eq!(forest.rewind(ahead), ahead == place, "what lies ahead cannot be gone back to");
    }
}

#[test]
fn a_block_that_forked_off_dies_when_its_rival_is_final() {
    let hash = B256::with_last_byte;
    let forest = Forest::new(&schema(), hash(0));
    let layer = |value| {
        let made = forest.with(hash(0), |view| {
            let mut ctx = Context::new(view, env());
            BALANCES.put(&mut ctx, &1, value);
            ctx.finish().0
        });
        Arc::new(made.unwrap())
    };
    let (left, right) = (layer(1), layer(2));
    forest.attach(hash(1), hash(0), left);
    forest.attach(hash(2), hash(0), right);
    assert!(forest.finalize(hash(2)));
    assert!(!forest.knows(&hash(1)) && !forest.finalize(hash(1)));
    assert!(forest.finalize(hash(2)), "saying it again does nothing");
    assert_eq!(
        forest.with_final(|at, view| (at, BALANCES.get(&Context::new(view, env()), &1))),
        (hash(2), Some(2))
    );
}

#[test]
#[should_panic(expected = "share the number")]
fn two_tables_cannot_share_a_number() {
    const OTHER: Table<u8, u8> = Table::new(Module::Ledger, 0, "test/other");
    let _ = schema().with(&OTHER);
}

#[test]
fn sta_6_a_long_record_is_noticed_until_its_transaction_is_settled_or_undone() {
    let forest = Forest::new(&schema(), B256::ZERO);
    let seen = forest.with(B256::ZERO, |view| {
        let mut ctx = Context::new(view, env());
        BALANCES.put(&mut ctx, &1, 7);
        let bounded = ctx.longest_written();
        let mark = ctx.mark();
        NAMES.put(&mut ctx, &1, "x".repeat(100));
        NAMES.put(&mut ctx, &2, "x".repeat(200));
        NAMES.delete(&mut ctx, &2);
        let long = ctx.longest_written();
        ctx.rollback(mark);
        let undone = ctx.longest_written();
        NAMES.put(&mut ctx, &1, "x".repeat(100));
        ctx.settle();
        (bounded, long, undone, ctx.longest_written())
    });
    // A length stands before the text.
    assert_eq!(seen.unwrap(), (0, 104, 0, 0), "a number's record cannot grow");
}

proptest! {
    #[test]
    fn what_is_looked_for_is_remembered_while_it_is_watched_and_only_then(
        before in prop::collection::vec(0..16u8, 0..5),
        watched in prop::collection::vec((0..16u8, any::<bool>()), 0..9),
    ) {
        let base = Base::new(&schema());
        let mut ctx = Context::new(View::of(&base), env());
        BALANCES.put(&mut ctx, &3, 7);
        for key in &before {
            BALANCES.read(&ctx, key);
        }
        prop_assert!(ctx.reads().is_empty(), "STA-8");
        ctx.watch_reads();
        let mut should = BTreeSet::new();
        for (key, is_name) in watched {
            let table = if is_name { NAMES.name() } else { BALANCES.name() };
            should.insert(Looked { table, key: vec![key] });
            match is_name {
                true => drop(NAMES.get(&ctx, &key)),
                false => drop(BALANCES.has(&ctx, &key)),
            }
        }
        prop_assert_eq!(ctx.reads(), should, "STA-8");
        BALANCES.read(&ctx, &3);
        prop_assert!(ctx.reads().is_empty(), "STA-8");
    }
}
