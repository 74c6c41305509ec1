//! A small chain around `identity`: every call is a block of its own, and a refusal must leave nothing.

#![allow(dead_code)]

use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use identity::{
    Call, Claim, ClaimGiven, Consent, Enrolment, Event, Genesis, PersonKind, Provider, Purpose,
    Refusal, Registration, Reply, genesis::GenesisPerson,
};
use state::{Change, Context, Env, Forest, Key, Record, Schema, Table};
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};
use types::{
    AccountId, Address, B256, Bytes, Country, Module, Order, PersonId, ShardId, Time, decode,
};

pub const MINUTE: u64 = 60_000;
pub const DAY: u64 = 24 * 60 * MINUTE;
pub const START: Time = Time(1_767_225_600_000);

/// The two providers and the first investor; key `n` owns account 0 of person `n`.
pub const KESTREL: PersonId = PersonId(1);
pub const HERON: PersonId = PersonId(2);
pub const ALICE: PersonId = PersonId(3);

/// The key with this number.
pub fn key(number: u64) -> PrivateKeySigner {
    PrivateKeySigner::from_slice(&number.to_be_bytes().repeat(4)).expect("a key")
}

/// Its address. Kept once made: deriving one takes longer than all else in a step.
pub fn wallet(number: u64) -> Address {
    thread_local! {
        static KNOWN: RefCell<BTreeMap<u64, Address>> = const { RefCell::new(BTreeMap::new()) };
    }
    KNOWN.with_borrow_mut(|known| *known.entry(number).or_insert_with(|| key(number).address()))
}

pub fn sign(number: u64, digest: B256) -> Bytes {
    key(number).sign_hash_sync(&digest).expect("signed").as_bytes().to_vec().into()
}

pub fn first(person: PersonId) -> AccountId {
    AccountId::new(person, 0)
}

pub fn country(code: &str) -> Country {
    code.parse().expect("a country")
}

pub fn claim(topic: u32, expires: Time) -> ClaimGiven {
    ClaimGiven { topic, value: 0, dated: Time(0), expires, evidence: B256::repeat_byte(7) }
}

pub fn order() -> Order {
    Order {
        authority: "Landgericht Köln".into(),
        reference: "12 O 34/26".into(),
        document: B256::repeat_byte(9),
        expires: None,
    }
}

/// A natural person of Germany with this key and commitment.
pub fn registration(key: u64, commitment: u8) -> Registration {
    Registration {
        wallet: wallet(key),
        kind: PersonKind::Natural,
        residence: country("DE"),
        uniqueness: B256::with_last_byte(commitment),
        claims: Vec::new(),
    }
}

pub fn schema() -> Schema {
    identity::tables(Schema::default())
}

/// What one call did.
#[derive(Debug)]
pub struct Done {
    pub reply: Reply,
    pub events: Vec<Event>,
    pub changes: Vec<Change>,
}

pub struct World {
    forest: Forest,
    height: u64,
    pub env: Env,
}

impl World {
    /// Two providers and Alice, in Kestrel's care; a recovery waits one day.
    pub fn new() -> Self {
        let person = |number, provider| GenesisPerson {
            wallet: wallet(number),
            kind: if provider { PersonKind::Entity } else { PersonKind::Natural },
            residence: country("DE"),
            provider,
            claims: Vec::new(),
        };
        let persons = vec![person(1, true), person(2, true), person(3, false)];
        let env = Env {
            shard: ShardId(0),
            chain_id: 7_357,
            height: 1,
            time: START,
            guest_gas: 30_000_000,
            gas_limit: 2_000_000_000,
        };
        let mut world = Self { forest: Forest::new(&schema(), hash(0)), height: 0, env };
        let genesis = Genesis { recovery_delay_ms: DAY, persons };
        world.block(|ctx| identity::genesis::apply(ctx, &genesis)).0.expect("a genesis");
        world
    }

