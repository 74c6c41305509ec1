//! What law as data costs: one decision, an adoption that counts every holder anew, a registration.
//!
//! `cargo bench -p rules`. Decisions are on the finalized state, warm, of transfers between residents of
//! Germany and France, of units issued under Regulation S and the Prospectus Regulation both, by a policy
//! of twelve rules.

use compliance::{Action, AssetFacts, Call, Decision, Fact, Kind, Policy, Profile};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use identity::{ClaimGiven, PersonKind, Registration, topic};
use ledger::{AssetKind, Leg, NewAsset, Spender};
use rules::Library;
use state::{Context, Env, Forest, Schema};
use std::{hint::black_box, path::Path, sync::Arc};
use trust::Power;
use types::{
    AccountId, Address, AssetId, B256, ClassId, Date, PersonId, ShardId, Time, Units, encode,
    sha256,
};

const PEOPLE: u64 = 100_000;
const PROVIDER: PersonId = PersonId(1);
const ISSUER: PersonId = PersonId(2);
const ASSET: AssetId = AssetId(1);
const QUALIFIED: u32 = 30;
const COUNTRIES: [&str; 2] = ["DE", "FR"];
const POLICY: &str = r#"{"rules": [
    {"claim": {"side": "both", "topic": 30, "providers": [1]}},
    {"claim": {"side": "receiver", "topic": 4}},
    {"claim": {"side": "receiver", "topic": 30, "max_age": "12mo"}},
    {"countries": {"side": "both", "mode": "deny", "countries": ["KP", "IR", "SY", "CU"]}},
    {"countries": {"side": "receiver", "mode": "allow", "countries": ["DE", "FR", "CH"]}},
    {"list": {"side": "both", "mode": "deny", "list": 1}},
    {"count": {"filter": "all", "max": 200000}},
    {"count": {"filter": {"country": "FR"}, "max": 90000}},
    {"count": {"filter": {"without": 30}, "max": 35}},
    {"holding": {"min": "1", "max_part": 500}},
    {"lot": {"days": 10}},
    {"window": {"opens": 1767225600000}}
]}"#;

fn wallet(person: PersonId) -> Address {
    Address::from_slice(&sha256(&[&person.0.to_be_bytes()])[..20])
}

/// The first investor comes after the provider and the issuer.
fn investor(index: u64) -> PersonId {
    PersonId(index % PEOPLE + 3)
}

fn env(day: Date) -> Env {
    Env {
        shard: ShardId(0),
        chain_id: 1,
        height: 1,
        time: day.start(),
        guest_gas: 30_000_000,
        gas_limit: u64::MAX / 2,
    }
}

fn day(month: i8, day: i8) -> Date {
    Date::of(2026, month, day).expect("a day")
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

fn profiles() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles");
    Library::read(&folder).expect("the profiles of the repository")
}

fn rules(ctx: &mut Context<'_>, call: Call) {
    compliance::apply(ctx, Some(PROVIDER), call).expect("plain");
}

fn register(ctx: &mut Context<'_>, profile: &Profile) {
    rules(ctx, Call::RegisterProfile { profile: Box::new(profile.clone()) });
}

/// A provider, an issuer, people; an asset that all of them hold, issued under two laws.
fn populate(ctx: &mut Context<'_>, library: &Library) {
    let person = |id, provider| identity::genesis::GenesisPerson {
        wallet: wallet(id),
        kind: PersonKind::Entity,
        residence: "CH".parse().expect("a country"),
        provider,
        claims: claims(&[topic::KYB, QUALIFIED]),
    };
    let persons = vec![person(PROVIDER, true), person(ISSUER, false)];
    let genesis = identity::Genesis { recovery_delay_ms: 0, persons };
    identity::genesis::apply(ctx, &genesis).expect("genesis");
    let grants =
        vec![trust::genesis::GenesisGrant { person: ISSUER, powers: vec![Power::CreateAsset] }];
    let genesis = trust::Genesis { grants, ..Default::default() };
    trust::genesis::apply(ctx, &genesis).expect("genesis");
    let topics = [topic::KYC_NATURAL, topic::SANCTIONS_CLEAR, topic::PEP, topic::RISK, QUALIFIED];
    let registration = |index: u64| Registration {
        wallet: wallet(investor(index)),
        kind: PersonKind::Natural,
        residence: COUNTRIES[index as usize % COUNTRIES.len()].parse().expect("a country"),
        uniqueness: sha256(&[b"unique", &index.to_be_bytes()]),
        claims: claims(&topics),
    };
    let call = identity::Call::Register((0..PEOPLE).map(registration).collect());
    identity::apply(ctx, wallet(PROVIDER), call, false).expect("investors");
    let call = ledger::Call::CreateAsset(NewAsset {
        kind: AssetKind::Equity,
        symbol: "ACME".into(),
        name: "Acme".into(),
        decimals: 0,
        isin: None,
        cfi: "ESVUFR".parse().expect("a CFI"),
        fisn: None,
        lei: None,
        authorised: Units(u128::MAX),
    });
    let by = || Spender::key(wallet(ISSUER));
    ledger::apply(ctx, by(), call).expect("an asset");
    let policy: Policy = serde_json::from_str(POLICY).expect("a policy");
    rules(ctx, Call::SetPolicy { asset: ASSET, policy, report: B256::ZERO });
    for calendar in library.calendars() {
        let calendar = Box::new(calendar.clone());
        rules(ctx, Call::RegisterCalendar { calendar });
    }
    for id in ["US-RESALE", "US-REGS2", "EU-PR", "US-12G"] {
        register(ctx, &library.get(id).expect("a profile of the repository").profile);
    }
    for id in ["US-REGS2", "EU-PR"] {
        rules(
            ctx,
            Call::Adopt {
                asset: ASSET,
                profile: id.into(),
                adopted: true,
                report: B256::repeat_byte(1),
            },
        );
    }
    let facts =
        ["category_2", "no_directed_selling", "offering_restrictions", "first_offer", "closing"];
    for fact in facts {
        let (since, until) = (ctx.now(), Time::NEVER);
        let value = Fact { value: Units(1), since, until, document: B256::ZERO };
        rules(ctx, Call::Attest { asset: Some(ASSET), fact: fact.into(), value });
    }
    let leg = |index| Leg { to: AccountId::new(investor(index), 0), units: Units(1_000) };
    let legs = (0..PEOPLE).map(leg).collect();
    let call = ledger::Call::Issue { asset: ASSET, class: ClassId(0), legs };
    ledger::apply(ctx, by(), call).expect("units");
    ctx.settle();
}

