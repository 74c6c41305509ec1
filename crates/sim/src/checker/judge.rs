//! May this movement have happened? Judged a second time, from the policy as it stands in the state.

use super::{
    book::{Book, Lost},
    duties::Raised,
    fold::{Broken, Within, law},
    lots::{put, take},
    meters::{Bump, What},
    profiles::{all, any},
    wire::*,
};
use std::collections::{BTreeMap, BTreeSet};

const ISSUE: u8 = 6;
const REDEEM: u8 = 7;
const FORCE: u8 = 9;
/// The topic of a claim that stops what comes to a person.
const UNDER_REVIEW: u32 = 11;
/// The places of the venue among sides, and of the offer among scopes.
const VENUE: u8 = 3;
/// What a list names, if it is not wallets.
const PERSONS: u8 = 0;
const OFFER: u8 = 4;
/// The bit of a delegation that covers transfers.
const TRANSFER: u32 = 1;

/// ERC-20's `transferFrom` and ERC-1594's `transferFromWithData`.
const BY_ALLOWANCE: [[u8; 4]; 2] = [[0x23, 0xb8, 0x72, 0xdd], [0xee, 0xe5, 0x34, 0xc2]];

/// Units that moved.
#[derive(Clone)]
pub(super) struct Move {
    pub asset: u64,
    pub class: u32,
    pub from: Option<Account>,
    pub to: Option<Account>,
    pub units: u128,
    /// What its giver gives from here on in all, of a batch that is placed; not known of what a contract does.
    pub giving: Option<u128>,
    /// What is paid for it, in minor units of a currency, if that was stated.
    pub paid: Option<Price>,
    pub cause: Cause,
    pub paths: Vec<u16>,
    /// The adopted profiles relied on.
    pub exemptions: u32,
    pub operator: Wallet,
    /// True if nothing moves: a person is approached.
    pub is_approach: bool,
    /// True if whoever called may have chosen the profile.
    pub may_choose: bool,
    /// The path that its giver elected.
    pub elected: Option<String>,
    /// Units that a hold set free for it.
    pub from_hold: u128,
    /// Since when that stood.
    pub held: Option<u64>,
    /// When clocks that start do: never, if what is issued is not paid.
    pub since: u64,
    /// At which ratio lots that ended go on in what is made.
    pub ratio: Option<Ratio>,
}

impl Move {
    /// A person is approached with an offer.
    pub fn approach(asset: u64, to: Account) -> Self {
        Self {
            asset,
            class: 0,
            from: None,
            to: Some(to),
            units: 0,
            giving: Some(0),
            paid: None,
            cause: Cause::Issue,
            paths: Vec::new(),
            exemptions: 0,
            operator: [0; 20],
            is_approach: true,
            may_choose: false,
            elected: None,
            from_hold: 0,
            held: None,
            since: 0,
            ratio: None,
        }
    }

    /// Nothing moves and nobody is asked about: an asset as it stands.
    pub fn still(asset: u64) -> Self {
        let nobody = Account { person: 0, number: 0 };
        Self { to: None, ..Self::approach(asset, nobody) }
    }

    pub fn is_forced(&self) -> bool {
        matches!(self.cause, Cause::Forced | Cause::ForcedRedeem)
    }

    /// How a policy names the kind: issue, transfer, redeem, forced, and pledges.
    pub fn kind(&self) -> u8 {
        match self.cause {
            _ if self.is_approach => 4,
            Cause::Issue => 0,
            Cause::Transfer | Cause::Hold => 1,
            Cause::Redeem => 2,
            Cause::Forced | Cause::ForcedRedeem => 3,
            Cause::Pledge => 5,
            Cause::RecoursePledge => 6,
            Cause::Exchange => 7,
            Cause::Fee => 8,
        }
    }

    /// True if what a policy says of a kind holds of it: a pledge is a transfer, one with recourse a pledge.
    pub fn is(&self, kind: u8) -> bool {
        match kind {
            1 => matches!(self.kind(), 1 | 5 | 6 | 8),
            0 => matches!(self.kind(), 0 | 7),
            5 => matches!(self.kind(), 5 | 6),
            kind => self.kind() == kind,
        }
    }

    /// What is paid in a currency.
    fn paid_in(&self, currency: &[u8; 3]) -> Option<u128> {
        self.paid.as_ref().filter(|price| price.currency == *currency).map(|price| price.paid)
    }

    fn persons(&self, side: u8) -> impl Iterator<Item = u64> {
        self.accounts(side).map(|account| account.person)
    }

    fn accounts(&self, side: u8) -> impl Iterator<Item = Account> {
        let (from, to) = (self.from.filter(|_| side != 1), self.to.filter(|_| side != 0));
        from.into_iter().chain(to)
    }

    /// Whose facts and lists are meant.
    fn subject(&self, about: u8) -> Subject {
        if about == 0 { Subject::Asset(self.asset) } else { Subject::Network }
    }
}

/// Units that go out of a lot, and what they are stamped with.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    pub place: usize,
    pub units: u128,
    pub paths: Vec<u16>,
    pub restart: bool,
    pub keeps: u32,
    pub freed: u32,
}

/// What rules that hold say of a movement.
#[derive(Clone, Debug)]
pub(super) struct Relied {
    /// The paths relied on: the law in the high byte, of each law one.
    pub paths: Vec<u16>,
    /// The laws whose recorded choice was met, and how deep within guards and negations the reader is: there none is.
    pub met: Vec<u16>,
    pub guards: u32,
    /// Whether a choice was met that offers what was elected, and whether it was relied on.
    pub is_offered: bool,
    pub is_elected: bool,
    /// Whether clocks start anew.
    pub restart: bool,
    /// Whether units come free of the profile that is read.
    pub free: bool,
    /// The adopted profiles relied on, and those that what is issued stays under.
    pub exemptions: u32,
    pub keeps: u32,
    /// The lots that go, where profiles say which.
    pub picks: Option<Vec<Pick>>,
    /// How many paths they were picked by.
    pub of_lots: usize,
    /// The lots that rules look at, if not all, and what of the price falls on them, if not all of it.
    pub narrowed: Option<Vec<Lot>>,
    pub share: Option<u128>,
    pub bumps: Vec<Bump>,
    /// Approvals that are used: of what, as one of which list, whose, and how much of each.
    pub spends: Vec<(Intended, u32, u64, u128)>,
    /// What is owed because of it.
    pub duties: Vec<Raised>,
    /// Profiles that were not read to the end.
    pub unread: BTreeSet<String>,
    /// The profiles that let it pass, by name.
    pub by: Vec<String>,
    /// False if some rule could not be read on which the lots' stamps depend.
    pub is_known: bool,
}

impl Default for Relied {
    fn default() -> Self {
        let (restart, free, exemptions, keeps) = (false, false, 0, 0);
        let (paths, bumps, spends, duties) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (picks, of_lots, narrowed, share) = (None, 0, None, None);
        let (unread, by, is_known) = (BTreeSet::new(), Vec::new(), true);
        let (met, guards, is_offered, is_elected) = (Vec::new(), 0, false, false);
        Self {
            paths,
            met,
            guards,
            is_offered,
            is_elected,
            restart,
            free,
            exemptions,
            keeps,
            picks,
            of_lots,
            narrowed,
            share,
            bumps,
            spends,
            duties,
            unread,
            by,
            is_known,
        }
    }
}

