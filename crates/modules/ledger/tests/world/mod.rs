//! A small world to tell stories in: a provider, an issuer, its asset, and whoever comes.
//!
//! Whatever is judged is previewed first and must come out as previewed: COM-2. After everything that
//! happens the laws are checked by recounting, from the movements announced: [`laws`].

#![allow(dead_code)] // Each test file uses the part it needs.

pub mod border;
pub mod cost;
pub mod dispute;
pub mod laws;
pub mod script;

use compliance::{Decision, Policy, Reason, Side, Step};
use dispute::DELAY_MS;
use identity::{ClaimGiven, DelegationGiven, PersonKind, Registration, topic};
use ledger::{
    Bound, Call, Cause, Event, Leg, NewAsset, Price, Refusal, Reply, Sale, Spender, Stated, Wish,
};
use state::{Base, Context, Env, Schema, View};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    sync::LazyLock,
};
use trust::{GrantKey, Grantee, Power, Scope};
use types::{
    AccountId, Address, AssetId, B256, ClassId, Country, Date, Order, PersonId, ShardId, Time,
    Units, decode, sha256,
};

/// Balances by class and account, as the announced movements add up.
pub type Balances = BTreeMap<(ClassId, AccountId), u128>;

pub struct World {
    pub ctx: Context<'static>,
    pub asset: AssetId,
    pub people: BTreeMap<String, PersonId>,
    pub balances: Balances,
    /// The balances at each checkpoint, from the first.
    pub past: Vec<Balances>,
    /// What was announced by the last thing that happened.
    pub heard: Vec<Event>,
    /// What meters of policies should have added up.
    pub metered: Vec<laws::Metered>,
    /// The number of the offer that is open.
    pub offer: Option<u32>,
    /// When who moved came to where it is.
    pub arrived: BTreeMap<PersonId, Time>,
    /// Whose numbers were found to be another's too.
    pub merged: BTreeMap<PersonId, PersonId>,
    /// The announced orders, as far as what was announced tells.
    pub orders: BTreeMap<u64, Announced>,
    /// Those of which another order took all that was frozen for them.
    pub thawed: BTreeSet<u64>,
    /// The freezes that were contested, by whom and the order's key, by which wallet, and whether they were confirmed: of
    /// a class, or of the person.
    pub contested: BTreeMap<(Option<ClassId>, AccountId, B256), (Address, bool)>,
    /// Until when each order freezes a person, as it was last given.
    pub frozen_until: BTreeMap<(PersonId, B256), Time>,
    /// The recoveries of each account, as they were begun.
    pub lost: BTreeMap<AccountId, Vec<dispute::Lost>>,
    /// When each hold was made.
    pub held: BTreeMap<u64, Time>,
    /// How many units are left of each hold, and what is paid for them, as who made it said.
    pub agreed: Agreed,
    /// Splits after which what is metered was counted anew.
    pub splits: usize,
    /// Another asset of the issuer, into which units are exchanged.
    pub other: Option<AssetId>,
    /// How often it was compared what is judged with and without standings.
    pub compared: usize,
    /// After how many things that happen everything is recounted, and how many have.
    pub pace: u64,
    pub happened: u64,
    pub tally: Tally,
}

/// What was asked of the ledger, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How often each kind of call was done, of those that were tried.
    pub done: BTreeMap<String, u64>,
    /// Why what was refused was, by the first reason.
    pub refused: BTreeMap<String, u64>,
    /// Actions that were previewed before they were done or refused.
    pub previewed: u64,
    /// Times that everything was recounted.
    pub recounted: u64,
    /// What came nearest to its bound, in basis points of it: a judgement that allows, one that refuses, an action.
    pub dearest: [u64; 3],
}

/// What a preview says of an action, and the gas that doing it takes at most.
struct Foreseen {
    says: Result<Decision, Refusal>,
    most_work: u64,
}

/// An order that was announced, as its events tell it.
#[derive(Clone, Debug)]
pub struct Announced {
    pub key: (ClassId, AccountId),
    pub units: Units,
    pub ends: Time,
    pub contest_until: Time,
    pub contested_by: Option<Address>,
    pub is_confirmed: bool,
    pub is_done: bool,
}

/// Runs a script and panics where it does not come out as written. See [`script`].
pub fn check(script: &str) -> World {
    let mut world = World::new();
    world.run(script);
    world
}

