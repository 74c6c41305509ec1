//! Rules as data: the twelve primitives and what combines them. RULEBOOK section 2.1.
//!
//! No loops and bounded size, so that the cost of judging is known when rules are registered.

use crate::{Kind, Limit, Period, ReasonCode, Recurring};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Bps, Country, Currency, Name, PersonId, Span, Time, Units};

/// A rule.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// P1: a current claim on a topic, from one of these providers or from any, of a value and an age.
    Claim {
        /// Whose claim.
        side: Side,
        /// About what.
        topic: u32,
        /// The least value; 0 for any.
        #[serde(default)]
        at_least: u64,
        /// The greatest value, if any.
        #[serde(default)]
        at_most: Option<u64>,
        /// Trusted providers; any if empty.
        #[serde(default)]
        providers: Vec<PersonId>,
        /// How long ago it must have been attested: a time for reflection, which no date in a document shortens.
        #[serde(default)]
        min_age: Span,
        /// How long ago the document may be dated on which it rests, that day included.
        #[serde(default)]
        max_age: Option<Span>,
        /// Where it stands among what these rules ask of one person.
        #[borsh(skip)]
        #[serde(skip)]
        place: Place,
    },
    /// P3: where persons reside.
    Countries {
        /// Whose residence.
        side: Side,
        /// Allow or deny.
        mode: ListMode,
        /// The countries.
        countries: Vec<Country>,
    },
    /// P3: persons or wallets on a list that the asset or the network keeps.
    List {
        /// Who is looked up.
        side: Side,
        /// Allow or deny.
        mode: ListMode,
        /// The list's number.
        list: ListNumber,
        /// What is looked up: the person, or the wallet that owns its account now. Of a venue, the wallet that moves the
        /// units. Where somebody is approached and nothing moves, no wallet is asked for.
        #[serde(default)]
        subject: ListOf,
        /// Who keeps the list.
        #[serde(default)]
        about: About,
        /// Where it stands among what these rules ask of one person.
        #[borsh(skip)]
        #[serde(skip)]
        place: Place,
    },
    /// P4: how many holders there may be, and must remain.
    Count {
        /// Which holders.
        filter: Filter,
        /// Of the asset, of each of its classes, or of any asset of its issuer: who holds several of these counts once.
        #[serde(default)]
        scope: Scope,
        /// At most so many after the movement.
        #[serde(default)]
        max: Option<u32>,
        /// At least so many after a holder leaves.
        #[serde(default)]
        min: Option<u32>,
        /// Owners behind a holder of much count, not the holder: of much of the asset, or of any asset of the issuer.
        #[serde(default)]
        look_through: Option<LookThrough>,
    },
    /// P6: what one person may hold of the asset afterwards. Zero is always allowed for who leaves.
    Holding {
        /// At least, if anything.
        #[serde(default)]
        min: Option<Units>,
        /// At most.
        #[serde(default)]
        max: Option<Units>,
        /// At most this part of the issued units, rounded down.
        #[serde(default)]
        max_part: Option<Bps>,
        /// True if a holder may only leave whole.
        #[serde(default)]
        full_only: bool,
    },
    /// P7: units are locked for so long after their lot's clock started.
    Lot {
        /// Whole days; served at the start of the day on which they are over.
        #[serde(default)]
        days: u32,
        /// Calendar months, clamped to the month's end, before the days.
        #[serde(default)]
        months: u32,
        /// Receivers with a current claim on one of these topics may take locked units.
        #[serde(default)]
        free_to: Vec<u32>,
        /// What a transfer does to the clock.
        #[serde(default)]
        inherit: Inherit,
    },
    /// P8: open from a time until another, exclusive.
    Window {
        /// From when on.
        #[serde(default)]
        opens: Option<Time>,
        /// Until when.
        #[serde(default)]
        closes: Option<Time>,
    },
    /// P11: the kind of movement that the enclosing `when` or `any` asks for.
    Kind(Kind),
    /// All must pass.
    All(Vec<Rule>),
    /// One of these named paths must pass; the first that does is recorded.
    Any(Vec<(String, Rule)>),
    /// Must not pass.
    Not(Box<Rule>),
    /// If the guard passes, the rule must.
    When {
        /// The guard.
        guard: Box<Rule>,
        /// The rule.
        then: Box<Rule>,
    },
    /// P2, P10: a fact attested about the asset, its issuer or offer, or a document filed: its value, and
    /// how long ago it came true.
    Fact {
        /// About what.
        #[serde(default)]
        about: About,
        /// Which fact.
        fact: Name,
        /// The least value.
        #[serde(default = "one")]
        at_least: Units,
        /// The greatest value, if any.
        #[serde(default)]
        at_most: Option<Units>,
        /// How long ago it must have come true.
        #[serde(default)]
        min_age: Span,
        /// How long ago it may have come true, that day included.
        #[serde(default)]
        max_age: Option<Span>,
    },
    /// P2: two amounts compared.
    Compare {
        /// This one,
        left: Limit,
        /// is
        is: Relation,
        /// that one.
        right: Limit,
    },
    /// P4: how many different persons may be approached, or buy, within a period.
    Persons {
        /// The name under which they are counted.
        meter: Name,
        /// Over what they are counted.
        #[serde(default)]
        scope: Scope,
        /// Apart by what.
        #[serde(default)]
        by: By,
        /// Within which period.
        #[serde(default)]
        period: Period,
        /// At most so many.
        max: Limit,
    },
    /// P4: the receiver was counted under this name before: it was approached, or has bought.
    Counted {
        /// The name under which persons are counted.
        meter: Name,
        /// Over what.
        #[serde(default)]
        scope: Scope,
        /// Apart by what.
        #[serde(default)]
        by: By,
    },
    /// P5: how much may be moved within a period; without a bound it is added up alone, for rules that read the name.
    Amount {
        /// The name under which it is added up.
        meter: Name,
        /// What is added up.
        #[serde(default)]
        of: Measure,
        /// Over what.
        #[serde(default)]
        scope: Scope,
        /// Apart by what.
        #[serde(default)]
        by: By,
        /// Within which period.
        #[serde(default)]
        period: Period,
        /// At most so much, this movement included; anything if there is none.
        #[serde(default)]
        max: Option<Limit>,
    },
    /// P9: what one side is to another, attested as a claim whose value is the other's number.
    Pair {
        /// The claim that says so: family, estate, affiliate.
        topic: u32,
        /// Between whom.
        between: Between,
        /// A tie that ended so long ago, or since, counts still.
        #[serde(default)]
        lookback: Span,
    },
    /// P10: exactly this movement has been approved step by step: what is given before its turn does not count. Each
    /// approval is good for one, unless it says for how many; where there is a single step, also for so many units in all.
    Approvals(Vec<Step>),
    /// P12: passes always; what it says happens if the movement does.
    Effect(Effect),
    /// Gives the reasons of a rule another name, and says where it is written.
    Because {
        /// The name of the reason, if another.
        #[serde(default)]
        says: Option<ReasonCode>,
        /// Where it is written: statute and paragraph.
        source: String,
        /// The rule.
        rule: Box<Rule>,
    },
    /// What another profile asks of a resale: the paths that many exemptions share.
    By {
        /// The other profile, which itself refers to none.
        profile: Name,
        /// Its version; 0 for the latest when this one is registered.
        #[serde(default)]
        version: u32,
    },
    /// P8: open at times that come again.
    Recurring(Recurring),
}

