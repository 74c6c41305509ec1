//! Random transactions: most of them sensible, some refused, some that no block may carry.
//!
//! What is drawn depends on the seed and on what the chain looked like when asked: never on a clock
//! or on the order of a hash table.

mod apps;
mod assets;
mod guests;
mod holders;
mod hostile;
mod law;
mod orders;
mod people;
mod powers;

pub use guests::RULE_CODE;

use crate::{
    abi::IApps,
    cast::{CHAIN_ID, Cast, ISSUERS, OPERATOR, PERSONS, Unsigned, Wrap},
    dice::Dice,
};
use alloy_sol_types::SolCall;
use chain::Chain;
use compliance::{Entry, Subject};
use ledger::{Bound, Stage};
use state::Context;
use std::collections::{BTreeMap, VecDeque};
use trust::{Power, ProposalStatus, Scope};
use types::{
    AccountId, Address, AssetId, B256, Bytes, ClassId, Contest, Module, PersonId, Reserved,
    ShardId, Time,
};

/// Sent transactions that are remembered, to be sent again.
const REMEMBERED: usize = 64;

/// A source of transactions.
pub struct Traffic {
    /// Everybody's keys.
    pub cast: Cast,
    dice: Dice,
    seen: Seen,
    /// The next nonce of each sender, counting what is on its way.
    nonces: BTreeMap<usize, u64>,
    sent: VecDeque<Bytes>,
    contracts: Vec<Address>,
    script: VecDeque<Wish>,
}

/// What the chain looked like.
#[derive(Default)]
struct Seen {
    now: Time,
    persons: u64,
    /// Holds, with the keys of who placed it and of who decides.
    holds: Vec<(u64, Vec<usize>)>,
    /// Announced orders, with the keys of who may contest and of who decides, and how far they have come.
    orders: Vec<(u64, Option<usize>, usize, Stage)>,
    /// Orders that freeze something, by their keys, with the keys of who may contest and of who decides, and whether they
    /// wait for a decision.
    freezes: Vec<(Bound, B256, Option<usize>, usize, bool)>,
    /// Persons that an order suspends, the order by its key, the person's own key, and whether it waits for a decision.
    suspensions: Vec<(u64, B256, Option<usize>, bool)>,
    /// Quorums of assets, with the keys of their members.
    quorums: Vec<(u8, AssetId, Vec<usize>)>,
    /// Proposals that wait, with the keys of who may approve them.
    proposals: Vec<(u64, Vec<usize>)>,
    /// Living wallets of known keys.
    wallets: Vec<(usize, AccountId)>,
    /// Keys that never owned an account.
    fresh: Vec<usize>,
    /// Every asset, and a key of its issuer.
    assets: Vec<(AssetId, usize)>,
    /// Assets that are being converted, and a key of each one's issuer.
    conversions: Vec<(AssetId, usize, ledger::Conversion)>,
    /// Accounts that wait to be bound anew.
    recoveries: Vec<AccountId>,
    suspended: Vec<u64>,
    dead: Vec<u64>,
    /// Every person and who answers for it.
    care: Vec<(u64, u64)>,
    /// Providers that do not stand.
    fallen: Vec<u64>,
    sanctioned: Vec<u64>,
    /// Keys that let other wallets act for them.
    delegations: Vec<(usize, Address)>,
    /// Who stands on list 1 of an asset, 0 for the network: a person, or a wallet, the other being zero.
    listed: Vec<(u64, u64, Address)>,
    /// Persons that a sponsor's key pays for.
    sponsored: Vec<(usize, u64)>,
    /// Keys of those who publish apps, and of those who attest code.
    developers: Vec<usize>,
    auditors: Vec<usize>,
    /// Every app, with a key of its developer.
    apps: Vec<(usize, u64)>,
    /// Contracts, the hash of the code of each, and a key of who created it.
    codes: Vec<(Address, B256, Option<usize>)>,
    /// Keys that let a contract act for them.
    lent: Vec<(usize, Address)>,
    /// Assets that ever adopted a profile, and a key of each one's issuer.
    lawful: Vec<(AssetId, usize)>,
    /// Assets whose issuer's holders are counted over all of them: what moves of one makes room for another.
    together: Vec<AssetId>,
    /// What is owed of assets, with a key of each one's issuer.
    owed: Vec<(AssetId, usize, &'static str)>,
    /// Who can move how many units of which asset.
    holders: Vec<(AssetId, usize, u128)>,
    /// Assets of which there is nothing, and a key of each one's issuer.
    empty: Vec<(AssetId, usize)>,
    /// Who has units that are not paid in full.
    unpaid: Vec<(AssetId, usize)>,
}

/// What somebody wants to do.
struct Wish {
    by: usize,
    to: Option<Address>,
    data: Vec<u8>,
}

impl Wish {
    fn call<C: SolCall>(by: usize, to: Address, call: C) -> Self {
        Self { by, to: Some(to), data: call.abi_encode() }
    }
}

fn service(module: Module) -> Address {
    Reserved::service(ShardId(0), module)
}

fn token(asset: AssetId) -> Address {
    Reserved::asset(ShardId(0), asset)
}

impl Traffic {
    /// The traffic of a seed.
    pub fn new(seed: u64) -> Self {
        let mut traffic = Self {
            cast: Cast::default(),
            dice: Dice::new(seed, "traffic"),
            seen: Seen::default(),
            nonces: BTreeMap::new(),
            sent: VecDeque::new(),
            contracts: Vec::new(),
            script: VecDeque::new(),
        };
        traffic.write_script();
        traffic
    }