/// The same among three: alice, who has 100, bob and carol, at home in one country, without rules.
pub fn tell(script: &str) -> World {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        person carol CH
        policy {"rules": []}
        issue 100 to alice                                  ok
        "#,
    );
    world.run(script);
    world
}

/// What stands for the report of a dry run where rules are changed.
pub const REPORT: B256 = B256::repeat_byte(1);
/// The state of a chain that has not begun.
static NOTHING: LazyLock<Base> = LazyLock::new(|| {
    let all = [identity::tables, trust::tables, compliance::tables, ledger::tables];
    Base::new(&all.into_iter().fold(Schema::default(), |schema, add| add(schema)))
});

pub const KYC: PersonId = PersonId(1);
pub const ACME: PersonId = PersonId(2);
pub const AUTHORISED: u128 = 1_000_000;

/// What holds are of and cost, by number.
pub type Agreed = BTreeMap<u64, (Units, Option<Price>)>;

/// Takes units off what a hold was said to cost, and says what they cost. LED-12.
fn take(agreed: &mut Agreed, hold: u64, units: Units) -> Option<Price> {
    let (left, price) = agreed.get_mut(&hold).expect("LED-12: a hold");
    let price = price.as_mut().map(|price| {
        let paid = Units((price.paid.0 * units.0).div_ceil(left.0));
        price.paid -= paid;
        Price { paid, ..*price }
    });
    *left -= units;
    price
}

/// The wallet that an account is opened with.
pub fn wallet(account: AccountId) -> Address {
    let mut bytes = [0xaa; 20];
    bytes[8..16].copy_from_slice(&account.person.0.to_be_bytes());
    bytes[16..18].copy_from_slice(&account.number.to_be_bytes());
    Address::from(bytes)
}

pub fn first(person: PersonId) -> AccountId {
    AccountId::new(person, 0)
}

pub fn day(text: &str) -> Time {
    text.parse::<Date>().unwrap_or_else(|e| panic!("{e}")).start()
}

pub fn order() -> Order {
    Order {
        authority: "District Court".into(),
        reference: "12 Cv 34".into(),
        document: B256::repeat_byte(7),
        expires: None,
    }
}

pub fn claim(topic: u32, expires: Time) -> ClaimGiven {
    ClaimGiven { topic, value: 0, dated: Time(0), expires, evidence: B256::ZERO }
}

impl World {
    /// One asset without a policy, on 2026-01-01.
    pub fn new() -> Self {
        let env = Env {
            shard: ShardId(0),
            chain_id: 1,
            height: 1,
            time: day("2026-01-01"),
            guest_gas: 30_000_000,
            gas_limit: 2_000_000_000,
        };
        let mut ctx = Context::new(View::of(&NOTHING), env);
        let genesis_person = |person, provider| identity::genesis::GenesisPerson {
            wallet: wallet(first(person)),
            kind: PersonKind::Entity,
            residence: "CH".parse().unwrap(),
            provider,
            claims: vec![claim(topic::KYB, Time::NEVER)],
        };
        let persons = vec![genesis_person(KYC, true), genesis_person(ACME, false)];
        let genesis = identity::Genesis { recovery_delay_ms: DELAY_MS, persons };
        identity::genesis::apply(&mut ctx, &genesis).unwrap();
        let grant = |person, powers| trust::genesis::GenesisGrant { person, powers };
        let grants = vec![
            grant(KYC, vec![Power::Admin, Power::Sanctions, Power::Orders]),
            grant(ACME, vec![Power::CreateAsset]),
        ];
        let genesis = trust::Genesis { grants, ..Default::default() };
        trust::genesis::apply(&mut ctx, &genesis).unwrap();
        let mut world = Self {
            ctx,
            asset: AssetId(0),
            people: BTreeMap::from([("kyc".into(), KYC), ("acme".into(), ACME)]),
            balances: Balances::new(),
            past: Vec::new(),
            heard: Vec::new(),
            metered: Vec::new(),
            arrived: BTreeMap::new(),
            merged: BTreeMap::new(),
            orders: BTreeMap::new(),
            thawed: BTreeSet::new(),
            contested: BTreeMap::new(),
            frozen_until: BTreeMap::new(),
            lost: BTreeMap::new(),
            held: BTreeMap::new(),
            agreed: BTreeMap::new(),
            splits: 0,
            other: None,
            offer: None,
            compared: 0,
            pace: 1,
            happened: 0,
            tally: Tally::default(),
        };
        world.asset = world.create_asset("US0378331005");
        world.grant(ACME, Power::Force);
        world
    }