/// What a guard or a path that fails would have said does not count.
#[derive(Clone, Copy)]
struct Kept(usize, bool, bool, usize, usize, usize);

impl Relied {
    /// Remembers paths of laws of which none was recorded before.
    pub fn go_by(&mut self, paths: &[u16]) {
        for path in paths {
            if self.paths.iter().all(|other| other >> 8 != path >> 8) {
                self.paths.push(*path);
            }
        }
    }

    pub fn cannot_read(&mut self, profile: &str) {
        self.unread.insert(profile.to_owned());
        self.is_known = false;
    }

    fn kept(&self) -> Kept {
        let (bumps, spends, duties) = (self.bumps.len(), self.spends.len(), self.duties.len());
        Kept(self.paths.len(), self.restart, self.free, bumps, spends, duties)
    }

    fn restore(&mut self, Kept(paths, restart, free, bumps, spends, duties): Kept) {
        (self.restart, self.free) = (restart, free);
        self.paths.truncate(paths);
        self.bumps.truncate(bumps);
        self.spends.truncate(spends);
        self.duties.truncate(duties);
    }
}

/// Of several paths of one law the first, by law.
fn of_each_law(paths: &[u16]) -> Vec<u16> {
    let mut first = Relied::default();
    first.go_by(paths);
    first.paths.sort_unstable();
    first.paths
}

/// Whose rules are read.
#[derive(Clone, Copy)]
pub(super) struct Voice<'a> {
    /// The profile's name, empty for the asset's own policy.
    pub profile: &'a str,
    /// The number under which it was adopted; 0 for the policy, none for who names no paths.
    pub number: Option<u16>,
    /// The calendar by which it counts days, if it is not UTC.
    pub calendar: Option<&'a str>,
}

impl<'a> Voice<'a> {
    pub fn of(text: &'a Profile, number: Option<u16>) -> Self {
        Self { profile: &text.id, number, calendar: text.calendar.as_deref() }
    }
}

impl Book {
    pub(super) fn moved(&mut self, m: &Move, within: &Within) -> Result<(), Broken> {
        let what = format!("{:?} of {} units of asset {}", m.cause, m.units, m.asset);
        for account in [m.from, m.to].into_iter().flatten() {
            law!(
                self.accounts.contains_key(&account),
                "I-14 {what} touches {account:?}, opened by nobody"
            );
        }
        self.ledger_allows(m, &what)?;
        self.network_allows(m, &what)?;
        let relied = self.issuer_allows(m, &what)?;
        self.caller_may(m, within, &what)?;
        if m.units > 0 && m.from != m.to {
            self.carry_out(m, &relied)?;
            self.follow(relied);
        } else {
            self.law.unread.extend(relied.unread);
        }
        self.judged += 1;
        Ok(())
    }

    /// Halts, freezes, balances, the authorised supply. I-01, I-05, I-17.
    fn ledger_allows(&mut self, m: &Move, what: &str) -> Result<(), Broken> {
        let (_, class_frozen) =
            *self.classes.get(&(m.asset, m.class)).ok_or(format!("{what}: no such class"))?;
        let asset = self.asset(m.asset)?;
        let (status, authorised) = (asset.status, asset.authorised);
        let issued = asset.minted - asset.burned;
        law!(status != 2, "I-17 {what}: the asset is closed");
        let is_converting = self.conversions.contains_key(&m.asset);
        law!(!is_converting, "LED-10 {what}: the asset is being converted");
        law!(m.is_forced() || (status == 0 && !class_frozen), "I-17 {what}: trading is halted");
        let mut parties = m.persons(2);
        let is_frozen = parties.any(|person| self.is_frozen(m.asset, person));
        law!(m.is_forced() || !is_frozen, "I-17 {what}: a party is frozen");
        let is_own_will = matches!(m.cause, Cause::Transfer | Cause::Redeem);
        let from = m.from.filter(|_| !m.is_forced());
        let waits = from.is_some_and(|from| match is_own_will {
            true => self.recoveries.contains_key(&from),
            false => self.delivered_from(&from, m.held).is_some_and(|at| self.now < at),
        });
        law!(!waits, "I-35, LED-11 {what} out of an account in dispute");
        let has_died = m.from.is_some_and(|from| self.has_died(from.person));
        law!(!is_own_will || !has_died, "IDY-7 {what} by the will of the dead");
        match m.from {
            None => {
                let after = issued.checked_add(m.units).ok_or(format!("I-01 {what} overflows"))?;
                law!(after <= authorised, "I-01 {what}: {after} of {authorised} authorised");
            }
            Some(from) => {
                let at = self.positions.get(&(m.asset, m.class, from));
                let at = at.cloned().unwrap_or_default();
                // A hold sets its own units free, not frozen ones; an order takes frozen ones too.
                let unheld = (at.units - at.held) + m.from_hold.min(at.held);
                let frozen = if m.is_forced() { 0 } else { at.frozen(self.now) };
                let free = unheld.saturating_sub(frozen);
                law!(free >= m.units, "I-05 {what}: {free} of {} free", at.units);
            }
        }
        Ok(())
    }

    /// Those recoveries of an account that are its last dispute, and when the one before that began: of one dispute are
    /// those that begin within four delays of its first, and within two of the last that brought a new wallet.
    fn last_dispute(&self, account: &Account) -> Option<(&[Lost], Option<u64>)> {
        let all = self.lost.get(account)?;
        let delay = self.recovery_delay_ms;
        let (mut first, mut before) = (0, None);
        for (place, lost) in all.iter().enumerate().skip(1) {
            let is_settled = |it: &Lost| lost.begun >= it.begun + 2 * delay;
            let is_over = completed(&all[first..place]).is_some_and(is_settled);
            if is_over || lost.begun >= all[first].begun + 4 * delay {
                (first, before) = (place, Some(all[first].begun));
            }
        }
        Some((&all[first..], before))
    }

    /// As the chain keeps it: when it began, when the one before did, and when a new wallet came and could.
    pub(super) fn dispute(&self, account: &Account) -> Option<Dispute> {
        let (last, before) = self.last_dispute(account)?;
        let came = |it: &Lost| Some((it.over?.0, it.begun + self.recovery_delay_ms));
        let recovered = completed(last).and_then(came);
        Some(Dispute { begun: last[0].begun, before, recovered })
    }

