//! A small world to judge in: a provider, an issuer with an asset, persons and what they hold.

#![allow(dead_code)] // Each test file uses the part it needs.

use compliance::{
    Action, AssetFacts, Call, Decision, Entry, Exemptions, Kind, Lot, Paths, Policy, ReasonCode,
    Refusal,
};
use identity::{ClaimGiven, PersonKind, Registration, topic};
use state::{Base, Context, Env, Schema, View};
use std::collections::BTreeMap;
use types::{
    AccountId, Address, AssetId, B256, ClassId, Country, Date, Name, Order, PersonId, ShardId,
    Time, Units, sha256,
};

/// What stands for the report of a dry run where rules are changed.
pub const REPORT: B256 = B256::repeat_byte(1);

pub const KYC: PersonId = PersonId(1);
pub const ISSUER: PersonId = PersonId(2);
/// A second provider.
pub const OTHER: PersonId = PersonId(3);
pub const ASSET: AssetId = AssetId(1);
/// Another of the same issuer.
pub const SISTER: AssetId = AssetId(2);
/// Its classes.
pub const A: ClassId = ClassId(0);
pub const B: ClassId = ClassId(1);

pub struct World {
    pub ctx: Context<'static>,
    pub people: Vec<PersonId>,
    /// What each holds of each class, kept apart from the module's own counting.
    pub held: BTreeMap<(ClassId, PersonId), u128>,
    /// What each holds of the issuer's other asset.
    pub sister_held: BTreeMap<PersonId, u128>,
}

pub fn day(text: &str) -> Time {
    text.parse::<Date>().unwrap_or_else(|e| panic!("{e}")).start()
}

pub fn wallet(person: PersonId) -> Address {
    let mut bytes = [0xaa; 20];
    bytes[12..].copy_from_slice(&person.0.to_be_bytes());
    Address::from(bytes)
}

pub fn claim(topic: u32, value: u64, expires: Time) -> ClaimGiven {
    ClaimGiven { topic, value, dated: Time(0), expires, evidence: B256::ZERO }
}

pub fn order() -> Order {
    let document = B256::repeat_byte(7);
    Order { authority: "Court".into(), reference: "1".into(), document, expires: None }
}

/// A movement to judge, of lots acquired on these days.
#[derive(Clone, Debug)]
pub struct Asked {
    pub kind: Kind,
    pub from: Option<PersonId>,
    pub to: Option<PersonId>,
    pub units: u128,
    pub lots: Vec<(u128, Time)>,
    pub class: ClassId,
    pub elected: Option<Name>,
}

pub fn transfer(from: PersonId, to: PersonId, units: u128) -> Asked {
    Asked {
        kind: Kind::Transfer,
        from: Some(from),
        to: Some(to),
        units,
        lots: Vec::new(),
        class: A,
        elected: None,
    }
}

pub fn issue(to: PersonId, units: u128) -> Asked {
    Asked { kind: Kind::Issue, from: None, to: Some(to), ..transfer(to, to, units) }
}

pub fn redeem(from: PersonId, units: u128) -> Asked {
    Asked { kind: Kind::Redeem, to: None, ..transfer(from, from, units) }
}

impl Asked {
    pub fn of(mut self, lots: &[(u128, &str)]) -> Self {
        self.lots = lots.iter().map(|(units, text)| (*units, day(text))).collect();
        self
    }

    pub fn by(mut self, path: &str) -> Self {
        self.elected = Some(path.into());
        self
    }
}

impl World {
    /// 2026-01-01, nobody but two providers and the issuer, no policy.
    pub fn new() -> Self {
        let schema = compliance::tables(identity::tables(Schema::default()));
        let base: &'static Base = Box::leak(Box::new(Base::new(&schema)));
        let env = Env {
            shard: ShardId(0),
            chain_id: 1,
            height: 1,
            time: day("2026-01-01"),
            guest_gas: 30_000_000,
            gas_limit: 2_000_000_000,
        };
        let mut ctx = Context::new(View::of(base), env);
        let person = |person, provider| identity::genesis::GenesisPerson {
            wallet: wallet(person),
            kind: PersonKind::Entity,
            residence: "CH".parse().unwrap(),
            provider,
            claims: vec![claim(topic::KYB, 0, Time::NEVER)],
        };
        let persons = vec![person(KYC, true), person(ISSUER, false), person(OTHER, true)];
        let genesis = identity::Genesis { recovery_delay_ms: 0, persons };
        identity::genesis::apply(&mut ctx, &genesis).unwrap();
        let people = vec![KYC, ISSUER, OTHER];
        for asset in [ASSET, SISTER] {
            compliance::issued_by(&mut ctx, asset, ISSUER);
        }
        Self { ctx, people, held: BTreeMap::new(), sister_held: BTreeMap::new() }
    }

