//! The scenario language: one thing a line, what should come of it at the line's end. `docs/scenarios.md` has every verb.
//!
//! ```text
//! person   alice US AI@2027-01-01 INCOME=60000     registered, with these claims; `AI dated 2026-02-10`: by a letter of then
//! people   p 35 US                                 p1 to p35; of US,DE every other is of each
//! account  cold of alice                           a further account, with a wallet of its own; recover cold
//! list     1 wallet cold network                   on a list of the network: the wallet that the account has now
//! asset    ACME of acme                            a security of an issuer
//! adopt    US-506C                                 units may be issued under it
//! law      AE AE-SCA                               the law of the land
//! dies     alice 2026-02-01                        her death is on record; `lives alice` takes it back
//! merge    bob into alice                          both are one human, counted as alice
//! fact     FORM_C since 2026-04-01                 attested; a value may follow the name
//! on 2026-01-15  issue 100 to alice                ok under US-506C
//! on 2027-01-14  transfer 40 alice to bob          LOCKED_LOT until 2027-01-15 most 0
//! transfer 40 alice to bob paid 100.00 USD by S4A7 ok: on terms; `to bob lots 2026-01-15:40` of chosen lots
//! class    B                                        a class of the asset; `issue 10 of B to alice`
//! holders  3                                       so many hold the asset; `holders of acme 5`: any asset of the issuer
//! open-offer                                       ok: what is approached and placed counts in it; close-offer
//! may-release                                      FILING_MISSING: may the issuer use the money paid under the profile?
//! may-withdraw alice under MY-ECF                  ok via COOLING_OFF: may she have hers back?
//! announce 40 alice to bob contest 2027-02-01      ok: by order, from then on; carry-out 1
//! contest 1 by alice                               ok: what was announced; confirm 1: it stands
//! contest-freeze alice                             ok: what freezes her; confirm-freeze alice. The same of what freezes
//!                                                  her units, contest-units, or suspends her, contest-suspension
//! dry-run  {"policy": {"rules": []}}               what would the change mean? Nothing is changed
//! foreseen alice/seller/CLAIM_MISSING              just this would newly stand in the way; or `nothing`
//! calendar UK-LONDON                               days are from here on those of this calendar
//! ```
//! A day is one of that calendar, or of the case's own profile's, or of UTC, and stands for its start. A time of
//! day may follow it after a T, and an offset: `2026-03-08T09:30`, `2026-03-08T00:00Z`, `2026-03-08T00:00-05:00`. On
//! a line's day it may stand alone: `on 2026-03-08 09:30`.
//!
//! What should come of it is `ok`, or the names of refusals and reasons that must be among those given,
//! parted by commas; `QP:NOT_ELIGIBLE` stands in the way of the path QP. Then perhaps `under` the profiles (`US-REGS2+EU-PR`) and `via` the path relied on, `until` the day it
//! would pass, `never`, and the `most` that would. The first asset is ACME, of acme; a symbol after the
//! verb names another. A name like `p1..p35` stands for each of them in turn.

use crate::{
    File, Library, World,
    verbs::{Done, Line, Seen, Told, Verb},
    words::meant,
    world::{PROVIDER, account, claim, order},
};
use compliance::{
    Approved, Call, Change, Decision, Entry, Exemptions, Fact, Filter, Paths, Policy, Profile,
    Reason, Rule, topic_called, topics,
};
use identity::{ClaimGiven, PersonKind};
use ledger::{Bound, ChosenLot, Leg, Placement, Price, Refusal, Sale, Stated};
use std::iter::Peekable;
use types::{
    AccountId, AssetId, B256, ClassId, Clock, Country, Currency, Date, Days, EventRecord, Module,
    Name, Order, PersonId, Time, Units, decode, ensure,
};

/// People whom a scenario may have.
const MOST_PEOPLE: usize = 100_000;

/// What stands for the report of a dry run: who sets rules in a scenario has seen what they mean.
const REPORT: B256 = B256::repeat_byte(1);

/// The day until which a scenario may last: a century after its first.
const LAST_DAY: Date = Date(56_978);

pub(crate) type Words<'a> = Peekable<std::str::SplitWhitespace<'a>>;

/// A scenario as far as it has been run.
pub(crate) struct Script<'b, 'l> {
    world: World<'b>,
    library: &'l Library,
    days: Days<'l>,
    asset: AssetId,
    /// The profile whose case it is, if it is one's.
    own: Option<Name>,
    /// What a change that was tried would mean.
    foreseen: Vec<String>,
}

/// What came of a line.
struct Came {
    refusal: Option<String>,
    decision: Option<Decision>,
    /// The adopted profiles and the path of what moved.
    relied: Option<(Exemptions, Paths)>,
}

impl Came {
    fn ok() -> Self {
        Self { refusal: None, decision: None, relied: None }
    }

    fn refused(name: String) -> Self {
        Self { refusal: Some(name), decision: None, relied: None }
    }
}

impl<'b, 'l> Script<'b, 'l> {
    pub(crate) fn new(world: World<'b>, library: &'l Library, days: Days<'l>) -> Self {
        Self { world, library, days, asset: AssetId(0), own: None, foreseen: Vec::new() }
    }

    /// The asset ACME of a Swiss issuer, which adopts the case's own profile.
    pub(crate) fn open(&mut self, own: Option<&File>) -> Result<(), String> {
        let country = "CH".parse().expect("a country");
        let acme = self.world.person("acme", country, PersonKind::Entity, Vec::new())?;
        self.asset = self.world.asset("ACME", acme)?;
        if let Some(own) = own {
            self.register_file(own)?;
            let Profile { id, issue, triggers, .. } = &own.profile;
            let mut money = own.profile.money_sets().into_iter().map(|(_, rules)| rules);
            let asks = money.any(|rules| !rules.is_empty());
            if asks || !issue.is_empty() || !triggers.is_empty() {
                self.adopt(id)?;
            }
            self.own = Some(id.clone());
        }
        Ok(())
    }