    /// Looks at the chain. What was on its way and is not final is given up, and its nonces are
    /// used again, if `anew`.
    pub fn look(&mut self, chain: &Chain, anew: bool) {
        let (cast, contracts) = (&self.cast, &self.contracts);
        let (seen, nonces) = chain.read(|ctx| {
            let progress = identity::PROGRESS.get(ctx, &()).unwrap_or_default();
            let next = ledger::NEXT.get(ctx, &()).unwrap_or_default();
            let mut seen = Seen {
                now: ctx.now(),
                persons: progress.next_person.max(1) - 1,
                ..Seen::default()
            };
            let mut nonces = BTreeMap::new();
            for key in 0..cast.size() {
                let wallet = cast.wallet(key);
                nonces.insert(key, evm::nonce(ctx, &wallet));
                match identity::account_of(ctx, &wallet) {
                    Some(account) => seen.wallets.push((key, account)),
                    None if identity::WALLETS.has(ctx, &wallet) => {}
                    None => seen.fresh.push(key),
                }
            }
            for asset in (1..next.asset).map(AssetId) {
                let Ok(record) = ledger::asset(ctx, asset) else { continue };
                let key = seen.key_of_person(record.issuer);
                seen.assets.extend(key.map(|key| (asset, key)));
                let under_way = key.zip(record.conversion);
                seen.conversions.extend(under_way.map(|(key, it)| (asset, key, it)));
            }
            seen.look_at_holds(ctx, next.hold);
            seen.look_at_orders(ctx, next.order);
            seen.look_at_quorums(ctx);
            seen.look_at_persons(ctx, cast);
            seen.look_at_lists(ctx, cast);
            seen.look_at_apps(ctx, contracts);
            seen.look_at_law(ctx);
            let accounts = seen.wallets.iter().map(|(_, account)| *account);
            let waiting = accounts.filter(|account| identity::RECOVERIES.has(ctx, account));
            seen.recoveries = waiting.collect();
            (seen, nonces)
        });
        self.seen = seen;
        for (key, nonce) in nonces {
            let known = self.nonces.entry(key).or_default();
            *known = if anew { nonce } else { nonce.max(*known) };
        }
    }

    /// The next transaction.
    pub fn next_bytes(&mut self) -> Bytes {
        if self.script.is_empty() && self.dice.chance(6) {
            return self.hostile();
        }
        let wish = match self.script.pop_front() {
            Some(wish) => wish,
            None => self.wish(),
        };
        let bytes = self.sign(wish);
        self.sent.push_back(bytes.clone());
        if self.sent.len() > REMEMBERED {
            self.sent.pop_front();
        }
        bytes
    }

    fn wish(&mut self) -> Wish {
        if self.dice.chance(14)
            && let Some(wish) = self.pending()
        {
            return wish;
        }
        match self.dice.below(120) {
            0..34 => self.holder_wish(),
            34..56 => self.asset_wish(),
            56..74 => self.people_wish(),
            74..82 => self.power_wish(),
            82..87 => self.app_wish(),
            87..95 => self.guest_wish(),
            _ => self.law_wish(),
        }
    }

    fn sign(&mut self, Wish { by, to, data }: Wish) -> Bytes {
        let nonce = self.nonces.entry(by).or_default();
        let unsigned = Unsigned {
            nonce: *nonce,
            to,
            gas: if self.dice.chance(4) { 60_000 } else { 1_500_000 },
            wrap: *self.dice.pick(&[Wrap::Legacy, Wrap::AccessList, Wrap::Priority]),
            price: u128::from(evm::BASE_FEE),
            value: 0,
            data,
            chain_id: Some(CHAIN_ID),
        };
        *nonce += 1;
        self.cast.transaction(by, unsigned)
    }

