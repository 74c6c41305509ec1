//! Every way compliance says no to whoever sets rules. What it says of movements is a [`crate::Decision`].

use crate::ListNumber;
use types::{AssetId, Name, PersonId, refusals};

refusals! {
    /// Why compliance refuses to change rules.
    pub enum Refusal {
        /// The policy cannot be used.
        BadPolicy(String) = 1, 0x20, "policy: {0}";
        /// Counting would take too long.
        OutOfFuel = 2, 0x0f, "counting holders anew needs more gas than the transaction allows";
        /// Says what is so already.
        NothingChanges = 3, 0x04, "nothing would change";
        /// Not registered.
        UnknownPerson(PersonId) = 4, 0x20, "there is no {0}";
        /// Ends before it begins.
        BadDates = 5, 0x20, "until: the entry must end after it begins, and after now";
        /// Not registered.
        UnknownProfile(Name) = 6, 0x20, "profile: there is no {0}; a network power registers it first";
        /// No room for more.
        TooManyProfiles = 7, 0x26, "profiles: an asset adopts at most 32 versions, a jurisdiction puts at most 8 into force";
        /// The profile cannot be used.
        BadProfile(String) = 8, 0x20, "profile: {0}";
        /// A fact without a plain name, or from the future.
        BadFact(String) = 9, 0x20, "fact: {0}";
        /// Not asked for.
        NotApprover(PersonId) = 10, 0x10, "{0} is not on the list of those who approve; approve as one of a list that has you, or under 0 as one of the two between whom units move";
        /// Never raised.
        UnknownDuty(String) = 11, 0x20, "duty: {0} was never owed";
        /// Holders are counted by a policy.
        NoPolicy = 13, 0x20, "policy: the asset has none yet; set it before a profile that counts holders";
        /// Too many in one call.
        TooManyAtOnce = 14, 0x26, "at most 1,000 persons can be approached at once; approach the others in another call";
        /// Not licensed as a venue.
        NotVenue = 15, 0x18, "venue: only who has a current licence to run one, claim 81 of value 1, sets its rules";
        /// The calendar cannot be used.
        BadCalendar(String) = 16, 0x20, "calendar: {0}";
        /// Not registered.
        UnknownCalendar(Name) = 17, 0x20, "calendar: there is no {0}; a network power registers it first";
        /// One at a time.
        OfferOpen(u32) = 18, 0x04, "offer {0} is open; close it before another begins";
        /// Too many to count.
        HoldsTooMuch(u32) = 19, 0x36, "the persons hold more than {0} assets, which is the most that one is counted for; let some go first";
        /// Zero is nobody's wallet.
        NoWallet = 20, 0x20, "wallet: zero is nobody's; name the address of the wallet that the list is to have";
        /// Approves nothing.
        NoneApproved(&'static str) = 21, 0x20, "{0}: nothing would be approved; approve at least 1";
        /// Changed unseen.
        NoReport(&'static str) = 22, 0x20, "report: {0}; find out what the change would mean (scrip_dryRun, `scrip rules dry-run`) and pass the hash of that report";
        /// No rule looks at it.
        NotAsked(ListNumber) = 23, 0x10, "list: no rule asks for an approval of list {0} here; approve under a list that `approvals` of the asset's rules name, or under 0 where they ask the giver or the receiver";
        /// No room for another's.
        ApprovalsFull(ListNumber) = 24, 0x26, "64 approvals of list {0} wait for this movement; make it, let one of them end, or have the asset's agent take who approves no more off the list";
        /// Nothing is issued under it.
        NotAdopted(AssetId, Name) = 25, 0x20, "profile: asset {0} did not adopt {1}; name a profile that it adopted";
        /// What may not be offered to this person.
        MayNotOffer(Box<crate::Decision>) = 12, 0x10, "{0}";
    }
}
