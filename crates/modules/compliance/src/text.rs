//! Reasons in words: what stands in the way, and what the person could do about it. RULEBOOK section 2.4.
//!
//! A text is a template that the reason's facts fill, so that it can be translated: `{need}` is a fact, and
//! what stands in brackets is left out unless every fact in it is known. English is here; [`texts`] gives
//! all of it as data, and `@scrip/sdk` fills a translation of that.

use crate::{Period, Reason, ReasonCode, Side, Step};
use identity::topic;
use serde::Serialize;
use std::{collections::BTreeMap, fmt};
use types::{Span, Time};

/// Everything that is said in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Texts {
    /// Reasons by their code.
    pub reasons: BTreeMap<String, Text>,
    /// Sides by their name.
    pub parties: BTreeMap<&'static str, &'static str>,
    /// Claims by the number of their topic.
    pub topics: BTreeMap<u32, &'static str>,
    /// Periods over which something is added up, by their kind.
    pub periods: BTreeMap<&'static str, &'static str>,
    /// Parts of spans by how they are written: one of them, and several.
    pub spans: BTreeMap<&'static str, [&'static str; 2]>,
    /// Those on a list whose turn it is to approve.
    pub approvers: &'static str,
    /// What stands for a fact that a reason does not give.
    pub unknown: BTreeMap<&'static str, &'static str>,
    /// What follows every text that does not say it itself: when it would pass, where the rule is written,
    /// on which path it stands in the way.
    pub tails: [&'static str; 3],
}

/// One reason, as it is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Its number on the wire.
    pub number: u16,
    /// What stands in the way.
    pub text: &'static str,
    /// What could be done about it, and by whom.
    pub remedy: &'static str,
}

/// English, as data.
pub fn texts() -> Texts {
    let reasons = ReasonCode::all().map(|code| {
        let (text, remedy) = words(code);
        (code.name(), Text { number: code as u16, text, remedy })
    });
    let side = |side| (side_name(side), party(Some(side)));
    Texts {
        reasons: reasons.collect(),
        parties: [Side::Sender, Side::Receiver, Side::Venue].map(side).into(),
        topics: TOPICS.iter().map(|(number, _, text)| (*number, *text)).collect(),
        periods: PERIODS.into(),
        spans: SPANS.into(),
        approvers: APPROVERS,
        unknown: UNKNOWN.into(),
        tails: TAILS,
    }
}

const TAILS: [&str; 3] = ["[; from {when} on it would pass]", "[ [{source}]]", "[ (path {path})]"];

/// What the numbers of ERC-1404 say, by number.
const ERC1404: [(u8, &str); 26] = [
    (0, "no restriction"),
    (3, "the sender's holding is frozen"),
    (4, "the receiver's holding is frozen"),
    (10, "trading in this asset is halted, or it is closed"),
    (15, "the sender has less than that"),
    (16, "units of the sender are held, locked or not paid in full"),
    (20, "a wallet is not bound to a verified person"),
    (21, "the sender's wallet is not admitted"),
    (22, "the receiver's wallet is not admitted"),
    (23, "the operator's wallet is not admitted"),
    (25, "units may not flow back into this jurisdiction yet"),
    (26, "the receiver's country is not open"),
    (30, "the sender is blocked"),
    (31, "the receiver is blocked"),
    (32, "units are locked, of a holder in the United States; or the operator is blocked"),
    (33, "units are locked, of a holder outside the United States"),
    (40, "there would be too many holders, or persons approached"),
    (45, "a document, a filing or an approval is missing"),
    (50, "the sender may only move its whole holding"),
    (51, "that is less than the least there may be"),
    (52, "that is more than the most there may be"),
    (61, "the receiver must be an accredited investor"),
    (62, "who resides in the United States must be an accredited investor"),
    (71, "too few holders would remain"),
    (90, "the receiver may sell and not buy"),
    (255, "another rule stands in the way: scrip_explain says which"),
];

/// What a number of ERC-1404 says; nothing for one that no reason has.
pub fn erc1404_text(number: u8) -> Option<&'static str> {
    let place = ERC1404.binary_search_by_key(&number, |(number, _)| *number).ok()?;
    Some(ERC1404[place].1)
}

