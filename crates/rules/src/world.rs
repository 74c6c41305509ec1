//! A small world in memory: a provider, issuers with their assets, and whoever comes.

use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use compliance::{Call, Change, Decision, Policy, Profile};
use identity::{ClaimGiven, Consent, PersonKind, Purpose, Registration, consent_digest, topic};
use ledger::{Among, DryRun, NewAsset, Refusal, Spender, Stated, Wish};
use state::{Base, Context, Env, Schema, View};
use std::collections::BTreeMap;
use trust::Power;
use types::{
    AccountId, Address, AssetId, B256, Calendar, ClassId, Country, Date, Days, EventRecord, Order,
    PersonId, ShardId, Time, Units, ensure, sha256,
};

/// The provider that attests everything.
pub(crate) const PROVIDER: PersonId = PersonId(1);

/// The day on which every scenario begins: 2026-01-01.
pub(crate) const FIRST_DAY: Date = Date(20_454);

/// The tables that a world needs.
pub fn schema() -> Schema {
    let tables = [identity::tables, trust::tables, compliance::tables, ledger::tables];
    tables.into_iter().fold(Schema::default(), |schema, add| add(schema))
}

/// People, assets and a date, on the modules of the chain.
pub struct World<'b> {
    pub(crate) ctx: Context<'b>,
    pub(crate) people: BTreeMap<String, PersonId>,
    /// Further accounts of people.
    pub(crate) accounts: BTreeMap<String, AccountId>,
    /// How many wallets were made for accounts that somebody opened or recovered.
    made: u64,
    pub(crate) assets: BTreeMap<String, (AssetId, PersonId)>,
    /// What was announced by the last thing that happened.
    pub(crate) heard: Vec<EventRecord>,
}

impl<'b> World<'b> {
    /// The start of 2026-01-01, nobody but a provider.
    pub fn new(base: &'b Base, days: Days<'_>) -> Self {
        let env = Env {
            shard: ShardId(0),
            chain_id: 1,
            height: 1,
            time: days.start(FIRST_DAY).unwrap_or(FIRST_DAY.start()),
            guest_gas: 30_000_000,
            gas_limit: u64::MAX / 2,
        };
        let mut ctx = Context::new(View::of(base), env);
        let provider = identity::GenesisPerson {
            wallet: wallet(PROVIDER),
            kind: PersonKind::Entity,
            residence: "CH".parse().expect("a country"),
            provider: true,
            claims: vec![claim(topic::KYB, 0, Time::NEVER)],
        };
        let genesis = identity::Genesis { recovery_delay_ms: 0, persons: vec![provider] };
        identity::genesis::apply(&mut ctx, &genesis).expect("the genesis is plain");
        let powers = vec![Power::Admin, Power::Sanctions, Power::Orders];
        let grants = vec![trust::genesis::GenesisGrant { person: PROVIDER, powers }];
        let genesis = trust::Genesis { grants, ..Default::default() };
        trust::genesis::apply(&mut ctx, &genesis).expect("the genesis is plain");
        let people = BTreeMap::from([("kyc".to_owned(), PROVIDER)]);
        let (accounts, made, assets) = (BTreeMap::new(), 0, BTreeMap::new());
        Self { ctx, people, accounts, made, assets, heard: Vec::new() }
    }

    /// What time it is.
    pub fn now(&self) -> Time {
        self.ctx.now()
    }

    /// Lets time go on: what is due is done, as at the start of a block.
    pub(crate) fn at(&mut self, time: Time) -> Result<(), String> {
        if time < self.ctx.now() {
            return Err(format!("time goes on: it is {} already", self.ctx.now()));
        }
        let mut heard = Vec::new();
        // Day by day, for what is asked daily.
        while self.ctx.now().date() < time.date() {
            let next = self.ctx.now().date().plus_days(1).start().min(time);
            self.tick(next);
            heard.append(&mut self.heard);
        }
        self.tick(time);
        heard.append(&mut self.heard);
        self.heard = heard;
        Ok(())
    }