    /// A world with this policy.
    pub fn with(json: &str) -> Self {
        let mut world = Self::new();
        world.policy(json).unwrap_or_else(|refusal| panic!("{refusal}"));
        world
    }

    pub fn identity(&mut self, by: PersonId, call: identity::Call) {
        let reply = identity::apply(&mut self.ctx, wallet(by), call, true);
        let reply = reply.unwrap_or_else(|refusal| panic!("{refusal}"));
        for person in reply.touched {
            compliance::reindex(&mut self.ctx, person);
        }
        if let Some(merger) = reply.merged {
            compliance::merge(&mut self.ctx, merger);
        }
        self.ctx.settle();
    }

    pub fn person(&mut self, country: &str, claims: &[(u32, u64, &str)]) -> PersonId {
        let id = PersonId(self.people.len() as u64 + 1);
        let given = claims.iter().map(|(topic, value, until)| claim(*topic, *value, day(until)));
        let kyc = claim(topic::KYC_NATURAL, 0, Time::NEVER);
        let registration = Registration {
            wallet: wallet(id),
            kind: PersonKind::Natural,
            residence: country.parse().unwrap(),
            uniqueness: sha256(&[&id.0.to_be_bytes()]),
            claims: std::iter::once(kyc).chain(given).collect(),
        };
        self.identity(KYC, identity::Call::Register(vec![registration]));
        self.people.push(id);
        id
    }

    pub fn attest(&mut self, by: PersonId, person: PersonId, topic: u32, value: u64, until: Time) {
        let claim = claim(topic, value, until);
        self.identity(by, identity::Call::Attest { person, claim });
    }

    pub fn revoke(&mut self, person: PersonId, topic: u32) {
        self.identity(KYC, identity::Call::Revoke { person, topic });
    }

    pub fn residence(&mut self, person: PersonId, country: &str) {
        let residence: Country = country.parse().unwrap();
        self.identity(KYC, identity::Call::SetResidence { person, residence });
    }

    /// A block at a later time: what lapsed is counted anew, as `chain` does first.
    pub fn at(&mut self, time: Time) {
        self.ctx.env.time = time;
        loop {
            for person in identity::expire_due(&mut self.ctx, usize::MAX, compliance::weight) {
                compliance::reindex(&mut self.ctx, person);
            }
            let minute = identity::PROGRESS.get(&self.ctx, &()).unwrap().lapse_minute;
            if minute >= time.0 / 60_000 {
                break;
            }
        }
        self.ctx.settle();
    }

    pub fn policy(&mut self, json: &str) -> Result<(), Refusal> {
        self.policy_of(ASSET, json)
    }

    pub fn policy_of(&mut self, asset: AssetId, json: &str) -> Result<(), Refusal> {
        let policy: Policy = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
        compliance::apply(&mut self.ctx, None, Call::SetPolicy { asset, policy, report: REPORT })
    }

    pub fn list(&mut self, list: u32, person: PersonId, from: &str, until: &str) {
        let (from, until) = (day(from), day(until));
        let (asset, entry) = (Some(ASSET), Entry::Person(person));
        let call = Call::List { asset, list, entry, from, until };
        compliance::apply(&mut self.ctx, None, call).unwrap();
    }

    /// Lets a person hold so much more, whatever the policy says.
    pub fn give(&mut self, person: PersonId, units: u128) {
        self.give_of(A, person, units);
    }

    pub fn give_of(&mut self, class: ClassId, person: PersonId, units: u128) {
        if units > 0 {
            compliance::record(&mut self.ctx, (ASSET, class), person, Units(units), Units::ZERO);
            *self.held.entry((class, person)).or_default() += units;
        }
    }

