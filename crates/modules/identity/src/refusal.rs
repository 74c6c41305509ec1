//! Every way identity says no.

use types::{AccountId, Address, B256, Country, PersonId, Time, refusals};

refusals! {
    /// Why identity refuses.
    pub enum Refusal {
        /// Nobody owns this wallet.
        WalletUnknown(Address) = 1, 0x20, "wallet {0} is not bound to a registered person; enrol with a KYC provider";
        /// It was replaced.
        WalletDead(Address) = 2, 0x20, "wallet {0} was replaced by a recovery; use the account's new wallet";
        /// No such person.
        UnknownPerson(PersonId) = 3, 0x20, "there is no {0}";
        /// Suspended by order.
        PersonSuspended(PersonId) = 4, 0x10, "{0} is suspended by order";
        /// The caller is no provider that may attest.
        NotProvider(PersonId) = 5, 0x10, "{0} is not an active KYC provider";
        /// Another provider answers for the person.
        OtherProvider { /// The person.
            person: PersonId, /// Who answers for it.
            provider: PersonId } = 6, 0x10, "{person} is in the care of provider {provider}; only that provider may do this";
        /// The wallet is or was someone's.
        WalletTaken(Address) = 7, 0x20, "wallet {0} is or was bound already; choose a fresh one";
        /// The human is here already.
        NotUnique(PersonId) = 8, 0x26, "this uniqueness commitment belongs to {0} already; one human is one person";
        /// Empty commitment.
        NoUniqueness = 9, 0x20, "uniqueness: the commitment is zero; submit the provider's keyed commitment";
        /// A voucher or consent is not by who it should be.
        BadSignature { /// Who should have signed.
            expected: Address } = 10, 0x10, "the signature is not {expected}'s, or not in canonical form";
        /// A voucher is too late.
        DeadlinePassed(Time) = 11, 0x46, "the signature was good until {0}; ask for a new one";
        /// The claim would never count.
        AlreadyExpired { /// The topic.
            topic: u32, /// Its expiry.
            expires: Time } = 12, 0x46, "claim {topic}: expires {expires} is not in the future";
        /// Too many claims.
        TooManyClaims(usize) = 13, 0x26, "a person has at most {0} claims; renew one instead of adding one";
        /// Nothing to revoke.
        NoClaim { /// The person.
            person: PersonId, /// The topic.
            topic: u32 } = 14, 0x20, "there is no standing claim on topic {topic} about {person} by this provider";
        /// Only the owner of the account may.
        NotOwner(AccountId) = 15, 0x10, "only the wallet that owns {0} may do this";
        /// Not allowed for that account.
        NotDelegated { /// The wallet.
            wallet: Address, /// The account.
            account: AccountId, /// What is missing.
            why: &'static str } = 16, 0x10, "{wallet} may not act for {account}: {why}";
        /// A recovery waits already.
        RecoveryPending(AccountId) = 17, 0x04, "{0} has a recovery waiting; cancel it first";
        /// None waits.
        NoRecovery(AccountId) = 18, 0x20, "{0} has no recovery waiting";
        /// Too early.
        RecoveryNotReady(Time) = 19, 0x44, "the recovery can be completed from {0} on";
        /// The network power is missing.
        NoPower(&'static str) = 20, 0x10, "this needs the network power to {0}";
        /// Not a complete order.
        IncompleteOrder = 21, 0x20, "order: authority, reference and document hash must all be given, texts up to 256 bytes";
        /// Says what is so already.
        NothingChanges = 22, 0x04, "nothing would change";
        /// Already a provider.
        AlreadyProvider(PersonId) = 23, 0x04, "{0} is a provider already";
        /// Too much for one transaction.
        OutOfFuel = 24, 0x0f, "the batch needs more gas than the transaction allows; split it";
        /// Too many accounts.
        TooManyAccounts(PersonId) = 25, 0x26, "{0} has as many accounts as a person may have";
        /// The residence is not one.
        SameResidence(Country) = 26, 0x04, "the residence is {0} already";
        /// An empty or unknown set of operations.
        BadOperations(u32) = 27, 0x20, "operations: {0} is not a set of known operations";
        // 28 is retired.
        /// A cut-off in the past.
        CutOffPast(Time) = 29, 0x44, "at: {0} is not in the future; a cut-off takes effect after this block at the earliest";
        /// A cut-off that took effect.
        CutOffFinal(PersonId) = 30, 0x04, "{0} was cut off for good; admit another provider";
        /// A delegation that would never hold.
        ExpiresPast(Time) = 31, 0x46, "expires: {0} is not in the future";
        /// Nobody is taken from a provider in standing without its own word.
        ProviderStands(PersonId) = 32, 0x10, "{0} is a provider in standing: its persons leave it by their own signature, or once it is suspended or cut off";
        /// Nobody answers for itself.
        SelfCare(PersonId) = 33, 0x20, "{0} cannot answer for itself; put it in another provider's care";
        /// A word that was used, or is older than one that was.
        WordUsed(Time) = 34, 0x46, "the person changed its provider by a word good until {0}: it signs one that is good for longer";
        /// A word that no later one could follow.
        WordTooLong { /// The latest end it may have.
            latest: Time } = 35, 0x46, "deadline: the word may be good until {latest} at most; sign a shorter one";
        /// Terms that make no sense.
        BadTerms(&'static str) = 36, 0x20, "terms: {0}";
        /// An order that stands no longer.
        OrderExpired(Time) = 37, 0x46, "order: it expired at {0}; an order that stands is needed";
        /// Suspended, and not by this order.
        OtherOrder { /// Who gave the one that stands.
            authority: String, /// Its reference there.
            reference: String } = 38, 0x10, "order: it suspended nobody here; that of {authority}, reference {reference}, stands and is lifted under its own name";
        /// As many orders as can be looked through.
        TooManyOrders(PersonId) = 39, 0x26, "{0} is suspended by 16 orders already; lift one first";
        /// Nobody acts for the dead.
        PersonDeceased(PersonId) = 40, 0x10, "{0} has died, and nobody acts for it; the estate's representative asks the issuer's agent to move the units by order, and a wrong record is withdrawn by whoever made it";
        /// Only human beings die, and are found twice.
        NotNatural(PersonId) = 41, 0x20, "{0} is no natural person";
        /// Not yet.
        DeathAhead(Time) = 42, 0x46, "died: {0} is still to come";
        /// One human's numbers are read at every movement.
        TooManyNumbers = 43, 0x26, "one human being has at most 8 numbers";
        /// What it attests would be its own word.
        MergedProvider(PersonId) = 44, 0x20, "{0} is a KYC provider; a provider is nobody's second number";
        /// One human lives or does not.
        OneDied { /// Who is on record as dead.
            dead: PersonId, /// Who is not.
            alive: PersonId } = 45, 0x20, "{dead} is on record as dead and {alive} is not; record the one or withdraw the other first";
        /// Nobody else may contest what suspends it.
        NotBound(PersonId) = 46, 0x10, "only {0} may contest what suspends it, by a living wallet of its own";
        /// It ended, or was lifted.
        NoSuchOrder(B256) = 47, 0x20, "order: none with the key {0} suspends it now; read those that do, and name one by its key";
        /// A contest or a decision without one.
        NoDocument = 48, 0x20, "document: it is zero; give the SHA-256 of what says why";
        /// No document is made after it is shown.
        DatedAhead { /// The topic.
            topic: u32, /// Its date.
            dated: Time } = 49, 0x46, "claim {topic}: dated {dated} is still to come; give the date of the document, or none for one made now";
    }
}
