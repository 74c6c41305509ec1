//! Every way trust says no.

use crate::{Power, Role, Scope};
use types::{Address, PersonId, Time, Units, refusals};

refusals! {
    /// Why trust refuses.
    pub enum Refusal {
        /// No grant.
        NotGranted { /// The power.
            power: Power, /// Where.
            scope: Scope } = 1, 0x10, "the caller has no grant of {power} for {scope}; an admin of that scope can grant it";
        /// The grant is over.
        GrantExpired { /// The power.
            power: Power, /// When it ended.
            at: Time } = 2, 0x46, "the caller's grant of {power} ended at {at}";
        /// The grant is used up.
        GrantUsedUp { /// What is left.
            left: Units, /// What was asked.
            asked: Units } = 3, 0x56, "the caller's grant covers {left} more units, not {asked}";
        /// Several must agree.
        NeedsQuorum { /// The power.
            power: Power, /// Where.
            scope: Scope } = 4, 0x11, "{power} for {scope} needs a quorum; make a proposal";
        /// No such proposal.
        UnknownProposal(u64) = 5, 0x20, "there is no proposal {0}";
        /// It is decided.
        ProposalClosed(u64) = 6, 0x04, "proposal {0} is decided already";
        /// Too late.
        ProposalLate(Time) = 7, 0x46, "the proposal could be approved until {0}";
        /// Not a member.
        NotMember(PersonId) = 8, 0x10, "{0} is not a member of the quorum";
        /// Twice.
        ApprovedAlready(PersonId) = 9, 0x04, "{0} has approved already";
        /// Not a sensible quorum.
        BadQuorum(&'static str) = 10, 0x20, "quorum: {0}";
        /// No quorum set.
        NoQuorum { /// The power.
            power: Power, /// Where.
            scope: Scope } = 11, 0x20, "{power} for {scope} has no quorum; use the power directly";
        /// The power makes no sense there.
        WrongScope { /// The power.
            power: Power, /// Where.
            scope: Scope } = 12, 0x20, "{power} cannot be granted for {scope}";
        /// Not in the future.
        ExpiresPast(Time) = 13, 0x46, "expires: {0} is not in the future";
        /// Only a person can do this.
        PersonOnly = 14, 0x10, "only a registered person can do this, not a contract";
        /// Not enough fuel.
        OutOfFuel { /// Gas that can be used.
            have: u64, /// Gas asked for.
            need: u64 } = 15, 0x54, "fuel for {need} gas is needed, {have} is there; wait for it to come back, or ask a sponsor";
        /// Would change nothing.
        NothingChanges = 16, 0x04, "nothing would change";
        /// Who proposed may withdraw.
        NotProposer = 17, 0x10, "only who made the proposal may withdraw it";
        /// Not a fuel schedule.
        BadSchedule = 18, 0x20, "fuel schedule: refill_ms must be 1 to 604800000, registered_capacity at least 100000, verified_capacity at least registered_capacity";
        /// The network must keep an admin.
        LastAdmin = 19, 0x10, "only another admin of the network whose own grant never ends, or their quorum, may end or shorten this one: the network always keeps an admin";
        /// A proposal's call is too long.
        CallTooLong = 20, 0x26, "call: at most 64 KiB";
        /// No such person.
        UnknownPerson(PersonId) = 21, 0x20, "there is no {0}";
        /// Another pays already.
        OtherSponsor { /// For whom.
            person: PersonId, /// Who pays.
            sponsor: PersonId } = 22, 0x04, "{sponsor} pays for {person} already, and was accepted or can pay no less; either of them can end that";
        /// Not theirs to end.
        NotSponsor(PersonId) = 23, 0x10, "only {0} or its sponsor may end this sponsorship";
        /// A grant for longer than the granter's own power.
        Outlasts { /// When it would end.
            expires: Time, /// When the granter's power ends.
            until: Time } = 24, 0x10, "expires: {expires} is later than {until}, when the caller's own power to grant ends";
        /// Another pays, or nobody.
        NoSponsorship { /// For whom.
            person: PersonId, /// Who should pay.
            sponsor: PersonId } = 25, 0x20, "sponsor: {sponsor} does not pay for {person} now";
        /// Who lent the power does not have it now.
        GiverMayNot { /// Who gave it.
            person: PersonId, /// The power.
            power: Power } = 26, 0x10, "{person}, who let this contract use {power}, may not use it now itself";
        /// No person gave it.
        NoGiver = 27, 0x10, "no person stands behind this contract's grant; a person grants it again";
        /// An app gives none.
        AppGives = 28, 0x10, "a contract gives no power to anybody; a person does";
        /// More than one use may have.
        OverTerms { /// What one use may have now.
            room: Units, /// What was asked.
            asked: Units } = 29, 0x56, "the grant's terms leave room for {room} units now, not {asked}";
        /// Terms that make no sense.
        BadTerms(&'static str) = 30, 0x20, "terms: {0}";
        /// Not in that role.
        NoRole { /// Who.
            person: PersonId, /// As what.
            role: Role } = 31, 0x10, "{person} does not stand as {role:?} of apps; the network admits and reinstates";
        /// Over for good.
        RoleEnded(PersonId) = 32, 0x04, "{0} has ended in this role for good";
        /// No such app.
        UnknownApp(u64) = 33, 0x20, "there is no app {0}";
        /// Somebody else's.
        NotDeveloper(u64) = 34, 0x10, "only its developer may publish a version of app {0}";
        /// Over for good.
        AppEnded(u64) = 35, 0x04, "app {0} has ended for good; publish another";
        /// Not an app.
        BadApp(&'static str) = 36, 0x20, "{0}";
        /// Published already.
        ContractTaken { /// The contract.
            contract: Address, /// Whose it is.
            app: u64 } = 37, 0x26, "contracts: {contract} is app {app}'s";
        /// Another code than was named.
        OtherCode { /// The contract.
            contract: Address, /// What is there.
            found: types::B256 } = 38, 0x20, "contracts: the code at {contract} is {found}; zero is none, or a proxy's that others can change";
        /// The app may not act for others.
        AppStopped { /// Which.
            app: u64, /// Why.
            why: &'static str } = 39, 0x10, "app {app} acts for nobody now: {why}";
        /// More than the app says it needs.
        NotAsked { /// Which.
            app: u64 } = 40, 0x10, "app {app} does not ask for this; its developer publishes a version that does";
        /// Nobody looked into it.
        NotAttested(Address) = 41, 0x10, "no auditor in standing attests the code of {0}, and it is asked for";
        /// Nothing to take back.
        NoAttestation = 42, 0x20, "code: the caller has no standing attestation of it";
        /// Somebody else made it.
        NotCreator(Address) = 43, 0x10, "contracts: no wallet of the developer's created {0}";
        /// Not for contracts.
        PersonsPower(Power) = 44, 0x10, "grantee: {0} is for persons; what a contract did with it would outlast what it was given";
    }
}