    fn tick(&mut self, time: Time) {
        self.ctx.env.time = time;
        loop {
            for person in identity::expire_due(&mut self.ctx, usize::MAX, compliance::weight) {
                compliance::reindex(&mut self.ctx, person);
            }
            let progress = identity::PROGRESS.get(&self.ctx, &());
            if progress.is_none_or(|progress| progress.lapse_minute >= time.0 / 60_000) {
                break;
            }
        }
        compliance::fire_duties(&mut self.ctx, u32::MAX, ledger::issuer);
        self.settle();
    }

    pub(crate) fn settle(&mut self) {
        self.heard = self.ctx.settle();
    }

    /// A person with KYC that never ends, and these claims too.
    pub(crate) fn person(
        &mut self,
        name: &str,
        country: Country,
        kind: PersonKind,
        claims: Vec<ClaimGiven>,
    ) -> Result<PersonId, String> {
        self.check_new(name)?;
        let id = PersonId(self.people.len() as u64 + 1);
        let diligence = match kind {
            PersonKind::Natural => topic::KYC_NATURAL,
            _ => topic::KYB,
        };
        let registration = Registration {
            wallet: wallet(id),
            kind,
            residence: country,
            uniqueness: sha256(&[name.as_bytes()]),
            claims: std::iter::once(claim(diligence, 0, Time::NEVER)).chain(claims).collect(),
        };
        self.identity(identity::Call::Register(vec![registration]))?;
        self.people.insert(name.to_owned(), id);
        Ok(id)
    }

    fn check_new(&self, name: &str) -> Result<(), String> {
        let is_known = self.people.contains_key(name) || self.accounts.contains_key(name);
        ensure(!is_known, format!("there is a {name} already"))
    }

    /// A further account of a person, with a wallet of its own.
    pub(crate) fn open(&mut self, name: &str, person: PersonId) -> Result<(), String> {
        self.check_new(name)?;
        let number = identity::person(&self.ctx, person).map_or(0, |person| person.accounts);
        let (wallet, consent) = self.make_wallet(person, Purpose::Account);
        let call = identity::Call::OpenAccount { wallet, consent };
        self.identity_by(person, call).map_err(|refusal| refusal.to_string())?;
        self.accounts.insert(name.to_owned(), AccountId::new(person, number));
        Ok(())
    }

    /// The key of an account is lost: it gets a new wallet, and nothing moves.
    pub(crate) fn recover(&mut self, account: AccountId) -> Result<(), String> {
        let (wallet, consent) = self.make_wallet(account.person, Purpose::Recovery);
        self.identity(identity::Call::StartRecovery { account, wallet, consent })?;
        self.identity(identity::Call::CompleteRecovery { account })
    }

    /// A wallet that nobody has yet, and its word that it will own an account of a person.
    fn make_wallet(&mut self, person: PersonId, purpose: Purpose) -> (Address, Consent) {
        self.made += 1;
        let key = sha256(&[b"wallet", &self.made.to_be_bytes()]);
        let key = PrivateKeySigner::from_bytes(&key).expect("a key is any number but a few");
        let (wallet, deadline) = (key.address(), Time::NEVER);
        let digest = consent_digest(&self.ctx, person, &wallet, purpose, deadline);
        let signature = key.sign_hash_sync(&digest).expect("the key is at hand");
        (wallet, Consent { deadline, signature: signature.as_bytes().to_vec().into() })
    }

    /// The wallet that owns an account now.
    pub(crate) fn owner(&self, account: AccountId) -> Address {
        identity::wallet_of(&self.ctx, &account).expect("an account has an owner")
    }

    /// Something happens in identity; counting anew included, as the dispatcher does.
    pub(crate) fn identity(&mut self, call: identity::Call) -> Result<(), String> {
        if let Some(merger) = call.merges(&self.ctx) {
            ledger::check_mergeable(&self.ctx, merger).map_err(|refusal| refusal.to_string())?;
        }
        self.identity_by(PROVIDER, call).map_err(|refusal| refusal.to_string())
    }