    /// From when on what was held of an account at a time is delivered: its last recovery's delay after that was begun,
    /// and a delay more where a lost key may have held it; four delays at most, and at once what waited before.
    fn delivered_from(&self, account: &Account, held: Option<u64>) -> Option<u64> {
        let delay = self.recovery_delay_ms;
        let (last, before) = self.last_dispute(account)?;
        let (begun, latest, done) = (last[0].begun, last.last()?, completed(last));
        let is_young = held.is_some_and(|held| held + delay > begun);
        let is_settled = held.is_some() && !is_young && done.is_some();
        if is_settled || held.zip(before).is_some_and(|(held, before)| held <= before) {
            return None;
        }
        let came = done.and_then(|it| it.over).map(|(at, _)| at);
        let is_of_lost = is_young && held.zip(came).is_none_or(|(held, came)| held < came);
        let (recovery, is_doubted) = match latest.over {
            None => (latest, is_young),
            Some(_) => (done.filter(|_| is_of_lost)?, true),
        };
        let end = recovery.begun + if is_doubted { 2 * delay } else { delay };
        Some(end.min(held.unwrap_or(begun).max(begun) + 4 * delay))
    }

    /// Registered, active, not sanctioned, due diligence current. I-09, I-10.
    fn network_allows(&self, m: &Move, what: &str) -> Result<(), Broken> {
        for person in m.persons(if m.is_forced() { 1 } else { 2 }) {
            law!(self.is_free(person), "I-09 {what}: person {person} is unknown or suspended");
            law!(!self.is_sanctioned(person), "I-09 {what}: person {person} is sanctioned");
            let is_known = self.is_verified(person) || self.has_died(person);
            law!(is_known, "I-09 {what}: person {person} has no current KYC");
        }
        let human = |side: &Option<Account>| side.map(|it| self.human(it.person));
        let is_internal = m.from.is_some() && human(&m.from) == human(&m.to);
        for person in m.persons(1) {
            law!(!self.has_died(person), "IDY-7 {what}: person {person} has died");
            let is_reviewed = self.is_said(person, UNDER_REVIEW, 0, &[]);
            law!(is_internal || !is_reviewed, "I-17 {what}: person {person} is under review");
        }
        Ok(())
    }

    /// The law of jurisdictions, the asset's own rules, the venue's; what counts and sums is judged per transaction.
    fn issuer_allows(&mut self, m: &Move, what: &str) -> Result<Relied, Broken> {
        let mut relied = Relied::default();
        let is_internal = m
            .from
            .zip(m.to)
            .is_some_and(|(from, to)| self.human(from.person) == self.human(to.person));
        if m.is_forced() {
            law!(m.paths.is_empty(), "I-09 {what}: a path of an order");
            self.law_allows(m, &mut relied, what)?;
            return Ok(relied);
        }
        law!(self.policies.contains_key(&m.asset), "I-09 {what}: the asset has no policy");
        if is_internal {
            let is_plain = m.paths.is_empty() && m.exemptions == 0;
            law!(is_plain, "I-09 {what}: a path within one person");
            let is_as_said = m.elected.is_none() || m.held.is_some();
            law!(is_as_said, "N7 {what}: a path elected where no law is asked");
            return Ok(relied);
        }
        self.law_allows(m, &mut relied, what)?;
        match self.policy(m.asset) {
            None => {
                self.unjudged += 1;
                relied.paths.clone_from(&m.paths);
                // What its rules add up is not known.
                relied.cannot_read("");
            }
            Some(policy) => {
                let calendar = policy.calendar.as_deref();
                let voice = Voice { profile: "", number: Some(0), calendar };
                for rule in &policy.rules {
                    law!(
                        self.passes(rule, m, voice, &mut relied, false) != Some(false),
                        "I-09 {what} from {:?} to {:?}: against {rule:?}",
                        m.from,
                        m.to
                    );
                }
                if let Some((contract, _)) = policy.contract {
                    let is_even = m.units.is_multiple_of(2);
                    let agrees = self.even_contracts.contains(&contract) && is_even;
                    law!(agrees, "I-09 {what}: the issuer's contract cannot have agreed");
                }
            }
        }
        self.venue_allows(m, &mut relied, what)?;
        // Each lot goes by the paths of its own profiles, and by those of what binds all of them.
        let of_all = relied.paths[relied.of_lots..].to_vec();
        for pick in relied.picks.iter_mut().flatten() {
            pick.paths.extend_from_slice(&of_all);
            pick.paths = of_each_law(&pick.paths);
        }
        relied.paths = of_each_law(&relied.paths);
        let as_elected = m.elected.is_none() || relied.is_elected || !relied.is_known;
        law!(as_elected, "N7 {what}: not by {:?}, which was elected", m.elected);
        let is_so = !relied.is_known || relied.paths == m.paths;
        let by = &relied.by;
        law!(
            is_so,
            "I-09 {what}: paths {:?} relied on, not {:?}, by {by:?}",
            m.paths,
            relied.paths
        );
        let is_so = !relied.is_known || relied.exemptions == m.exemptions;
        let told = m.exemptions;
        law!(is_so, "I-08 {what}: under {told:b}, should be {:b}", relied.exemptions);
        relied.paths.clone_from(&m.paths);
        Ok(relied)
    }

    /// Do all hold of a movement, as what a guard asks does?
    pub(super) fn all_bar(
        &self,
        rules: &[Rule],
        m: &Move,
        voice: Voice<'_>,
        relied: &mut Relied,
    ) -> Option<bool> {
        let kept = relied.kept();
        relied.guards += 1;
        let answers: Vec<_> =
            rules.iter().map(|rule| self.passes(rule, m, voice, relied, true)).collect();
        relied.guards -= 1;
        relied.restore(kept);
        all(answers)
    }

    pub(super) fn all_pass(
        &self,
        rules: &[Rule],
        m: &Move,
        voice: Voice<'_>,
        relied: &mut Relied,
    ) -> Option<bool> {
        // Every rule is asked, for what it says of clocks.
        let answers: Vec<_> =
            rules.iter().map(|rule| self.passes(rule, m, voice, relied, false)).collect();
        all(answers)
    }

    /// The persons on a side; an inner none if it is the venue's and there is none.
    fn sides(&self, m: &Move, side: u8) -> Option<Vec<u64>> {
        match side {
            VENUE => self.venue(m).map(|venue| vec![venue]),
            side => Some(m.persons(side).collect()),
        }
    }

    /// Does a rule hold of a movement? Nothing is known of what is judged per transaction, or not read here.
    ///
    /// What bars a movement if it is so, within what is negated or a guard, is so of any number of the human; what
    /// lets it pass, of the number that moves.
    fn passes(
        &self,
        rule: &Rule,
        m: &Move,
        voice: Voice<'_>,
        relied: &mut Relied,
        bars: bool,
    ) -> Option<bool> {
        let passes = self.is_so(rule, m, voice, relied, bars);
        if let Some(passes) = passes {
            self.note(rule.kind(), passes);
        }
        passes
    }