/// A finalized state with everybody in it.
fn state(library: &Library) -> Forest {
    let schema = [identity::tables, trust::tables, compliance::tables, ledger::tables]
        .into_iter()
        .fold(Schema::default(), |schema, add| add(schema));
    let (genesis, block) = (B256::ZERO, B256::repeat_byte(1));
    let forest = Forest::new(&schema, genesis);
    let layer = forest.with_final(|_, view| {
        let mut ctx = Context::new(view, env(day(1, 5)));
        populate(&mut ctx, library);
        ctx.finish().0
    });
    forest.attach(block, genesis, Arc::new(layer));
    assert!(forest.finalize(block));
    forest
}

/// Transfers on 1 February among a thousand people: the forty days are not over.
fn decide(ctx: &Context<'_>, pairs: &[(PersonId, PersonId)], facts: AssetFacts) {
    for (from, to) in pairs {
        let position = ledger::position(ctx, ASSET, ClassId(0), AccountId::new(*from, 0));
        let action = Action {
            kind: Kind::Transfer,
            asset: ASSET,
            class: Some(ClassId(0)),
            facts,
            outstanding_of: |_, _| Units::ZERO,
            from: Some(*from),
            to: Some(*to),
            units: Units(10),
            giving: Units(10),
            has_given: false,
            giving_of_class: Units(10),
            getting: Units(10),
            at_most: position.units,
            free: position.units,
            lots: &position.lots,
            paid: None,
            from_account: Some(AccountId::new(*from, 0)),
            to_account: Some(AccountId::new(*to, 0)),
            through: None,
            operator: Address::ZERO,
            chosen: 0,
            is_exchange: false,
            elected: None,
        };
        let decision: Decision = black_box(compliance::decide(ctx, &action));
        assert!(decision.is_allowed() && decision.exemptions.numbers().count() == 2);
    }
}

/// A profile is adopted that asks for another count of every holder.
fn count_anew(mut ctx: Context<'_>) -> Context<'_> {
    let (profile, report) = ("US-12G".into(), B256::repeat_byte(1));
    rules(&mut ctx, Call::Adopt { asset: ASSET, profile, adopted: true, report });
    ctx
}

fn bench(criterion: &mut Criterion) {
    let library = profiles();
    let longest = library.files().max_by_key(|file| encode(&file.profile).len());
    let longest = &longest.expect("some profiles").profile;
    state(&library).with_final(|_, view| {
        let mut group = criterion.benchmark_group("law");
        let pairs: Vec<(PersonId, PersonId)> = (0..1_000)
            .map(|n| (investor(n * 7 % 1_000), investor((n * 11 + 1) % 1_000)))
            .filter(|(from, to)| from != to)
            .collect();
        let ctx = Context::new(view.clone(), env(day(2, 1)));
        let outstanding = Units(1_000 * u128::from(PEOPLE));
        let facts = AssetFacts { issuer: ISSUER, outstanding, outstanding_of_class: outstanding };
        group.throughput(Throughput::Elements(pairs.len() as u64));
        group.bench_function("decide/rules=12 jurisdictions=2", |bencher| {
            bencher.iter(|| decide(&ctx, &pairs, facts))
        });
        group.throughput(Throughput::Elements(PEOPLE)).sample_size(10);
        let fresh = || Context::new(view.clone(), env(day(2, 1)));
        println!("law/count anew: {} gas a holding", count_anew(fresh()).work() / PEOPLE);
        group.bench_function(format!("count anew/holders={PEOPLE}"), |bencher| {
            bencher.iter_batched(fresh, count_anew, BatchSize::PerIteration)
        });
        group.throughput(Throughput::Elements(1));
        // It is registered already, as others are resold by it: a version more.
        let next = Profile { title: format!("{}, again", longest.title), ..longest.clone() };
        let bytes = encode(&next).len();
        group.bench_function(format!("register/{} bytes={bytes}", longest.id), |bencher| {
            bencher.iter_batched(
                fresh,
                |mut ctx| {
                    register(&mut ctx, &next);
                    ctx
                },
                BatchSize::SmallInput,
            )
        });
        group.finish();
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
