//! May this movement have happened? Judged a second time, from the policy as it stands in the state.

use super::{
    book::Book,
    fold::{Broken, Within, law},
    lots::{put, take, unlocks},
    wire::*,
};

const ISSUE: u8 = 6;
const REDEEM: u8 = 7;
const FORCE: u8 = 9;
/// The bit of a delegation that covers transfers.
const TRANSFER: u32 = 1;

/// ERC-20's `transferFrom` and ERC-1594's `transferFromWithData`.
const BY_ALLOWANCE: [[u8; 4]; 2] = [[0x23, 0xb8, 0x72, 0xdd], [0xee, 0xe5, 0x34, 0xc2]];

/// Units that moved.
pub(super) struct Move {
    pub asset: u64,
    pub class: u32,
    pub from: Option<Account>,
    pub to: Option<Account>,
    pub units: u128,
    pub cause: Cause,
    pub path: u16,
    pub operator: Wallet,
    /// Units that a hold set free for it.
    pub from_hold: u128,
    /// When clocks that start do: never, if what is issued is not paid.
    pub since: u64,
    /// At which ratio lots that ended go on in what is made.
    pub ratio: Option<Ratio>,
}

impl Move {
    fn is_forced(&self) -> bool {
        matches!(self.cause, Cause::Forced | Cause::ForcedRedeem)
    }

    /// How a policy names the kind: issue, transfer, redeem, forced, and pledges.
    fn kind(&self) -> u8 {
        match self.cause {
            Cause::Issue => 0,
            Cause::Transfer | Cause::Hold => 1,
            Cause::Redeem => 2,
            Cause::Forced | Cause::ForcedRedeem => 3,
            Cause::Pledge => 5,
            Cause::RecoursePledge => 6,
            Cause::Exchange => 7,
        }
    }

    /// True if what a policy says of a kind holds of it: a pledge is a transfer, one with recourse a pledge.
    fn is(&self, kind: u8) -> bool {
        match kind {
            1 => matches!(self.kind(), 1 | 5 | 6),
            0 => matches!(self.kind(), 0 | 7),
            5 => matches!(self.kind(), 5 | 6),
            kind => self.kind() == kind,
        }
    }

    fn persons(&self, side: u8) -> impl Iterator<Item = u64> {
        let from = self.from.filter(|_| side != 1).map(|account| account.person);
        let to = self.to.filter(|_| side != 0).map(|account| account.person);
        from.into_iter().chain(to)
    }
}

/// What a policy says of a movement: the path relied on, and whether clocks start anew.
#[derive(Default)]
struct Relied {
    path: u16,
    restart: bool,
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
        let in_dispute = m.from.is_some_and(|from| self.recoveries.contains_key(&from));
        law!(!is_own_will || !in_dispute, "I-35 {what} out of an account that waits for recovery");
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

    /// Registered, active, not sanctioned, due diligence current. I-09, I-10.
    fn network_allows(&self, m: &Move, what: &str) -> Result<(), Broken> {
        for person in m.persons(if m.is_forced() { 1 } else { 2 }) {
            law!(self.is_free(person), "I-09 {what}: person {person} is unknown or suspended");
            law!(!self.is_sanctioned(person), "I-09 {what}: person {person} is sanctioned");
            let is_known = self.is_verified(person) || self.has_died(person);
            law!(is_known, "I-09 {what}: person {person} has no current KYC");
        }
        for person in m.persons(1) {
            law!(!self.has_died(person), "IDY-7 {what}: person {person} has died");
        }
        Ok(())
    }

    /// The asset's own rules, movement by movement; what counts and sums is judged per transaction.
    fn issuer_allows(&mut self, m: &Move, what: &str) -> Result<Relied, Broken> {
        if m.is_forced() {
            return Ok(Relied::default());
        }
        law!(self.policies.contains_key(&m.asset), "I-09 {what}: the asset has no policy");
        let is_internal = m
            .from
            .zip(m.to)
            .is_some_and(|(from, to)| self.human(from.person) == self.human(to.person));
        if is_internal {
            law!(m.path == 0, "I-09 {what}: a path within one person");
            return Ok(Relied::default());
        }
        let Some(policy) = self.policy(m.asset) else {
            self.unjudged += 1;
            self.unsure.extend(m.to.map(|to| (m.asset, m.class, to)));
            return Ok(Relied { path: m.path, restart: false });
        };
        let mut relied = Relied::default();
        for rule in &policy.rules {
            law!(
                self.passes(rule, m, &mut relied, false),
                "I-09 {what} from {:?} to {:?}: against {rule:?}",
                m.from,
                m.to
            );
        }
        if let Some((contract, _)) = policy.contract {
            let agrees = self.even_contracts.contains(&contract) && m.units.is_multiple_of(2);
            law!(agrees, "I-09 {what}: the issuer's contract cannot have agreed");
        }
        law!(relied.path == m.path, "I-09 {what}: path {} relied on, not {}", m.path, relied.path);
        Ok(relied)
    }