    pub(crate) fn line(&mut self, line: &str) -> Result<(), String> {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            return Ok(());
        }
        let each = self.spread(line)?;
        each.iter().try_for_each(|line| self.one(line))
    }

    /// `p1..p3` stands for each of them: the line is said once for each.
    fn spread(&self, line: &str) -> Result<Vec<String>, String> {
        let Some(range) = line.split_whitespace().find(|word| word.contains("..")) else {
            return Ok(vec![line.to_owned()]);
        };
        let (first, last) = range.split_once("..").expect("found with it");
        let number = |word: &str| {
            let at = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
            word[at..].parse::<u32>().map(|n| (word[..at].to_owned(), n))
        };
        let bad = || format!("{range}: write p1..p35");
        let (name, from) = number(first).map_err(|_| bad())?;
        let (_, to) = number(last).map_err(|_| bad())?;
        ensure(from <= to, bad())?;
        let why = || format!("{range} is more than {MOST_PEOPLE}, as many as there may be people");
        ensure(usize::try_from(to - from).is_ok_and(|more| more < MOST_PEOPLE), why())?;
        Ok((from..=to).map(|n| line.replacen(range, &format!("{name}{n}"), 1)).collect())
    }

    fn one(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split_whitespace().peekable();
        if words.next_if_eq(&"on").is_some() {
            let day = next(&mut words, "a day")?;
            let time = match words.next_if(|word| word.contains(':')) {
                Some(clock) => self.moment(&format!("{day}T{clock}"))?,
                None => self.moment(day)?,
            };
            let why = format!(
                "{day} is more than a century after the first day; a scenario lasts until {LAST_DAY} at most"
            );
            ensure(time <= LAST_DAY.start(), why)?;
            self.world.at(time)?;
            if words.peek().is_none() {
                return Ok(());
            }
        }
        match Verb::called(next(&mut words, "a verb")?)? {
            Verb::Line(verb) => self.whole(verb, &mut words, line),
            Verb::Told(verb) => self.told(verb, &mut words).and_then(|()| end(words)),
            Verb::Seen(verb) => self.seen(verb, &mut words).and_then(|()| end(words)),
            Verb::Done(verb) => {
                let came = self.done(verb, &mut words)?;
                self.expect(came, words)
            }
        }
    }

    /// What takes the rest of its line as it stands.
    fn whole(&mut self, verb: Line, words: &mut Words<'_>, line: &str) -> Result<(), String> {
        let data = line.find('{').map(|at| &line[at..]);
        match verb {
            Line::On => Err("on: a line has one day, and begins with it".into()),
            Line::Policy => {
                let json = line.split_once("policy").map(|(_, json)| json).unwrap_or_default();
                let policy: Policy =
                    serde_saphyr::from_str(json).map_err(|error| error.to_string())?;
                self.rules(|asset| Call::SetPolicy { asset, policy, report: REPORT })
            }
            // venue ats {"rules": [{"claim": {"side": "receiver", "topic": 72}}]}
            Line::Venue => {
                let venue = self.person(words)?;
                let asked = serde_saphyr::from_str(data.ok_or("which rules?")?)
                    .map_err(|error| error.to_string())?;
                let result =
                    self.world.rules_by(venue, Call::SetVenueRules { asked, report: REPORT });
                result.map_err(|refusal| refusal.to_string())
            }
            Line::DryRun => {
                let change: Change = serde_saphyr::from_str(data.ok_or("which change?")?)
                    .map_err(|error| error.to_string())?;
                self.foresee(change)
            }
        }
    }

    /// What happens around a movement, and never fails in a story.
    fn told(&mut self, verb: Told, words: &mut Words<'_>) -> Result<(), String> {
        match verb {
            // person alice US entity AI@2027-01-01
            Told::Person => {
                let name = next(words, "a name")?;
                let country = country(words)?;
                let (kind, claims) = self.described(words)?;
                self.world.person(name, country, kind, claims)?;
            }
            // people p 35 US AI; people p 4 US,DE: each country's turn
            Told::People => {
                let (name, count) = (next(words, "a name")?, number(words)?);
                let residences = next(words, "a country")?.split(',').map(country_called);
                let residences = residences.collect::<Result<Vec<_>, _>>()?;
                let (kind, claims) = self.described(words)?;
                let room = MOST_PEOPLE.saturating_sub(self.world.people.len()) as u128;
                let why = format!(
                    "{count} people are too many; a scenario has {MOST_PEOPLE} at most, and {room} more fit here"
                );
                ensure(count <= room, why)?;
                for (n, residence) in (1..=count).zip(residences.into_iter().cycle()) {
                    self.world.person(&format!("{name}{n}"), residence, kind, claims.clone())?;
                }
            }
            // account cold of alice
            Told::Account => {
                let name = next(words, "a name")?;
                words.next_if_eq(&"of").ok_or("write: account cold of alice")?;
                let person = self.person(words)?;
                self.world.open(name, person)?;
            }
            Told::Recover => {
                let account = self.account(words)?;
                self.world.recover(account)?;
            }
            Told::Claim => {
                let person = self.person(words)?;
                let claim = self.given(words)?;
                self.world.identity(identity::Call::Attest { person, claim })?;
            }
            Told::Revoke => {
                let (person, topic) = (self.person(words)?, topic(words)?);
                self.world.identity(identity::Call::Revoke { person, topic })?;
            }
            Told::Moves => {
                let person = self.person(words)?;
                let residence = country(words)?;
                self.world.identity(identity::Call::SetResidence { person, residence })?;
            }
            // suspend alice until 2026-02-01
            Told::Suspend | Told::Reinstate => {
                let person = self.person(words)?;
                let order = self.given_order(words)?;
                self.world.identity(match verb {
                    Told::Suspend => identity::Call::Suspend { person, order },
                    _ => identity::Call::Reinstate { person, order },
                })?;
            }
            // dies alice 2026-02-01
            Told::Dies => {
                let person = self.person(words)?;
                let died = self.moment(next(words, "a day")?)?;
                let call = identity::Call::RecordDeath { person, died, order: order() };
                self.world.identity(call)?;
            }
            Told::Lives => {
                let person = self.person(words)?;
                let call = identity::Call::WithdrawDeath { person, order: order() };
                self.world.identity(call)?;
            }
            // merge bob into alice
            Told::Merge => {
                let person = self.person(words)?;
                words.next_if_eq(&"into").ok_or("into whom?")?;
                let into = self.person(words)?;
                self.world.identity(identity::Call::Merge { person, into, order: order() })?;
            }
            Told::Sanction | Told::Clear => {
                let (person, hit) = (self.person(words)?, verb == Told::Sanction);
                let call = identity::Call::SetSanctions { person, list_version: 1, hit };
                self.world.identity(call)?;
            }
            // asset BETA of beta US
            Told::Asset => self.create(words)?,
            Told::Class => self.world.class(self.asset, next(words, "a name")?)?,
            Told::Adopt | Told::Drop => {
                let id = next(words, "a profile")?;
                match verb {
                    Told::Adopt => self.adopt(id)?,
                    _ => self.rules(|asset| Call::Adopt {
                        asset,
                        profile: id.into(),
                        adopted: false,
                        report: REPORT,
                    })?,
                }
            }
            Told::Calendar => {
                let id = next(words, "a calendar")?;
                self.calendar(id)?;
                self.days = self.library.calendar(id).map_or(Days::UTC, Days::of);
            }
            // law AE AE-SCA
            Told::Law => {
                let country = country(words)?;
                let profiles: Vec<Name> = words.map(Name::from).collect();
                for id in &profiles {
                    self.register(id)?;
                }
                self.rules(|_| Call::SetLaw { country, profiles, report: REPORT })?;
            }
            Told::Fact | Told::Unfact => self.fact(verb, words)?,
            // list 1 alice from 2026-01-01 until 2026-02-01; list 1 wallet cold network
            Told::List | Told::Delist => {
                let list = number(words)? as u32;
                let entry = match words.next_if_eq(&"wallet") {
                    Some(_) => Entry::Wallet(self.world.owner(self.account(words)?)),
                    None => Entry::Person(self.person(words)?),
                };
                let from = self.after(words, "from")?.unwrap_or(Time(0));
                let until = self.after(words, "until")?.unwrap_or(Time::NEVER);
                let is_network = words.next_if_eq(&"network").is_some();
                self.rules(|asset| {
                    let asset = (!is_network).then_some(asset);
                    match verb {
                        Told::List => Call::List { asset, list, entry, from, until },
                        _ => Call::Delist { asset, list, entry },
                    }
                })?;
            }
            // approve 1 40 alice to bob by carol until 2026-02-01; times 3: such movements; in parts: units in all
            Told::Approve => self.approve(words)?,
            Told::Meet => {
                let duty = next(words, "a duty")?.to_owned();
                self.rules(|asset| Call::MeetDuty { asset, duty })?;
            }
        }
        Ok(())
    }

    fn described(&self, words: &mut Words<'_>) -> Result<(PersonKind, Vec<ClaimGiven>), String> {
        let kind = match words.next_if_eq(&"entity") {
            Some(_) => PersonKind::Entity,
            None => PersonKind::Natural,
        };
        let mut claims = Vec::new();
        while words.peek().is_some() {
            claims.push(self.given(words)?);
        }
        Ok((kind, claims))
    }

    /// `AI`, `AI@2027-01-01`, `INCOME=60000`, `FAMILY=bob`, `AI dated 2026-02-10`.
    fn given(&self, words: &mut Words<'_>) -> Result<ClaimGiven, String> {
        let word = next(words, "a claim")?;
        let (word, expires) = match word.split_once('@') {
            Some((word, until)) => (word, self.moment(until)?),
            None => (word, Time::NEVER),
        };
        let (name, value) = word.split_once('=').unwrap_or((word, "0"));
        let topic = topic_called(name).ok_or_else(|| no_topic(name))?;
        let value = match self.world.people.get(value) {
            Some(person) => person.0,
            None => u64::try_from(parse(value)?).map_err(|_| format!("{value} is too much"))?,
        };
        let dated = self.after(words, "dated")?.unwrap_or(Time(0));
        Ok(ClaimGiven { dated, ..claim(topic, value, expires) })
    }

    fn create(&mut self, words: &mut Words<'_>) -> Result<(), String> {
        let symbol = next(words, "a symbol")?;
        words.next_if_eq(&"of").ok_or("write: asset BETA of beta")?;
        let name = next(words, "an issuer")?;
        let issuer = match self.world.people.get(name) {
            Some(issuer) => *issuer,
            None => {
                let residence = match words.peek() {
                    Some(_) => country(words)?,
                    None => "CH".parse().expect("a country"),
                };
                self.world.person(name, residence, PersonKind::Entity, Vec::new())?
            }
        };
        self.asset = self.world.asset(symbol, issuer)?;
        Ok(())
    }

    fn adopt(&mut self, id: &str) -> Result<(), String> {
        self.register(id)?;
        let profile = id.into();
        self.rules(|asset| Call::Adopt { asset, profile, adopted: true, report: REPORT })
    }

    /// Registers a profile of the library, after those that it refers to.
    fn register(&mut self, id: &str) -> Result<(), String> {
        let near = || meant(id, self.library.files().map(|file| &*file.profile.id));
        let missing = || format!("{id}: no such profile{}", near());
        let file = self.library.get(id).ok_or_else(missing)?;
        self.register_file(file)
    }

    fn register_file(&mut self, file: &File) -> Result<(), String> {
        self.library.check(file)?;
        let mut others = Vec::new();
        compliance::each_rule(&file.profile.resale, &mut |rule| {
            if let Rule::By { profile, .. } = rule {
                others.push(profile.clone());
            }
        });
        others.iter().try_for_each(|id| self.register(id))?;
        file.profile.calendar.iter().try_for_each(|id| self.calendar(id))?;
        self.world.register(&file.profile)
    }

    /// Registers a calendar of the library.
    fn calendar(&mut self, id: &str) -> Result<(), String> {
        let near = || meant(id, self.library.calendars().map(|calendar| &*calendar.id));
        let missing = || format!("{id}: no such calendar{}", near());
        let calendar = self.library.calendar(id).ok_or_else(missing)?;
        self.world.register_calendar(calendar)
    }

    fn rules(&mut self, call: impl FnOnce(AssetId) -> Call) -> Result<(), String> {
        let call = call(self.asset);
        self.world.rules(call).map_err(|refusal| refusal.to_string())
    }

    /// `fact FORM_C 5000 since 2026-04-01 until 2027-01-01 network`.
    fn fact(&mut self, verb: Told, words: &mut Words<'_>) -> Result<(), String> {
        let fact = next(words, "a fact")?.into();
        let value = match words.next_if(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
            Some(word) => parse(word)?,
            None => 1,
        };
        let since = self.after(words, "since")?.unwrap_or(self.world.now());
        let until = self.after(words, "until")?.unwrap_or(Time::NEVER);
        let is_network = words.next_if_eq(&"network").is_some();
        let value = Fact { value: Units(value), since, until, document: B256::ZERO };
        self.rules(|asset| {
            let asset = (!is_network).then_some(asset);
            match verb {
                Told::Fact => Call::Attest { asset, fact, value },
                _ => Call::Withdraw { asset, fact },
            }
        })
    }

    fn approve(&mut self, words: &mut Words<'_>) -> Result<(), String> {
        let (list, units) = (number(words)? as u32, Units(number(words)?));
        let from = Some(self.person(words)?);
        words.next_if_eq(&"to").ok_or("to whom?")?;
        let to = Some(self.person(words)?);
        words.next_if_eq(&"by").ok_or("by whom?")?;
        let by = self.person(words)?;
        let until = self.after(words, "until")?.unwrap_or(Time::NEVER);
        let movement = Approved { asset: self.asset, list, from, to, units };
        let call = if words.next_if_eq(&"in").is_some() {
            words.next_if_eq(&"parts").ok_or("write: in parts")?;
            Call::ApproveUnits { movement, until }
        } else {
            let times = match words.next_if_eq(&"times") {
                Some(_) => number(words)?.try_into().map_err(|_| "65,535 times at most")?,
                None => 1,
            };
            Call::ApproveMovements { movement, until, times }
        };
        let result = self.world.rules_by(by, call);
        result.map_err(|refusal| refusal.to_string())
    }

    /// Tries a change, with the profiles of the library that it names registered first.
    fn foresee(&mut self, change: Change) -> Result<(), String> {
        let law = change.law.iter().flat_map(|law| &law.profiles);
        for id in change.adopt.iter().chain(law).cloned().collect::<Vec<_>>() {
            if change.register.iter().all(|profile| profile.id != id) {
                self.register(&id)?;
            }
        }
        let pages = self.world.dry_run(self.asset, &change)?;
        let named = |person: &PersonId| {
            let known = self.world.people.iter().find(|(_, id)| *id == person);
            known.map_or_else(|| person.to_string(), |(name, _)| name.clone())
        };
        let mut foreseen = Vec::new();
        for fails in pages.iter().flat_map(|page| &page.fails) {
            let role = variant(&fails.role).to_lowercase();
            let code = fails.reason.code.name();
            let touched = fails.persons.iter().map(|it| format!("{}/{role}/{code}", named(it)));
            foreseen.extend(touched);
        }
        for hold in pages.iter().flat_map(|page| &page.holds) {
            let codes: Vec<_> = hold.reasons.iter().map(|it| it.code.name()).collect();
            foreseen.push(format!("hold/{}/{}", hold.hold, codes.join("+")));
        }
        let exceeded = pages.iter().flat_map(|page| &page.exceeded);
        let limits = exceeded.map(|it| format!("limit/{}/{}", it.have, it.limit));
        foreseen.extend(limits);
        foreseen.sort_unstable();
        foreseen.dedup();
        self.foreseen = foreseen;
        Ok(())
    }

    /// What is looked at.
    fn seen(&mut self, verb: Seen, words: &mut Words<'_>) -> Result<(), String> {
        match verb {
            // position alice 60 bob 40
            Seen::Position => {
                let asset = self.named_asset(words);
                while words.peek().is_some() {
                    let name = words.peek().copied().unwrap_or_default().to_owned();
                    let (account, should) = (self.account(words)?, number(words)?);
                    let class = ClassId(0);
                    let is = ledger::position(&self.world.ctx, asset, class, account).units;
                    same(&name, is.0, should)?;
                }
            }
            // announced 4997 moved 3 held: by the last thing that was tried, an event for each
            Seen::Announced => {
                let events = || {
                    let heard = self.world.heard.iter();
                    let own = heard.filter(|record| record.module == types::Module::Ledger);
                    own.map(|record| decode::<ledger::Event>(&record.bytes))
                };
                let is_moved = |it: &_| matches!(it, Ok(ledger::Event::Moved { .. }));
                let is_held = |it: &_| matches!(it, Ok(ledger::Event::Held { .. }));
                let is = [
                    ("moved", events().filter(is_moved).count()),
                    ("held", events().filter(is_held).count()),
                ];
                for (word, count) in is {
                    let should = number(words)?;
                    words.next_if_eq(&word).ok_or("write: announced 3 moved 0 held")?;
                    same(word, count as u128, should)?;
                }
            }
            // lots alice 60@2026-01-15/US-506C 40@2026-02-01
            Seen::Lots => {
                let asset = self.named_asset(words);
                let account = self.account(words)?;
                let position = ledger::position(&self.world.ctx, asset, ClassId(0), account);
                let is: Vec<String> = position
                    .lots
                    .iter()
                    .map(|lot| {
                        let under = self.names(asset, lot.exemptions);
                        let under = if under.is_empty() { under } else { format!("/{under}") };
                        match lot.is_paid() {
                            true => format!("{}@{}{under}", lot.units, self.day(lot.anchor)),
                            false => format!("{}@unpaid{under}", lot.units),
                        }
                    })
                    .collect();
                let should: Vec<&str> = words.by_ref().collect();
                same("lots", is.join(" "), should.join(" "))?;
            }
            // holders 3; holders without AI 2; holders of acme 5: of all assets of an issuer
            Seen::Holders => {
                let issuer = match words.next_if_eq(&"of") {
                    Some(_) => Some(self.person(words)?),
                    None => None,
                };
                let asset = self.named_asset(words);
                let filter = filter(words)?;
                let ctx = &self.world.ctx;
                let is = match issuer {
                    Some(issuer) => compliance::ISSUER_COUNTS.get(ctx, &(issuer, filter)),
                    None => compliance::COUNTS.get(ctx, &(asset, filter)),
                };
                same("holders", u128::from(is.unwrap_or(0)), number(words)?)?;
            }
            // held with AI 60; held in US 40: what they have together, where a rule adds it up
            Seen::Held => {
                let asset = self.named_asset(words);
                let filter = filter(words)?;
                let is = compliance::UNITS_HELD.get(&self.world.ctx, &(asset, filter));
                same("held", is.unwrap_or_default().0, number(words)?)?;
            }
            // duty FORM_D due 2026-02-01; duty FORM_D none; duty FORM_D met
            Seen::Duty => {
                let asset = self.named_asset(words);
                let name = next(words, "a duty")?.to_owned();
                let duty = compliance::DUTIES.get(&self.world.ctx, &(asset, name.clone()));
                let is = match duty {
                    None => "none".to_owned(),
                    Some(duty) if duty.met.is_some() => "met".to_owned(),
                    Some(duty) => format!("due {}", self.day(duty.due)),
                };
                let should: Vec<&str> = words.by_ref().collect();
                same(&name, is, should.join(" "))?;
            }
            // foreseen alice/seller/CLAIM_MISSING limit/3/2 hold/1/CLAIM_MISSING; foreseen nothing
            Seen::Foreseen => {
                let mut should: Vec<&str> = words.by_ref().filter(|it| *it != "nothing").collect();
                should.sort_unstable();
                same("foreseen", self.foreseen.join(" "), should.join(" "))?;
            }
            // warned 12G: what was asked until this day said that it is near; unwarned 12G: it did not
            Seen::Warned | Seen::Unwarned => {
                let name = next(words, "a duty")?;
                let heard = self.world.heard.iter().any(|record| {
                    let event = decode::<compliance::Event>(&record.bytes);
                    record.module == Module::Compliance
                        && matches!(event, Ok(compliance::Event::DutyNear { duty, .. }) if duty == name)
                });
                same(name, heard, verb == Seen::Warned)?;
            }
            // exceeded 3/2: a claim or a move of residence that came last made more holders of a kind than may be
            Seen::Exceeded => {
                let told = |record: &EventRecord| match decode(&record.bytes) {
                    Ok(compliance::Event::CapExceeded { holders, most, .. })
                        if record.module == Module::Compliance =>
                    {
                        Some(format!("{holders}/{most}"))
                    }
                    _ => None,
                };
                let told: Vec<_> = self.world.heard.iter().filter_map(told).collect();
                let should: Vec<&str> = words.by_ref().filter(|it| *it != "nothing").collect();
                same("exceeded", told.join(" "), should.join(" "))?;
            }
        }
        Ok(())
    }

    /// What is tried, and may be refused.
    fn done(&mut self, verb: Done, words: &mut Words<'_>) -> Result<Came, String> {
        let asset = self.named_asset(words);
        let issuer = compliance_issuer(&self.world, asset)?;
        let agent = account(issuer);
        let call = match verb {
            // approach alice
            Done::Approach => {
                let persons = vec![self.person(words)?];
                let call = Call::Approach { asset, issuer, persons };
                return Ok(match self.world.rules(call) {
                    Ok(()) => Came::ok(),
                    Err(compliance::Refusal::MayNotOffer(decision)) => Came {
                        decision: Some(*decision),
                        refusal: Some("NotAllowed".into()),
                        relied: None,
                    },
                    Err(other) => Came::refused(variant(&other)),
                });
            }
            // may-release under IN-S42; may-withdraw alice
            Done::MayRelease | Done::MayWithdraw => return self.may(verb, asset, words),
            Done::OpenOffer | Done::CloseOffer => {
                let result = self.world.rules(match verb {
                    Done::OpenOffer => Call::OpenOffer { asset },
                    _ => Call::CloseOffer { asset },
                });
                return Ok(
                    result.map_or_else(|other| Came::refused(variant(&other)), |()| Came::ok())
                );
            }
            // issue 100 of B to alice paid 5000 USD under US-506C
            Done::Issue => {
                let units = Units(number(words)?);
                let class = self.class(asset, words)?.unwrap_or_default();
                words.next_if_eq(&"to").ok_or("to whom?")?;
                let to = self.account(words)?;
                let paid = paid(words)?;
                let mut profile = 0;
                if words.next_if_eq(&"by").is_some() {
                    let id = next(words, "a profile")?;
                    let known = compliance::adoptions(&self.world.ctx, asset);
                    let open = known.filter(|(_, it)| it.is_open && it.id == id).last();
                    profile = open.ok_or_else(|| format!("{id} is not adopted"))?.0;
                }
                // issue 100 to alice unpaid: their clock starts with `pay`
                if words.next_if_eq(&"unpaid").is_some() {
                    let legs = vec![Leg { to, units }];
                    let result =
                        self.world.act(agent, ledger::Call::IssueUnpaid { asset, class, legs });
                    return self.came(result);
                }
                let call = match paid {
                    None if profile == 0 => {
                        ledger::Call::Issue { asset, class, legs: vec![Leg { to, units }] }
                    }
                    paid => {
                        let usd = "USD".parse().expect("a currency");
                        let (currency, paid) = paid.unwrap_or((usd, 0));
                        let legs = vec![Placement { to, units, paid: Units(paid) }];
                        ledger::Call::Place { asset, class, profile, currency, legs }
                    }
                };
                (agent, call)
            }
            // transfer 40 of B alice to bob paid 100.00 USD and 10 to carol paid 25.00 USD through ats by R144_NA
            Done::Transfer => {
                let units = Units(number(words)?);
                let class = self.class(asset, words)?;
                let from = self.account(words)?;
                let mut currency = None;
                let mut legs =
                    vec![self.sale((asset, class, from), units, &mut currency, words)?];
                while words.next_if_eq(&"and").is_some() {
                    let units = Units(number(words)?);
                    legs.push(self.sale((asset, class, from), units, &mut currency, words)?);
                }
                let mut by = from;
                if words.next_if_eq(&"through").is_some() {
                    by = self.account(words)?;
                    self.world.employ(asset, from, by);
                }
                let path = elected(words)?;
                let foreseen = match &legs[..] {
                    [Sale { to, lots, paid, .. }] => {
                        let paid = currency.map(|currency| (currency, paid.0));
                        let stated = Stated { paid, profile: 0, path: path.as_ref(), lots };
                        let asked = (by, stated);
                        Some(self.world.preview((asset, class), (from, *to), units, asked))
                    }
                    _ => None,
                };
                let is_plain = path.is_none() && currency.is_none();
                let call = match is_plain && legs.iter().all(|leg| leg.lots.is_empty()) {
                    true => {
                        let leg = |leg: Sale| Leg { to: leg.to, units: leg.units };
                        let legs = legs.into_iter().map(leg).collect();
                        ledger::Call::Transfer { asset, class, from: Some(from), legs }
                    }
                    false => {
                        let class = class.unwrap_or_default();
                        ledger::Call::TransferOn { asset, class, from, path, currency, legs }
                    }
                };
                let result = self.world.act(by, call);
                let came = self.came(result.clone())?;
                agree(foreseen, &result, came.relied)?;
                return Ok(came);
            }
            // distribute 10 acme among p until 2027-01-01: to p1 and all others of the line that named them
            Done::Distribute => {
                let units = Units(number(words)?);
                let class = self.class(asset, words)?.unwrap_or_default();
                let from = self.account(words)?;
                words.next_if_eq(&"among").ok_or("among whom? write: among p")?;
                let name = next(words, "a name")?;
                let named = (1..).map_while(|n| self.world.people.get(&format!("{name}{n}")));
                let legs: Vec<_> =
                    named.map(|person| Leg { to: account(*person), units }).collect();
                ensure(!legs.is_empty(), format!("who are {name}? write: people {name} 3 US"))?;
                let expires = self.after(words, "until")?.ok_or("until when? write: until DAY")?;
                (from, ledger::Call::Distribute { asset, class, legs, expires })
            }
            // hold 40 alice for bob notary ats paid 100.00 USD by R144_NA
            Done::Hold => {
                let (units, from) = (Units(number(words)?), self.account(words)?);
                words.next_if_eq(&"for").ok_or("for whom?")?;
                let beneficiary = self.account(words)?;
                let (class, expires) = (ClassId(0), Time::NEVER);
                let account = None;
                let notary = match words.next_if_eq(&"notary") {
                    Some(_) => Some(self.person(words)?),
                    None => None,
                };
                let price =
                    paid(words)?.map(|(currency, paid)| Price { currency, paid: Units(paid) });
                let path = elected(words)?;
                let call = ledger::Call::Hold {
                    asset,
                    class,
                    account,
                    beneficiary,
                    notary,
                    units,
                    expires,
                    path,
                    price,
                };
                (from, call)
            }
            // pledge 40 alice to bob recourse by R144_NA
            Done::Pledge => {
                let (units, from) = (Units(number(words)?), self.account(words)?);
                words.next_if_eq(&"to").ok_or("to whom?")?;
                let beneficiary = self.account(words)?;
                let recourse = words.next_if_eq(&"recourse").is_some();
                let (class, notary, expires) = (ClassId(0), None, Time::NEVER);
                let path = elected(words)?;
                let call = ledger::Call::Pledge {
                    asset,
                    class,
                    beneficiary,
                    notary,
                    units,
                    expires,
                    recourse,
                    path,
                };
                (from, call)
            }
            // pay 100 alice: what was issued unpaid is paid in full
            Done::Pay => {
                let (units, class) = (Units(number(words)?), ClassId(0));
                let account = self.account(words)?;
                (agent, ledger::Call::ConfirmPayment { asset, class, account, units })
            }
            // exchange 100 alice into BETA 3:2
            Done::Exchange => {
                let (units, to) = (Units(number(words)?), self.account(words)?);
                words.next_if_eq(&"into").ok_or("into what?")?;
                let symbol = next(words, "an asset")?;
                let (new, _) = *self.world.assets.get(symbol).ok_or("into which asset?")?;
                let ratio = next(words, "a ratio")?;
                let (made, old) = ratio.split_once(':').ok_or("write: exchange 2:1")?;
                let (made, old) = (parse(made)? as u32, parse(old)? as u32);
                let (class, into, legs) = (ClassId(0), ClassId(0), vec![Leg { to, units }]);
                (agent, ledger::Call::Exchange { asset, class, new, into, made, old, legs })
            }
            // convert 2:1, convert 1:3 from 10 limit 5
            Done::Convert => {
                let ratio = next(words, "a ratio")?;
                let (new, old) = ratio.split_once(':').ok_or("write: convert 2:1")?;
                let (new, old) = (parse(new)? as u32, parse(old)? as u32);
                let first = match words.next_if_eq(&"from") {
                    Some(_) => number(words)? as u32,
                    None => 0,
                };
                let limit = match words.next_if_eq(&"limit") {
                    Some(_) => number(words)? as u32,
                    None => u32::MAX,
                };
                let (class, into) = (ClassId(0), ClassId(0));
                (agent, ledger::Call::Convert { asset, class, into, new, old, first, limit })
            }
            // release 1 by bob
            Done::Release => {
                let hold = number(words)? as u64;
                words.next_if_eq(&"by").ok_or("by whom?")?;
                (self.account(words)?, ledger::Call::ReleaseHold { hold })
            }
            // deliver 40 of 1 by bob
            Done::Deliver => {
                let units = Units(number(words)?);
                words.next_if_eq(&"of").ok_or("of which hold?")?;
                let hold = number(words)? as u64;
                words.next_if_eq(&"by").ok_or("by whom?")?;
                (self.account(words)?, ledger::Call::ExecuteHold { hold, units })
            }
            Done::Redeem => {
                let units = Units(number(words)?);
                let account = self.account(words)?;
                (account, ledger::Call::Redeem { asset, class: None, account, units })
            }
            Done::Pause => (agent, ledger::Call::Pause { asset }),
            Done::Resume => (agent, ledger::Call::Resume { asset }),
            // close: for ever, once it is paused and nothing of it is issued
            Done::Close => (agent, ledger::Call::Close { asset }),
            // reissue 40 to bob: units made anew by order
            Done::Reissue => {
                let (units, class) = (Units(number(words)?), ClassId(0));
                words.next_if_eq(&"to").ok_or("to whom?")?;
                let to = self.account(words)?;
                (agent, ledger::Call::Reissue { asset, class, to, units, order: order() })
            }
            // end 40 alice: units ended by order
            Done::End => {
                let (units, class) = (Units(number(words)?), ClassId(0));
                let from = self.account(words)?;
                (agent, ledger::Call::ForceRedeem { asset, class, from, units, order: order() })
            }
            // freeze alice until 2026-02-01, thaw alice
            Done::Freeze | Done::Thaw => {
                let (person, frozen) = (self.person(words)?, verb == Done::Freeze);
                let order = self.given_order(words)?;
                (agent, ledger::Call::FreezePerson { asset, person, frozen, order })
            }
            // freeze-units 40 alice until 2026-02-01
            Done::FreezeUnits => {
                let (units, class) = (Units(number(words)?), ClassId(0));
                let account = self.account(words)?;
                let order = self.given_order(words)?;
                (agent, ledger::Call::FreezeUnits { asset, class, account, units, order })
            }
            // announce 40 alice to bob contest 2026-02-01 until 2026-03-01; to nobody: they end
            Done::Announce => {
                let (units, class) = (Units(number(words)?), ClassId(0));
                let from = self.account(words)?;
                let to = match words.next_if_eq(&"to") {
                    Some(_) => Some(self.account(words)?),
                    None => None,
                };
                let contest_until = self.after(words, "contest")?.unwrap_or(Time(0));
                let order = self.given_order(words)?;
                let call = ledger::Call::AnnounceOrder {
                    asset,
                    class,
                    from,
                    to,
                    units,
                    order,
                    contest_until,
                };
                (agent, call)
            }
            // contest 1 by alice
            Done::Contest => {
                let (number, document) = (number(words)? as u64, order().document);
                words.next_if_eq(&"by").ok_or("by whom?")?;
                (self.account(words)?, ledger::Call::ContestOrder { number, document })
            }
            Done::Confirm | Done::Withdraw => {
                let (number, document) = (number(words)? as u64, order().document);
                let call = match verb {
                    Done::Confirm => ledger::Call::ConfirmOrder { number, document },
                    _ => ledger::Call::WithdrawOrder { number, document },
                };
                (agent, call)
            }
            // contest-freeze alice: by herself, what freezes her; contest-units alice: what freezes units of hers
            Done::ContestFreeze | Done::ContestUnits | Done::ConfirmFreeze | Done::ConfirmUnits => {
                let of = self.account(words)?;
                let bound = match verb {
                    Done::ContestFreeze | Done::ConfirmFreeze => Bound::Person(asset, of.person),
                    _ => Bound::Units(asset, ClassId(0), of),
                };
                let (order, document) = (order().key(), order().document);
                match verb {
                    Done::ContestFreeze | Done::ContestUnits => {
                        let by = account(self.speaker(words, of.person)?);
                        (by, ledger::Call::ContestFreeze { bound, order, document })
                    }
                    _ => (agent, ledger::Call::ConfirmFreeze { bound, order, document }),
                }
            }
            // contest-suspension alice, confirm-suspension alice
            Done::ContestSuspension | Done::ConfirmSuspension => {
                let person = self.person(words)?;
                let (order, document) = (order().key(), order().document);
                let result = match verb {
                    Done::ContestSuspension => {
                        let by = self.speaker(words, person)?;
                        let call = identity::Call::ContestSuspension { person, order, document };
                        self.world.identity_by(by, call)
                    }
                    _ => {
                        let call = identity::Call::ConfirmSuspension { person, order, document };
                        self.world.identity_by(PROVIDER, call)
                    }
                };
                return Ok(result.map_or_else(|why| Came::refused(variant(&why)), |()| Came::ok()));
            }
            Done::CarryOut => {
                (agent, ledger::Call::CarryOutOrder { number: number(words)? as u64 })
            }
            Done::Force => {
                let (units, class) = (Units(number(words)?), ClassId(0));
                let from = self.account(words)?;
                words.next_if_eq(&"to").ok_or("to whom?")?;
                let to = self.account(words)?;
                let order = order();
                (agent, ledger::Call::ForceTransfer { asset, class, from, to, units, order })
            }
        };
        let result = self.world.act(call.0, call.1);
        self.came(result)
    }

    /// What is asked about the money that was paid under a profile: the one that is named, else the case's own.
    fn may(&self, verb: Done, asset: AssetId, words: &mut Words<'_>) -> Result<Came, String> {
        let person = match verb {
            Done::MayWithdraw => Some(self.person(words)?),
            _ => None,
        };
        let id = match words.next_if_eq(&"under") {
            Some(_) => Name::from(next(words, "a profile")?),
            None => self.own.clone().ok_or("under which profile?")?,
        };
        let ctx = &self.world.ctx;
        let answer = match person {
            Some(person) => compliance::may_withdraw(ctx, asset, &id, person),
            None => compliance::may_release(ctx, asset, &id),
        };
        Ok(match answer {
            Err(refusal) => Came::refused(variant(&refusal)),
            Ok(decision) if decision.is_allowed() => {
                let relied = (decision.exemptions, decision.paths.iter().collect());
                Came { refusal: None, decision: None, relied: Some(relied) }
            }
            Ok(decision) => {
                let refusal = Some("NotAllowed".into());
                Came { refusal, decision: Some(decision), relied: None }
            }
        })
    }

    /// `of B`: a class by its name, if one is named.
    fn class(&self, asset: AssetId, words: &mut Words<'_>) -> Result<Option<ClassId>, String> {
        if words.next_if_eq(&"of").is_none() {
            return Ok(None);
        }
        let name = next(words, "a class")?;
        let of = |class: &ClassId| ledger::CLASSES.read(&self.world.ctx, &(asset, *class));
        let mut classes = (0..).map(ClassId).take_while(|class| of(class).is_some());
        let class = classes.find(|class| of(class).is_some_and(|it| it.name == name));
        class.map(Some).ok_or_else(|| format!("{name}: no such class"))
    }

    /// `to bob lots 2026-02-01:40 2026-03-01:10 paid 100.00 USD`: lots by the day on which their clocks started.
    fn sale(
        &self,
        (asset, class, from): (AssetId, Option<ClassId>, AccountId),
        units: Units,
        currency: &mut Option<Currency>,
        words: &mut Words<'_>,
    ) -> Result<Sale, String> {
        words.next_if_eq(&"to").ok_or("to whom?")?;
        let to = self.account(words)?;
        let lots = match words.next_if_eq(&"lots") {
            Some(_) => self.chosen((asset, class.unwrap_or_default()), from, words)?,
            None => Vec::new(),
        };
        let told = paid(words)?;
        let (paid_in, amount) = told.unzip();
        let is_one = currency.is_none() || paid_in.is_none() || *currency == paid_in;
        ensure(is_one, "one transfer is paid in one currency")?;
        *currency = currency.or(paid_in);
        Ok(Sale { to, units, lots, paid: Units(amount.unwrap_or(0)) })
    }

    fn chosen(
        &self,
        (asset, class): (AssetId, ClassId),
        from: AccountId,
        words: &mut Words<'_>,
    ) -> Result<Vec<ChosenLot>, String> {
        let lots = ledger::position(&self.world.ctx, asset, class, from).lots;
        let mut chosen = Vec::new();
        while let Some(word) = words.next_if(|word| word.starts_with("20")) {
            let (day, units) = word.rsplit_once(':').ok_or("write: lots 2026-02-01:40")?;
            let day = self.day(self.moment(day)?);
            let place = lots.iter().position(|lot| self.day(lot.anchor) == day);
            let place = place.ok_or_else(|| format!("there is no lot of {day}"))?;
            let (anchor, units) = (lots[place].anchor, Units(parse(units)?));
            chosen.push(ChosenLot { place: place as u16, anchor, units });
        }
        Ok(chosen)
    }

    fn came(&self, result: Result<(), Refusal>) -> Result<Came, String> {
        Ok(match result {
            Ok(()) => {
                let moved = self.world.heard.iter().rev().find_map(|record| {
                    match decode::<ledger::Event>(&record.bytes) {
                        Ok(ledger::Event::Moved { paths, exemptions, .. })
                            if record.module == types::Module::Ledger =>
                        {
                            Some((exemptions, paths))
                        }
                        _ => None,
                    }
                });
                Came { refusal: None, decision: None, relied: moved }
            }
            Err(Refusal::NotAllowed(judged)) => {
                Came { refusal: Some("NotAllowed".into()), decision: Some(judged.0), relied: None }
            }
            Err(other) => Came::refused(variant(&other)),
        })
    }

    /// Compares what came of a line with what should have.
    fn expect(&self, came: Came, mut words: Words<'_>) -> Result<(), String> {
        let should = next(&mut words, "what should come of it")?;
        let is = match (&came.decision, &came.refusal) {
            (Some(decision), _) => decision
                .reasons
                .iter()
                .map(|reason| format!("{} ({reason})", reason.code.name()))
                .collect::<Vec<_>>()
                .join("; "),
            (None, Some(refusal)) => refusal.clone(),
            (None, None) => "ok".to_owned(),
        };
        let told = || format!("should be {should}, is {is}");
        for code in should.split(',') {
            let is_so = match (&came.decision, &came.refusal) {
                (Some(decision), _) => decision.reasons.iter().any(|reason| says(reason, code)),
                (None, Some(refusal)) => refusal == code,
                (None, None) => code == "ok",
            };
            if !is_so {
                return Err(told());
            }
        }
        while let Some(word) = words.next() {
            let decision = || came.decision.as_ref().ok_or_else(&told);
            match word {
                "until" => {
                    let day = self.moment(next(&mut words, "a day")?)?;
                    same(
                        "until",
                        decision()?.earliest_ok.map(|t| t.to_string()),
                        Some(day.to_string()),
                    )?;
                }
                "never" => same("until", decision()?.earliest_ok, None)?,
                "most" => {
                    let units = number(&mut words)?;
                    same("most", decision()?.max_ok, Some(Units(units)))?;
                }
                "under" => {
                    let id = next(&mut words, "a profile")?;
                    let (exemptions, _) = came.relied.ok_or_else(&told)?;
                    same("under", self.names(self.asset, exemptions).as_str(), id)?;
                }
                "via" => {
                    let path = next(&mut words, "a path")?;
                    let (_, paths) = came.relied.ok_or_else(&told)?;
                    let names: Vec<_> =
                        paths.numbers().filter_map(|path| self.path_name(path)).collect();
                    same("via", names.join("+").as_str(), path)?;
                }
                other => return Err(format!("{other}: what is that?")),
            }
        }
        Ok(())
    }

    /// The names of adopted profiles, in the order of their numbers: `US-REGS2+EU-PR`.
    fn names(&self, asset: AssetId, exemptions: Exemptions) -> String {
        let adopted = |number| compliance::adoption(&self.world.ctx, asset, number);
        let ids: Vec<_> = exemptions.numbers().filter_map(adopted).map(|it| &it.id[..]).collect();
        ids.join("+")
    }

    /// The name of a path: the high byte says whose it is, the low byte its place.
    fn path_name(&self, path: u16) -> Option<String> {
        let (number, place) = (path >> 8, usize::from(path & 0xff).checked_sub(1)?);
        let ctx = &self.world.ctx;
        let names = match number {
            0 => &compliance::POLICIES.read(ctx, &self.asset)?.paths,
            _ => {
                let it = compliance::adoption(ctx, self.asset, number)?;
                &compliance::PROFILES.read(ctx, &(it.id.clone(), it.version))?.paths
            }
        };
        names.get(place).map(|name| name.to_string())
    }

    /// A day, which stands for its start, or a time on it.
    fn moment(&self, word: &str) -> Result<Time, String> {
        let (day, time) = word.split_once('T').unwrap_or((word, "00:00"));
        let date: Date = day.parse()?;
        let time = match clock(time)? {
            (clock, None) => self.days.at(date, clock),
            (clock, Some(ahead)) => {
                let ms = i64::from(date.0) * 86_400_000 + i64::from(clock.0) * 60_000 - ahead;
                u64::try_from(ms).ok().map(Time)
            }
        };
        time.ok_or_else(|| format!("{word}: the calendar does not know this day"))
    }

    fn after(&self, words: &mut Words<'_>, keyword: &str) -> Result<Option<Time>, String> {
        match words.next_if(|word| *word == keyword) {
            Some(_) => self.moment(next(words, "a day")?).map(Some),
            None => Ok(None),
        }
    }

    /// A court's order, which expires on a day if one is named.
    fn given_order(&self, words: &mut Words<'_>) -> Result<Order, String> {
        Ok(Order { expires: self.after(words, "until")?, ..order() })
    }

    /// Who says something for a person: the person itself, unless another is named after `by`.
    fn speaker(&self, words: &mut Words<'_>, person: PersonId) -> Result<PersonId, String> {
        match words.next_if_eq(&"by") {
            Some(_) => self.person(words),
            None => Ok(person),
        }
    }

    /// The day of a moment, as the case counts days.
    fn day(&self, time: Time) -> Date {
        self.days.date(time).unwrap_or(time.date())
    }

    fn person(&self, words: &mut Words<'_>) -> Result<PersonId, String> {
        let name = next(words, "a name")?;
        self.world.people.get(name).copied().ok_or_else(|| format!("who is {name}?"))
    }

    /// An account: a person's first, or a further one by its own name.
    fn account(&self, words: &mut Words<'_>) -> Result<AccountId, String> {
        let known = words.peek().and_then(|word| self.world.accounts.get(*word));
        match known {
            Some(account) => {
                words.next();
                Ok(*account)
            }
            None => self.person(words).map(account),
        }
    }

    fn named_asset(&mut self, words: &mut Words<'_>) -> AssetId {
        let known = words.peek().and_then(|word| self.world.assets.get(*word));
        if let Some((asset, _)) = known {
            self.asset = *asset;
            words.next();
        }
        self.asset
    }
}

