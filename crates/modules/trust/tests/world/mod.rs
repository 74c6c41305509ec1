//! A small chain around `trust`: every call is a block of its own, and a refusal must leave nothing.

#![allow(dead_code)]

use identity::{ClaimGiven, PersonKind, genesis::GenesisPerson, topic};
use state::{Context, Env, Forest, Key, Mark, Record, Schema, Table};
use std::sync::Arc;
use trust::{
    Act, Call, Event, FuelSchedule, Genesis, GrantKey, Grantee, Power, Refusal, Reply, Scope,
    fuel::{self, Payer},
    genesis::GenesisGrant,
};
use types::{
    Address, AssetId, B256, ClassId, Module, Order, PersonId, ShardId, Time, Units, decode,
};

pub const MINUTE: u64 = 60_000;
pub const DAY: u64 = 24 * 60 * MINUTE;
pub const START: Time = Time(1_767_225_600_000);

/// The network's first admin and only KYC provider; persons 2 to 9 are its customers.
pub const OPERATOR: PersonId = PersonId(1);
pub const ACME: PersonId = PersonId(2);
pub const BELA: PersonId = PersonId(3);
pub const CARA: PersonId = PersonId(4);
pub const DORA: PersonId = PersonId(5);
pub const NOBODY: PersonId = PersonId(99);

pub const NETWORK: Scope = Scope::Network;
pub const ASSET: Scope = Scope::Asset(AssetId(1));
pub const CLASS: Scope = Scope::Class(AssetId(1), ClassId(0));
pub const OTHER: Scope = Scope::Asset(AssetId(2));

/// A quorum that lends its power to a call.
pub type Lent = Option<(Power, Scope)>;

pub fn wallet(person: PersonId) -> Address {
    Address::with_last_byte(person.0 as u8)
}

/// The wallet or contract that calls for a grantee.
pub fn wallet_of(by: Grantee) -> Address {
    match by {
        Grantee::Person(person) => wallet(person),
        Grantee::App(contract) => contract,
    }
}

pub fn key(person: PersonId, power: Power, scope: Scope) -> GrantKey {
    GrantKey { grantee: Grantee::Person(person), power, scope }
}

pub fn grant(person: PersonId, power: Power, scope: Scope) -> Call {
    Call::Grant {
        grant: key(person, power, scope),
        limit: None,
        expires: Time::NEVER,
        terms: Default::default(),
    }
}

pub fn schema() -> Schema {
    trust::tables(identity::tables(Schema::default()))
}

/// What one call did.
#[derive(Debug)]
pub struct Done {
    pub reply: Reply,
    pub events: Vec<Event>,
}

pub struct World {
    forest: Forest,
    height: u64,
    pub env: Env,
}

impl World {
    /// Nine persons; the first has every network power, and asset 1 was created by Acme.
    pub fn new() -> Self {
        let env = Env {
            shard: ShardId(0),
            chain_id: 7_357,
            height: 1,
            time: START,
            guest_gas: 30_000_000,
            gas_limit: 2_000_000_000,
        };
        let mut world = Self { forest: Forest::new(&schema(), hash(0)), height: 0, env };
        let person = |number: u64| GenesisPerson {
            wallet: wallet(PersonId(number)),
            kind: PersonKind::Entity,
            residence: "DE".parse().unwrap(),
            provider: number == OPERATOR.0,
            claims: Vec::new(),
        };
        let persons = (1..=9).map(person).collect();
        let people = identity::Genesis { recovery_delay_ms: DAY, persons };
        use Power::*;
        let powers = vec![Admin, Providers, Sanctions, Orders, CreateAsset, Fuel, Apps];
        let grants = vec![GenesisGrant { person: OPERATOR, powers }];
        let genesis = Genesis { fuel: FuelSchedule::default(), grants };
        world.change(|ctx| {
            identity::genesis::apply(ctx, &people).unwrap();
            trust::genesis::apply(ctx, &genesis).unwrap();
            for power in [Admin, Issue, Redeem, Freeze, Pause] {
                let by = Some(Grantee::Person(ACME));
                trust::write_grant(ctx, key(ACME, power, ASSET), None, Time::NEVER, by);
            }
        });
        world
    }

