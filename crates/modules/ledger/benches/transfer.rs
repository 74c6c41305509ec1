//! What a compliance-checked transfer costs through its module: 5,000 people with five claims each, four
//! assets that all of them hold, a policy of claims, countries, head-counts and holdings.
//!
//! `cargo bench -p ledger`. One element is one transfer, from the call to its events, on the finalized
//! state and a block's layer that grows to 10,000 transfers.

use compliance::Policy;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use identity::{ClaimGiven, PersonKind, Registration, topic};
use ledger::{AssetKind, Call, Leg, NewAsset, Spender, Wish};
use state::{Context, Env, Forest, Schema, View};
use std::{hint::black_box, sync::Arc};
use trust::Power;
use types::{AccountId, Address, AssetId, B256, ClassId, PersonId, ShardId, Time, Units, sha256};

const PEOPLE: u64 = 5_000;
const ASSETS: u64 = 4;
const TRANSFERS: usize = 10_000;
const COUNTRIES: [&str; 8] = ["CH", "DE", "FR", "GB", "US", "JP", "SG", "AE"];
const POLICY: &str = r#"{"rules": [
    {"claim": {"side": "receiver", "topic": 20, "providers": [1]}},
    {"countries": {"side": "both", "mode": "deny", "countries": ["KP", "IR", "SY", "CU"]}},
    {"count": {"filter": "all", "max": 10000}},
    {"count": {"filter": {"country": "US"}, "max": 2000}},
    {"count": {"filter": {"without": 20}, "max": 35}},
    {"holding": {"min": "1", "max_part": 500}}
]}"#;
const PROVIDER: PersonId = PersonId(1);
const ISSUER: PersonId = PersonId(2);

fn wallet(person: PersonId) -> Address {
    let hash = sha256(&[&person.0.to_be_bytes()]);
    Address::from_slice(&hash[..20])
}

fn account(person: u64) -> AccountId {
    AccountId::new(PersonId(person), 0)
}

/// The first investor comes after the provider and the issuer.
fn investor(index: u64) -> AccountId {
    account(index % PEOPLE + 3)
}

fn by(person: PersonId) -> Spender {
    Spender::key(wallet(person))
}

fn env() -> Env {
    Env {
        shard: ShardId(0),
        chain_id: 1,
        height: 1,
        time: Time(1_767_225_600_000),
        guest_gas: 30_000_000,
        gas_limit: 2_000_000_000,
    }
}

fn claims(topics: &[u32]) -> Vec<ClaimGiven> {
    let given = |topic: &u32| ClaimGiven {
        topic: *topic,
        value: 1,
        dated: Time(0),
        expires: Time::NEVER,
        evidence: B256::ZERO,
    };
    topics.iter().map(given).collect()
}

fn populate(ctx: &mut Context<'_>) {
    let person = |id, provider| identity::genesis::GenesisPerson {
        wallet: wallet(id),
        kind: PersonKind::Entity,
        residence: "CH".parse().expect("a country"),
        provider,
        claims: claims(&[topic::KYB, 20]),
    };
    let persons = vec![person(PROVIDER, true), person(ISSUER, false)];
    let genesis = identity::Genesis { recovery_delay_ms: 0, persons };
    identity::genesis::apply(ctx, &genesis).expect("genesis");
    let grants =
        vec![trust::genesis::GenesisGrant { person: ISSUER, powers: vec![Power::CreateAsset] }];
    let genesis = trust::Genesis { grants, ..Default::default() };
    trust::genesis::apply(ctx, &genesis).expect("genesis");
    let registration = |index: u64| Registration {
        wallet: wallet(investor(index).person),
        kind: PersonKind::Natural,
        residence: COUNTRIES[index as usize % COUNTRIES.len()].parse().expect("a country"),
        uniqueness: sha256(&[b"unique", &index.to_be_bytes()]),
        claims: claims(&[topic::KYC_NATURAL, topic::SANCTIONS_CLEAR, topic::PEP, topic::RISK, 20]),
    };
    let call = identity::Call::Register((0..PEOPLE).map(registration).collect());
    identity::apply(ctx, wallet(PROVIDER), call, false).expect("investors");
    for asset in 1..=ASSETS {
        let call = Call::CreateAsset(NewAsset {
            kind: AssetKind::Equity,
            symbol: format!("A{asset}"),
            name: format!("Asset {asset}"),
            decimals: 0,
            isin: None,
            cfi: "ESVUFR".parse().expect("a CFI"),
            fisn: None,
            lei: None,
            authorised: Units(u128::MAX),
        });
        ledger::apply(ctx, by(ISSUER), call).expect("an asset");
        let asset = AssetId(asset);
        let policy: Policy = serde_json::from_str(POLICY).expect("a policy");
        let call = compliance::Call::SetPolicy { asset, policy, report: B256::ZERO };
        compliance::apply(ctx, None, call).expect("rules");
        let mut legs = vec![Leg { to: AccountId::new(ISSUER, 0), units: Units(1_000_000) }];
        legs.extend((0..PEOPLE).map(|index| Leg { to: investor(index), units: Units(1_000) }));
        let call = Call::Issue { asset, class: ClassId(0), legs };
        ledger::apply(ctx, by(ISSUER), call).expect("units");
    }
    ctx.settle();
}