    pub fn create_asset(&mut self, isin: &str) -> AssetId {
        let call = Call::CreateAsset(NewAsset {
            kind: ledger::AssetKind::Equity,
            symbol: "ACME".into(),
            name: "Acme shares".into(),
            decimals: 0,
            isin: Some(isin.parse().unwrap()),
            cfi: "ESVUFR".parse().unwrap(),
            fisn: None,
            lei: None,
            authorised: Units(AUTHORISED),
        });
        let by = Spender::key(wallet(first(ACME)));
        let reply = ledger::apply(&mut self.ctx, by, call).unwrap();
        self.ctx.settle();
        AssetId(reply.number.unwrap())
    }

    /// Acme grants a power over its asset.
    pub fn grant(&mut self, person: PersonId, power: Power) {
        self.grant_limited(person, power, None);
    }

    pub fn grant_limited(&mut self, person: PersonId, power: Power, limit: Option<u128>) {
        let grantee = Grantee::Person(person);
        let grant = GrantKey { grantee, power, scope: Scope::Asset(self.asset) };
        let limit = limit.map(Units);
        let call =
            trust::Call::Grant { grant, limit, expires: Time::NEVER, terms: Default::default() };
        let by = wallet(first(ACME));
        trust::apply(&mut self.ctx, Grantee::Person(ACME), by, call, None).unwrap();
        self.ctx.settle();
    }

    /// A person with KYC that never ends, and these claims too.
    pub fn person(&mut self, name: &str, country: &str, claims: Vec<ClaimGiven>) -> PersonId {
        let id = PersonId(self.people.len() as u64 + 1);
        let kyc = claim(topic::KYC_NATURAL, Time::NEVER);
        let registration = Registration {
            wallet: wallet(first(id)),
            kind: PersonKind::Natural,
            residence: country.parse().unwrap(),
            uniqueness: sha256(&[name.as_bytes()]),
            claims: std::iter::once(kyc).chain(claims).collect(),
        };
        self.identity(KYC, identity::Call::Register(vec![registration])).unwrap();
        self.people.insert(name.into(), id);
        id
    }

    /// A further account. Written directly: its wallet's signed consent is identity's own story.
    pub fn open_account(&mut self, person: PersonId) -> AccountId {
        let mut record = identity::PERSONS.get(&self.ctx, &person).unwrap();
        let account = AccountId::new(person, record.accounts);
        record.accounts += 1;
        identity::PERSONS.put(&mut self.ctx, &person, record);
        let owner = wallet(account);
        identity::ACCOUNTS.put(&mut self.ctx, &account, owner);
        let bound = identity::Wallet { account, is_alive: true };
        identity::WALLETS.put(&mut self.ctx, &owner, bound);
        self.ctx.settle();
        account
    }

    /// Every account there is.
    pub fn accounts(&self) -> Vec<AccountId> {
        let of = |person: &PersonId| {
            let accounts = identity::person(&self.ctx, *person).unwrap().accounts;
            let person = *person;
            (0..accounts).map(move |number| AccountId::new(person, number))
        };
        self.people.values().flat_map(of).collect()
    }

    /// Something happens in identity; the dispatcher's part, counting anew, included.
    pub fn identity(
        &mut self,
        by: PersonId,
        call: identity::Call,
    ) -> Result<(), identity::Refusal> {
        if let Some(merger) = call.merges(&self.ctx) {
            ledger::check_mergeable(&self.ctx, merger).expect("issuers are left alone");
        }
        let residences = self.residences();
        let reply = identity::apply(&mut self.ctx, wallet(first(by)), call, by == KYC)?;
        self.arrive(&residences);
        for person in reply.touched {
            compliance::reindex(&mut self.ctx, person);
        }
        if let Some(merger) = reply.merged {
            compliance::merge(&mut self.ctx, merger);
            let identity::Merger { into, from } = merger;
            let is_its = |it: &PersonId| self.human(*it) == from;
            let all: Vec<_> = self.people.values().copied().filter(is_its).collect();
            self.merged.extend(all.into_iter().map(|number| (number, into)));
        }
        self.ctx.settle();
        self.check();
        self.check_judgement();
        Ok(())
    }