    fn is_so(
        &self,
        rule: &Rule,
        m: &Move,
        voice: Voice<'_>,
        relied: &mut Relied,
        bars: bool,
    ) -> Option<bool> {
        let asset = m.asset;
        let says = |person: u64, topic: u32, any: bool| {
            !self.said_of(m, person, topic, &[], any).is_empty()
        };
        let days = self.days(voice.calendar);
        // Old enough since then, and not dated too far back.
        let is_of_age = |(since, dated): (u64, u64), min: &Span, max: &Option<Span>| {
            let is_young = if min.is_zero() {
                Some(false)
            } else {
                days.is_over(min, since, self.now).map(|it| !it)
            };
            let is_old = max.as_ref().map_or(Some(false), |age| days.is_past(age, dated, self.now));
            Some(!is_young? && !is_old?)
        };
        match rule {
            Rule::Claim { side, topic, at_least, at_most, providers, min_age, max_age } => {
                let Some(persons) = self.sides(m, *side) else { return Some(false) };
                let is_meant =
                    |value| value >= *at_least && at_most.is_none_or(|most| value <= most);
                let is_one = |person: u64| {
                    let said = self.all_said_of(m, person, *topic, providers, bars).into_iter();
                    let meant = said.filter(|said| is_meant(said.value));
                    any(meant.map(|it| is_of_age((it.issued, it.dated), min_age, max_age)))
                };
                let passes = all(persons.into_iter().map(is_one));
                if passes.is_none() {
                    relied.cannot_read(voice.profile);
                }
                passes
            }
            Rule::Countries { side, mode, countries } => {
                let persons = match self.sides(m, *side) {
                    None if *mode == 0 => return Some(false),
                    persons => persons.unwrap_or_default(),
                };
                Some(persons.into_iter().all(|person| {
                    let at_home =
                        self.persons.get(&person).is_some_and(|p| countries.contains(&p.residence));
                    at_home == (*mode == 0)
                }))
            }
            Rule::List { side, mode, list, subject: PERSONS, about } => {
                let persons = match self.sides(m, *side) {
                    None if *mode == 0 => return Some(false),
                    persons => persons.unwrap_or_default(),
                };
                let about = m.subject(*about);
                Some(persons.into_iter().all(|person| {
                    let is_any = bars != (*mode != 0);
                    let numbers = if is_any { self.numbers(person) } else { vec![person] };
                    let is_listed = |it: &u64| self.is_listed(about, *list, Entry::Person(*it));
                    numbers.iter().any(is_listed) == (*mode == 0)
                }))
            }
            // Of an account the wallet that owns it now, which no approach names.
            Rule::List { side, mode, list, about, .. } => {
                let wallets: Vec<Wallet> = match *side {
                    VENUE if self.venue(m).is_none() && *mode == 0 => return Some(false),
                    VENUE => self.venue(m).map(|_| m.operator).into_iter().collect(),
                    _ if m.is_approach => Vec::new(),
                    side => m.accounts(side).map(|it| self.accounts[&it]).collect(),
                };
                let is_listed = |it| self.is_listed(m.subject(*about), *list, Entry::Wallet(it));
                Some(wallets.into_iter().all(|wallet| is_listed(wallet) == (*mode == 0)))
            }
            Rule::Count { .. } | Rule::Holding { .. } => None,
            Rule::Lot { days, months, free_to, inherit } => {
                let restarts = match inherit {
                    Inherit::Keep => false,
                    Inherit::Restart => true,
                    Inherit::RestartIfFrom(topic) => {
                        m.kind() != 6 && m.from.is_some_and(|it| says(it.person, *topic, true))
                    }
                };
                let is_free = |to: u64| free_to.iter().any(|topic| says(to, *topic, bars));
                // The clock of what the issuer places begins with that.
                let is_placed = m.from.is_some_and(|it| it.person == self.issuer(m.asset));
                let is_asked = m.is(1) && !is_placed;
                relied.restart |= is_asked && restarts;
                match is_asked {
                    false => Some(true),
                    true => self.is_unlocked((m, voice), (*days, *months), relied, is_free),
                }
            }
            Rule::Window { opens, closes } => Some(
                opens.is_none_or(|opens| opens <= self.now)
                    && closes.is_none_or(|closes| self.now < closes),
            ),
            Rule::Kind(kind) => Some(m.is(*kind)),
            // Every rule is asked, for what it says of clocks.
            Rule::All(rules) => {
                let passed: Vec<_> =
                    rules.iter().map(|rule| self.passes(rule, m, voice, relied, bars)).collect();
                all(passed)
            }
            Rule::Any(paths) => {
                let law =
                    voice.number.filter(|law| relied.guards == 0 && !relied.met.contains(law));
                relied.met.extend(law);
                let elected = m.elected.as_ref().filter(|_| law.is_some());
                let elected = elected.filter(|it| paths.iter().any(|(name, _)| name == *it));
                relied.is_offered |= elected.is_some();
                let kept = relied.kept();
                let mut is_unsure = false;
                for (name, rule) in paths {
                    if elected.is_some_and(|elected| elected != name) {
                        continue;
                    }
                    relied.restore(kept);
                    match self.passes(rule, m, voice, relied, bars) {
                        Some(true) if is_unsure => {
                            relied.cannot_read(voice.profile);
                            return Some(true);
                        }
                        Some(true) => {
                            // Of one law the outermost choice, and of several the first.
                            // Its number is not known before the state was seen with the law that offers it.
                            match law.map(|law| self.law.path(m.asset, law, name)) {
                                Some(Some(path)) => relied.paths.push(path),
                                Some(None) => relied.cannot_read(voice.profile),
                                None => {}
                            }
                            relied.is_elected |= elected.is_some();
                            if elected.is_some() {
                                self.note_form("elected path");
                            }
                            return Some(true);
                        }
                        Some(false) => {}
                        None => is_unsure = true,
                    }
                }
                relied.restore(kept);
                if is_unsure {
                    relied.cannot_read(voice.profile);
                    return None;
                }
                Some(false)
            }
            Rule::Not(rule) => {
                let kept = relied.kept();
                relied.guards += 1;
                let passed = self.passes(rule, m, voice, relied, !bars);
                relied.guards -= 1;
                relied.restore(kept);
                passed.map(|passed| !passed)
            }
            Rule::When { guard, then } => {
                let kept = relied.kept();
                relied.guards += 1;
                let applies = self.passes(guard, m, voice, relied, !bars);
                relied.guards -= 1;
                relied.restore(kept);
                match applies {
                    Some(false) => Some(true),
                    Some(true) => self.passes(then, m, voice, relied, bars),
                    None => {
                        relied.cannot_read(voice.profile);
                        None
                    }
                }
            }
            Rule::Fact { about, fact, at_least, at_most, min_age, max_age } => {
                let Some(known) = self.fact(m, *about, fact) else { return Some(false) };
                let Fact { value, since, .. } = *known;
                if value < *at_least || at_most.is_some_and(|most| value > most) {
                    return Some(false);
                }
                let fits = is_of_age((since, since), min_age, max_age);
                if fits.is_none() {
                    relied.cannot_read(voice.profile);
                }
                fits
            }
            Rule::Compare { left, is, right } => {
                let Some(after) = self.both(left, right, m) else {
                    relied.cannot_read(voice.profile);
                    return None;
                };
                let Some(after) = after else { return Some(false) };
                let may_ease = !bars && !m.is_approach && is_of_held(left, right);
                if compared(after, *is, bars) || !may_ease {
                    return Some(compared(after, *is, bars));
                }
                // What was out of bounds before may stay so, and come nearer.
                let before = self.both(left, right, &Move { units: 0, ..m.clone() }).flatten();
                Some(before.is_some_and(|before| {
                    let beyond = |it| beyond(it, *is);
                    !compared(before, *is, false) && beyond(after) <= beyond(before)
                }))
            }
            Rule::Persons { meter, scope, by, period, max } => {
                let Some(to) = m.to else { return Some(true) };
                if *scope == OFFER && !self.is_of_offer(m) {
                    return Some(true);
                }
                let whose = self.whose(by, m)[0];
                let found = self.meter((meter, *scope, whose), period, m, voice);
                let (Some(found), Some(max)) = (found, self.value(max, m, bars)) else {
                    relied.cannot_read(voice.profile);
                    return None;
                };
                let Some(((key, since), max)) = found.zip(max) else { return Some(false) };
                let person = self.human(to.person);
                let is_new = !self.was_counted(&key, person, since);
                let after = self.total(&key, since) + u128::from(is_new);
                let (today, what) = (days.date(self.now)?, What::Person(person));
                relied.bumps.push(Bump { key, since, today, what });
                Some(!is_new || after <= max)
            }
            Rule::Counted { meter, scope, by } => {
                let Some(to) = m.to else { return Some(true) };
                let whose = self.whose(by, m)[0];
                let found = self.meter((meter, *scope, whose), &Window::Ever, m, voice)?;
                let person = self.human(to.person);
                Some(found.is_some_and(|(key, since)| self.was_counted(&key, person, since)))
            }
            Rule::Amount { meter, of, scope, by, period, max } => {
                if *scope == OFFER && !self.is_of_offer(m) {
                    return Some(true);
                }
                let moving = |lots: &Vec<Lot>| lots.iter().map(|lot| lot.units).sum();
                let moving = relied.narrowed.as_ref().map_or(m.units, moving);
                let more = match of {
                    Measure::Units => Some(moving),
                    Measure::Movements => Some(1),
                    // Nothing is sold.
                    Measure::Paid(_) if matches!(m.cause, Cause::Exchange | Cause::Fee) => Some(0),
                    Measure::Paid(currency) => {
                        m.paid_in(currency).map(|all| relied.share.unwrap_or(all))
                    }
                };
                // What is not told in that currency is refused.
                let Some(more) = more else { return Some(false) };
                let each = self.whose(by, m).into_iter();
                let found: Option<Option<Vec<_>>> = each
                    .map(|it| self.meter((meter, *scope, it), period, m, voice))
                    .collect::<Option<Vec<_>>>()
                    .map(|all| all.into_iter().collect());
                let max = match max {
                    Some(max) => self.value(max, m, bars),
                    None => Some(Some(u128::MAX)),
                };
                let (Some(found), Some(max)) = (found, max) else {
                    relied.cannot_read(voice.profile);
                    return None;
                };
                let Some((keys, max)) = found.zip(max) else { return Some(false) };
                let fits = keys.iter().all(|(key, since)| {
                    let pending = relied.bumps.iter().filter(|bump| bump.key == *key);
                    let pending = pending.map(|bump| match bump.what {
                        What::Amount(amount) | What::Units(amount) => amount,
                        What::Person(_) => 0,
                    });
                    let pending = pending.fold(0, u128::saturating_add);
                    let after = self.total(key, *since).saturating_add(pending);
                    after.saturating_add(more) <= max || more == 0
                });
                let what = match of {
                    Measure::Units => What::Units(more),
                    Measure::Paid(_) | Measure::Movements => What::Amount(more),
                };
                // Whatever groups it is in, what a member does it does once.
                let alone = keys.iter().min_by_key(|(_, since)| *since).and_then(|(key, since)| {
                    let Of::Member(_, person) = key.of else { return None };
                    Some((MeterKey { of: Of::Person(person), ..key.clone() }, *since))
                });
                let all = alone.into_iter().chain(keys).filter(|_| fits);
                let today = days.date(self.now)?;
                relied.bumps.extend(all.map(|(key, since)| Bump { key, since, today, what }));
                Some(fits)
            }
            Rule::Pair { topic, between, lookback } => {
                let issuer = Some(self.issuer(asset));
                let [from, to] = [m.from, m.to].map(|side| side.map(|it| it.person));
                let of = |person| if bars { self.numbers(person) } else { vec![person] };
                let names = |side: Option<u64>, other: Option<u64>| {
                    let Some((side, other)) = side.zip(other) else { return Some(false) };
                    let others = of(other);
                    let said = self.said_of(m, side, *topic, &[], bars);
                    if lookback.is_zero() || said.iter().any(|value| others.contains(value)) {
                        return Some(said.iter().any(|value| others.contains(value)));
                    }
                    let numbers = of(side).into_iter();
                    let before = numbers.flat_map(|number| self.said_before(number, *topic));
                    any(before.filter(|(value, _)| others.contains(value)).map(|(_, end)| {
                        self.note_form("lookback");
                        days.is_over(lookback, end, self.now).map(|is_over| !is_over)
                    }))
                };
                let passes = match between {
                    0 => any([names(from, to), names(to, from)]),
                    1 => any([Some(from == issuer), names(from, issuer)]),
                    _ => any([Some(to == issuer), names(to, issuer)]),
                };
                if passes.is_none() {
                    relied.cannot_read(voice.profile);
                }
                passes
            }
            Rule::Approvals(steps) => {
                let [from, to] = [m.from, m.to].map(|side| side.map(|it| it.person));
                let given = |units| {
                    let key = Intended { asset, from, to, units };
                    (key, self.law.approvals.get(&key).map(Vec::as_slice).unwrap_or_default())
                };
                let (exactly, mut left) = given(m.units);
                let (in_parts, by_part) = given(0);
                for step in steps {
                    let (list, count) = match step {
                        Step::Sender | Step::Receiver => (0, 1),
                        Step::Of { list, count } => (*list, usize::from(*count)),
                    };
                    let human = |side: Option<u64>| side.map(|side| self.human(side));
                    let counts = |(of, by, until, rest): &(u32, u64, u64, u128), needed| {
                        let is_good = self.now < *until && *rest >= needed && *of == list;
                        is_good
                            && match step {
                                Step::Sender => human(from) == human(Some(*by)),
                                Step::Receiver => human(to) == human(Some(*by)),
                                Step::Of { .. } => {
                                    let is_asked = steps.iter().any(|step| {
                                        let side = match step {
                                            Step::Sender => from,
                                            Step::Receiver => to,
                                            Step::Of { .. } => None,
                                        };
                                        side.is_some() && human(side) == human(Some(*by))
                                    });
                                    let by = Entry::Person(*by);
                                    !is_asked && self.is_listed(Subject::Asset(asset), list, by)
                                }
                            }
                    };
                    let mut good = BTreeSet::new();
                    // One human fills one step of a movement, and what it is relied on for is used.
                    let mut take = |key: Intended, one: &(u32, u64, u64, u128), needed| {
                        let by = self.human(one.1);
                        let fills_another =
                            |it: &(_, u32, u64, _)| it.1 != list && self.human(it.2) == by;
                        if !relied.spends.iter().any(fills_another) && good.insert(by) {
                            let spent = (key, list, one.1, needed);
                            if !relied.spends.contains(&spent) {
                                relied.spends.push(spent);
                            }
                        }
                        good.len()
                    };
                    let mut have = 0;
                    while have < count
                        && let Some((one, rest)) = left.split_first()
                    {
                        left = rest;
                        if counts(one, 1) {
                            have = take(exactly, one, 1);
                        }
                    }
                    for one in by_part.iter().filter(|_| steps.len() == 1) {
                        if have < count && counts(one, m.units) {
                            have = take(in_parts, one, m.units);
                        }
                    }
                    if have < count {
                        return Some(false);
                    }
                }
                Some(true)
            }
            Rule::Effect(effect) => {
                self.note_form(effect.form());
                match effect {
                    Effect::Free => relied.free = true,
                    Effect::Restart => relied.restart = true,
                    Effect::Fee { .. } => {}
                    Effect::Duty { duty, due, roll } => {
                        let due = match due.hours {
                            0 => days.date(self.now).and_then(|day| days.due(due, *roll, day)),
                            _ => days.after(due, self.now),
                        };
                        let Some(due) = due else {
                            relied.cannot_read(voice.profile);
                            return None;
                        };
                        relied.duties.push((asset, voice.profile.to_owned(), duty.clone(), due));
                    }
                }
                Some(true)
            }
            Rule::Because { rule, .. } => self.passes(rule, m, voice, relied, bars),
            Rule::By { profile, version } => {
                let Some(text) = self.law.text(profile, *version) else {
                    relied.cannot_read(profile);
                    relied.cannot_read(voice.profile);
                    return None;
                };
                let voice = Voice { number: voice.number, ..Voice::of(text, None) };
                let answers: Vec<_> = text
                    .resale
                    .iter()
                    .map(|rule| self.passes(rule, m, voice, relied, bars))
                    .collect();
                all(answers)
            }
            Rule::Recurring(window) => {
                let is_open = days.is_open(window, self.now);
                if is_open.is_none() {
                    relied.cannot_read(voice.profile);
                }
                is_open
            }
        }
    }

