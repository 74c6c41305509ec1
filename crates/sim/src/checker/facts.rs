//! What each announcement changes in the book, and what it must not.

use super::{
    apps::Bounds,
    book::{Book, Given, Issued, Known, Lost, OnHold, Said, Snapshot, sum_of},
    fold::{Broken, Within, law},
    judge::Move,
    lots::put,
    wire::*,
};

impl Book {
    pub(super) fn identity(&mut self, event: IdentityEvent) -> Result<(), Broken> {
        use IdentityEvent::*;
        match event {
            PersonRegistered { person, provider, wallet, residence } => {
                let (suspended, delegations_frozen, orders) = (None, false, vec![]);
                let (accounts, died, counted_as, moved) = (1, None, None, None);
                let known = Known {
                    residence,
                    moved,
                    provider,
                    suspended,
                    delegations_frozen,
                    orders,
                    accounts,
                    died,
                    counted_as,
                };
                law!(
                    self.persons.insert(person, known).is_none(),
                    "person {person} registered twice"
                );
                self.bind(Account { person, number: 0 }, wallet)?;
            }
            AccountOpened { account, wallet } => {
                let known = self.persons.get_mut(&account.person).ok_or("an account of nobody")?;
                law!(known.accounts == account.number, "account numbers have a gap");
                known.accounts += 1;
                self.bind(account, wallet)?;
            }
            ClaimAttested { person, topic, value, provider, dated, expires } => {
                law!(self.stands(provider), "I-32 provider {provider} may not attest");
                law!(expires > self.now, "I-32 a claim that has expired was attested");
                law!(!self.has_died(person), "IDY-7 something new is said of {person}, who died");
                law!(0 < dated && dated <= self.now, "I-32 a claim rests on a document of {dated}");
                let said = Said { value, issued: self.now, dated, expires, revoked: None };
                self.claims.insert((person, topic, provider), said);
            }
            ClaimRevoked { person, topic, provider } => {
                let said =
                    self.claims.get_mut(&(person, topic, provider)).ok_or("no claim to revoke")?;
                law!(said.revoked.is_none(), "I-32 a claim was revoked twice");
                said.revoked = Some(self.now);
            }
            ResidenceChanged { person, from, to } => {
                let known = self.persons.get_mut(&person).ok_or("nobody moved")?;
                law!(known.residence == from && from != to, "person {person} moved from elsewhere");
                known.residence = to;
                for number in self.numbers(self.human(person)) {
                    let known = self.persons.get_mut(&number).ok_or("nobody moved")?;
                    known.moved = Some(self.now);
                }
            }
            Delegated { account, wallet, operations, expires, asset, limit, terms } => {
                let by = self.accounts.get(&account).copied();
                let (left, bounds) = (limit, Bounds::new(&terms, self.now));
                let given = super::apps::Delegated { operations, asset, left, expires, by, bounds };
                self.delegations.insert((account, wallet), given);
            }
            DelegationUsed { account, wallet, asset, operation, units, left } => {
                let key = (account, wallet);
                let given = self.delegations.get(&key).ok_or("I-11 no such delegation")?;
                let fits = given.operations & operation == operation && self.now < given.expires;
                let is_own = given.asset.is_none_or(|only| only == asset);
                let owner = self.accounts.get(&account);
                law!(
                    fits && is_own && given.by.as_ref() == owner,
                    "I-11 {wallet:02x?} acted for {account:?} beyond {given:?}"
                );
                let known = self.persons.get(&account.person).ok_or("an account of nobody")?;
                let is_active = self.is_active(account.person);
                law!(is_active && !known.delegations_frozen, "I-11 {account:?} is stopped");
                self.app_may(&wallet, Some(asset), given.bounds.attested)?;
                let now = self.now;
                let given = self.delegations.get_mut(&key).ok_or("I-11 no such delegation")?;
                given.bounds.count(units, now)?;
                if let Some(before) = given.left {
                    given.left = before.checked_sub(units);
                    law!(given.left.is_some(), "I-11 {units} of {before} that were left");
                }
                law!(given.left == left, "I-11 {:?} is left, not {left:?}", given.left);
            }
            DelegationRevoked { account, wallet } => {
                self.delegations.remove(&(account, wallet));
            }
            DelegationsFrozen { person, frozen } => {
                let known = self.persons.get_mut(&person).ok_or("nobody froze")?;
                known.delegations_frozen = frozen;
            }
            RecoveryStarted { account, wallet, ready } => {
                law!(ready == self.now + self.recovery_delay_ms, "I-35 the delay is another");
                let before = self.recoveries.insert(account, (wallet, ready));
                law!(before.is_none(), "I-35 two recoveries of {account:?} wait");
                let lost = Lost { begun: self.now, over: None };
                self.lost.entry(account).or_default().push(lost);
                law!(!self.has_died(account.person), "IDY-7 a key of the dead was lost");
            }
            RecoveryCancelled { account } => {
                law!(self.recoveries.remove(&account).is_some(), "I-35 no recovery was cancelled");
                self.found(account, false)?;
            }
            Recovered { account, lost, wallet } => {
                let waiting = self.recoveries.remove(&account);
                let is_ready = waiting.is_some_and(|(to, at)| to == wallet && at <= self.now);
                law!(is_ready, "I-35 {account:?} recovered before its time, or to another wallet");
                law!(self.accounts.get(&account) == Some(&lost), "I-35 another wallet was lost");
                self.found(account, true)?;
                self.wallets.insert(lost, (account, false));
                self.bind(account, wallet)?;
            }
            ProviderAdmitted { provider } => {
                self.providers.insert(provider, (true, None));
            }
            ProviderStanding { provider, is_active } => {
                self.providers.get_mut(&provider).ok_or("no such provider")?.0 = is_active;
            }
            ProviderCutOff { provider, at, keep_earlier } => {
                self.providers.get_mut(&provider).ok_or("no such provider")?.1 =
                    Some((at, keep_earlier));
            }
            PersonSuspended { person, order, by } => {
                law!(self.stands_behind(&order), "I-10 person {person} stopped without an order");
                let halt = Halt { by, since: self.now };
                let known = self.persons.get_mut(&person).ok_or("nobody was stopped")?;
                follow(&mut known.orders, order, true, halt)?;
                known.suspended = known.orders.iter().map(|it| it.order.ends()).max();
            }
            PersonReinstated { person, order, by } => {
                law!(self.stands_behind(&order), "I-10 person {person} freed without an order");
                let halt = Halt { by, since: self.now };
                let known = self.persons.get_mut(&person).ok_or("nobody was freed")?;
                follow(&mut known.orders, order, false, halt)?;
                known.suspended = known.orders.iter().map(|it| it.order.ends()).max();
            }
            SuspensionContested { person, order, document, by } => {
                self.may_contest(&by, person)?;
                let before = self.contest_of_suspension(person, order)?.by;
                let is_anew = self.was_replaced(&before);
                self.contest_of_suspension(person, order)?.raise(by, document, is_anew)?;
            }
            SuspensionConfirmed { person, order, document, .. } => {
                self.contest_of_suspension(person, order)?.confirm(document)?;
            }
            SanctionsHit { person, .. } => {
                self.sanctions.insert(person);
            }
            SanctionsCleared { person, .. } => {
                self.sanctions.remove(&person);
            }
            CareChanged { person, from, to } => {
                law!(self.stands(to), "I-32 person {person} came to {to}, which may not attest");
                let known = self.persons.get_mut(&person).ok_or("nobody changed hands")?;
                law!(known.provider == from && from != to, "person {person} left another's care");
                known.provider = to;
            }
            DeathRecorded { person, died, order, by_order } => {
                law!(self.stands_behind(&order), "I-10 person {person} died without a document");
                law!(died <= self.now, "person {person} will have died");
                for number in self.numbers(person) {
                    let known = self.persons.get_mut(&number).ok_or("nobody died")?;
                    law!(known.died.is_none(), "IDY-8 person {number} died twice");
                    known.died = Some((died, by_order));
                }
            }
            DeathWithdrawn { person, order } => {
                law!(self.stands_behind(&order), "I-10 person {person} lives without a document");
                for number in self.numbers(person) {
                    let known = self.persons.get_mut(&number).ok_or("nobody lives")?;
                    law!(known.died.take().is_some(), "IDY-8 person {number} had not died");
                }
            }
            PersonsMerged { person, into, order } => {
                law!(self.stands_behind(&order), "I-10 {person} merged without an order");
                law!(self.human(person) == person && self.human(into) == into, "IDY-8 {person}");
                law!(person != into, "IDY-8 {person} merged into itself");
                let both = [self.numbers(into), self.numbers(person)].concat();
                law!(both.len() <= 8, "IDY-8 {} numbers of one human", both.len());
                law!(self.has_died(person) == self.has_died(into), "IDY-8 {person} and {into}");
                let is_issuer = |it: &u64| self.assets.values().any(|asset| asset.issuer == *it);
                let stands_alone = |it: &u64| is_issuer(it) || self.providers.contains_key(it);
                law!(!both.iter().any(stands_alone), "IDY-8 an issuer or provider was merged");
                let died = |it: &u64| self.persons.get(it).and_then(|known| known.died);
                let by_order = [person, into].iter().filter_map(died).any(|(_, by_order)| by_order);
                let died = died(&into).map(|(at, _)| (at, by_order));
                let moved = |it: &u64| self.persons.get(it).and_then(|known| known.moved);
                let moved = both.iter().filter_map(moved).max();
                for number in &both {
                    let known = self.persons.get_mut(number).ok_or("nobody was merged")?;
                    known.counted_as = Some(into);
                    known.moved = moved;
                    known.died = died;
                }
                self.merge_counted(&both, into);
            }
            BookMoved { from, order, .. } => {
                law!(self.stands_behind(&order), "I-10 a book of {from} moved without an order");
                law!(!self.stands(from), "a book of {from} moved while it stands");
            }
        }
        Ok(())
    }

