//! Lost keys, and what the history of an account's recoveries says of what is held of it. LED-11.

use super::*;
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use compliance::ReasonCode;
use identity::{Consent, Purpose};

/// How long a recovery waits.
pub const DELAY_MS: u64 = 86_400_000;

/// A recovery as it was begun.
#[derive(Clone, Copy, Debug)]
pub struct Lost {
    pub begun: Time,
    /// When it was over, and whether the account had a new wallet then.
    pub over: Option<(Time, bool)>,
}

/// The last of several recoveries that was completed.
fn done(all: &[Lost]) -> Option<Lost> {
    all.iter().rev().copied().find(|it| it.over.is_some_and(|over| over.1))
}

/// What an act upon a hold should meet.
pub enum Doubt {
    /// It is delivered, and waits until then.
    Delivery(Option<Time>),
    /// Its giver takes it back before it ends, and may.
    TakenBack(bool),
}

impl World {
    /// The wallet that owns an account now.
    pub fn owner(&self, account: AccountId) -> Address {
        identity::wallet_of(&self.ctx, &account).expect("an account")
    }

    /// The provider attests that an account's key is lost; a fresh wallet consents to own it.
    pub fn lose(&mut self, account: AccountId) -> Result<(), identity::Refusal> {
        let known = self.lost.values().map(Vec::len).sum::<usize>() as u64;
        let key = PrivateKeySigner::from_slice(&(known + 1).to_be_bytes().repeat(4)).unwrap();
        let (new, deadline) = (key.address(), Time(self.ctx.now().0 + DELAY_MS));
        let (purpose, person) = (Purpose::Recovery, account.person);
        let digest = identity::consent_digest(&self.ctx, person, &new, purpose, deadline);
        let signature = key.sign_hash_sync(&digest).unwrap().as_bytes().to_vec().into();
        let consent = Consent { deadline, signature };
        self.identity(KYC, identity::Call::StartRecovery { account, wallet: new, consent })?;
        let begun = self.ctx.now();
        self.lost.entry(account).or_default().push(Lost { begun, over: None });
        Ok(())
    }

    /// A recovery is completed, or cancelled by the provider.
    pub fn settle(
        &mut self,
        account: AccountId,
        is_completed: bool,
    ) -> Result<(), identity::Refusal> {
        let call = match is_completed {
            true => identity::Call::CompleteRecovery { account },
            false => identity::Call::CancelRecovery { account },
        };
        self.identity(KYC, call)?;
        let last = self.lost.get_mut(&account).and_then(|all| all.last_mut()).unwrap();
        last.over = Some((self.ctx.now(), is_completed));
        Ok(())
    }

    /// The recoveries of an account by dispute: each is begun within four delays of its dispute's first, and within two of
    /// the last that was completed.
    fn disputes(&self, account: AccountId) -> Vec<Vec<Lost>> {
        let mut disputes: Vec<Vec<Lost>> = Vec::new();
        for lost in self.lost.get(&account).into_iter().flatten() {
            let goes_on = |dispute: &Vec<Lost>| {
                let is_over =
                    done(dispute).is_some_and(|it| lost.begun.0 >= it.begun.0 + 2 * DELAY_MS);
                !is_over && lost.begun.0 < dispute[0].begun.0 + 4 * DELAY_MS
            };
            match disputes.last_mut().filter(|last| goes_on(last)) {
                Some(last) => last.push(*lost),
                None => disputes.push(vec![*lost]),
            }
        }
        disputes
    }

    /// Until when a hold waits that was made at a time, if it does, and whether its giver may take it back now.
    fn doubt(&self, account: AccountId, held: Time) -> (Option<Time>, bool) {
        let mut disputes = self.disputes(account);
        let Some(last) = disputes.pop() else { return (None, false) };
        if disputes.last().is_some_and(|before| held <= before[0].begun) {
            return (None, false);
        }
        let (begun, latest, done) = (last[0].begun, last[last.len() - 1], done(&last));
        let replaced = done.and_then(|it| it.over).map(|over| over.0);
        let is_young = begun.0 < held.0 + DELAY_MS;
        if replaced.is_some() && !is_young {
            return (None, false);
        }
        let is_of_lost = is_young && replaced.is_none_or(|at| held < at);
        let (recovery, is_doubted) = match latest.over {
            None => (latest, is_young),
            Some(_) => match done.filter(|_| is_of_lost) {
                Some(done) => (done, true),
                None => return (None, false),
            },
        };
        let waited = if is_doubted { 2 * DELAY_MS } else { DELAY_MS };
        let end = (recovery.begun.0 + waited).min(begun.max(held).0 + 4 * DELAY_MS);
        let waits = self.ctx.now().0 < end;
        (waits.then_some(Time(end)), waits && replaced.is_some() && is_of_lost)
    }

    /// What somebody who delivers a hold, or its giver who takes it back before it ends, should meet.
    pub fn in_doubt(&self, by: Address, call: &Call) -> Option<Doubt> {
        let (Call::ExecuteHold { hold, .. } | Call::ReleaseHold { hold }) = call else {
            return None;
        };
        let record = ledger::HOLDS.get(&self.ctx, hold)?;
        let (until, may) = self.doubt(record.account, self.held[hold]);
        let is_giver = by == self.owner(record.account) && self.ctx.now() < record.expires;
        match call {
            Call::ExecuteHold { .. } => Some(Doubt::Delivery(until)),
            _ => is_giver.then_some(Doubt::TakenBack(may)),
        }
    }

    /// A hold is delivered, or taken back, when it may be, and refused for the dispute when it may not.
    pub fn check_doubt(&self, doubt: Option<Doubt>, result: &Result<Reply, Refusal>) {
        match (doubt, result) {
            (Some(Doubt::Delivery(until)), Err(Refusal::NotAllowed(judgement))) => {
                let found = judgement.0.reasons.iter();
                let told = found.filter(|it| it.code == ReasonCode::InDispute).map(|it| it.when);
                assert_eq!(told.collect::<Vec<_>>(), Vec::from_iter(until.map(Some)), "LED-11");
            }
            (Some(Doubt::Delivery(until)), Ok(_)) => assert_eq!(until, None, "LED-11: in doubt"),
            (Some(Doubt::TakenBack(may)), Ok(_)) => assert!(may, "LED-11: a firm hold"),
            (Some(Doubt::TakenBack(may)), Err(Refusal::HoldStands(_))) => {
                assert!(!may, "LED-11: a hold in doubt")
            }
            _ => {}
        }
    }
}