    /// Two assets with holders, a developer and an auditor, then assets under law, before chance takes over.
    fn write_script(&mut self) {
        let issuer = ISSUERS[0];
        for asset in assets::FORCED {
            let create = self.creation(issuer, asset == AssetId(2), 100_000);
            let policy = self.policy(asset, issuer, true);
            let force = self.grant(issuer, self.cast.wallet(issuer), 9, asset.0);
            let holders: Vec<_> = (5..PERSONS - 1).collect();
            let issue = self.issue(issuer, asset, 0, &holders, 90);
            self.script.extend([create, policy, force, issue]);
        }
        for (person, role) in [(7, 0), (8, 1)] {
            let call = IApps::setRoleCall { person, role, standing: 0 };
            self.script.push_back(Wish::call(OPERATOR, service(Module::Trust), call));
        }
        self.write_orders();
        self.write_law();
    }

    /// A key that owns an account, or any key now and then.
    fn anyone(&mut self) -> usize {
        if self.seen.wallets.is_empty() || self.dice.chance(4) {
            return self.dice.place(self.cast.size());
        }
        // Mostly those who were there from the start: others often hold nothing.
        let among = if self.dice.chance(75) { PERSONS } else { self.cast.size() };
        let known = self.seen.wallets.partition_point(|(key, _)| *key < among).max(1);
        let place = self.dice.place(known);
        self.seen.wallets[place].0
    }

    /// The wallet of someone, who may be nobody.
    fn wallet(&mut self) -> Address {
        let key = self.anyone();
        self.cast.wallet(key)
    }

    /// A number of a person, who may not exist.
    fn person(&mut self) -> u64 {
        let last = self.seen.persons.max(1);
        if self.dice.chance(3) { last + 1 } else { self.dice.between(1, last) }
    }

    /// An asset and the key of its issuer.
    fn asset(&mut self) -> (AssetId, usize) {
        if self.seen.assets.is_empty() || self.dice.chance(2) {
            return (AssetId(self.dice.below(6)), ISSUERS[0]);
        }
        *self.dice.pick(&self.seen.assets)
    }

    /// Mostly its issuer, sometimes someone who may not.
    fn agent(&mut self, issuer: usize) -> usize {
        if self.dice.chance(85) { issuer } else { self.anyone() }
    }

    /// A hold, who may decide on it, and mostly one of those.
    fn hold(&mut self) -> (usize, u64) {
        if self.seen.holds.is_empty() || self.dice.chance(10) {
            return (self.anyone(), self.dice.below(40));
        }
        let (number, keys) = self.dice.pick(&self.seen.holds).clone();
        match keys.is_empty() {
            true => (self.anyone(), number),
            false => (*self.dice.pick(&keys), number),
        }
    }

    fn amount(&mut self) -> u128 {
        match self.dice.below(20) {
            0 => 0,
            1 => u128::MAX,
            2 => u128::from(self.dice.below(100_000)),
            3..8 => u128::from(self.dice.between(1, 3)),
            _ => u128::from(self.dice.between(1, 40)),
        }
    }

    /// A moment: past, soon, in days, or never.
    fn moment(&mut self) -> u64 {
        let now = self.seen.now;
        match self.dice.below(10) {
            0 => now.0.saturating_sub(1 + self.dice.below(1_000)),
            1..4 => now.0 + self.dice.between(1, 120_000),
            9 => u64::MAX,
            _ => now.0 + self.dice.between(1, 30) * 86_400_000,
        }
    }
}

impl Seen {
    fn look_at_holds(&mut self, ctx: &Context<'_>, next: u64) {
        for id in 1..next {
            let Some(hold) = ledger::HOLDS.get(ctx, &id) else { continue };
            let decides = hold.notary.unwrap_or(hold.beneficiary.person);
            let keys = [decides, hold.account.person].map(|person| self.key_of_person(person));
            self.holds.push((id, keys.into_iter().flatten().collect()));
        }
    }

    fn look_at_orders(&mut self, ctx: &Context<'_>, next: u64) {
        for number in 1..next {
            let Some(order) = ledger::ORDERS.get(ctx, &number) else { continue };
            let issuer = self.assets.iter().find(|(asset, _)| *asset == order.asset);
            if let (Some((_, issuer)), None) = (issuer, order.end) {
                let holder = self.key_of_person(order.from.person);
                self.orders.push((number, holder, *issuer, order.stage()));
            }
        }
    }