    /// A provider that may act as one now.
    fn stands(&self, provider: u64) -> bool {
        let record = self.providers.get(&provider);
        let is_standing = record.is_some_and(|(is_active, cut_off)| {
            *is_active && cut_off.is_none_or(|(at, _)| self.now < at)
        });
        // Genesis lets a provider attest before it is a person itself.
        is_standing && (!self.persons.contains_key(&provider) || self.is_active(provider))
    }

    /// Authority, reference and document are all named, and it has not expired. I-10.
    fn stands_behind(&self, order: &Order) -> bool {
        let is_named = |text: &str| !text.trim().is_empty();
        let is_complete = is_named(&order.authority) && is_named(&order.reference);
        let stands = order.expires.is_none_or(|expires| self.now < expires);
        is_complete && order.document != [0; 32] && stands
    }

    /// What a wallet allows ends with it. I-31, I-35.
    fn wallet_of(&self, account: Account) -> Result<Wallet, Broken> {
        Ok(*self.accounts.get(&account).ok_or("an account without a wallet")?)
    }

    fn bind(&mut self, account: Account, wallet: Wallet) -> Result<(), Broken> {
        let before = self.wallets.insert(wallet, (account, true));
        law!(before.is_none(), "I-30 wallet {wallet:02x?} is bound twice");
        self.accounts.insert(account, wallet);
        Ok(())
    }

