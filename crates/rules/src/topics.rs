//! The names by which scenarios call the topics of claims. RULEBOOK section 3.1.

/// Every name and the topic that it stands for.
pub fn topics() -> &'static [(&'static str, u32)] {
    &[
        ("KYC", 1),
        ("KYB", 2),
        ("SANCTIONS_CLEAR", 3),
        ("PEP", 4),
        ("RISK", 5),
        ("AI", 20),
        ("QP", 21),
        ("QIB", 22),
        ("SOPHISTICATED", 23),
        ("PURCHASER_REP", 24),
        ("EU_QI", 30),
        ("MIFID", 31),
        ("ECSP_SOPH", 32),
        ("SG_AI", 33),
        ("JP_QII", 34),
        ("UK_CATEGORY", 35),
        ("AU_S708", 36),
        ("MY_CATEGORY", 37),
        ("IN_QIB", 38),
        ("CH_PROF", 39),
        ("AE_PROF", 40),
        ("INCOME", 50),
        ("NET_WORTH", 51),
        ("INVESTMENTS", 52),
        ("LIMIT", 53),
        ("BALANCE_SHEET", 54),
        ("TURNOVER", 55),
        ("OWN_FUNDS", 56),
        ("TRADES_PER_QUARTER", 57),
        ("SECTOR_MONTHS", 58),
        ("AFFILIATE", 60),
        ("INSIDER", 61),
        ("EMPLOYEE_PLAN", 62),
        ("CONCERT_GROUP", 63),
        ("FAMILY", 64),
        ("ESTATE", 65),
        ("SECURED", 66),
        ("REG_S_CERT", 70),
        ("CONSENT", 71),
        ("SUITABILITY", 72),
        ("APPROPRIATENESS", 73),
        ("APPLIED", 74),
        ("BAD_ACTOR", 75),
        ("COUNTED_WITH", 76),
        ("LEI", 80),
        ("LICENCE", 81),
        ("WALLET_APPROVED", 82),
        ("LOOK_THROUGH", 83),
    ]
}

/// The topic that a word stands for: its name, or its number.
pub fn topic_called(word: &str) -> Option<u32> {
    let known = topics().iter().find(|(name, _)| *name == word).map(|(_, topic)| *topic);
    known.or_else(|| word.parse().ok())
}