    fn block<R, E>(
        &mut self,
        work: impl FnOnce(&mut Context<'_>) -> Result<R, E>,
    ) -> Result<(R, Vec<Event>), E> {
        let (result, events, layer, changes) = self
            .forest
            .with(hash(self.height), |view| {
                let mut ctx = Context::new(view, self.env);
                let before: Mark = ctx.mark();
                let result = work(&mut ctx);
                assert!(
                    result.is_ok() || ctx.mark() == before,
                    "a refusal comes before any write and event"
                );
                let events = ctx.settle();
                let (layer, changes) = ctx.finish();
                (result, events, layer, changes)
            })
            .expect("in memory");
        let result =
            result.inspect_err(|_| assert!(changes.is_empty(), "a refusal changes nothing"))?;
        self.forest.attach(hash(self.height + 1), hash(self.height), Arc::new(layer));
        assert!(self.forest.finalize(hash(self.height + 1)));
        self.height += 1;
        let own = events.into_iter().filter(|record| record.module == Module::Trust);
        let events = own.map(|record| decode(&record.bytes).expect("an event")).collect();
        Ok((result, events))
    }

    /// Works on the state in a block of its own.
    pub fn change<R>(&mut self, work: impl FnOnce(&mut Context<'_>) -> R) -> R {
        self.block(|ctx| Ok::<_, ()>(work(ctx))).expect("never refuses").0
    }

    pub fn call(&mut self, by: PersonId, call: Call) -> Result<Done, Refusal> {
        self.call_as(Grantee::Person(by), call, None)
    }

    pub fn call_as(&mut self, by: Grantee, call: Call, lent: Lent) -> Result<Done, Refusal> {
        let (reply, events) = self.block(|ctx| trust::apply(ctx, by, wallet_of(by), call, lent))?;
        Ok(Done { reply, events })
    }

    /// May the grantee use the power there, for so many units?
    pub fn may(
        &self,
        by: impl Into<Grantee>,
        power: Power,
        scope: Scope,
        units: Option<u128>,
    ) -> Result<(), Refusal> {
        let by = by.into();
        self.read(|ctx| trust::require(ctx, by, power, scope, units.map(Units), None))
    }

    /// Uses a power for so many units, as every module does: asks first.
    pub fn spend(
        &mut self,
        by: impl Into<Grantee>,
        power: Power,
        scope: Scope,
        units: u128,
    ) -> Result<Vec<Event>, Refusal> {
        let (by, units) = (by.into(), Units(units));
        let spend = |ctx: &mut Context<'_>| {
            trust::require(ctx, by, power, scope, Some(units), None)?;
            trust::spend(ctx, by, power, scope, units, None);
            Ok(())
        };
        self.block(spend).map(|((), events)| events)
    }

    /// Pays for a transaction of so much gas that used so much, as the door does.
    pub fn pay(&mut self, person: PersonId, gas: u64, used: u64) -> Result<Payer, Refusal> {
        let pay = |ctx: &mut Context<'_>| {
            let payer = fuel::payer(ctx, person, gas)?;
            fuel::charge(ctx, &payer, used);
            Ok(payer)
        };
        self.block(pay).map(|(payer, _)| payer)
    }

    pub fn fuel(&self, person: PersonId) -> u64 {
        self.read(|ctx| fuel::available(ctx, person))
    }

    /// The provider attests due diligence on the person.
    pub fn verify(&mut self, person: PersonId, expires: Time) {
        let topic = topic::KYB;
        let claim = ClaimGiven { topic, value: 0, dated: Time(0), expires, evidence: B256::ZERO };
        let call = identity::Call::Attest { person, claim };
        self.change(|ctx| identity::apply(ctx, wallet(OPERATOR), call, false)).expect("attested");
    }

    /// An order stops the person, or lets it go on.
    pub fn suspend(&mut self, person: PersonId, stops: bool) {
        let order = Order {
            authority: "BaFin".into(),
            reference: "1".into(),
            document: B256::repeat_byte(1),
            ..Order::default()
        };
        let call = match stops {
            true => identity::Call::Suspend { person, order },
            false => identity::Call::Reinstate { person, order },
        };
        self.change(|ctx| identity::apply(ctx, wallet(OPERATOR), call, true)).expect("by order");
    }

    /// The whole trail of a scope, in order.
    pub fn trail(&self, scope: Scope) -> Vec<Act> {
        let length = self.get(&trust::TRAIL_LENGTH, &scope).unwrap_or(0);
        (0..length).map(|place| self.get(&trust::TRAIL, &(scope, place)).expect("no gap")).collect()
    }

    pub fn pass(&mut self, ms: u64) {
        self.env.time = self.env.time.plus_ms(ms);
    }

    pub fn now(&self) -> Time {
        self.env.time
    }

    pub fn after(&self, ms: u64) -> Time {
        self.env.time.plus_ms(ms)
    }

    pub fn read<R>(&self, work: impl FnOnce(&Context<'_>) -> R) -> R {
        self.forest
            .with(hash(self.height), |view| work(&Context::new(view, self.env)))
            .expect("in memory")
    }

    pub fn get<K: Key, V: Record>(&self, table: &Table<K, V>, key: &K) -> Option<V> {
        self.read(|ctx| table.get(ctx, key))
    }
}

fn hash(height: u64) -> B256 {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(height + 1).to_be_bytes());
    bytes.into()
}