fn compliance_issuer(world: &World<'_>, asset: AssetId) -> Result<PersonId, String> {
    let known = world.assets.values().find(|(id, _)| *id == asset);
    known.map(|(_, issuer)| *issuer).ok_or_else(|| "which asset?".to_owned())
}

/// What is previewed is what is executed: the reasons, or the exemptions and the path relied on. Who asks is not
/// previewed. COM-2.
fn agree(
    foreseen: Option<Result<Decision, Refusal>>,
    result: &Result<(), Refusal>,
    relied: Option<(Exemptions, Paths)>,
) -> Result<(), String> {
    const OF_WHO_ASKS: [&str; 4] = ["Trust", "Identity", "Allowance", "SpenderBlocked"];
    let Some(foreseen) = foreseen else { return Ok(()) };
    let told = |reasons: &[Reason]| format!("refused for {reasons:?}");
    let foreseen = match foreseen {
        Ok(it) if it.is_allowed() => {
            format!("done under {:?}", Some((it.exemptions, it.paths.iter().collect::<Paths>())))
        }
        Ok(it) => told(&it.reasons),
        Err(refusal) => variant(&refusal),
    };
    let is = match result {
        Ok(()) => format!("done under {relied:?}"),
        Err(Refusal::NotAllowed(judged)) => told(&judged.0.reasons),
        Err(refusal) if OF_WHO_ASKS.contains(&&variant(refusal)[..]) => return Ok(()),
        Err(refusal) => variant(refusal),
    };
    match foreseen == is {
        true => Ok(()),
        false => Err(format!("COM-2: previewed {foreseen}, carried out {is}")),
    }
}