const PERIODS: [(&str, &str); 7] = [
    ("ever", "in all"),
    ("rolling", "within {span}"),
    ("fixed", "in a period of {span}"),
    ("month", "in the calendar month"),
    ("calendar_year", "in the calendar year"),
    ("year", "in the year from {day}"),
    ("since", "since {fact}"),
];

/// Longest first, as spans are written.
const SPANS: [(&str, [&str; 2]); 5] = [
    ("y", ["year", "years"]),
    ("mo", ["month", "months"]),
    ("bd", ["business day", "business days"]),
    ("d", ["day", "days"]),
    ("h", ["hour", "hours"]),
];

const APPROVERS: &str = "{count} on list {list}";

const UNKNOWN: [(&str, &str); 7] = [
    ("party", "a party"),
    ("have", "0"),
    ("need", "0"),
    ("used", "0"),
    ("country", "the country"),
    ("fact", "what the rule asks"),
    ("topic", "a claim"),
];

/// What claims are about: number, name, and what it is called in plain words. RULEBOOK section 3.1.
const TOPICS: &[(u32, &str, &str)] = &[
    (topic::KYC_NATURAL, "KYC", "KYC of a natural person"),
    (topic::KYB, "KYB", "KYC of an entity"),
    (topic::SANCTIONS_CLEAR, "SANCTIONS_CLEAR", "sanctions clearance"),
    (topic::PEP, "PEP", "politically exposed person"),
    (topic::RISK, "RISK", "risk category"),
    (6, "RESIDENCE", "residence"),
    (7, "TAX_RESIDENCE", "tax residence"),
    (8, "CITIZENSHIP", "citizenship"),
    (9, "UNIQUE_PERSON", "uniqueness of the person"),
    (10, "SOURCE_OF_FUNDS", "source of funds"),
    (topic::UNDER_REVIEW, "UNDER_REVIEW", "a match that is looked into"),
    (topic::ACCREDITED, "AI", "accredited investor"),
    (21, "QP", "qualified purchaser"),
    (topic::QIB, "QIB", "qualified institutional buyer"),
    (23, "SOPHISTICATED", "sophisticated investor"),
    (24, "PURCHASER_REP", "purchaser representative"),
    (topic::EU_QUALIFIED, "EU_QI", "EU qualified investor"),
    (31, "MIFID", "MiFID client category"),
    (32, "ECSP_SOPH", "sophisticated investor under ECSPR"),
    (33, "SG_AI", "Singapore accredited investor"),
    (34, "JP_QII", "Japan qualified institutional investor"),
    (35, "UK_CATEGORY", "UK investor category"),
    (36, "AU_S708", "Australia section 708 certificate"),
    (37, "MY_CATEGORY", "Malaysia investor category"),
    (38, "IN_QIB", "India qualified institutional buyer"),
    (39, "CH_PROF", "Switzerland professional client"),
    (40, "AE_PROF", "UAE professional client"),
    (50, "INCOME", "income"),
    (51, "NET_WORTH", "net worth"),
    (52, "INVESTMENTS", "investments"),
    (53, "LIMIT", "investment limit"),
    (54, "BALANCE_SHEET", "balance sheet"),
    (55, "TURNOVER", "turnover"),
    (56, "OWN_FUNDS", "own funds"),
    (57, "TRADES_PER_QUARTER", "trades in a quarter"),
    (58, "SECTOR_MONTHS", "months in the sector"),
    (topic::AFFILIATE, "AFFILIATE", "affiliate of the issuer"),
    (61, "INSIDER", "insider of the issuer"),
    (62, "EMPLOYEE_PLAN", "employee plan"),
    (63, "CONCERT_GROUP", "concert group"),
    (64, "FAMILY", "family"),
    (65, "ESTATE", "estate"),
    (66, "SECURED", "secured creditor"),
    (70, "REG_S_CERT", "Regulation S certificate"),
    (71, "CONSENT", "consent"),
    (72, "SUITABILITY", "suitability"),
    (73, "APPROPRIATENESS", "appropriateness"),
    (74, "APPLIED", "application"),
    (75, "BAD_ACTOR", "bad actor check"),
    (76, "COUNTED_WITH", "counted with another person"),
    (80, "LEI", "legal entity identifier"),
    (topic::LICENCE, "LICENCE", "licence"),
    // 82 meant an approved wallet, which lists name now, and means nothing else.
    (83, "LOOK_THROUGH", "owners behind a fund"),
];