/// A finalized state with everybody in it.
fn state() -> Forest {
    let schema = [identity::tables, trust::tables, compliance::tables, ledger::tables]
        .into_iter()
        .fold(Schema::default(), |schema, add| add(schema));
    let (genesis, block) = (B256::ZERO, B256::repeat_byte(1));
    let forest = Forest::new(&schema, genesis);
    let layer = forest.with_final(|_, view| {
        let mut ctx = Context::new(view, env());
        populate(&mut ctx);
        ctx.finish().0
    });
    forest.attach(block, genesis, Arc::new(layer));
    assert!(forest.finalize(block));
    forest
}

/// Transfers between people near and far, as `units` say how much of what each holds.
fn transfers(units: u128) -> Vec<(Spender, Call)> {
    let transfer = |index: u64| {
        let (from, to) = (investor(index * 7_919), investor(index * 104_729 + 1));
        let asset = AssetId(index % ASSETS + 1);
        let legs = vec![Leg { to, units: Units(units) }];
        (by(from.person), Call::Transfer { asset, class: None, from: None, legs })
    };
    (0..TRANSFERS as u64).map(transfer).collect()
}

fn carry_out<'a>(view: &View<'a>, calls: Vec<(Spender, Call)>, passes: bool) -> Context<'a> {
    let mut ctx = Context::new(view.clone(), env());
    for (by, call) in calls {
        let result = ledger::apply(&mut ctx, by, call);
        assert_eq!(result.is_ok(), passes, "{result:?}");
        black_box(ctx.settle());
    }
    ctx
}

fn bench(criterion: &mut Criterion) {
    state().with_final(|_, view| {
        let name = format!("people={PEOPLE} positions={} rules=6", PEOPLE * ASSETS);
        let mut group = criterion.benchmark_group("ledger");
        group.throughput(Throughput::Elements(TRANSFERS as u64)).sample_size(20);
        for (verb, units, passes) in [("transfer", 1, true), ("refuse", 5_000, false)] {
            let gas = carry_out(&view, transfers(units), passes).work() / TRANSFERS as u64;
            println!("ledger/{verb}: {gas} gas each");
            group.bench_function(format!("{verb}/{name}"), |bencher| {
                bencher.iter_batched(
                    || transfers(units),
                    |calls| carry_out(&view, calls, passes),
                    BatchSize::PerIteration,
                )
            });
        }
        let previews: Vec<(AssetId, AccountId, AccountId)> = (0..TRANSFERS as u64)
            .map(|n| (AssetId(n % ASSETS + 1), investor(n * 7_919), investor(n * 104_729 + 1)))
            .collect();
        let ctx = Context::new(view.clone(), env());
        group.bench_function(format!("preview/{name}"), |bencher| {
            bencher.iter(|| {
                for (asset, from, to) in &previews {
                    let wish = Wish {
                        asset: *asset,
                        class: Some(ClassId(0)),
                        from: Some(*from),
                        to: Some(*to),
                        units: Units(1),
                        operator: Address::ZERO,
                        stated: Default::default(),
                    };
                    black_box(ledger::preview(&ctx, wish)).expect("known accounts");
                }
            })
        });
        group.finish();
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