    pub(super) fn trust(&mut self, event: TrustEvent) -> Result<(), Broken> {
        use TrustEvent::*;
        match event {
            Granted { grant, by, limit, expires, terms } => {
                let are_apps =
                    matches!(grant.grantee, Grantee::App(_)) && matches!(by, Some(Grantee::App(_)));
                law!(!are_apps, "TRU-7 {by:?} gave {grant:?}");
                let bounds = Bounds::new(&terms, self.now);
                let given = Given { remaining: limit, expires, is_revoked: false, by, bounds };
                self.grants.insert(grant, given);
            }
            Revoked { grant, .. } => {
                self.grants.get_mut(&grant).ok_or("TRU-1 no such grant")?.is_revoked = true;
            }
            Used { grant, units, remaining } => {
                let given = self.grants.get(&grant).ok_or("TRU-1 no such grant")?;
                if let Grantee::App(contract) = grant.grantee {
                    let asset = match grant.scope {
                        Scope::Network => None,
                        Scope::Asset(asset) | Scope::Class(asset, _) => Some(asset),
                    };
                    self.app_may(&contract, asset, given.bounds.attested)?;
                }
                let now = self.now;
                let given = self.grants.get_mut(&grant).ok_or("TRU-1 no such grant")?;
                // What counts no units tells none, and leaves its period as it was.
                if units > 0 {
                    given.bounds.count(units, now)?;
                }
                let before = given.remaining.unwrap_or(u128::MAX);
                let left = given.remaining.map_or(Some(before), |left| left.checked_sub(units));
                law!(left == Some(remaining), "TRU-1 {grant:?}: {left:?} left, not {remaining}");
                given.remaining = given.remaining.and(left);
            }
            QuorumSet { power, scope, members, threshold } => {
                let fits = threshold >= 1 && usize::from(threshold) <= members.len();
                law!(fits, "TRU-2 a quorum of {threshold} out of {}", members.len());
                self.quorums.insert((power, scope), (members, threshold));
            }
            QuorumRemoved { power, scope } => {
                self.quorums.remove(&(power, scope));
            }
            Sponsored { person, sponsorship } => {
                let before = self.sponsors.insert(person, sponsorship.clone());
                let stays = before.is_some_and(|old| {
                    let stands = self.now < old.expires && old.remaining > 0;
                    old.sponsor != sponsorship.sponsor && stands
                });
                law!(!stays, "TRU-6 the sponsor of {person} was pushed aside unannounced");
            }
            SponsorshipAccepted { person, sponsor } => {
                let given = self.sponsors.get_mut(&person).ok_or("TRU-6 nobody was accepted")?;
                law!(given.sponsor == sponsor, "TRU-6 {person} accepted another sponsor");
                given.is_accepted = true;
            }
            SponsorshipEnded { person } => {
                self.sponsors.remove(&person);
            }
            FuelCredited { person, gas } => {
                let mut tank = self.tank(person);
                tank.bought = tank.bought.saturating_add(gas);
                self.tanks.insert(person, tank);
            }
            ScheduleSet { schedule } => self.schedule = Some(schedule),
            Proposed { .. } | Approved { .. } | ProposalDone { .. } | ProposalWithdrawn { .. } => {}
            other => self.app_event(other)?,
        }
        Ok(())
    }