/// The name of a claim topic in plain words.
pub fn topic_name(topic: u32) -> String {
    match TOPICS.binary_search_by_key(&topic, |(number, ..)| *number) {
        Ok(place) => TOPICS[place].2.into(),
        Err(_) => format!("topic {topic}"),
    }
}

/// The names of all topics.
pub fn topics() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|(_, name, _)| *name)
}

/// The topic that a word stands for: its name, in capitals or not, or its number.
pub fn topic_called(word: &str) -> Option<u32> {
    let known = TOPICS.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(word));
    known.map(|(topic, ..)| *topic).or_else(|| word.parse().ok())
}

impl ReasonCode {
    /// Its name on the wire: `CLAIM_MISSING`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_ascii_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.push(letter.to_ascii_uppercase());
        }
        name
    }
}

/// What stands in the way, and what could be done about it.
fn words(code: ReasonCode) -> (&'static str, &'static str) {
    use ReasonCode::*;
    match code {
        Paused => (
            "trading in [class {class} of ]this asset is halted[ by {by}][ since {since}]",
            "its agent resumes trading in it, or in the class",
        ),
        AssetClosed => {
            ("this asset is closed[ by {by}][ since {since}]", "nothing: it was closed for ever")
        }
        FrozenFrom => (
            "the seller may not send this asset: its holding is frozen[ by order of {authority}, {reference}]\
             [, carried out by {by}][ since {since}][ until {time}]",
            "the authority named in the order lifts it; whom it binds may contest it",
        ),
        FrozenTo => (
            "the buyer may not receive this asset: its holding is frozen[ by order of {authority}, {reference}]\
             [, carried out by {by}][ since {since}][ until {time}]",
            "the authority named in the order lifts it; whom it binds may contest it",
        ),
        InsufficientBalance => ("{need} units needed, {have} there", "move at most {have}"),
        UnitsHeld => (
            "{need} units needed, {have} free[; {held} held or pledged][; {frozen} frozen][ by {by}]\
             [ by order of {authority}, {reference}][ since {since}]",
            "move at most {have}[, or release what is held or pledged of {held}][, or have the freeze of {frozen} lifted]",
        ),
        WalletUnknown => (
            "{party}'s wallet is not bound to a verified person",
            "a KYC provider registers {party}, or binds the wallet to its account",
        ),
        PersonSuspended => (
            "{party} is suspended by order[ of {authority}, {reference}][, carried out by {by}][ since {since}]\
             [ until {time}]",
            "the authority named in the order reinstates {party}",
        ),
        PersonDeceased => (
            "{party} has died, and nobody acts for it",
            "the estate's representative asks the issuer's agent to move the units by order; the person's provider withdraws a wrong record",
        ),
        KycExpired => (
            "{party} has no current KYC[; the last ran out on {since}]; its provider can renew it",
            "a provider renews the KYC of {party}[: {providers}]",
        ),
        Sanctioned => ("{party} is blocked", "{party} turns to its provider"),
        // What is looked into is said to neither side, nor until when.
        ScreeningPending => {
            ("{party} may not receive for the time being", "{party} turns to its provider")
        }
        ClaimMissing => (
            "{party} needs a current claim: {topic}[; {have} is attested, and {need} is asked]",
            "{party} asks a provider to attest it[: {providers}]",
        ),
        CountryForbidden => (
            "{country} is not open for {party}",
            "the asset's agent opens the country, or adopts a profile that serves it, where its law allows",
        ),
        NotListed => (
            "{party} is not admitted by the list[ {fact}]",
            "who keeps the list changes it: the asset's agent, of the network's the power over the law",
        ),
        CapPersons => (
            "[there would be {holders} holders of this kind, at most {need} may be; a seller's whole holding would fit]\
             [this would be person {counted} to buy, at most {need} may]",
            "[{of_holders}buy the whole holding of one who leaves, or wait until a holder has left]\
             [{of_counted}wait until one of them counts no more, or use another exemption]",
        ),
        FloorPersons => (
            "{have} holders of this kind would remain, at least {need} must",
            "keep a part of the holding, or sell to who is no holder yet",
        ),
        BelowMin => (
            "[{side} would hold {have}, at least {need} or nothing is allowed]\
             [{amount} is there, at least {need} is needed]",
            "move more, or the whole",
        ),
        AboveMax => (
            "[{side} would hold {have}, at most {need} is allowed]\
             [{amount} is there, at most {need} is allowed]",
            "move less",
        ),
        FullOnly => ("the seller may only sell its whole holding of {have}", "sell {have}"),
        LockedLot => (
            "{have} of {need} units are unlocked[; enough unlock on {when}]",
            "move at most {have}, or wait",
        ),
        UnpaidLot => (
            "{have} of {need} units are paid in full; the clock of the others has not started",
            "pay for them; the asset's agent confirms it",
        ),
        WindowClosed => (
            "the window is closed[; it opens at {time}]",
            "[wait until {time}; else ]rely on another path: what is over does not open again",
        ),
        NoPath => (
            "no exemption path is open[ into {country}][: no law that binds what moves, or a part of it, offers the path {fact}]\
             [; those offered are {offered}]",
            "[elect none or another path than {fact}, or move lots that may go by it; else ]\
             meet what one of the paths asks[; or the asset's agent adopts a profile whose rules let units into {country}, \
             or who resides elsewhere gets them]",
        ),
        NoPolicy => (
            "the asset has no policy yet, so nothing may move; its agent sets one",
            "the asset's agent sets a policy",
        ),
        WrongKind => {
            ("this kind of movement or payment is not covered", "choose another path or profile")
        }
        NotAllowed => (
            "a condition that must not hold does[: {topic}][: {fact}]",
            "end the condition, or rely on another path",
        ),
        SupplyCap => (
            "there would be {have} units, {need} are authorised",
            "issue less, or have more authorised",
        ),
        ContractRefused => {
            ("the issuer's own rule contract refuses", "ask the issuer what its contract needs")
        }
        InDispute => (
            "the seller's account is in dispute: its recovery waits[ until {time}]",
            "[wait until {time}; else ]the seller finishes the recovery, or cancels it",
        ),
        TooManyAssets => (
            "{party} holds {have} assets and at most {need} can be held; one must be given up first",
            "give up one of the assets first",
        ),
        ClaimExpired => (
            "{party} needs a current claim: {topic}; the one it has has run out[ on {since}]",
            "{party} asks a provider to renew it[: {providers}]",
        ),
        FactMissing => (
            "it is not attested that {fact} holds[; {have} is attested, and {need} is asked]",
            "the asset's agent, or the network, attests {fact}",
        ),
        OutOfBounds => (
            "[at least {least} is needed, and {have} is there]\
             [at most {most} is allowed, and {have} is there]",
            "keep within {need}",
        ),
        CapOfferees => (
            "this would be person {have} to be approached, at most {need} may be",
            "approach only who is counted already, or use another exemption",
        ),
        NotApproached => (
            "{party} is not in the register of those who were approached",
            "the issuer enters {party} into the offer register first",
        ),
        CapAmountIssuer => (
            "{used} of {need} was raised[ {period}]; {have} is left[ until {next}]",
            "take at most {have}[, or more from {next} on]",
        ),
        CapAmountInvestor => (
            "{party} has invested {used} of {need}[ {period}]; {have} is left[ until {next}]",
            "invest at most {have}[, or more from {next} on]",
        ),
        CapAmountVenue => (
            "{used} of {need} was admitted[ {period}]; {have} is left[ until {next}]",
            "admit at most {have}[, or more from {next} on]",
        ),
        VolumeLimit => (
            "{used} of {need} was sold[ {period}]; {have} is left[ until {next}]",
            "sell at most {have}[, or more from {next} on]",
        ),
        NotRelated => (
            "the parties are not tied to each other: {topic}",
            "a provider attests the tie, if there is one",
        ),
        ApprovalMissing => (
            "{have} of {need} approvals are given[; it is the turn of {turn}]",
            "those whose turn it is approve this movement[: {turn}]",
        ),
        PriceMissing => (
            "what is paid is not stated in the currency of the rule",
            "state what is paid, in the currency of the rule",
        ),
        PolicyError => (
            "the rule cannot be evaluated, which is a refusal\
             [: the calendar {fact} does not reach the days that it counts]",
            "[a network power registers the next version of {fact}; else ]\
             the asset's agent mends the rule, or attests what it looks at",
        ),
        NotEligible => (
            "{party} is not eligible[: {topic} is needed]",
            "{party} asks a provider to attest it[: {providers}]",
        ),
        OnlyAccredited => (
            "{party} must be an accredited investor",
            "{party} asks a provider to attest it[: {providers}]",
        ),
        OnlyUsAccredited => (
            "who resides in the United States must be an accredited investor",
            "{party} asks a provider to attest it[: {providers}]",
        ),
        UsPerson => (
            "who resides in the United States is not served",
            "use an exemption that serves the United States",
        ),
        JurisdictionForbidden => (
            "this is not allowed in the jurisdiction of {party}[, {country}]",
            "use an exemption that serves the jurisdiction",
        ),
        Flowback => (
            "units may not flow back into {country} yet[; sales into it open on {when}]",
            "sell elsewhere, or wait[ until {when}]",
        ),
        CoolingOff => {
            ("the time for reflection is not over[; it ends on {when}]", "wait until it is over")
        }
        DocMissing => ("{fact} must be there first", "the asset's agent files it"),
        FilingMissing => ("{fact} must be filed first", "the asset's agent files it"),
        DocFlag => (
            "{fact} carries a flag that must be cleared first[: {have} is attested, and {need} is allowed]",
            "the asset's agent clears what is flagged, and attests {fact} anew",
        ),
        OfferNotOpen => (
            "the offer is not open[; it opens on {when}]",
            "the asset's agent opens an offer; else wait until it opens",
        ),
        Blackout => (
            "insiders may not trade now[; they may from {when} on]",
            "wait until the blackout ends",
        ),
        VenueForbidden => (
            "this moves through a licensed venue only: let the venue's wallet move it as operator",
            "trade through a licensed venue",
        ),
        GeneralSolicitation => (
            "[{fact} is not attested: ]the offer counts as made to the public",
            "[the asset's agent attests {fact}; else ]use an exemption that allows it",
        ),
        WalletNotWhitelisted => (
            "the wallet of {party} is not admitted[ by the list {fact}]",
            "who keeps the list admits the wallet first: the asset's agent, of the network's the power over the law",
        ),
        LiquidateOnly => ("{party} may sell and not buy", "{party} sells only"),
        IssuerUntrusted => (
            "{party} has {topic} from a provider whose word the rule does not take",
            "{party} asks another provider to attest it[: {providers}]",
        ),
    }
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Sender => "sender",
        Side::Receiver => "receiver",
        Side::Both => "both",
        Side::Venue => "venue",
    }
}