    /// The same by somebody, who may do what its person may; the provider has the network's powers.
    pub(crate) fn identity_by(
        &mut self,
        by: PersonId,
        call: identity::Call,
    ) -> Result<(), identity::Refusal> {
        let wallet = self.owner(account(by));
        let reply = identity::apply(&mut self.ctx, wallet, call, by == PROVIDER)?;
        for person in reply.touched {
            compliance::reindex(&mut self.ctx, person);
        }
        if let Some(merger) = reply.merged {
            compliance::merge(&mut self.ctx, merger);
        }
        self.settle();
        Ok(())
    }

    /// An asset of an issuer, with a policy that leaves everything to its profiles.
    pub(crate) fn asset(&mut self, symbol: &str, issuer: PersonId) -> Result<AssetId, String> {
        let grant = trust::GrantKey {
            grantee: trust::Grantee::Person(issuer),
            power: Power::CreateAsset,
            scope: trust::Scope::Network,
        };
        let call = trust::Call::Grant {
            grant,
            limit: None,
            expires: Time::NEVER,
            terms: Default::default(),
        };
        // An issuer of a second asset has the power already.
        let by = trust::Grantee::Person(PROVIDER);
        let _ = trust::apply(&mut self.ctx, by, wallet(PROVIDER), call, None);
        let call = ledger::Call::CreateAsset(NewAsset {
            kind: ledger::AssetKind::Equity,
            symbol: symbol.to_owned(),
            name: format!("{symbol} shares"),
            decimals: 0,
            isin: None,
            cfi: "ESVUFR".parse().expect("a CFI"),
            fisn: None,
            lei: None,
            authorised: Units(u128::MAX / 2),
        });
        let by = Spender::key(self.owner(account(issuer)));
        let reply =
            ledger::apply(&mut self.ctx, by, call).map_err(|refusal| refusal.to_string())?;
        self.settle();
        let id = AssetId(reply.number.unwrap_or_default());
        let grant = trust::GrantKey {
            grantee: trust::Grantee::Person(issuer),
            power: Power::Force,
            scope: trust::Scope::Asset(id),
        };
        let call = trust::Call::Grant {
            grant,
            limit: None,
            expires: Time::NEVER,
            terms: Default::default(),
        };
        let by = trust::Grantee::Person(issuer);
        let wallet = self.owner(account(issuer));
        trust::apply(&mut self.ctx, by, wallet, call, None)
            .map_err(|refusal| refusal.to_string())?;
        self.assets.insert(symbol.to_owned(), (id, issuer));
        let policy = Policy { rules: Vec::new(), calendar: None, contract: None };
        let call = Call::SetPolicy { asset: id, policy, report: B256::ZERO };
        self.rules(call).map_err(|refusal| refusal.to_string())?;
        Ok(id)
    }

    /// Another class of an asset.
    pub(crate) fn class(&mut self, asset: AssetId, name: &str) -> Result<(), String> {
        let issuer = ledger::issuer(&self.ctx, asset).ok_or("which asset?")?;
        let call = ledger::Call::CreateClass { asset, name: name.to_owned() };
        self.act(account(issuer), call).map_err(|refusal| refusal.to_string())
    }

    /// Something is asked of compliance. A refusal leaves nothing behind.
    pub(crate) fn rules(&mut self, call: Call) -> Result<(), compliance::Refusal> {
        self.rules_by(PROVIDER, call)
    }

    pub(crate) fn rules_by(&mut self, by: PersonId, call: Call) -> Result<(), compliance::Refusal> {
        let result = compliance::apply(&mut self.ctx, Some(by), call);
        self.settle();
        result
    }