    pub fn attest(&mut self, person: PersonId, topic: u32, expires: Time) {
        let call = identity::Call::Attest { person, claim: claim(topic, expires) };
        self.identity(KYC, call).unwrap();
    }

    pub fn attest_value(&mut self, person: PersonId, topic: u32, value: u64) {
        let claim = ClaimGiven { value, ..claim(topic, Time::NEVER) };
        self.identity(KYC, identity::Call::Attest { person, claim }).unwrap();
    }

    pub fn move_to(&mut self, person: PersonId, residence: &str) {
        let residence: Country = residence.parse().unwrap();
        self.identity(KYC, identity::Call::SetResidence { person, residence }).unwrap();
    }

    pub fn delegate(&mut self, account: AccountId, to: Address, limit: Option<u128>) {
        let given = DelegationGiven {
            wallet: to,
            operations: identity::operation::TRANSFER,
            asset: Some(self.asset),
            limit: limit.map(Units),
            expires: Time::NEVER,
            terms: Default::default(),
        };
        let call = identity::Call::Delegate(given);
        let owner = self.owner(account);
        identity::apply(&mut self.ctx, owner, call, false).unwrap();
        self.ctx.settle();
    }

    /// A block at a later time: what lapsed is counted anew, as `chain` does first.
    pub fn at(&mut self, time: Time) {
        assert!(time >= self.ctx.now(), "time goes on");
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
        self.check();
        self.check_judgement();
    }

    pub fn policy(&mut self, json: &str) -> Result<(), compliance::Refusal> {
        let policy: Policy = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
        let call = compliance::Call::SetPolicy { asset: self.asset, policy, report: REPORT };
        self.rules(call)
    }

    pub fn rules(&mut self, call: compliance::Call) -> Result<(), compliance::Refusal> {
        let mark = self.ctx.mark();
        let result = compliance::apply(&mut self.ctx, None, call);
        if result.is_err() {
            assert_eq!(self.ctx.mark(), mark, "a refusal leaves nothing behind");
        }
        self.ctx.settle();
        self.check();
        self.check_judgement();
        result
    }

    /// A wallet asks something of the ledger. A refusal must leave nothing behind.
    pub fn act(&mut self, by: Address, call: Call) -> Result<Reply, Refusal> {
        let expected = self.foreseen(by, &call);
        let before = self.limits();
        let mark = self.ctx.mark();
        let spender = Spender::key(by);
        let in_doubt = self.in_doubt(by, &call);
        let refused = self.refused_alone(by, &call);
        let work = self.ctx.work();
        let result = ledger::apply(&mut self.ctx, spender, call.clone());
        let work = self.ctx.work() - work;
        self.check_doubt(in_doubt, &result);
        if result.is_err() {
            assert_eq!(self.ctx.mark(), mark, "a refusal leaves nothing behind");
        }
        if let Some(Foreseen { says, most_work }) = expected {
            compare(&call, &says, &result);
            self.costs(2, work, most_work, &call);
            self.tally.previewed += 1;
        }
        *self.tally.done.entry(name_of(&call)).or_default() += u64::from(result.is_ok());
        if let Err(refusal) = &result {
            *self.tally.refused.entry(reason_of(refusal)).or_default() += 1;
        }
        let events = self.ctx.settle();
        self.heard = events
            .iter()
            .filter(|event| event.module == types::Module::Ledger)
            .map(|event| decode(&event.bytes).unwrap())
            .collect();
        self.check_aside(&call, &refused, result.is_ok());
        self.fold();
        self.meter();
        self.check();
        if result.is_ok() {
            self.check_limits(&before, by, &call);
        }
        result
    }

    /// Which legs of a payment to many would be refused if each were a transfer of its own, and about which sides.
    fn refused_alone(&self, operator: Address, call: &Call) -> BTreeMap<AccountId, Vec<Side>> {
        let Call::Distribute { asset, class, legs, .. } = call else { return BTreeMap::new() };
        let from = identity::account_of(&self.ctx, &operator);
        let against = |to: AccountId| {
            let mut own = legs.iter().filter(|leg| leg.to == to).map(|leg| leg.units);
            // What is no amount at all is refused.
            let units = own.try_fold(Units::ZERO, |sum, units| sum.checked_add(units)).ok()?;
            let (class, stated) = (Some(*class), Stated::default());
            let wish = Wish { asset: *asset, class, from, to: Some(to), units, operator, stated };
            let decision = ledger::preview(&self.ctx, wish).ok()?;
            let turn = |reason: &Reason| match reason.turn? {
                Step::Receiver => Some(Side::Receiver),
                Step::Sender => Some(Side::Sender),
                Step::Of { .. } => None,
            };
            let sides = decision.reasons.iter();
            let sides = sides.filter_map(|reason| reason.side.or_else(|| turn(reason)));
            (!decision.is_allowed()).then(|| (to, sides.collect()))
        };
        legs.iter().filter_map(|leg| against(leg.to)).collect()
    }