    pub(super) fn compliance(&mut self, event: ComplianceEvent) -> Result<(), Broken> {
        use ComplianceEvent::*;
        match event {
            PolicySet { asset, version, policy, report } => {
                let before = self.policies.get(&asset).map_or(0, |(version, _)| *version);
                law!(version == before + 1, "policy version {version} after {before}");
                law!(before == 0 || report != [0; 32], "a policy replaced without a report");
                self.policies.insert(asset, (version, policy));
                if before == 0 {
                    self.watch(asset);
                }
            }
            Listed { about, list, entry, from, until } => {
                self.lists.insert((about, list, entry), (from, until));
            }
            Delisted { about, list, entry } => {
                self.lists.remove(&(about, list, entry));
            }
            other => self.law_event(other)?,
        }
        Ok(())
    }

    pub(super) fn ledger(
        &mut self,
        event: &LedgerEvent,
        next: Option<&LedgerEvent>,
        told: Option<Price>,
        giving: Option<u128>,
        within: &Within,
    ) -> Result<(), Broken> {
        use LedgerEvent::*;
        match event.clone() {
            Moved { asset, class, from, to, units, cause, paths, exemptions, operator } => {
                let is_delivery =
                    matches!(cause, Cause::Hold | Cause::Pledge | Cause::RecoursePledge);
                let (from_hold, held) = match next {
                    Some(HoldExecuted { units, hold }) if is_delivery => {
                        (*units, self.holds.get(hold))
                    }
                    _ => (0, None),
                };
                law!(!is_delivery || from_hold == units, "I-04 a hold delivered {units}");
                let pledge = held.and_then(|held| held.pledge);
                let as_held = match pledge {
                    None => Cause::Hold,
                    Some(false) => Cause::Pledge,
                    Some(true) => Cause::RecoursePledge,
                };
                law!(!is_delivery || cause == as_held, "I-04 {cause:?} of what is {as_held:?}");
                let price = held.and_then(|held| held.price_of(units));
                law!(!is_delivery || told == price, "I-04 {told:?} told of {price:?} agreed");
                let elected = match held {
                    Some(held) => held.path.clone(),
                    None => within.elected.clone().filter(|_| cause == Cause::Transfer),
                };
                let since = match next {
                    Some(IssuedUnpaid { .. }) => u64::MAX,
                    _ => held.filter(|_| pledge.is_some()).map_or(self.now, |held| held.since),
                };
                let ratio = match next {
                    Some(Exchanged { ratio, .. }) => Some(*ratio),
                    _ => None,
                };
                let is_exchange = cause == Cause::Exchange;
                law!(is_exchange == ratio.is_some(), "I-02 {cause:?} of asset {asset} alone");
                let m = Move {
                    asset,
                    class,
                    from,
                    to,
                    units,
                    giving: if is_exchange { Some(units) } else { giving },
                    paid: told,
                    cause,
                    paths,
                    exemptions,
                    operator,
                    is_approach: false,
                    may_choose: within.may_choose(),
                    elected,
                    from_hold,
                    held: held.map(|held| held.since),
                    since,
                    ratio,
                };
                self.moved(&m, within)?;
            }
            AssetCreated { asset, issuer, authorised, .. } => {
                let (status, minted, burned, checkpoint) = (0, 0, 0, 0);
                let issued = Issued { issuer, authorised, status, minted, burned, checkpoint };
                law!(self.assets.insert(asset, issued).is_none(), "asset {asset} created twice");
                self.classes.insert((asset, 0), (0, false));
            }
            ClassCreated { asset, class, .. } => {
                let before = self.classes.insert((asset, class), (0, false));
                law!(before.is_none(), "class {class} of asset {asset} created twice");
            }
            AuthorisedChanged { asset, authorised } => self.asset(asset)?.authorised = authorised,
            Paused { asset, by } => {
                self.asset(asset)?.status = 1;
                self.halts.insert((asset, None), Halt { by, since: self.now });
            }
            Resumed { asset, .. } => {
                self.asset(asset)?.status = 0;
                self.halts.remove(&(asset, None));
            }
            Closed { asset, by } => {
                self.halts.insert((asset, None), Halt { by, since: self.now });
                let issued = self.minted(asset);
                law!(issued == 0, "asset {asset} closed with {issued} units outstanding");
                self.asset(asset)?.status = 2;
            }
            ClassFrozen { asset, class, frozen, by } => {
                self.classes.get_mut(&(asset, class)).ok_or("no such class")?.1 = frozen;
                let (key, halt) = ((asset, Some(class)), Halt { by, since: self.now });
                match frozen {
                    true => drop(self.halts.insert(key, halt)),
                    false => drop(self.halts.remove(&key)),
                }
            }
            PersonFrozen { asset, person, frozen, order, by } => {
                law!(self.stands_behind(&order), "I-10 a freeze without an order");
                let halt = Halt { by, since: self.now };
                let orders = self.frozen.entry((asset, person)).or_default();
                follow(orders, order, frozen, halt)?;
                if orders.is_empty() {
                    self.frozen.remove(&(asset, person));
                }
            }
            UnitsFrozen { asset, class, account, was, frozen, order } => {
                let is_lifted = sum_of(&frozen) < was;
                let stands = is_lifted || self.stands_behind(&order);
                law!(stands, "I-10 a freeze without an order");
                let now = self.now;
                law!(frozen.iter().all(|it| now < it.until), "I-17 a freeze that is over");
                let key = (asset, class, account);
                let position = self.positions.get_mut(&key).ok_or("no such position")?;
                let before = sum_of(&position.frozen);
                law!(before == was, "I-40 {key:?}: {before} frozen, not {was}");
                let is_heard = |it: &Freeze| {
                    let is_it = |was: &Freeze| was.under == it.under && was.by == it.by;
                    let is_new =
                        matches!(it.by, Freezer::Agent(Contest::NONE) | Freezer::Announced(_));
                    is_new || position.frozen.iter().any(is_it)
                };
                law!(frozen.iter().all(is_heard), "LED-9 {key:?}: a contest that nobody raised");
                let is_same =
                    |it: &Freeze, was: &Freeze| it.under == was.under && it.order() == was.order();
                let is_since = |it: &Freeze| {
                    let before =
                        position.frozen.iter().find(|was| is_same(it, was) && now < was.until);
                    before.map_or(it.halt.since == now, |was| was.halt == it.halt)
                };
                law!(frozen.iter().all(is_since), "LED-9 {key:?}: not frozen since when it is");
                let goes_on = |was: &Freeze| {
                    let waits = matches!(&was.by, Freezer::Agent(contest) if contest.is_open());
                    let mut left = frozen.iter().filter(|it| it.under == was.under);
                    !waits
                        || was.until <= now
                        || left.all(|it| it.by == was.by || it.order().is_some())
                };
                let goes_on = position.frozen.iter().all(goes_on);
                law!(goes_on, "LED-9 {key:?}: a contest ended that nobody decided");
                position.frozen = frozen;
            }
            OrderCarriedOut { order, number, .. } => {
                law!(self.stands_behind(&order), "I-10 no order, or one that stands no longer");
                let Some(number) = number else { return Ok(()) };
                let now = self.now;
                let known = self.orders.get_mut(&number).ok_or("LED-9 no such order")?;
                let is_decided = known.end.is_none() && !known.contest.is_open();
                law!(is_decided, "LED-9 order {number} was carried out: {known:?}");
                let is_over = known.contest_until <= now && known.order == order;
                law!(is_over, "LED-9 order {number} was carried out within its window");
                known.end = Some(CARRIED_OUT);
            }
            OrderAnnounced { number, asset, class, from, to, units, order, contest_until } => {
                law!(self.stands_behind(&order), "I-10 an order announced that does not stand");
                let (announced, contest, end) = (self.now, Contest::NONE, None);
                let until = order.expires.unwrap_or(u64::MAX);
                let at = self.positions.get(&(asset, class, from)).ok_or("LED-9 no position")?;
                let is_its =
                    |it: &Freeze| (it.units, it.until, it.order()) == (units, until, Some(number));
                let is_frozen = at.frozen.iter().any(is_its);
                law!(is_frozen, "LED-9 order {number} does not freeze what it takes");
                let taking = Taking {
                    asset,
                    class,
                    from,
                    to,
                    units,
                    order,
                    announced,
                    contest_until,
                    contest,
                    end,
                };
                let before = self.orders.insert(number, taking);
                law!(before.is_none(), "LED-9 two orders have the number {number}");
            }
            OrderContested { number, document, by, .. } => {
                let now = self.now;
                let known = self.orders.get(&number).ok_or("LED-9 no such order")?;
                self.may_contest(&by, known.from.person)?;
                let is_anew = self.was_replaced(&known.contest.by);
                let stands = known.end.is_none() && known.order.stands(now);
                let is_open = stands && (is_anew || now < known.contest_until);
                law!(is_open, "LED-9 order {number} was contested out of time");
                let known = self.orders.get_mut(&number).ok_or("LED-9 no such order")?;
                known.contest.raise(by, document, is_anew)?;
            }
            OrderConfirmed { number, document, .. } => {
                let known = self.orders.get_mut(&number).ok_or("LED-9 no such order")?;
                law!(known.end.is_none(), "LED-9 order {number} was confirmed after the fact");
                known.contest.confirm(document)?;
            }
            FreezeContested { bound, order, document, by } => {
                let (Frozen::Person(_, person) | Frozen::Units(_, _, Account { person, .. })) =
                    bound;
                self.may_contest(&by, person)?;
                let before = self.contest_of_freeze(&bound, order)?.by;
                let is_anew = self.was_replaced(&before);
                self.contest_of_freeze(&bound, order)?.raise(by, document, is_anew)?;
            }
            FreezeConfirmed { bound, order, document, .. } => {
                self.contest_of_freeze(&bound, order)?.confirm(document)?;
            }
            OrderWithdrawn { number, document, .. } => {
                let known = self.orders.get_mut(&number).ok_or("LED-9 no such order")?;
                law!(known.end.is_none(), "LED-9 order {number} was withdrawn after the fact");
                known.end = Some(WITHDRAWN);
                let decision = (document != [0; 32]).then_some(document);
                known.contest.decision = decision.or(known.contest.decision);
            }
            Approved { asset, owner, spender, units } => {
                let key = (asset, self.wallet_of(owner)?, spender);
                self.perhaps_spent.remove(&key);
                match units {
                    0 => self.allowances.remove(&key),
                    units => self.allowances.insert(key, units),
                };
            }
            OperatorSet { asset, class, owner, operator, allowed } => {
                let key = (asset, class, self.wallet_of(owner)?, operator);
                match allowed {
                    true => self.operators.insert(key),
                    false => self.operators.remove(&key),
                };
            }
            Held { hold, asset, class, account, beneficiary, units, expires } => {
                let key = (asset, class, account);
                let now = self.now;
                let position = self.positions.get_mut(&key).ok_or("a hold on nothing")?;
                law!(
                    units > 0 && position.free(now) >= units,
                    "I-03 hold {hold} of what is not free"
                );
                position.held += units;
                let held = OnHold {
                    asset,
                    class,
                    account,
                    beneficiary,
                    units,
                    since: now,
                    expires,
                    pledge: None,
                    path: None,
                    price: None,
                };
                law!(self.holds.insert(hold, held).is_none(), "I-04 hold {hold} placed twice");
            }
            HoldReleased { hold, units } => {
                let key = self.shrink(hold, units)?;
                let position = self.positions.get_mut(&key).ok_or("I-04 a hold on nothing")?;
                position.held = position.held.checked_sub(units).ok_or("I-03 held is negative")?;
            }
            HoldExecuted { hold, units } => drop(self.shrink(hold, units)?),
            Exchanged { new, units, made, ratio, rest, .. } => {
                self.remade.insert(new);
                let is_so = ratio.down(units) == Some(made) && ratio.rest(units) == rest;
                law!(is_so, "I-27 {units} units became {made} and {rest} parts");
            }
            IssuedUnpaid { asset, class, account, units } => {
                let at = self.positions.get(&(asset, class, account)).ok_or("no such position")?;
                let unpaid = at.lots.iter().filter(|lot| lot.anchor == u64::MAX);
                let unpaid: u128 = unpaid.map(|lot| lot.units).sum();
                law!(unpaid >= units, "I-18 {units} units issued unpaid have a clock that runs");
            }
            Priced { .. } => {}
            PaymentConfirmed { asset, class, account, units } => {
                let now = self.now;
                let key = (asset, class, account);
                let at = self.positions.get_mut(&key).ok_or("no such position")?;
                let (mut left, mut paid) = (units, Vec::new());
                for lot in at.lots.iter_mut().filter(|lot| lot.anchor == u64::MAX) {
                    let part = lot.units.min(left);
                    lot.units -= part;
                    left -= part;
                    paid.push(Lot { units: part, anchor: now, ..lot.clone() });
                }
                law!(left == 0, "I-18 {left} units of {key:?} are confirmed that were paid");
                at.lots.retain(|lot| lot.units > 0);
                for lot in paid.into_iter().filter(|lot| lot.units > 0) {
                    put(&mut at.lots, lot);
                }
            }
            ConversionBegun { asset, class, into, ratio } => {
                let before = self.conversions.insert(asset, (class, into, ratio));
                law!(before.is_none(), "LED-10 two conversions of asset {asset} at once");
                let of_class = self.classes.get(&(asset, class)).map_or(0, |class| class.0);
                if of_class == self.minted(asset) && ratio.new != ratio.old {
                    self.whole.insert(asset);
                }
            }
            Converted { asset, class, into, account, units, made, rest } => {
                self.remade.insert(asset);
                let told = (asset, class, into, account);
                self.convert(told, units, made, rest)?;
            }
            HoldConverted { hold, class, units } => {
                let held = self.holds.get_mut(&hold).ok_or("I-04 no such hold")?;
                let (old, new) =
                    ((held.asset, held.class, held.account), (held.asset, class, held.account));
                let before = std::mem::replace(&mut held.units, units);
                held.class = class;
                let (_, _, ratio) = self.conversions.get(&old.0).ok_or("LED-10 not converting")?;
                let should = ratio.down(before).unwrap_or(u128::MAX);
                law!(units == should, "LED-10 hold {hold} of {before} became {units}");
                if units == 0 {
                    self.holds.remove(&hold);
                }
                let source = self.positions.get_mut(&old).ok_or("I-04 a hold on nothing")?;
                source.held = source.held.checked_sub(before).ok_or("I-03 held is negative")?;
                self.positions.entry(new).or_default().held += units;
            }
            OrderConverted { number, class, units } => {
                let known = self.orders.get_mut(&number).ok_or("LED-9 no such order")?;
                let ratio = self.conversions.get(&known.asset).ok_or("LED-10 not converting")?.2;
                let should = ratio.down(known.units).unwrap_or(u128::MAX);
                law!(units == should, "LED-10 order {number} of {} became {units}", known.units);
                (known.class, known.units) = (class, units);
            }
            ConversionCompleted { asset, .. } => {
                let under_way = self.conversions.remove(&asset);
                let (.., ratio) = under_way.ok_or("LED-10 an asset was not being converted")?;
                if self.whole.remove(&asset) {
                    self.split(asset, ratio);
                }
            }
            HeldOn { hold, path, price } => {
                let held = self.holds.get_mut(&hold).ok_or("I-04 terms of nothing")?;
                let is_new = held.path.is_none() && held.price.is_none();
                law!(is_new && (path.is_some() || price.is_some()), "I-04 terms of hold {hold}");
                (held.path, held.price) = (path, price);
            }
            Pledged { hold, recourse } => {
                let held = self.holds.get_mut(&hold).ok_or("I-04 a pledge of nothing")?;
                law!(held.pledge.is_none(), "I-04 hold {hold} was pledged twice");
                held.pledge = Some(recourse);
            }
            DocumentPublished { .. } | DocumentRemoved { .. } | Renamed { .. } => {}
            CheckpointTaken { asset, checkpoint } => {
                let last = self.asset(asset)?;
                law!(checkpoint == last.checkpoint + 1, "I-13 checkpoint {checkpoint}");
                last.checkpoint = checkpoint;
                let balances = self.positions_of(asset);
                let balances =
                    balances.map(|((_, class, account), at)| ((*class, *account), at.units));
                let balances = balances.collect();
                let supplies = self.classes.range((asset, 0)..=(asset, u32::MAX));
                let supplies =
                    supplies.map(|((_, class), (issued, _))| (*class, *issued)).collect();
                self.checkpoints.insert((asset, checkpoint), Snapshot { balances, supplies });
            }
        }
        Ok(())
    }