    /// Works on the state in a block of its own, kept only if the work succeeds.
    fn block<R, E>(
        &mut self,
        work: impl FnOnce(&mut Context<'_>) -> Result<R, E>,
    ) -> (Result<R, E>, Vec<Event>, Vec<Change>) {
        let (result, events, layer, changes) = self
            .forest
            .with(hash(self.height), |view| {
                let mut ctx = Context::new(view, self.env);
                let before = ctx.mark();
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
        if result.is_ok() {
            self.forest.attach(hash(self.height + 1), hash(self.height), Arc::new(layer));
            assert!(self.forest.finalize(hash(self.height + 1)));
            self.height += 1;
        } else {
            assert!(changes.is_empty(), "a refusal changes no record");
        }
        let decoded = |record: types::EventRecord| {
            assert_eq!(record.module, Module::Identity);
            decode(&record.bytes).expect("an event")
        };
        (result, events.into_iter().map(decoded).collect(), changes)
    }

    /// The wallet with this key calls.
    pub fn call(&mut self, key: u64, call: Call) -> Result<Done, Refusal> {
        self.call_as(wallet(key), call, false)
    }

    /// The wallet with this key calls, and has the network power for it.
    pub fn govern(&mut self, key: u64, call: Call) -> Result<Done, Refusal> {
        self.call_as(wallet(key), call, true)
    }

    pub fn call_as(
        &mut self,
        wallet: Address,
        call: Call,
        has_power: bool,
    ) -> Result<Done, Refusal> {
        let (result, events, changes) =
            self.block(|ctx| identity::apply(ctx, wallet, call, has_power));
        result.map(|reply| Done { reply, events, changes })
    }

    /// True if this wallet cannot make a call without a network power.
    pub fn needs(&self, by: Address, call: &Call) -> bool {
        self.read(|ctx| call.needs(ctx, &by, false).is_some())
    }

    /// Work with a limit, and the network power that the call needs: what it did, and the gas it used.
    pub fn call_within(
        &mut self,
        key: u64,
        call: Call,
        limit: u64,
    ) -> (Result<Reply, Refusal>, u64) {
        let has_power = self.needs(wallet(key), &call);
        let mut used = 0;
        let (result, _, _) = self.block(|ctx| {
            ctx.start_work(limit);
            let result = identity::apply(ctx, wallet(key), call, has_power);
            used = ctx.work();
            result
        });
        (result, used)
    }

    /// Changes state behind the module's back, to bring about what public calls cannot.
    pub fn tamper(&mut self, work: impl FnOnce(&mut Context<'_>)) {
        let _ = self.block(|ctx| {
            work(ctx);
            Ok::<_, ()>(())
        });
    }

    /// Lets time pass; returns whom the next block counts anew.
    pub fn pass(&mut self, ms: u64) -> Vec<PersonId> {
        self.env.time = self.env.time.plus_ms(ms);
        self.expire(usize::MAX)
    }

    /// A block's own work, with a limit.
    pub fn expire(&mut self, limit: usize) -> Vec<PersonId> {
        self.expire_weighed(limit, |_, _| 0).0
    }

    /// The same where persons hold so much, and the work it was.
    pub fn expire_weighed(
        &mut self,
        limit: usize,
        weigh: impl Fn(&Context<'_>, PersonId) -> usize,
    ) -> (Vec<PersonId>, u64) {
        let mut work = 0;
        let (due, ..) = self.block(|ctx| {
            let due = identity::expire_due(ctx, limit, weigh);
            work = ctx.work();
            Ok::<_, ()>(due)
        });
        (due.expect("never refuses").into_iter().collect(), work)
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

    pub fn provider(&self, person: PersonId) -> Provider {
        self.get(&identity::PROVIDERS, &person).expect("a provider")
    }

    pub fn acting(&self, key: u64) -> Result<AccountId, Refusal> {
        self.read(|ctx| identity::acting(ctx, &wallet(key)).map(|actor| actor.account))
    }

    pub fn counts(&self, person: PersonId, topic: u32) -> Option<Claim> {
        self.read(|ctx| identity::current_claim(ctx, person, topic, &[]))
    }

    /// The wallet's consent to own a further account of this person, good for a day.
    pub fn consent(&self, person: PersonId, key: u64) -> Consent {
        self.consent_to(Purpose::Account, person, key)
    }

    /// The wallet's consent to own an account of this person for a purpose, good for a day.
    pub fn consent_to(&self, purpose: Purpose, person: PersonId, key: u64) -> Consent {
        let deadline = self.after(DAY);
        let digest =
            self.read(|ctx| identity::consent_digest(ctx, person, &wallet(key), purpose, deadline));
        Consent { deadline, signature: sign(key, digest) }
    }

    /// A person's word, signed with this key, to leave one provider for another within a day.
    pub fn care(&self, key: u64, person: PersonId, from: PersonId, to: PersonId) -> Consent {
        let deadline = self.after(DAY);
        let digest = self.read(|ctx| identity::care_digest(ctx, person, from, to, deadline));
        Consent { deadline, signature: sign(key, digest) }
    }

    /// An enrolment with a voucher of the provider that has this key.
    pub fn enrolment(&self, provider: u64, given: Registration, deadline: Time) -> Enrolment {
        let digest = self.read(|ctx| identity::voucher_digest(ctx, &given, deadline.0));
        let signature = sign(provider, digest);
        Enrolment { provider: PersonId(provider), registration: given, deadline, signature }
    }

    /// Kestrel attests that Alice lost her key and has another one.
    pub fn start_recovery(&mut self, account: AccountId, key: u64) -> Result<Done, Refusal> {
        let consent = self.consent_to(Purpose::Recovery, account.person, key);
        self.call(1, Call::StartRecovery { account, wallet: wallet(key), consent })
    }
}

fn hash(height: u64) -> B256 {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(height + 1).to_be_bytes());
    bytes.into()
}