    fn is_listed(&self, about: Subject, list: u32, entry: Entry) -> bool {
        let listed = self.lists.get(&(about, list, entry));
        listed.is_some_and(|(from, until)| (*from..*until).contains(&self.now))
    }

    /// True if it is part of an offer: an approach, or a placement with another than the issuer.
    fn is_of_offer(&self, m: &Move) -> bool {
        let issuer = self.issuer(m.asset);
        let is_placed = m.is(0) || m.from.is_some_and(|from| from.person == issuer);
        let is_to_issuer = m.to.is_some_and(|to| to.person == issuer);
        m.is_approach || is_placed && m.cause != Cause::Exchange && !is_to_issuer
    }

    /// A fact that is true now.
    fn fact(&self, m: &Move, about: u8, fact: &str) -> Option<&Fact> {
        let known = self.law.facts.get(&(m.subject(about), fact.to_owned()));
        known.filter(|known| known.since <= self.now && self.now < known.until)
    }

    /// An amount: an inner none if it is not said, an outer one if it is not read here.
    fn value(&self, limit: &Limit, m: &Move, up: bool) -> Option<Option<u128>> {
        let best = |limits: &[Limit], better: fn(u128, u128) -> u128| {
            let values: Option<Vec<_>> = limits.iter().map(|it| self.value(it, m, up)).collect();
            let values: Option<Vec<u128>> = values?.into_iter().collect();
            Some(values.and_then(|values| values.into_iter().reduce(better)))
        };
        self.note_form(limit.form());
        Some(match limit {
            Limit::Number(number) => Some(*number),
            Limit::Claim { side, topic } => {
                let person = self.sides(m, *side).and_then(|persons| persons.first().copied());
                // Of several words the least of what bounds counts, the most of what is bounded.
                let best = |mut values: Vec<u64>| {
                    values.sort_unstable();
                    if up { values.last().copied() } else { values.first().copied() }
                };
                let said = |any| person.and_then(|it| best(self.said_of(m, it, *topic, &[], any)));
                said(false).and(said(true)).map(u128::from)
            }
            Limit::Fact { about, fact } => self.fact(m, *about, fact).map(|known| known.value),
            Limit::Holders(filter) => {
                Some(self.count_others(m.asset, self.holdings(m.asset), filter))
            }
            // Of the class that moves; where none does, of that which most hold.
            Limit::HoldersOfClass(filter) => {
                let all = self.holdings_by_class(m.asset).into_iter();
                let meant = all.filter(|(class, _)| m.is_approach || *class == m.class);
                let counts = meant.map(|(_, held)| self.count_others(m.asset, held, filter));
                Some(counts.max().unwrap_or(0))
            }
            Limit::Outstanding => Some(self.outstanding(m.asset, None)),
            Limit::OutstandingOfClass => {
                Some(self.outstanding(m.asset, Some(m.class))).filter(|_| !m.is_approach)
            }
            Limit::Units => Some(m.units),
            Limit::Paid => m.paid.as_ref().map(|price| price.paid),
            Limit::PaidIn(currency) => m.paid_in(currency),
            Limit::Held(filter) => Some(self.held_together(m, filter)?),
            Limit::Sum(limits) => return best(limits, u128::saturating_add),
            Limit::Least(limits) => return best(limits, u128::min),
            Limit::Greatest(limits) => return best(limits, u128::max),
            Limit::Part { part, of } => self.value(of, m, up)?.map(|whole| {
                let down = super::limits::part_of(whole, *part);
                let is_whole = (whole % 10_000 * u128::from(*part)).is_multiple_of(10_000);
                down + u128::from(up && !is_whole)
            }),
            Limit::If { less, than, then, otherwise } => {
                let is_less = |up| {
                    let pair = self.value(less, m, up)?.zip(self.value(than, m, !up)?);
                    Some(pair.map(|(less, than)| less < than))
                };
                match is_less(true)?.zip(is_less(false)?) {
                    None => None,
                    Some((true, _)) => return self.value(then, m, up),
                    Some((_, false)) => return self.value(otherwise, m, up),
                    // Some of what is said is less and some is not.
                    Some((false, true)) => {
                        let (one, other) =
                            (self.value(then, m, up)?, self.value(otherwise, m, up)?);
                        one.zip(other).map(|(one, other)| match up {
                            true => one.max(other),
                            false => one.min(other),
                        })
                    }
                }
            }
        })
    }