fn party(side: Option<Side>) -> &'static str {
    match side {
        Some(Side::Sender) => "the seller",
        Some(Side::Receiver) => "the buyer",
        Some(Side::Venue) => "the venue",
        Some(Side::Both) | None => UNKNOWN[0].1,
    }
}

impl Reason {
    /// What the person could do about it, and whom to ask.
    pub fn remedy(&self) -> String {
        self.fill(words(self.code).1)
    }

    /// A fact in words, if the reason gives it.
    fn fact_called(&self, name: &str) -> Option<String> {
        match name {
            "party" => self.side.map(|side| party(Some(side)).into()),
            "side" => self.side.map(|side| party(Some(side)).into()),
            "have" => self.have.map(|have| have.to_string()),
            "amount" => self.have.filter(|_| self.side.is_none()).map(|have| have.to_string()),
            "least" => {
                self.need.filter(|need| self.have < Some(*need)).map(|need| need.to_string())
            }
            "most" => {
                self.need.filter(|need| self.have >= Some(*need)).map(|need| need.to_string())
            }
            "need" => self.need.map(|need| need.to_string()),
            // Holders are counted as they are; persons who bought under a name.
            "holders" => self.have.filter(|_| self.fact.is_none()).map(|have| have.to_string()),
            "counted" => self.have.filter(|_| self.fact.is_some()).map(|have| have.to_string()),
            "of_holders" => self.fact.is_none().then(String::new),
            "of_counted" => self.fact.is_some().then(String::new),
            "topic" => self.topic.map(topic_name),
            "country" => self.country.map(|country| country.name()),
            "when" => self.when.map(day_or_moment),
            "time" => self.when.map(|when| when.to_string()),
            "since" => self.since.map(day_or_moment),
            "next" => self.next.map(day_or_moment),
            "by" => self.by.map(|by| by.to_string()),
            "authority" => self.order.as_ref().map(|order| order.authority.clone()),
            "reference" => self.order.as_ref().map(|order| order.reference.clone()),
            "class" => self.class.map(|class| class.0.to_string()),
            "used" => self.used.map(|used| used.to_string()),
            "held" => self.held.map(|held| held.to_string()),
            "frozen" => self.frozen.map(|frozen| frozen.to_string()),
            "period" => self.period.as_ref().map(period_in_words),
            "turn" => self.turn.map(turn_in_words),
            "offered" if self.offered.is_empty() => None,
            "offered" => Some(self.offered.join(", ")),
            "fact" => self.fact.as_ref().map(|fact| fact.to_string()),
            "source" => self.source.clone(),
            "path" => self.path.clone(),
            "providers" if self.providers.is_empty() => None,
            "providers" => {
                let names: Vec<_> = self.providers.iter().map(|it| it.to_string()).collect();
                Some(names.join(" or "))
            }
            _ => None,
        }
    }

