//! Every way the ledger says no.

use compliance::{Decision, Reason};
use types::{
    AccountId, Address, AssetId, B256, ClassId, Isin, Misfit, Name, PersonId, Time, Units, refusals,
};

refusals! {
    /// Why the ledger refuses.
    pub enum Refusal {
        /// No such asset.
        UnknownAsset(AssetId) = 1, 0x20, "there is no {0} on this ledger";
        /// No such class.
        UnknownClass(ClassId) = 2, 0x20, "the asset has no {0}";
        /// Something stands in the way of a movement; every reason is given.
        NotAllowed(Box<Judgement>) = 3, 0x10, "{0}";
        /// The caller's powers do not cover it.
        Trust(trust::Refusal) = 4, 0x10, "{0}";
        /// Another asset has the ISIN.
        IsinTaken(Isin) = 5, 0x26, "isin: {0} names another asset";
        /// A text is empty or too long.
        BadText(&'static str) = 6, 0x20, "{0}: 1 to 64 bytes without control characters are needed";
        /// Classification and kind disagree.
        BadCfi(&'static str) = 7, 0x20, "cfi: {0}";
        /// Below what exists, or nothing.
        BadAuthorised { /// Units that exist.
            issued: Units } = 8, 0x20, "authorised: must be above zero and at least the {issued} units issued";
        /// Not the spender of so much.
        Allowance { /// What is allowed.
            have: Units, /// What was asked.
            need: Units } = 9, 0x56, "the allowance is {have}, {need} is needed; the owner can approve more";
        /// The wallet owns nothing here.
        NoAccount(Address) = 10, 0x20, "wallet {0} is not bound to a verified person";
        /// Not the caller's account, and no delegation.
        Identity(identity::Refusal) = 11, 0x10, "{0}";
        /// No such hold.
        UnknownHold(u64) = 12, 0x20, "there is no hold {0}";
        /// Somebody else decides.
        NotYours = 13, 0x10, "only the notary or beneficiary of this hold may do this";
        /// Not expired yet.
        HoldStands(Time) = 14, 0x44, "the hold stands until {0}; its notary can release it earlier";
        /// Not enough that is free.
        NotFree { /// What is free.
            free: Units, /// What is needed.
            need: Units } = 15, 0x54, "{need} units needed, {free} free";
        /// An order must be complete.
        IncompleteOrder = 16, 0x20, "order: authority, reference and document hash must all be given, texts up to 256 bytes";
        /// Says what is so already.
        NothingChanges = 17, 0x04, "nothing would change";
        /// Too much for one transaction.
        OutOfFuel = 18, 0x0f, "the batch needs more gas than the transaction allows; split it";
        /// The document has no name or hash.
        BadDocument(&'static str) = 19, 0x20, "document: {0}";
        /// No such document.
        UnknownDocument = 20, 0x20, "the asset has no such document";
        /// Units are outstanding.
        Outstanding(Units) = 21, 0x04, "{0} units are outstanding; redeem them first";
        /// Only a pause may precede it.
        NotPaused = 22, 0x04, "pause the asset first: closing is for ever";
        /// Nothing, or to oneself.
        NothingToMove = 23, 0x20, "an amount above zero and two different accounts are needed";
        /// Empty list.
        EmptyBatch = 24, 0x20, "the batch is empty";
        /// Amounts beyond what can be counted.
        Overflow = 25, 0x06, "the amounts do not fit in 128 bits";
        /// Wrong currency or category.
        UnknownAccount(AccountId) = 26, 0x20, "there is no {0}";
        /// No such checkpoint.
        UnknownCheckpoint(u32) = 27, 0x20, "the asset has no checkpoint {0} yet";
        /// Too many holds on one position.
        TooManyHolds = 28, 0x26, "a position carries at most 256 holds";
        /// A wallet and its spender are the same.
        BadSpender = 29, 0x20, "spender: an address other than zero and the owner is needed";
        /// Too late to deliver, or an end that is past.
        HoldEnded(Time) = 30, 0x46, "expires: a hold delivers until {0}, which is past; its owner can release it";
        /// Who moves for another is held to what holders are held to.
        SpenderBlocked(PersonId) = 31, 0x10, "{0} may not move this asset for others: it is blocked or frozen";
        /// More digits than wallets show.
        BadDecimals(u8) = 32, 0x20, "decimals: {0} is too many, 18 is the most";
        /// A partition's name has 32 bytes.
        BadClassName = 33, 0x20, "name: a class needs 1 to 31 bytes without control characters";
        /// The name is taken.
        ClassTaken(ClassId) = 34, 0x20, "name: {0} of the asset has this name; choose another";
        /// All classes are used up.
        TooManyClasses = 35, 0x26, "an asset has at most 64 classes";
        /// Never had any.
        NoPosition(AccountId) = 36, 0x20, "{0} never had units of this class; freeze its person instead";
        /// A balance's history is one record.
        TooManyCheckpoints = 37, 0x26, "an asset has at most 4,096 checkpoints";
        /// An order that stands no longer.
        OrderExpired(Time) = 38, 0x46, "order: it expired at {0}; an order that stands is needed";
        /// No such order.
        UnknownOrder(u64) = 39, 0x20, "there is no announced order {0}";
        /// Withdrawn, or carried out.
        OrderDone(u64) = 40, 0x04, "order {0} was withdrawn or carried out already";
        /// Nobody else may contest it.
        NotHolder = 41, 0x10, "only whom an order binds may contest it, by a living wallet of its own";
        /// Too late to contest.
        WindowOver(Time) = 42, 0x46, "the order could be contested until {0}";
        /// Too early to carry out.
        WindowOpen(Time) = 43, 0x44, "the holder may contest the order until {0}; it may be carried out from then on";
        /// Not decided.
        IsContested = 44, 0x44, "the holder contests the order; confirm it by the document that decides so, or withdraw it";
        /// The window would never be over.
        WindowTooLong(Time) = 45, 0x20, "contestUntil: the order itself expires at {0}; the window must end before";
        /// Too many freezes on one position.
        TooManyFreezes = 46, 0x26, "a person or position carries at most 16 freezes; withdraw an order, lift one, or carry it out first";
        /// Frozen, and not by this order.
        OtherOrder { /// Who gave the one that stands.
            authority: String, /// Its reference there.
            reference: String } = 47, 0x10, "order: it froze nothing here; that of {authority}, reference {reference}, stands and is lifted under its own name";
        /// It has a number, and perhaps a holder who contests it.
        IsAnnounced(u64) = 48, 0x44, "order: it was announced as order {0}; carry that out, or withdraw it";
        /// Not the lot that the seller saw.
        BadLot(u16) = 49, 0x20, "lots: {0} is not such a lot, is named twice or has fewer units; read the position and choose again";
        /// Half of it is new.
        Converting { /// Of which asset.
            asset: AssetId, /// The place from which to go on.
            next: u32 } = 50, 0x44, "{asset} is being converted; nothing moves until its agent has gone on with convert, from place {next} on the same terms, to the end";
        /// Nothing is under way.
        NotConverting = 51, 0x20, "first: no conversion is under way; begin one at place 0";
        /// None of nothing.
        BadRatio = 52, 0x20, "ratio: both numbers must be above zero";
        /// They would add new units to old ones.
        MeasuredInUnits = 53, 0x10, "ratio: units of this asset were added up by its rules, and this class is one of several; convert one to one, or exchange it for another asset";
        /// Its units are no more.
        BeforeConversion(u64) = 54, 0x44, "order {0} was announced before its units were converted, and nothing was frozen for it by then; withdraw it and announce it anew";
        /// Paid already, or moved on.
        NotUnpaid { /// Units whose clock has not started.
            unpaid: Units, /// What was to be confirmed.
            need: Units } = 55, 0x54, "{need} units to be confirmed as paid, {unpaid} of the position are not paid yet; confirm those, or where the others went";
        /// Nothing of the same issuer.
        OtherIssuer = 56, 0x20, "new: units are exchanged for those of another asset of the same issuer";
        /// Its lots would come free of it.
        NotAdopted { /// Which asset should.
            asset: AssetId, /// What its lots are under.
            profile: Name } = 57, 0x10, "units are under {profile}, which {asset} never adopted in that version; adopt it there first";
        /// What an issuer holds is nobody's investment, and its treasury is one account's person's.
        MergedIssuer(PersonId) = 58, 0x20, "{0} is an issuer; an issuer has one number, and who has several issues nothing";
        /// One of them is halted.
        FrozenClass = 59, 0x16, "class: one of the two is frozen and the other is not; nothing gets around a freeze by another class, so let it go on first";
        /// As many as can be looked through.
        TooManySplits = 60, 0x26, "ratio: the asset was split 256 times; exchange it for another";
        /// It ended, was lifted, or binds somebody else.
        NoSuchOrder(B256) = 61, 0x20, "order: none with the key {0} freezes this now; read those that do, and name one by its key";
        /// Some parts would take the lots that others name.
        LotsOfSome = 62, 0x20, "legs.lots: choose lots for every leg or for none";
        /// Two amounts of one thing.
        LotsSum { /// What is chosen.
            sum: Units, /// What is to move.
            units: Units } = 63, 0x20, "legs.lots: the lots sum to {sum} and {units} units are to move; make them the same";
        /// Nobody knows of what.
        NoCurrency = 64, 0x20, "currency: say in which currency is paid, or state nothing in paid";
        /// A fee goes out of the lots between two parts.
        LotsAndFees = 65, 0x20, "legs.lots: this transfer pays fees, which are taken of the lots too; choose lots for one receiver at a time";
    }
}

/// A decision against a movement, as a refusal shows it: all reasons, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement(pub Decision);

impl std::fmt::Display for Judgement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Refusal {
    /// The reason that stands first, where compliance or the ledger gave one.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Refusal::NotAllowed(judgement) => judgement.0.reasons.first(),
            _ => None,
        }
    }
}

impl Refusal {
    /// The same of a fee, which is a movement of its own: how many units of what it is taken of would pass is not known.
    pub(crate) fn of_fee(self) -> Self {
        let Refusal::NotAllowed(mut judgement) = self else { return self };
        for reason in &mut judgement.0.reasons {
            reason.path.get_or_insert_with(|| "fee".to_owned());
        }
        judgement.0.max_ok = None;
        Refusal::NotAllowed(judgement)
    }
}

impl From<Decision> for Refusal {
    fn from(decision: Decision) -> Self {
        Refusal::NotAllowed(Box::new(Judgement(decision)))
    }
}

impl From<trust::Refusal> for Refusal {
    fn from(refusal: trust::Refusal) -> Self {
        Refusal::Trust(refusal)
    }
}

impl From<identity::Refusal> for Refusal {
    fn from(refusal: identity::Refusal) -> Self {
        Refusal::Identity(refusal)
    }
}

impl From<Misfit> for Refusal {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::NothingChanges => Refusal::NothingChanges,
            Misfit::Other { authority, reference } => Refusal::OtherOrder { authority, reference },
            Misfit::TooMany => Refusal::TooManyFreezes,
            Misfit::Unknown(order) => Refusal::NoSuchOrder(order),
            Misfit::NoDocument => Refusal::BadDocument("hash: it is zero"),
        }
    }
}

impl From<types::Overflow> for Refusal {
    fn from(_: types::Overflow) -> Self {
        Refusal::Overflow
    }
}