    /// What an account had of a class becomes as many units as the ratio makes of it, none of them older. LED-10.
    fn convert(
        &mut self,
        (asset, class, into, account): (u64, u32, u32, Account),
        units: u128,
        made: u128,
        rest: u32,
    ) -> Result<(), Broken> {
        let (old, new) = ((asset, class, account), (asset, into, account));
        let ratio = match self.conversions.get(&asset) {
            Some((of, to, ratio)) if (*of, *to) == (class, into) => *ratio,
            _ => return Err(format!("LED-10 asset {asset} is not being converted so")),
        };
        let mut source = self.positions.remove(&old).ok_or("LED-10 no such position")?;
        law!(source.units == units, "I-02 {old:?} had {}, not {units}", source.units);
        let is_so = ratio.down(units) == Some(made) && ratio.rest(units) == rest;
        law!(is_so, "LED-10 (I-27) {units} units became {made} and {rest} parts");
        let lots = ratio.lots(std::mem::take(&mut source.lots))?;
        let mut frozen = Vec::new();
        for freeze in std::mem::take(&mut source.frozen) {
            let units = match freeze.order() {
                _ if self.now >= freeze.until => continue,
                None => ratio.up(freeze.units),
                Some(number) => {
                    let known = self.orders.get(&number).ok_or("LED-9 no such order")?;
                    match known.end.is_none() {
                        true => ratio.down(freeze.units).unwrap_or(u128::MAX),
                        false => 0,
                    }
                }
            };
            if units > 0 {
                frozen.push(Freeze { units, ..freeze });
            }
        }
        if self.unsure.contains(&old) {
            self.unsure.insert(new);
        }
        // What is held was told with each hold.
        let held = source.held;
        if class != into {
            law!(held == 0, "I-04 {old:?} is held and is no more");
        }
        source.units = 0;
        self.positions.insert(old, source);
        let target = self.positions.entry(new).or_default();
        target.units += made;
        for lot in lots {
            put(&mut target.lots, lot);
        }
        for freeze in frozen {
            let mut others = target.frozen.iter_mut().filter(|it| it.under == freeze.under);
            let known = others.find(|it| it.order().is_none());
            let (Some(known), Freezer::Agent(contest)) = (known, &freeze.by) else {
                target.frozen.push(freeze);
                continue;
            };
            known.units = known.units.saturating_add(freeze.units);
            known.until = known.until.max(freeze.until);
            if freeze.halt.since < known.halt.since {
                known.halt = freeze.halt.clone();
            }
            if let Freezer::Agent(before) = &mut known.by
                && (contest.is_open() || before.document.is_none())
            {
                *before = contest.clone();
            }
        }
        for (class, lost, gained) in [(class, units, 0), (into, 0, made)] {
            let class = self.classes.get_mut(&(asset, class)).ok_or("LED-10 no such class")?;
            class.0 = class.0 - lost + gained;
        }
        let record = self.asset(asset)?;
        record.minted += made;
        record.burned += units;
        Ok(())
    }