    /// Of a payment to many each is paid, or what it may not take is held for it; and nothing else. RULEBOOK N12.
    fn check_aside(&self, call: &Call, refused: &BTreeMap<AccountId, Vec<Side>>, is_done: bool) {
        let Call::Distribute { legs, expires, .. } = call else { return };
        let mut due: BTreeMap<AccountId, Units> = BTreeMap::new();
        for leg in legs.iter().filter(|_| is_done) {
            *due.entry(leg.to).or_default() += leg.units;
        }
        let has_several = |to: AccountId| {
            let human = |to: AccountId| identity::counted_as(&self.ctx, to.person);
            legs.iter().filter(|leg| human(leg.to) == human(to)).count() > 1
        };
        for event in &self.heard {
            let (to, amount) = match *event {
                Event::Moved { to: Some(to), units, cause: Cause::Transfer, .. } => (to, units),
                Event::Held { beneficiary, units, expires: end, .. } => {
                    assert_eq!(end, *expires, "N12: {call:?}");
                    let sides = refused.get(&beneficiary);
                    let is_its = sides.is_some_and(|sides| sides.contains(&Side::Receiver));
                    let is_blocked = is_its || has_several(beneficiary);
                    assert!(is_blocked, "N12: {call:?}: {beneficiary} might take it");
                    (beneficiary, units)
                }
                _ => continue,
            };
            assert_eq!(due.remove(&to), Some(amount), "N12: {call:?}: {to}");
        }
        // Nothing of nothing is held, whichever of its human's accounts may not take.
        let is_blocked = |to: &AccountId| refused.contains_key(to) || has_several(*to);
        due.retain(|to, units| !(units.is_zero() && is_blocked(to)));
        assert!(due.is_empty(), "N12: {call:?} left out {due:?}");
    }

    /// What the preview says of a call that is one movement of one class.
    fn foreseen(&mut self, operator: Address, call: &Call) -> Option<Foreseen> {
        let classes = ledger::asset(&self.ctx, self.asset).unwrap().classes;
        let only = |class: Option<ClassId>| class.or((classes == 1).then_some(ClassId(0)));
        let mut stated = Stated::default();
        let (asset, class, from, to, units) = match call {
            Call::TransferOn { asset, class, from, path, currency, legs } if legs.len() == 1 => {
                let Sale { to, units, lots, paid } = &legs[0];
                // What is no name of a path, and an amount of no currency, the call alone refuses.
                let is_name = path.as_ref().is_none_or(|path| (1..=64).contains(&path.len()));
                if !is_name || currency.is_none() && !paid.is_zero() {
                    return None;
                }
                let paid = currency.map(|currency| (currency, paid.0));
                stated = Stated { paid, path: path.as_ref(), lots, profile: 0 };
                (*asset, *class, Some(*from), Some(*to), *units)
            }
            Call::Issue { asset, class, legs } if legs.len() == 1 => {
                (*asset, *class, None, Some(legs[0].to), legs[0].units)
            }
            Call::Transfer { asset, class, from: Some(from), legs } if legs.len() == 1 => {
                (*asset, only(*class)?, Some(*from), Some(legs[0].to), legs[0].units)
            }
            Call::TransferFrom { asset, from, to, units } => {
                (*asset, only(None)?, Some(*from), Some(*to), *units)
            }
            Call::Redeem { asset, class, account, units } => {
                (*asset, only(*class)?, Some(*account), None, *units)
            }
            _ => return None,
        };
        let class = Some(class);
        let wish = Wish { asset, class, from, to, units, operator, stated };
        let ask = |ctx: &Context<'_>, units| ledger::preview(ctx, Wish { units, ..wish });
        let (once, refused) = self.most_work(&wish);
        let work = self.ctx.work();
        let result = ask(&self.ctx, units);
        let work = self.ctx.work() - work;
        let is_allowed = result.as_ref().is_ok_and(Decision::is_allowed);
        match is_allowed {
            true => self.costs(0, work, once, call),
            false => self.costs(1, work, refused, call),
        }
        assert_eq!(result, self.without_standings(|ctx| ask(ctx, units)), "COM-7: {call:?}");
        if let (Some(path), Ok(decision)) = (stated.path, &result)
            && decision.is_allowed()
        {
            let stated = Stated { path: None, ..stated };
            let plain = ledger::preview(&self.ctx, Wish { stated, ..wish });
            assert!(plain.is_ok_and(|it| it.is_allowed()), "N7: elected, what no path lets pass");
            let is_elected = decision.paths.iter().any(|relied| relied.name == *path);
            assert!(is_elected, "N7: {path} elected, {:?} relied on", decision.paths);
        }
        // Another amount would be another choice.
        if let (Ok(decision), true) = (&result, stated.lots.is_empty()) {
            self.check_hints(decision, units, ask);
        }
        // A fee is judged when what it is taken of has moved.
        let says = ledger::foresee(&mut self.ctx, wish);
        let fees = result.as_ref().map_or(0, |decision| decision.fees().count() as u64);
        let judging = if says.as_ref().is_ok_and(Decision::is_allowed) { once } else { refused };
        Some(Foreseen { says, most_work: (1 + fees) * (judging + cost::MOVING) })
    }