/// Who approves at a step.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Who gives the units up.
    Sender,
    /// Who gets them.
    Receiver,
    /// So many persons on a list of the asset.
    Of {
        /// The list of those who may approve.
        list: ListNumber,
        /// How many of them must.
        count: u8,
    },
}

impl Step {
    /// The list as one of which it is approved; 0 as one of the two between whom units move.
    pub(crate) fn list(&self) -> ListNumber {
        match self {
            Step::Sender | Step::Receiver => 0,
            Step::Of { list, .. } => *list,
        }
    }

    /// How many must approve.
    pub(crate) fn count(&self) -> usize {
        match self {
            Step::Sender | Step::Receiver => 1,
            Step::Of { count, .. } => usize::from(*count),
        }
    }
}

impl Rule {
    /// A current claim of a least value, of any age.
    pub fn claim(side: Side, topic: u32, at_least: u64, providers: Vec<PersonId>) -> Rule {
        let (at_most, min_age, max_age) = (None, Span::ZERO, None);
        let place = Place::default();
        Rule::Claim { side, topic, at_least, at_most, providers, min_age, max_age, place }
    }

    /// A list of persons, which the asset keeps, that allows or denies.
    pub fn list(side: Side, mode: ListMode, list: ListNumber) -> Rule {
        let (subject, about, place) = (ListOf::Person, About::Asset, Place::default());
        Rule::List { side, mode, list, subject, about, place }
    }
}

/// Where a condition about one person stands among those of a law: which of the answers that are kept in a standing is
/// its. Given to what is read from the records; it is no part of what a rule says, and in no encoding.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place(pub(crate) Option<u8>);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

fn one() -> Units {
    Units(1)
}

impl Filter {
    /// The topic by which it tells holders apart, if by any.
    pub(crate) fn topic(self) -> Option<u32> {
        match self {
            Filter::All | Filter::Country(_) => None,
            Filter::With(topic)
            | Filter::Without(topic)
            | Filter::CountryWith(_, topic)
            | Filter::CountryWithout(_, topic) => Some(topic),
        }
    }
}

impl Side {
    /// The sides that are looked at one by one.
    pub(crate) fn each(self) -> &'static [Side] {
        match self {
            Side::Sender => &[Side::Sender],
            Side::Receiver => &[Side::Receiver],
            Side::Both => &[Side::Sender, Side::Receiver],
            Side::Venue => &[Side::Venue],
        }
    }
}