    /// Two amounts, each rounded down and up. Nothing inside if one is not said, nothing at all if one is not read here.
    fn both(&self, left: &Limit, right: &Limit, m: &Move) -> Option<Option<[(u128, u128); 2]>> {
        let read = |limit| {
            let (down, up) = (self.value(limit, m, false)?, self.value(limit, m, true)?);
            Some(down.zip(up))
        };
        let (left, right) = (read(left)?, read(right)?);
        Some(left.zip(right).map(|(left, right)| [left, right]))
    }

    /// What those whom a filter means have together when this has moved, without the issuer. What is placed in one batch
    /// is all of it part of the whole.
    fn held_together(&self, m: &Move, filter: &Filter) -> Option<u128> {
        let issuer = self.issuer(m.asset);
        let is_meant = |person: &u64| *person != issuer && self.is_in(*person, filter);
        let human = |side: Option<Account>| side.map(|it| self.human(it.person));
        let holdings = self.holdings(m.asset);
        let before: u128 =
            holdings.iter().filter(|(person, _)| is_meant(person)).map(|(_, units)| units).sum();
        let is_placed = m.is(0) || m.from.is_some_and(|from| from.person == issuer);
        let is_whole = matches!(filter, Filter::All) && is_placed && m.units > 0;
        let gets = if is_whole { m.giving? } else { m.units };
        let gained = human(m.to).filter(is_meant).map_or(0, |_| gets);
        let lost = human(m.from).filter(is_meant).map_or(0, |_| m.units);
        Some((before + gained).saturating_sub(lost))
    }