/// True if a reason has this name, and stands in the way of this path if one is named: `QP:NOT_ELIGIBLE`.
fn says(reason: &Reason, should: &str) -> bool {
    let Some((path, code)) = should.split_once(':') else { return reason.code.name() == should };
    // The path of a profile follows its name.
    let is_on = |of: &String| of.rsplit(": ").next() == Some(path);
    reason.code.name() == code && reason.path.as_ref().is_some_and(is_on)
}

/// `NOT_ELIGIBLE`, as a reason is written everywhere.
fn variant(refusal: &impl std::fmt::Debug) -> String {
    let name = format!("{refusal:?}");
    let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
    name[..end].to_owned()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, is: T, should: T) -> Result<(), String> {
    match is == should {
        true => Ok(()),
        false => Err(format!("{what}: should be {should:?}, is {is:?}")),
    }
}

/// Refuses words that nobody asked for.
fn end(mut words: Words<'_>) -> Result<(), String> {
    words.next().map_or(Ok(()), |word| Err(format!("{word}: what is that?")))
}

fn next<'a>(words: &mut Words<'a>, what: &str) -> Result<&'a str, String> {
    words.next().ok_or_else(|| format!("{what} is missing"))
}

fn no_topic(word: &str) -> String {
    let near = meant(word, topics());
    format!("{word}: no such topic{near}; a topic is named or given by its number")
}

