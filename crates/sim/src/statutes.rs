//! The law of the simulation: small profiles that reach every kind of rule within days, and some real ones.

use compliance::{Profile, VenueRules};
use serde::Deserialize;
use std::sync::LazyLock;
use types::{Calendar, Date};

/// Profiles and rules that the traffic puts into force, and the checker may read by their hash.
pub struct Statutes {
    /// What the simulation's own profiles say, in the order in which they can be registered.
    pub own: Vec<Profile>,
    /// A next version of one of them.
    pub amended: Profile,
    /// Profiles of the law of today, and the calendar by which they count days.
    pub real: Vec<Profile>,
    /// That calendar, by which one of its own counts too.
    pub calendar: Calendar,
    /// Its next version: a day is proclaimed on which no business is done.
    pub proclaimed: Calendar,
    /// What venues ask, one after the other.
    pub venues: Vec<VenueRules>,
}

#[derive(Deserialize)]
struct CalendarFile {
    calendar: Calendar,
}

/// They never change.
pub static STATUTES: LazyLock<Statutes> = LazyLock::new(|| {
    let calendar = include_str!("../../../profiles/calendars/us-federal.yaml");
    let calendar: CalendarFile = serde_saphyr::from_str(calendar).expect("a calendar");
    let calendar = calendar.calendar;
    let mut proclaimed = calendar.clone();
    proclaimed.holidays.push(Date::of(2026, 2, 10).expect("a date"));
    proclaimed.holidays.sort_unstable();
    let own = [
        include_str!("../profiles/private.yaml"),
        include_str!("../profiles/offer.yaml"),
        include_str!("../profiles/resale.yaml"),
        include_str!("../profiles/lock.yaml"),
        include_str!("../profiles/fund.yaml"),
        include_str!("../profiles/board.yaml"),
        include_str!("../profiles/price.yaml"),
        include_str!("../profiles/hours.yaml"),
        include_str!("../profiles/land.yaml"),
        include_str!("../profiles/land_later.yaml"),
    ];
    let real = [
        include_str!("../../../profiles/us/resale.yaml"),
        include_str!("../../../profiles/us/506c.yaml"),
        include_str!("../../../profiles/us/3c1.yaml"),
    ];
    let profile =
        |text: &str| rules::File::parse(text).expect("a profile that can be read").profile;
    let venues = [
        r#"{"rules":[
            {"countries":{"side":"receiver","mode":"deny","countries":["GB"]}},
            {"amount":{"meter":"orders","scope":"network","by":"sender","of":"movements",
                "period":{"rolling":"1d"},"max":{"number":"4"}}}]}"#,
        r#"{"rules":[
            {"claim":{"side":"venue","topic":81,"at_least":1,"at_most":1}},
            {"amount":{"meter":"volume","of":"units","max":{"number":"60"},"period":{"rolling":"2d"}}}]}"#,
    ];
    Statutes {
        own: own.map(profile).to_vec(),
        amended: profile(include_str!("../profiles/private2.yaml")),
        real: real.map(profile).to_vec(),
        calendar,
        proclaimed,
        venues: venues.map(|text| serde_json::from_str(text).expect("rules")).to_vec(),
    }
});

impl Statutes {
    /// Every profile of which the checker may know the text beforehand.
    pub fn known(&self) -> impl Iterator<Item = &Profile> {
        self.own.iter().chain([&self.amended])
    }
}