/// Derives what every word of the rule language has.
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            BorshSerialize, BorshDeserialize, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($body)* }
    )*};
}

words! {
    /// Who a rule looks at.
    pub enum Side {
        /// Who gives the units up.
        Sender,
        /// Who gets them.
        Receiver,
        /// Both.
        Both,
        /// The licensed venue through which they move, if one does: its operator moves them for the giver.
        Venue,
    }

    /// Allow only those on it, or deny those on it.
    pub enum ListMode {
        /// Only those on the list pass.
        Allow,
        /// Those on the list do not pass.
        Deny,
    }

    /// What a list names.
    #[derive(Default)]
    pub enum ListOf {
        /// Persons, whichever wallets they have.
        #[default]
        Person,
        /// Wallets: whoever gets another wallet for its account must have that one listed.
        Wallet,
    }

    /// What a transfer does to the clock of the units that move.
    #[derive(Default)]
    pub enum Inherit {
        /// The clock goes on: the buyer tacks the seller's time.
        #[default]
        Keep,
        /// The clock starts anew with the buyer.
        Restart,
        /// It starts anew if the seller has a current claim on this topic, as an affiliate has.
        RestartIfFrom(u32),
    }

    /// Which holders a count counts.
    pub enum Filter {
        /// All holders.
        All,
        /// Holders that reside in a country.
        Country(Country),
        /// Holders with a current claim on a topic.
        With(u32),
        /// Holders without a current claim on a topic.
        Without(u32),
        /// Holders that reside in a country, with a current claim on a topic.
        CountryWith(Country, u32),
        /// Holders that reside in a country, without a current claim on a topic.
        CountryWithout(Country, u32),
    }

    /// What a fact is about, and who keeps a list.
    #[derive(Default)]
    pub enum About {
        /// The asset, its issuer or its offer: attested, or kept, by the asset's agent.
        #[default]
        Asset,
        /// The network: rates, thresholds, calendars; lists of the law.
        Network,
    }

    /// How two amounts compare.
    pub enum Relation {
        /// Less than.
        Below,
        /// Not more than.
        AtMost,
        /// The same.
        Equal,
        /// Not less than.
        AtLeast,
        /// More than.
        Above,
    }

    /// Over what a counter counts.
    #[derive(Default)]
    pub enum Scope {
        /// One asset.
        #[default]
        Asset,
        /// All assets of the issuer.
        Issuer,
        /// The whole chain.
        Network,
        /// The class of the units that move.
        Class,
        /// The offer of the asset that is open: approaches and placements are part of it, and nothing else.
        Offer,
    }

    /// Apart by what a counter counts.
    #[derive(Default)]
    pub enum By {
        /// All together.
        #[default]
        Everyone,
        /// Each giver for itself.
        Sender,
        /// Each receiver for itself.
        Receiver,
        /// Each State in which receivers reside for itself; of what has a code of its own, the State that it is a part of
        /// in the Union (TFEU 349, 355).
        Country,
        /// Givers with the same value of a claim on this topic together, as a concert party is, each with what it added up
        /// alone before. Amounts only.
        Group(u32),
    }

    /// What is added up.
    #[derive(Default)]
    pub enum Measure {
        /// Units.
        #[default]
        Units,
        /// What is paid for them, in minor units of a currency.
        Paid(Currency),
        /// Movements.
        Movements,
    }

    /// What a day on which something is due does where no business is done on it.
    #[derive(Default)]
    pub enum Roll {
        /// It stays.
        #[default]
        None,
        /// It moves to the next day on which business is done.
        NextBusinessDay,
    }

    /// Between whom a tie is.
    pub enum Between {
        /// The giver and the receiver, either way.
        Parties,
        /// The giver and the issuer.
        SenderAndIssuer,
        /// The receiver and the issuer.
        ReceiverAndIssuer,
    }
}

/// The number of a list that an asset keeps, or the network: each counts its own.
pub type ListNumber = u32;

/// Who is looked through: a fund that holds at least a part counts as many owners as a claim says.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct LookThrough {
    /// The claim whose value is the number of owners.
    pub topic: u32,
    /// The least part of what others than the issuer hold.
    pub part: Bps,
}

/// What happens if the movement does.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// The units come to their receiver free of the profile under which they were issued.
    Free,
    /// Their clock starts anew.
    Restart,
    /// The issuer owes something by a day: a filing, a registration.
    Duty {
        /// What is owed.
        duty: String,
        /// How long after the movement.
        due: Span,
        /// Where that day moves if no business is done on it.
        #[serde(default)]
        roll: Roll,
    },
    /// The giver of a transfer by will gives a part of what moves to a collector too, rounded down. Not of units that come
    /// from the collector, the issuer or another number of the receiver, nor of those that go to the collector.
    Fee {
        /// How much of what moves.
        part: Bps,
        /// Who gets it, into its first account.
        to: PersonId,
    },
}