    /// Lets a person hold so much more, or less, of the issuer's other asset.
    pub fn give_of_sister(&mut self, person: PersonId, gained: u128, lost: u128) {
        let held = self.sister_held.entry(person).or_default();
        *held = *held + gained - lost;
        if gained != lost {
            let (gained, lost) = (Units(gained), Units(lost));
            compliance::record(&mut self.ctx, (SISTER, A), person, gained, lost);
        }
    }

    /// Carries out what was judged, as the ledger does.
    pub fn carry_out(&mut self, asked: &Asked) {
        let (class, units) = (asked.class, Units(asked.units));
        if asked.from == asked.to {
            return;
        }
        if let Some(from) = asked.from {
            compliance::record(&mut self.ctx, (ASSET, class), from, Units::ZERO, units);
            *self.held.get_mut(&(class, from)).unwrap() -= asked.units;
        }
        if let Some(to) = asked.to {
            compliance::record(&mut self.ctx, (ASSET, class), to, units, Units::ZERO);
            *self.held.entry((class, to)).or_default() += asked.units;
        }
    }

    /// What others than the issuer hold.
    pub fn outstanding(&self) -> u128 {
        self.held.iter().filter(|((_, person), _)| *person != ISSUER).map(|(_, units)| units).sum()
    }

    /// The same of a class.
    pub fn outstanding_of(&self, class: ClassId) -> u128 {
        let held = self.held.iter().filter(|((of, person), _)| *of == class && *person != ISSUER);
        held.map(|(_, units)| units).sum()
    }

    pub fn held_by(&self, person: PersonId) -> u128 {
        (0..4).map(|class| self.held_of(ClassId(class), person)).sum()
    }

    pub fn held_of(&self, class: ClassId, person: PersonId) -> u128 {
        self.held.get(&(class, person)).copied().unwrap_or(0)
    }

    /// What a giver can give at most: what it holds of the class; an issue may be of 60.
    pub fn at_most(&self, asked: &Asked) -> u128 {
        asked.from.map_or(60, |from| self.held_of(asked.class, from))
    }

    pub fn decide(&self, asked: &Asked) -> Decision {
        let Asked { kind, from, to, units, ref lots, class, ref elected } = *asked;
        let lot = |&(units, anchor): &(u128, Time)| Lot {
            units: Units(units),
            acquired: anchor,
            anchor,
            paths: Paths::NONE,
            exemptions: Exemptions::NONE,
        };
        let lots: Vec<Lot> = lots.iter().map(lot).collect();
        let action = Action {
            kind,
            asset: ASSET,
            class: Some(class),
            facts: AssetFacts {
                issuer: ISSUER,
                outstanding: Units(self.outstanding()),
                outstanding_of_class: Units(self.outstanding_of(class)),
            },
            outstanding_of: |ctx, asset| {
                let holder = |place| compliance::HOLDERS.get(ctx, &(asset, place));
                let others = (0..).map_while(holder).filter(|person| *person != ISSUER);
                let held = |person| compliance::COUNTED.get(ctx, &(asset, person));
                others.filter_map(held).map(|held| held.units).sum()
            },
            from,
            to,
            units: Units(units),
            giving: Units(units),
            has_given: false,
            giving_of_class: Units(units),
            getting: Units(units),
            at_most: Units(self.at_most(asked)),
            free: Units(self.at_most(asked)),
            lots: &lots,
            paid: None,
            from_account: from.map(|from| AccountId::new(from, 0)),
            to_account: to.map(|to| AccountId::new(to, 0)),
            through: None,
            operator: Address::ZERO,
            chosen: 0,
            is_exchange: false,
            elected: elected.as_ref(),
        };
        compliance::decide(&self.ctx, &action)
    }

    /// Every reason against it, by code.
    pub fn against(&self, asked: Asked) -> Vec<ReasonCode> {
        self.decide(&asked).reasons.iter().map(|reason| reason.code).collect()
    }

    /// It passes.
    pub fn allows(&self, asked: Asked) {
        assert_eq!(self.against(asked.clone()), [], "{asked:?}");
    }
}

/// The place of the path relied on, of the policy's; 0 for none.
pub fn via(decision: &Decision) -> u8 {
    decision.paths.first().map_or(0, |path| path.place)
}