    pub(super) fn asset(&mut self, asset: u64) -> Result<&mut Issued, Broken> {
        self.assets.get_mut(&asset).ok_or_else(|| format!("there is no asset {asset}"))
    }

    /// The last recovery of an account is over.
    fn found(&mut self, account: Account, is_new: bool) -> Result<(), Broken> {
        let last = self.lost.get_mut(&account).and_then(|all| all.last_mut());
        last.ok_or("I-35 nobody lost a key")?.over = Some((self.now, is_new));
        Ok(())
    }

    /// Takes units off a hold and says on which position it stands. I-04.
    fn shrink(&mut self, hold: u64, units: u128) -> Result<(u64, u32, Account), Broken> {
        let held = self.holds.get_mut(&hold).ok_or(format!("I-04 there is no hold {hold}"))?;
        law!(units <= held.units, "I-04 hold {hold} is less");
        let gone = held.price_of(units).map_or(0, |price| price.paid);
        if let Some(price) = &mut held.price {
            price.paid -= gone;
        }
        held.units = held.units.checked_sub(units).ok_or(format!("I-04 hold {hold} is less"))?;
        let key = (held.asset, held.class, held.account);
        if held.units == 0 {
            self.holds.remove(&hold);
        }
        Ok(key)
    }
}

impl Contest {
    /// Contests what nobody did, or nobody but a wallet that was replaced since.
    fn raise(&mut self, by: Wallet, document: Hash, is_anew: bool) -> Result<(), Broken> {
        let fits = is_anew || self.document.is_none();
        law!(fits && document != [0; 32], "LED-9 contested out of turn: {self:?}");
        *self = Contest { document: Some(document), by, decision: None };
        Ok(())
    }