    fn look_at_persons(&mut self, ctx: &Context<'_>, cast: &Cast) {
        for id in 1..=self.persons {
            let person = PersonId(id);
            let record = identity::person(ctx, person);
            if record.is_some_and(|person| person.is_suspended(ctx.now())) {
                self.suspended.push(id);
            }
            if record.is_some_and(|person| person.death.is_some()) {
                self.dead.push(id);
            }
            self.care.extend(record.map(|record| (id, record.provider.0)));
            let provider = identity::PROVIDERS.get(ctx, &person);
            let has_fallen = provider.is_some_and(|it| !it.is_active || it.cut_off.is_some());
            self.fallen.extend(has_fallen.then_some(id));
            if identity::is_sanctioned(ctx, person) {
                self.sanctioned.push(id);
            }
            let own = self.key_of_person(person);
            let suspended = identity::SUSPENSIONS.get(ctx, &person).unwrap_or_default();
            let standing = suspended.standing(ctx.now());
            let waits = standing.map(|it| (id, it.order.key(), own, it.contest.is_open()));
            self.suspensions.extend(waits);
            for (asset, issuer) in &self.assets {
                let (bound, key) = (Bound::Person(*asset, person), (*asset, person));
                let frozen = ledger::FROZEN.get(ctx, &key).unwrap_or_default();
                let standing = frozen.standing(ctx.now());
                let waits = standing.map(|it| (it.order.key(), it.contest.is_open()));
                self.freezes.extend(waits.map(|(key, waits)| (bound, key, own, *issuer, waits)));
            }
            let sponsor = trust::SPONSORS.get(ctx, &person);
            let key = sponsor.and_then(|given| self.key_of_person(given.sponsor));
            self.sponsored.extend(key.map(|key| (key, id)));
        }
        for (own, account) in &self.wallets {
            for (asset, issuer) in &self.assets {
                let bound = Bound::Units(*asset, ClassId(0), *account);
                let position = ledger::position(ctx, *asset, ClassId(0), *account);
                let agents = position.freezes(ctx.now()).filter(|it| it.order().is_none());
                let is_open = |it: &ledger::Freeze| it.contest().is_some_and(Contest::is_open);
                let waits = agents.map(|it| (it.under, is_open(it)));
                let own = Some(*own);
                self.freezes.extend(waits.map(|(key, waits)| (bound, key, own, *issuer, waits)));
            }
        }
        for (key, account) in &self.wallets {
            for other in 0..cast.size() {
                let wallet = cast.wallet(other);
                if identity::DELEGATIONS.has(ctx, &(*account, wallet)) {
                    self.delegations.push((*key, wallet));
                }
            }
        }
    }

    /// Who stands on list 1 of an asset, or of the network.
    fn look_at_lists(&mut self, ctx: &Context<'_>, cast: &Cast) {
        let assets = self.assets.iter().map(|(asset, _)| (asset.0, Subject::Asset(*asset)));
        let keepers: Vec<_> = assets.chain([(0, Subject::Network)]).collect();
        let persons = (1..=self.persons).map(|id| (Entry::Person(PersonId(id)), id, Address::ZERO));
        let wallets = (0..cast.size()).map(|key| cast.wallet(key));
        let wallets = wallets.map(|wallet| (Entry::Wallet(wallet), 0, wallet));
        for (entry, person, wallet) in persons.chain(wallets) {
            for (asset, about) in &keepers {
                if compliance::LISTS.has(ctx, &(*about, 1, entry)) {
                    self.listed.push((*asset, person, wallet));
                }
            }
        }
    }

    fn look_at_quorums(&mut self, ctx: &Context<'_>) {
        let mut members = Vec::new();
        for (asset, _) in &self.assets {
            for (number, power) in [(6, Power::Issue), (9, Power::Force), (13, Power::Pause)] {
                let scope = Scope::Asset(*asset);
                let Some(quorum) = trust::QUORUMS.get(ctx, &(power, scope)) else { continue };
                let keys = quorum.members.iter().filter_map(|person| self.key_of_person(*person));
                let keys: Vec<_> = keys.collect();
                self.quorums.push((number, *asset, keys.clone()));
                members.push(((power, scope), keys));
            }
        }
        for id in 1..trust::NEXT_PROPOSAL.get(ctx, &()).unwrap_or(1) {
            let proposal = trust::PROPOSALS.get(ctx, &id);
            let open = proposal.filter(|proposal| proposal.status == ProposalStatus::Open);
            let Some(proposal) = open else { continue };
            let quorum = (proposal.power, proposal.scope);
            let keys = members.iter().find(|(known, _)| *known == quorum);
            self.proposals.extend(keys.map(|(_, keys)| (id, keys.clone())));
        }
    }

    fn key_of_person(&self, person: PersonId) -> Option<usize> {
        self.wallets.iter().find(|(_, account)| account.person == person).map(|(key, _)| *key)
    }
}