    /// Fills a template. What is not known is left out with its brackets, or has a word that stands for it.
    fn fill(&self, template: &str) -> String {
        let mut told = String::new();
        let mut rest = template;
        while let Some(start) = rest.find('[') {
            let end = matching(&rest[start..]).map_or(rest.len(), |end| start + end);
            told += &self.put(&rest[..start], true).unwrap_or_default();
            told += &self.put(&rest[start + 1..end], false).unwrap_or_default();
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        told + &self.put(rest, true).unwrap_or_default()
    }

    /// Puts facts into a template without brackets that may be left out; nothing if one that it needs is
    /// not known.
    fn put(&self, template: &str, is_needed: bool) -> Option<String> {
        let mut told = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            let unknown = || {
                let word = UNKNOWN.iter().find(|(known, _)| *known == name)?.1;
                is_needed.then(|| word.to_owned())
            };
            told += before;
            told += &self.fact_called(name).or_else(unknown)?;
            rest = after;
        }
        Some(told + rest)
    }
}

/// Days begin elsewhere by other clocks: what is no day of UTC is a moment.
fn day_or_moment(time: Time) -> String {
    match time.date().start() == time {
        true => time.date().to_string(),
        false => time.to_string(),
    }
}

fn period_in_words(period: &Period) -> String {
    let kind = match period {
        Period::Ever => "ever",
        Period::Rolling(_) => "rolling",
        Period::Fixed(_) => "fixed",
        Period::Month => "month",
        Period::Year { month: 1, day: 1 } => "calendar_year",
        Period::Year { .. } => "year",
        Period::Since(_) => "since",
    };
    let template = PERIODS.iter().find(|(name, _)| *name == kind).map_or("", |(_, words)| words);
    match period {
        Period::Rolling(span) | Period::Fixed(span) => {
            template.replace("{span}", &span_in_words(*span))
        }
        Period::Year { month, day } => template.replace("{day}", &format!("{month:02}-{day:02}")),
        Period::Since(fact) => template.replace("{fact}", fact),
        Period::Ever | Period::Month => template.to_owned(),
    }
}