    /// Decides what is contested.
    fn confirm(&mut self, document: Hash) -> Result<(), Broken> {
        law!(self.is_open() && document != [0; 32], "LED-9 decided out of turn: {self:?}");
        self.decision = Some(document);
        Ok(())
    }
}

impl Book {
    /// Who an order binds contests it, while it lives, by a wallet of its own.
    fn may_contest(&self, by: &Wallet, person: u64) -> Result<(), Broken> {
        let is_its =
            self.wallets.get(by).is_some_and(|(at, is_alive)| *is_alive && at.person == person);
        law!(
            is_its && !self.has_died(person),
            "LED-9 what binds {person} was contested by another"
        );
        Ok(())
    }

    fn was_replaced(&self, wallet: &Wallet) -> bool {
        self.wallets.get(wallet).is_some_and(|(_, is_alive)| !is_alive)
    }

    /// What is said against the order of a key that suspends a person now.
    fn contest_of_suspension(&mut self, person: u64, key: Hash) -> Result<&mut Contest, Broken> {
        let known = self.persons.get_mut(&person).ok_or("nobody was stopped")?;
        standing(&mut known.orders, key, self.now)
    }

    /// The same of one that freezes somebody or something.
    fn contest_of_freeze(&mut self, bound: &Frozen, key: Hash) -> Result<&mut Contest, Broken> {
        let now = self.now;
        match *bound {
            Frozen::Person(asset, person) => {
                let orders = self.frozen.get_mut(&(asset, person)).ok_or("nobody is frozen")?;
                standing(orders, key, now)
            }
            Frozen::Units(asset, class, account) => {
                let position = self.positions.get_mut(&(asset, class, account));
                let frozen = &mut position.ok_or("no such position")?.frozen;
                let standing = frozen.iter_mut().filter(|it| it.under == key && now < it.until);
                let mut contests = standing.filter_map(|it| match &mut it.by {
                    Freezer::Agent(contest) => Some(contest),
                    Freezer::Announced(_) => None,
                });
                Ok(contests.next().ok_or("LED-9 what is contested freezes nothing")?)
            }
        }
    }
}