    /// What bars a movement if it is so, within what is negated or a guard, is so of any number of the human; what
    /// lets it pass, of the number that moves.
    fn passes(&self, rule: &Rule, m: &Move, relied: &mut Relied, bars: bool) -> bool {
        let asset = m.asset;
        let says = |person: u64, topic: u32, at_least: u64, from: &[u64], any: bool| match any {
            true => self.is_said(person, topic, at_least, from),
            false => self.has_claim(person, topic, at_least, from),
        };
        match rule {
            Rule::Claim { side, topic, at_least, providers, .. } => {
                m.persons(*side).all(|person| says(person, *topic, *at_least, providers, bars))
            }
            Rule::Countries { side, mode, countries } => m.persons(*side).all(|person| {
                let at_home =
                    self.persons.get(&person).is_some_and(|p| countries.contains(&p.residence));
                at_home == (*mode == 0)
            }),
            Rule::List { side, mode, list } => m.persons(*side).all(|person| {
                let is_on = |number: &u64| {
                    let entry = self.lists.get(&(asset, *list, *number));
                    entry.is_some_and(|(from, until)| (*from..*until).contains(&self.now))
                };
                let is_any = bars != (*mode != 0);
                let numbers = if is_any { self.numbers(person) } else { vec![person] };
                numbers.iter().any(is_on) == (*mode == 0)
            }),
            Rule::Count { .. } | Rule::Holding { .. } => true,
            Rule::Lot { days, months, free_to, inherit } => {
                let restarts = match inherit {
                    Inherit::Keep => false,
                    Inherit::Restart => true,
                    Inherit::RestartIfFrom(topic) => {
                        let says = |from: u64| says(from, *topic, 0, &[], true);
                        m.kind() != 6 && m.from.is_some_and(|from| says(from.person))
                    }
                };
                let is_free = |to: u64| free_to.iter().any(|topic| says(to, *topic, 0, &[], bars));
                relied.restart |= m.is(1) && restarts;
                !m.is(1) || self.is_unlocked(m, *days, *months, is_free)
            }
            Rule::Window { opens, closes } => {
                opens.is_none_or(|opens| opens <= self.now)
                    && closes.is_none_or(|closes| self.now < closes)
            }
            Rule::Kind(kind) => m.is(*kind),
            // Every rule is asked, for what it says of clocks.
            Rule::All(rules) => {
                let passed: Vec<_> =
                    rules.iter().map(|rule| self.passes(rule, m, relied, bars)).collect();
                passed.into_iter().all(|passed| passed)
            }
            Rule::Any(paths) => {
                let before = relied.path;
                let found = paths.iter().position(|(_, rule)| self.passes(rule, m, relied, bars));
                // The outermost choice, and of several the first.
                relied.path = match before {
                    0 => found.map_or(0, |place| place as u16 + 1),
                    before => before,
                };
                found.is_some()
            }
            Rule::Not(rule) => !self.passes(rule, m, relied, !bars),
            Rule::When { guard, then } => {
                !self.passes(guard, m, relied, !bars) || self.passes(then, m, relied, bars)
            }
        }
    }

    /// Enough units whose lock is over, or a receiver for whom there is none.
    fn is_unlocked(&self, m: &Move, days: u32, months: u32, is_free: impl Fn(u64) -> bool) -> bool {
        let (Some(from), Some(to)) = (m.from, m.to) else { return true };
        let is_issuer = self.assets.get(&m.asset).is_some_and(|asset| asset.issuer == to.person);
        if is_issuer || is_free(to.person) {
            return true;
        }
        let Some(at) = self.positions.get(&(m.asset, m.class, from)) else { return true };
        if at.lots.is_empty() {
            return true;
        }
        let paid = at.lots.iter().filter(|lot| lot.anchor != u64::MAX);
        let unlocked = paid.filter(|lot| unlocks(lot.anchor, days, months) <= self.now);
        unlocked.map(|lot| lot.units).sum::<u128>() >= m.units
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
        if m.from.is_some_and(|from| self.unsure.contains(&(m.asset, m.class, from))) {
            self.unsure.extend(m.to.map(|to| (m.asset, m.class, to)));
        }
        let taken = match (m.from, m.ratio) {
            (None, Some(ratio)) => {
                let ended = std::mem::take(&mut self.ended);
                let unnamed = ended.into_iter().map(|lot| Lot { path: 0, ..lot });
                ratio.lots(unnamed.collect())?
            }
            (None, None) => vec![Lot {
                units: m.units,
                acquired: now,
                anchor: m.since,
                path: relied.path,
                exemptions: 0,
            }],
            (Some(from), _) => {
                let at =
                    self.positions.get_mut(&(m.asset, m.class, from)).ok_or("judged before")?;
                at.units -= m.units;
                at.held -= m.from_hold;
                take(at, m.units)
            }
        };
        if m.to.is_none() {
            self.ended = taken.clone();
        }
        if let Some(to) = m.to {
            let at = self.positions.entry((m.asset, m.class, to)).or_default();
            at.units += m.units;
            for mut lot in taken {
                lot.acquired = now;
                lot.anchor = if relied.restart { m.since.max(lot.anchor) } else { lot.anchor };
                lot.path = if relied.path == 0 { lot.path } else { relied.path };
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
