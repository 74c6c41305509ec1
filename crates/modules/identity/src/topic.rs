//! What a claim can be about. Numbers are on the wire: append, never renumber.

/// Customer due diligence on a natural person.
pub const KYC_NATURAL: u32 = 1;
/// Customer due diligence on an entity and its beneficial owners.
pub const KYB: u32 = 2;
/// Clear of sanctions lists; the value is the list version.
pub const SANCTIONS_CLEAR: u32 = 3;
/// Politically exposed: 0 none, 1 domestic, 2 foreign, 3 relative or close associate.
pub const PEP: u32 = 4;
/// Risk: 1 low, 2 standard, 3 high, 4 prohibited.
pub const RISK: u32 = 5;
/// A match with a sanctions list is looked into: whichever provider says so, nothing comes to the person until it takes that
/// back, and what the person gives goes on.
pub const UNDER_REVIEW: u32 = 11;
/// Accredited investor, 17 CFR 230.501(a).
pub const ACCREDITED: u32 = 20;
/// Qualified institutional buyer, 17 CFR 230.144A(a)(1).
pub const QIB: u32 = 22;
/// Qualified investor, Regulation (EU) 2017/1129 Art 2(e).
pub const EU_QUALIFIED: u32 = 30;
/// Affiliate of an issuer.
pub const AFFILIATE: u32 = 60;
/// Licensed for something; the value says for what.
pub const LICENCE: u32 = 81;

/// The value of a [`LICENCE`] to run a trading venue: an ATS, an MTF, an exchange.
pub const VENUE: u64 = 1;

/// True if a claim on this topic says what customer due diligence found: who a person is, and what risk it is.
pub fn is_due_diligence(topic: u32) -> bool {
    (1..20).contains(&topic)
}

/// True if a claim on this topic says what only the living are: investors of a class, suited to something,
/// licensed. Who somebody was found to be (1 to 19), and whose relative or affiliate (60 to 69), outlives them.
pub fn ends_with_life(topic: u32) -> bool {
    !is_due_diligence(topic) && !(60..70).contains(&topic)
}

/// The topics that say a person went through due diligence.
pub const DUE_DILIGENCE: [u32; 2] = [KYC_NATURAL, KYB];