fn standing(orders: &mut [Binding], key: Hash, now: u64) -> Result<&mut Contest, Broken> {
    let is_it = |it: &&mut Binding| it.order.stands(now) && it.order.key() == key;
    let found = orders.iter_mut().find(is_it);
    Ok(&mut found.ok_or("LED-9 what is contested binds nobody")?.contest)
}

/// An order that stops someone joins those that do, or replaces what it said before; one that lets go lifts what
/// the order of its name stopped, and no other. I-17.
fn follow(orders: &mut Vec<Binding>, order: Order, stops: bool, halt: Halt) -> Result<(), Broken> {
    orders.retain(|it| it.order.stands(halt.since));
    let name = |it: &Order| (it.authority.clone(), it.reference.clone());
    let known = orders.iter().position(|it| name(&it.order) == name(&order));
    let given = |contest, halt| Binding { order, contest, halt };
    match (known, stops) {
        // What waits for a decision goes on waiting.
        (Some(place), true) => {
            let contest = Some(orders[place].contest.clone()).filter(Contest::is_open);
            let halt = orders[place].halt.clone();
            orders[place] = given(contest.unwrap_or(Contest::NONE), halt);
        }
        (None, true) => orders.push(given(Contest::NONE, halt)),
        (Some(place), false) => drop(orders.remove(place)),
        (None, false) => return Err("I-17 what this order lifts it never stopped".into()),
    }
    Ok(())
}