    /// How many of these holders a filter means: what the issuer has is nobody's.
    fn count_others(&self, asset: u64, mut held: BTreeMap<u64, u128>, filter: &Filter) -> u128 {
        held.remove(&self.human(self.issuer(asset)));
        self.count(&held, filter).into()
    }

    /// Units that others than the issuer hold, of a class if one is named.
    fn outstanding(&self, asset: u64, class: Option<u32>) -> u128 {
        let issuer = self.issuer(asset);
        let is_meant = |of: u32| class.is_none_or(|class| class == of);
        let others = self.positions_of(asset);
        let others = others.filter(|((_, of, it), _)| is_meant(*of) && it.person != issuer);
        others.map(|(_, at)| at.units).sum()
    }

    /// Enough units whose lock is over, or a receiver for whom there is none.
    fn is_unlocked(
        &self,
        (m, voice): (&Move, Voice<'_>),
        (days, months): (u32, u32),
        relied: &mut Relied,
        is_free: impl Fn(u64) -> bool,
    ) -> Option<bool> {
        let (Some(from), Some(to)) = (m.from, m.to) else { return Some(true) };
        if self.issuer(m.asset) == to.person || is_free(to.person) {
            return Some(true);
        }
        if self.unsure.contains(&(m.asset, m.class, from)) {
            relied.is_known = false;
            return None;
        }
        let lots = relied.narrowed.as_deref();
        let lots = lots.unwrap_or(self.lots_of(m.asset, m.class, from));
        let units = |is: &dyn Fn(&&Lot) -> bool| -> u128 {
            lots.iter().filter(is).map(|lot| lot.units).sum()
        };
        let needed = relied.narrowed.as_ref().map_or(m.units, |_| units(&|_| true));
        let is_paid = |lot: &&Lot| lot.anchor != u64::MAX;
        if lots.is_empty() || units(&is_paid) < needed {
            return Some(lots.is_empty());
        }
        let (lock, by) = (Span { months, business: 0, days, hours: 0 }, self.days(voice.calendar));
        let is_over = |lot: &Lot| by.is_over(&lock, lot.anchor, self.now);
        if lots.iter().any(|lot| is_paid(&lot) && is_over(lot).is_none()) {
            relied.cannot_read(voice.profile);
            return None;
        }
        Some(units(&|lot: &&Lot| is_paid(lot) && is_over(lot) == Some(true)) >= needed)
    }

    /// The key behind it had the right to move these units. I-10, I-11, TRU-1.
    fn caller_may(&mut self, m: &Move, within: &Within, what: &str) -> Result<(), Broken> {
        let by = m.operator;
        let is_its = |number: &u64| {
            let known = self.orders.get(number);
            known.is_some_and(|it| {
                (it.asset, it.class, Some(it.from), it.to, it.units)
                    == (m.asset, m.class, m.from, m.to, m.units)
            })
        };
        let counted = if within.carried.iter().any(is_its) { 0 } else { m.units };
        let needs = |power: u8, book: &Self| {
            within.by_quorum || book.may(&by, power, m.asset, Some(m.class), counted)
        };
        match (m.cause, m.from) {
            (Cause::Issue | Cause::Exchange, _) => {
                law!(needs(ISSUE, self), "TRU-1 {what} without the power")
            }
            (Cause::Forced | Cause::ForcedRedeem, _) => {
                law!(needs(FORCE, self), "I-10 {what} without the power");
                law!(m.from != m.to, "I-10 {what} to itself");
            }
            (Cause::Redeem, Some(from)) => {
                let is_own = self.wallets.get(&by) == Some(&(from, true));
                law!(is_own || needs(REDEEM, self), "TRU-1 {what} without the power");
            }
            (Cause::Transfer, Some(from)) if self.wallets.get(&by) != Some(&(from, true)) => {
                self.spend(m, from, within, what)?;
            }
            // A hold is delivered by its notary or beneficiary: `fold` pairs it with its hold.
            _ => {}
        }
        Ok(())
    }

    /// A spender needs an operator's standing, a delegation, or an allowance, which it uses up. I-11.
    fn spend(
        &mut self,
        m: &Move,
        from: Account,
        within: &Within,
        what: &str,
    ) -> Result<(), Broken> {
        let by = m.operator;
        self.app_may(&by, Some(m.asset), false)?;
        let wallet = *self.accounts.get(&from).ok_or("units left an account without a wallet")?;
        if self.operators.contains(&(m.asset, None, wallet, by)) {
            return Ok(());
        }
        let is_class_operator = self.operators.contains(&(m.asset, Some(m.class), wallet, by));
        let delegation = self.delegations.get(&(from, by));
        let are_frozen = self.persons.get(&from.person).is_none_or(|p| p.delegations_frozen);
        let is_delegate = delegation.is_some_and(|given| {
            let stands = self.now < given.expires && given.by == Some(wallet);
            given.operations & TRANSFER != 0 && stands && !are_frozen
        });
        let key = (m.asset, wallet, by);
        let allowance = self.allowances.get(&key).copied().unwrap_or(0);
        let is_token = within.to.is_some_and(|to| to[..3] == [0x5c, 0x12, 0x19] && to[11] == 1);
        let is_native = within.to.is_some_and(|to| to[..9] == [0x5c, 0x12, 0x19, 0, 0, 0, 0, 0, 0]);
        let draws = is_token && within.selector.is_some_and(|s| BY_ALLOWANCE.contains(&s));
        if is_native && !within.by_quorum && !draws {
            law!(is_class_operator || is_delegate, "I-11 {what} by a stranger to {from:?}");
            return Ok(());
        }
        // A contract may have drawn on either; the state decides, once it is read.
        let is_certain = is_native && !within.by_quorum;
        if is_certain || !(is_delegate || is_class_operator) {
            law!(allowance >= m.units, "I-11 {what}: {allowance} is allowed");
            if allowance != u128::MAX {
                self.allowances.insert(key, allowance - m.units);
            }
        } else if allowance != u128::MAX {
            self.perhaps_spent.entry(key).or_default().push(m.units);
        }
        Ok(())
    }

    fn carry_out(&mut self, m: &Move, relied: &Relied) -> Result<(), Broken> {
        let now = self.now;
        let of = |account: Account| (m.asset, m.class, account);
        let is_unsure = m.from.is_some_and(|from| self.unsure.contains(&of(from)));
        if is_unsure || !relied.is_known {
            self.unsure.extend([m.from, m.to].into_iter().flatten().map(of));
        }
        let human = |side: Account| self.human(side.person);
        let is_own = m.from.zip(m.to).is_some_and(|(from, to)| human(from) == human(to));
        let is_placed = m.from.is_some_and(|it| it.person == self.issuer(m.asset)) && !is_own;
        let anew =
            |lot: &Lot, restarts| if restarts { m.since.max(lot.anchor) } else { lot.anchor };
        let paths = |lot: &Lot, by: &Vec<u16>| match by.is_empty() {
            true => lot.paths.clone(),
            false => by.clone(),
        };
        let (mut ended, taken) = match (m.from, m.ratio) {
            (None, Some(ratio)) => {
                let (old, ended) = std::mem::take(&mut self.ended);
                let is_its = |(asset, _, account): &(u64, u32, Account)| {
                    *asset == old && Some(*account) == m.to
                };
                if self.unsure.iter().any(is_its) {
                    self.unsure.extend(m.to.map(of));
                }
                let bound_since = self.law.adopted(old).map(|(_, it, _)| it.since).min();
                let mut made = Vec::new();
                for lot in ratio.lots(ended)? {
                    let lot = self.renumbered(old, m.asset, lot)?;
                    let is_since = bound_since.is_some_and(|since| since <= lot.anchor);
                    let was_under = lot.exemptions | lot.freed != 0;
                    let is_bound = was_under || is_since && lot.anchor != u64::MAX;
                    let (exemptions, freed) = match is_bound {
                        true => (lot.exemptions, lot.freed),
                        false => (relied.keeps, relied.exemptions & !relied.keeps),
                    };
                    let anchor = if relied.restart { now.max(lot.anchor) } else { lot.anchor };
                    let paths = relied.paths.clone();
                    made.push(Lot { anchor, paths, exemptions, freed, ..lot });
                }
                (vec![], made)
            }
            (None, None) => {
                let (units, anchor) = (m.units, m.since);
                let (paths, exemptions) = (relied.paths.clone(), relied.keeps);
                let freed = relied.exemptions & !relied.keeps;
                (vec![], vec![Lot { units, acquired: now, anchor, paths, exemptions, freed }])
            }
            (Some(from), _) => {
                let at = self.positions.get_mut(&of(from)).ok_or("judged before")?;
                at.units -= m.units;
                at.held -= m.from_hold;
                match &relied.picks {
                    None => {
                        let taken = take(at, m.units);
                        let stamp = |lot: &Lot| Lot {
                            units: lot.units,
                            acquired: if is_own { lot.acquired } else { now },
                            anchor: match relied.exemptions {
                                0 if !is_placed => anew(lot, relied.restart),
                                _ => now.max(lot.anchor),
                            },
                            paths: paths(lot, &relied.paths),
                            exemptions: match relied.exemptions {
                                0 => lot.exemptions,
                                _ => relied.keeps,
                            },
                            freed: match relied.exemptions {
                                0 => lot.freed,
                                under => under & !relied.keeps,
                            },
                        };
                        let stamped = taken.iter().map(stamp).collect();
                        (taken, stamped)
                    }
                    Some(picks) => {
                        let mut stamped = Vec::new();
                        for pick in picks {
                            let lot = &mut at.lots[pick.place];
                            lot.units -= pick.units;
                            stamped.push(Lot {
                                units: pick.units,
                                acquired: if is_own { lot.acquired } else { now },
                                anchor: anew(lot, pick.restart || relied.restart),
                                paths: paths(lot, &pick.paths),
                                exemptions: pick.keeps,
                                freed: (lot.freed | pick.freed) & !pick.keeps,
                            });
                        }
                        at.lots.retain(|lot| lot.units > 0);
                        (vec![], stamped)
                    }
                }
            }
        };
        if m.to.is_none() {
            self.ended = (m.asset, std::mem::take(&mut ended));
        }
        if let Some(to) = m.to {
            let at = self.positions.entry(of(to)).or_default();
            at.units += m.units;
            for lot in taken {
                put(&mut at.lots, lot);
            }
        }
        let asset = self.asset(m.asset)?;
        match (m.from, m.to) {
            (None, _) => asset.minted += m.units,
            (_, None) => asset.burned += m.units,
            _ => return Ok(()),
        }
        let class = self.classes.get_mut(&(m.asset, m.class)).ok_or("judged before")?;
        match m.from {
            None => class.0 += m.units,
            Some(_) => class.0 -= m.units,
        }
        Ok(())
    }
}

/// True if two amounts are compared of which one is what holders have together, and none is the movement's own.
fn is_of_held(left: &Limit, right: &Limit) -> bool {
    fn has(limit: &Limit, is: fn(&Limit) -> bool) -> bool {
        let within = |limits: &[Limit]| limits.iter().any(|it| has(it, is));
        is(limit)
            || match limit {
                Limit::Part { of, .. } => has(of, is),
                Limit::Sum(all) | Limit::Least(all) | Limit::Greatest(all) => within(all),
                Limit::If { less, than, then, otherwise } => {
                    [less, than, then, otherwise].into_iter().any(|it| has(it, is))
                }
                _ => false,
            }
    }
    let either = |is: fn(&Limit) -> bool| has(left, is) || has(right, is);
    let moves = |limit: &Limit| {
        matches!(limit, Limit::Units | Limit::Paid | Limit::PaidIn(_) | Limit::Claim { .. })
    };
    either(|limit| matches!(limit, Limit::Held(_))) && !either(moves)
}

/// What must be small is rounded up, what bounds it down; the other way where it bars that it holds.
fn compared([(low, high), (from, to)]: [(u128, u128); 2], is: u8, bars: bool) -> bool {
    match (is, bars) {
        (0, false) => high < from,
        (0, true) => low < to,
        (1, false) => high <= from,
        (1, true) => low <= to,
        (2, false) => low == high && (low, high) == (from, to),
        (2, true) => low <= to && from <= high,
        (3, false) => low >= to,
        (3, true) => high >= from,
        (_, false) => low > to,
        (_, true) => high > from,
    }
}

/// How far two amounts are from being as they should.
fn beyond([(low, high), (from, to)]: [(u128, u128); 2], is: u8) -> u128 {
    match is {
        0 | 1 => high.saturating_sub(from),
        2 => high.abs_diff(from),
        _ => to.saturating_sub(low),
    }
}

/// The last of several recoveries that brought a new wallet.
fn completed(all: &[Lost]) -> Option<&Lost> {
    all.iter().rev().find(|it| it.over.is_some_and(|(_, is_new)| is_new))
}