    /// `max_ok` and `earliest_ok` are promises: so much passes now and one more does not, and it passes
    /// then and not a millisecond before. COM-5.
    fn check_hints(
        &mut self,
        decision: &Decision,
        units: Units,
        ask: impl Fn(&Context<'_>, Units) -> Result<Decision, Refusal>,
    ) {
        if let Some(most) = decision.max_ok.filter(|most| !most.is_zero()) {
            let then = ask(&self.ctx, most).unwrap();
            assert!(then.is_allowed(), "max_ok {most} of {units}: {:?}", then.reasons);
            let more = ask(&self.ctx, Units(most.0 + 1)).unwrap();
            assert!(!more.is_allowed(), "one more than max_ok {most}");
        }
        if let Some(earliest) = decision.earliest_ok {
            let now = self.ctx.now();
            self.ctx.env.time = earliest;
            assert!(ask(&self.ctx, units).unwrap().is_allowed(), "earliest_ok {earliest}");
            self.ctx.env.time = Time(earliest.0 - 1);
            assert!(!ask(&self.ctx, units).unwrap().is_allowed(), "before {earliest}");
            self.ctx.env.time = now;
        }
    }

    /// What a chain would commit of all that happened.
    pub fn into_records(self) -> Vec<state::Change> {
        self.ctx.finish().1
    }

    fn fold(&mut self) {
        let now = self.ctx.now();
        let mut priced = None;
        for event in &self.heard {
            match *event {
                Event::OrderAnnounced {
                    number,
                    class,
                    from,
                    units,
                    ref order,
                    contest_until,
                    ..
                } => {
                    let announced = Announced {
                        key: (class, from),
                        units,
                        ends: order.ends(),
                        contest_until,
                        contested_by: None,
                        is_confirmed: false,
                        is_done: false,
                    };
                    assert!(self.orders.insert(number, announced).is_none(), "LED-9");
                }
                Event::UnitsFrozen { class, account, ref frozen, ref order, .. } => {
                    let by_order = self
                        .heard
                        .iter()
                        .any(|event| matches!(event, Event::OrderCarriedOut { .. }));
                    let is_left =
                        |number: &u64| frozen.iter().any(|it| it.order() == Some(*number));
                    let on = self.orders.iter().filter(|(_, it)| it.key == (class, account));
                    let gone = on.map(|(number, _)| *number).filter(|number| !is_left(number));
                    if by_order {
                        self.thawed.extend(gone);
                    }
                    self.contested.retain(|(of, who, key), _| {
                        let is_it = |it: &&ledger::Freeze| it.is_by_agent(*key);
                        let left = frozen.iter().find(is_it);
                        let is_new = left
                            .is_some_and(|it| it.contest().is_some_and(|it| it.document.is_none()));
                        let is_here = (*of, *who) == (Some(class), account);
                        assert!(!is_here || !is_new || *key == order.key(), "LED-9: forgotten");
                        !is_here || left.is_some() && !is_new
                    });
                }
                Event::PersonFrozen { asset, person, frozen, ref order, .. }
                    if asset == self.asset =>
                {
                    let key = (None, first(person), order.key());
                    let before = self.frozen_until.insert((person, order.key()), order.ends());
                    let stood = before.is_some_and(|end| now < end);
                    // What waits for a decision goes on waiting, whatever its terms become.
                    let waits = |contest: &(Address, bool)| frozen && stood && !contest.1;
                    if !self.contested.get(&key).is_some_and(waits) {
                        self.contested.remove(&key);
                    }
                }
                Event::FreezeContested { bound, order, by, .. } => {
                    let speaker = identity::account_of(&self.ctx, &by).unwrap().person;
                    let is_dead = identity::person(&self.ctx, speaker).unwrap().death.is_some();
                    assert!(speaker == bound.person() && !is_dead, "LED-9: contested by another");
                    let before = self.contested.insert(freeze_of(bound, order), (by, false));
                    let is_anew = before.is_none_or(|(by, _)| is_dead_wallet(&self.ctx, &by));
                    assert!(is_anew, "LED-9: contested twice");
                }
                Event::FreezeConfirmed { bound, order, .. } => {
                    let contest = self.contested.get_mut(&freeze_of(bound, order)).expect("LED-9");
                    assert!(!contest.1, "LED-9: nothing to confirm");
                    contest.1 = true;
                }
                Event::OrderContested { number, by, .. } => {
                    let order = self.orders.get_mut(&number).expect("LED-9");
                    let holder = identity::account_of(&self.ctx, &by).unwrap().person;
                    assert_eq!(holder, order.key.1.person, "LED-9: contested by another");
                    let is_anew = order.contested_by.map(|by| is_dead_wallet(&self.ctx, &by));
                    let may = is_anew.unwrap_or(now < order.contest_until);
                    let is_open = now < order.ends && !order.is_done;
                    assert!(is_open && may, "LED-9: contested out of time");
                    (order.contested_by, order.is_confirmed) = (Some(by), false);
                }
                Event::OrderConfirmed { number, .. } => {
                    let order = self.orders.get_mut(&number).expect("LED-9");
                    let is_open = order.contested_by.is_some() && !order.is_confirmed;
                    assert!(is_open && !order.is_done, "LED-9: nothing to confirm");
                    order.is_confirmed = true;
                }
                Event::OrderWithdrawn { number, .. } => {
                    let order = self.orders.get_mut(&number).expect("LED-9");
                    assert!(!order.is_done, "LED-9: withdrawn after the fact");
                    order.is_done = true;
                }
                Event::OrderCarriedOut { number: Some(number), ref order, .. } => {
                    assert!(order.stands(now), "LED-9: an order that expired");
                    let order = self.orders.get_mut(&number).expect("LED-9");
                    assert!(now >= order.contest_until, "LED-9: within the window");
                    let is_decided = order.contested_by.is_none() || order.is_confirmed;
                    assert!(is_decided, "LED-9: contested");
                    assert!(!order.is_done, "LED-9: carried out twice");
                    order.is_done = true;
                }
                Event::Moved { asset, class, from, to, units, cause, .. }
                    if asset == self.asset =>
                {
                    if let Some(from) = from {
                        let is_own_will = matches!(cause, Cause::Transfer | Cause::Redeem);
                        let may = !is_own_will || !identity::is_recovering(&self.ctx, &from);
                        assert!(may, "I-35: {cause:?} out of an account in dispute");
                        let have = self.balances.entry((class, from)).or_default();
                        *have = have.checked_sub(units.0).expect("I-02");
                    }
                    if let Some(to) = to {
                        *self.balances.entry((class, to)).or_default() += units.0;
                    }
                }
                Event::Held { hold, units, .. } => {
                    self.held.insert(hold, now);
                    self.agreed.insert(hold, (units, None));
                }
                Event::HeldOn { hold, price, .. } => {
                    self.agreed.get_mut(&hold).expect("LED-12: terms of a hold").1 = price;
                }
                Event::HoldExecuted { hold, units } => {
                    assert_eq!(
                        priced.take(),
                        take(&mut self.agreed, hold, units),
                        "LED-12: hold {hold}"
                    );
                }
                Event::HoldReleased { hold, units } => {
                    take(&mut self.agreed, hold, units);
                }
                Event::HoldConverted { hold, units, .. } => {
                    self.agreed.get_mut(&hold).expect("LED-12: a hold").0 = units;
                }
                Event::Priced { currency, paid, .. } => priced = Some(Price { currency, paid }),
                Event::Converted { class, into, account, units, made, .. } => {
                    let have = self.balances.entry((class, account)).or_default();
                    *have = have.checked_sub(units.0).expect("I-02");
                    *self.balances.entry((into, account)).or_default() += made.0;
                    // Of two that become one, what waits for a decision goes on waiting.
                    let is_its = |key: &(Option<ClassId>, AccountId, B256)| {
                        class != into && (key.0, key.1) == (Some(class), account)
                    };
                    let moved: Vec<_> =
                        self.contested.keys().filter(|it| is_its(it)).copied().collect();
                    for key in moved {
                        let contest = self.contested.remove(&key).expect("it is there");
                        let there = self.contested.entry((Some(into), account, key.2));
                        let there = there.or_insert(contest);
                        if !contest.1 {
                            *there = contest;
                        }
                    }
                }
                Event::OrderConverted { number, class, units } => {
                    let order = self.orders.get_mut(&number).expect("LED-9");
                    (order.key.0, order.units) = (class, units);
                    let position = ledger::position(&self.ctx, self.asset, class, order.key.1);
                    if position.frozen.iter().all(|freeze| freeze.order() != Some(number)) {
                        self.thawed.insert(number);
                    }
                }
                Event::CheckpointTaken { asset, .. } if asset == self.asset => {
                    self.past.push(self.balances.clone());
                }
                _ => {}
            }
        }
    }

    pub fn issue(&mut self, to: AccountId, units: u128) -> Result<Reply, Refusal> {
        self.issue_all(ClassId(0), &[(to, units)])
    }

    pub fn issue_all(
        &mut self,
        class: ClassId,
        legs: &[(AccountId, u128)],
    ) -> Result<Reply, Refusal> {
        let legs = to_legs(legs);
        self.act(self.owner(first(ACME)), Call::Issue { asset: self.asset, class, legs })
    }

    pub fn transfer(
        &mut self,
        from: AccountId,
        to: AccountId,
        units: u128,
    ) -> Result<Reply, Refusal> {
        self.transfer_all(None, from, &[(to, units)])
    }

    pub fn transfer_all(
        &mut self,
        class: Option<ClassId>,
        from: AccountId,
        legs: &[(AccountId, u128)],
    ) -> Result<Reply, Refusal> {
        let legs = to_legs(legs);
        let call = Call::Transfer { asset: self.asset, class, from: Some(from), legs };
        self.act(self.owner(from), call)
    }
}

/// The name of the first reason of a refusal.
fn reason_of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotAllowed(judgement) => name_of(&judgement.0.reasons[0].code),
        other => name_of(other),
    }
}