fn topic(words: &mut Words<'_>) -> Result<u32, String> {
    let word = next(words, "a topic")?;
    topic_called(word).ok_or_else(|| no_topic(word))
}

/// Which holders: all, `in US`, `with AI`, `without AI`, `in US with AI`.
fn filter(words: &mut Words<'_>) -> Result<Filter, String> {
    let place = match words.next_if_eq(&"in") {
        Some(_) => Some(country(words)?),
        None => None,
    };
    let has = words.next_if(|word| ["with", "without"].contains(word));
    Ok(match (place, has) {
        (None, None) => Filter::All,
        (Some(place), None) => Filter::Country(place),
        (None, Some("with")) => Filter::With(topic(words)?),
        (None, Some(_)) => Filter::Without(topic(words)?),
        (Some(place), Some("with")) => Filter::CountryWith(place, topic(words)?),
        (Some(place), Some(_)) => Filter::CountryWithout(place, topic(words)?),
    })
}

fn country(words: &mut Words<'_>) -> Result<Country, String> {
    country_called(next(words, "a country")?)
}

fn country_called(word: &str) -> Result<Country, String> {
    word.parse().map_err(|error| format!("{word}: {error}"))
}

/// A time of day, and how many milliseconds its clock is ahead of UTC if it says so: `09:30`, `00:00Z`,
/// `00:00-05:00`.
fn clock(text: &str) -> Result<(Clock, Option<i64>), String> {
    let bad = |error: String| format!("{error}, 00:00Z or 00:00-05:00");
    if let Some(clock) = text.strip_suffix('Z') {
        return Ok((clock.parse().map_err(bad)?, Some(0)));
    }
    let Some(at) = text.find(['+', '-']) else { return Ok((text.parse().map_err(bad)?, None)) };
    let ahead: Clock = text[at + 1..].parse().map_err(bad)?;
    let sign = if text[at..].starts_with('-') { -1 } else { 1 };
    Ok((text[..at].parse().map_err(bad)?, Some(sign * i64::from(ahead.0) * 60_000)))
}