/// As it is written, part by part: "1 year", "6 months 5 days".
fn span_in_words(span: Span) -> String {
    let Span { months, business, days, hours } = span;
    let parts = [months / 12, months % 12, business, days, hours];
    let told = parts.iter().zip(SPANS).filter(|(number, _)| **number > 0);
    let words = told.map(|(number, (_, [one, many]))| {
        let unit = if *number == 1 { one } else { many };
        format!("{number} {unit}")
    });
    words.collect::<Vec<_>>().join(" ")
}

fn turn_in_words(turn: Step) -> String {
    match turn {
        Step::Sender => party(Some(Side::Sender)).to_owned(),
        Step::Receiver => party(Some(Side::Receiver)).to_owned(),
        Step::Of { list, count } => {
            APPROVERS.replace("{count}", &count.to_string()).replace("{list}", &list.to_string())
        }
    }
}

/// Where the bracket at the start ends.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(place, letter)| {
        depth += i32::from(letter == '[') - i32::from(letter == ']');
        (depth == 0).then_some(place)
    })
}

/// What stands in the way, when it would not, where that is written and on which path.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = words(self.code).0;
        f.write_str(&self.fill(text))?;
        let says_when = text.contains("{when}") || text.contains("{time}");
        let tails = &TAILS[usize::from(says_when)..];
        tails.iter().try_for_each(|tail| f.write_str(&self.fill(tail)))
    }
}