/// The name of a variant.
fn name_of(variant: &impl Debug) -> String {
    let text = format!("{variant:?}");
    text.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

fn is_dead_wallet(ctx: &Context<'_>, wallet: &Address) -> bool {
    identity::account_of(ctx, wallet).is_none()
}

fn freeze_of(bound: Bound, order: B256) -> (Option<ClassId>, AccountId, B256) {
    match bound {
        Bound::Person(_, person) => (None, first(person), order),
        Bound::Units(_, class, account) => (Some(class), account, order),
    }
}

fn to_legs(legs: &[(AccountId, u128)]) -> Vec<Leg> {
    legs.iter().map(|(to, units)| Leg { to: *to, units: Units(*units) }).collect()
}

/// What was previewed is what happened, to the letter, unless the caller itself may not ask.
fn compare(call: &Call, expected: &Result<Decision, Refusal>, result: &Result<Reply, Refusal>) {
    match (expected, result) {
        (Ok(decision), Ok(_)) => assert!(decision.is_allowed(), "COM-2: {call:?}: {decision:?}"),
        (Ok(decision), Err(Refusal::NotAllowed(judged))) => {
            assert_eq!(decision, &judged.0, "COM-2: {call:?}")
        }
        (
            _,
            Err(
                Refusal::Identity(_)
                | Refusal::Trust(_)
                | Refusal::Allowance { .. }
                | Refusal::SpenderBlocked(_),
            ),
        ) => {}
        (Err(expected), Err(refusal)) => assert_eq!(expected, refusal, "COM-2: {call:?}"),
        other => panic!("COM-2: {call:?}: {other:?}"),
    }
}