fn number(words: &mut Words<'_>) -> Result<u128, String> {
    parse(next(words, "a number")?)
}

/// `paid 100.00 USD`, if it is said.
fn paid(words: &mut Words<'_>) -> Result<Option<(Currency, u128)>, String> {
    if words.next_if_eq(&"paid").is_none() {
        return Ok(None);
    }
    let amount = number(words)?;
    let currency = next(words, "a currency")?;
    let currency = currency.parse().map_err(|error| format!("{currency}: {error}"))?;
    Ok(Some((currency, amount)))
}

/// `by R144_NA`, if a path is elected.
fn elected(words: &mut Words<'_>) -> Result<Option<Name>, String> {
    match words.next_if_eq(&"by") {
        Some(_) => Ok(Some(Name::from(next(words, "a path")?))),
        None => Ok(None),
    }
}

/// `5000`, `5_000`; `15.00` of a currency with two decimals is 1,500 of its minor units.
fn parse(word: &str) -> Result<u128, String> {
    let bad =
        || format!("{word} is not a number; write 5000, or 15.00 of a currency with two decimals");
    let plain = word.replace('_', "");
    let digits = match plain.split_once('.') {
        Some((whole, minor)) if minor.len() == 2 => format!("{whole}{minor}"),
        Some(_) => return Err(bad()),
        None => plain,
    };
    digits.parse().map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;
    use std::path::Path;

    const PAGE: &str = include_str!("../../../docs/scenarios.md");

    #[test]
    fn the_page_shows_every_verb_and_its_example_comes_out() {
        for verb in Verb::words() {
            let shown = [format!("`{verb} "), format!("`{verb}`")];
            assert!(shown.iter().any(|it| PAGE.contains(it)), "docs/scenarios.md lacks {verb}");
        }
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../profiles"));
        let library = Library::read(folder).unwrap();
        let example = PAGE.split("```").nth(1).and_then(|it| it.strip_prefix("text\n")).unwrap();
        run(&library, None, "the page", example).unwrap();
    }

    #[test]
    fn a_century_and_so_many_people_are_the_most_and_more_is_refused_at_once() {
        let of = |text: &str| run(&Library::default(), None, "case", text).map_err(|it| it.why);
        assert_eq!(LAST_DAY, Date::of(2126, 1, 1).unwrap());
        for (text, why) in [
            ("on 2126-01-02", "until 2126-01-01"),
            ("on 9999-12-31", "until 2126-01-01"),
            ("people p 1000000000 US", "100000 at most"),
            ("people p 100000 US", "99998 more fit"),
            ("approach p1..p1000000000  ok", "more than 100000"),
            ("approach p2..p1  ok", "write p1..p35"),
        ] {
            let told = of(text).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
        assert_eq!(of("people p 3 US\nposition p1..p3 0"), Ok(()));
    }
}