    /// Registers a calendar if it is not registered as it is.
    pub(crate) fn register_calendar(&mut self, calendar: &Calendar) -> Result<(), String> {
        let calendar = Box::new(calendar.clone());
        match self.rules(Call::RegisterCalendar { calendar }) {
            Ok(()) | Err(compliance::Refusal::NothingChanges) => Ok(()),
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    /// Registers a profile if it is not registered as it is.
    pub(crate) fn register(&mut self, profile: &Profile) -> Result<(), String> {
        match self.rules(Call::RegisterProfile { profile: Box::new(profile.clone()) }) {
            Ok(()) | Err(compliance::Refusal::NothingChanges) => Ok(()),
            Err(refusal) => Err(refusal.to_string()),
        }
    }

    /// Lets somebody's wallet move a holder's units.
    pub(crate) fn employ(&mut self, asset: AssetId, holder: AccountId, operator: AccountId) {
        let (operator, allowed) = (self.owner(operator), true);
        let call = ledger::Call::SetOperator { asset, class: None, operator, allowed };
        // It may be employed already.
        let _ = self.act(holder, call);
    }

    /// The wallet of an account asks something of the ledger.
    pub(crate) fn act(&mut self, by: AccountId, call: ledger::Call) -> Result<(), Refusal> {
        let by = Spender::key(self.owner(by));
        let result = ledger::apply(&mut self.ctx, by, call).map(drop);
        self.settle();
        result
    }

    /// What the preview says.
    pub(crate) fn preview(
        &mut self,
        (asset, class): (AssetId, Option<ClassId>),
        (from, to): (AccountId, AccountId),
        units: Units,
        (by, stated): (AccountId, Stated<'_>),
    ) -> Result<Decision, Refusal> {
        let operator = self.owner(by);
        let (from, to) = (Some(from), Some(to));
        ledger::foresee(&mut self.ctx, Wish { asset, class, from, to, units, operator, stated })
    }

    /// What a change of rules would mean for all who hold an asset.
    pub(crate) fn dry_run(
        &mut self,
        asset: AssetId,
        change: &Change,
    ) -> Result<Vec<DryRun>, String> {
        let owner = |person| identity::wallet_of(&self.ctx, &account(person));
        let venue = change.venue.as_ref().and_then(|venue| owner(venue.person));
        let operator = venue.unwrap_or_default();
        let (mut pages, mut next) = (Vec::new(), Some((types::ClassId(0), 0)));
        while let Some(first) = next {
            let among = Among { asset, first, limit: u32::MAX, operator };
            let change = change.clone();
            let make = |ctx: &mut Context<'_>| change.make(ctx, asset).map_err(Mistake::Change);
            let page = ledger::dry_run(&mut self.ctx, among, make).map_err(|it| match it {
                Mistake::Change(refusal) => refusal.to_string(),
                Mistake::Ledger(refusal) => refusal.to_string(),
            })?;
            next = page.next;
            pages.push(page);
        }
        Ok(pages)
    }
}

/// Why a dry run cannot be made.
enum Mistake {
    Change(compliance::Refusal),
    Ledger(Refusal),
}

impl From<Refusal> for Mistake {
    fn from(refusal: Refusal) -> Self {
        Mistake::Ledger(refusal)
    }
}

/// A person's first account.
pub(crate) fn account(person: PersonId) -> AccountId {
    AccountId::new(person, 0)
}

/// The wallet with which a person is registered.
fn wallet(person: PersonId) -> Address {
    let mut bytes = [0xaa; 20];
    bytes[8..16].copy_from_slice(&person.0.to_be_bytes());
    Address::from(bytes)
}

pub(crate) fn claim(topic: u32, value: u64, expires: Time) -> ClaimGiven {
    ClaimGiven { topic, value, dated: Time(0), expires, evidence: B256::ZERO }
}

pub(crate) fn order() -> Order {
    let document = B256::repeat_byte(7);
    Order { authority: "Court".into(), reference: "1".into(), document, expires: None }
}
