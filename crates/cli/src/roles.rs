//! The ten wallets of a development chain, and who they are there.
//!
//! Their keys follow from words that everyone knows. They exist on development chains only.

use client::{DEV_MNEMONIC, Wallet};
use identity::{ClaimGiven, GenesisPerson, PersonKind, topic};
use std::ops::RangeInclusive;
use trust::{FuelSchedule, GenesisGrant, Power};
use types::{Address, B256, Country, Date, PersonId, Time};

/// The chain id that wallets and tools know for development.
pub(crate) const DEV_CHAIN_ID: u64 = 31_337;

/// Where `scrip dev --reset` draws a new one: the same digits, and four more.
pub(crate) const RESET_CHAIN_IDS: RangeInclusive<u64> = 313_370_000..=313_379_999;

/// True where the ten wallets are who their names say.
pub(crate) fn is_dev_chain(chain_id: u64) -> bool {
    chain_id == DEV_CHAIN_ID || RESET_CHAIN_IDS.contains(&chain_id)
}

/// What wallets beyond the ten are there for.
pub(crate) const INVESTOR: &str = "investor, retail, Switzerland";

/// One of the ten.
pub(crate) struct Role {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is there for.
    pub(crate) purpose: &'static str,
    kind: PersonKind,
    residence: &'static str,
    topics: &'static [u32],
    powers: &'static [Power],
}

use PersonKind::{Entity, Fund, Natural};

/// Places are the numbers in the mnemonic: append, never reorder.
pub(crate) const ROLES: [Role; 10] = [
    Role {
        name: "admin",
        purpose: "has every power over the network",
        kind: Entity,
        residence: "CH",
        topics: &[topic::KYB, topic::SANCTIONS_CLEAR],
        powers: &[
            Power::Admin,
            Power::Providers,
            Power::Sanctions,
            Power::Orders,
            Power::CreateAsset,
            Power::Fuel,
            Power::Law,
            Power::Apps,
        ],
    },
    Role {
        name: "provider",
        purpose: "KYC provider: registers people, attests claims",
        kind: Entity,
        residence: "CH",
        topics: &[topic::KYB, topic::SANCTIONS_CLEAR],
        powers: &[],
    },
    Role {
        name: "issuer",
        purpose: "may create securities and cash",
        kind: Entity,
        residence: "CH",
        topics: &[topic::KYB, topic::SANCTIONS_CLEAR],
        powers: &[Power::CreateAsset],
    },
    Role {
        name: "agent",
        purpose: "transfer agent: an issuer grants it powers over a security",
        kind: Entity,
        residence: "DE",
        topics: &[topic::KYB, topic::SANCTIONS_CLEAR],
        powers: &[],
    },
    Role {
        name: "officer",
        purpose: "compliance officer: sanctions lists, orders",
        kind: Entity,
        residence: "CH",
        topics: &[topic::KYB, topic::SANCTIONS_CLEAR],
        powers: &[Power::Sanctions, Power::Orders, Power::Law],
    },
    Role {
        name: "alice",
        purpose: "investor, accredited, United States",
        kind: Natural,
        residence: "US",
        topics: &[topic::KYC_NATURAL, topic::SANCTIONS_CLEAR, topic::ACCREDITED],
        powers: &[],
    },
    Role {
        name: "bob",
        purpose: "investor, qualified, Germany",
        kind: Natural,
        residence: "DE",
        topics: &[topic::KYC_NATURAL, topic::SANCTIONS_CLEAR, topic::EU_QUALIFIED],
        powers: &[],
    },
    Role {
        name: "carol",
        purpose: "investor, retail, Switzerland",
        kind: Natural,
        residence: "CH",
        topics: &[topic::KYC_NATURAL, topic::SANCTIONS_CLEAR],
        powers: &[],
    },
    Role {
        name: "dave",
        purpose: "investor, retail, United States: not accredited",
        kind: Natural,
        residence: "US",
        topics: &[topic::KYC_NATURAL, topic::SANCTIONS_CLEAR],
        powers: &[],
    },
    Role {
        name: "fund",
        purpose: "investor, institution, Luxembourg",
        kind: Fund,
        residence: "LU",
        topics: &[topic::KYB, topic::SANCTIONS_CLEAR, topic::EU_QUALIFIED],
        powers: &[],
    },
];

/// The person behind a place: genesis numbers persons in their order from 1.
pub(crate) fn person(place: usize) -> PersonId {
    PersonId(place as u64 + 1)
}

/// The wallet of a role, if there is one of this name.
pub(crate) fn wallet(name: &str) -> Option<Wallet> {
    let place = ROLES.iter().position(|role| role.name == name)?;
    Some(Wallet::from_mnemonic(DEV_MNEMONIC, place as u32).expect("the words are a mnemonic"))
}

/// The ten wallets, by place.
pub(crate) fn wallets() -> Vec<Wallet> {
    some_wallets(ROLES.len())
}

/// So many wallets of the mnemonic, by place.
pub(crate) fn some_wallets(count: usize) -> Vec<Wallet> {
    let branch = client::Branch::new(DEV_MNEMONIC, 0).expect("the words are a mnemonic");
    let wallet = |place| branch.wallet(place as u32).expect("small numbers are places");
    (0..count).map(wallet).collect()
}

/// A development chain's genesis: the ten, their claims and powers.
pub(crate) fn genesis(time: Time) -> chain::Genesis {
    let wallets = wallets();
    let persons = ROLES.iter().zip(&wallets).map(|(role, wallet)| role.person(wallet.address()));
    let grants =
        ROLES.iter().enumerate().filter(|(_, role)| !role.powers.is_empty()).map(
            |(place, role)| GenesisGrant { person: person(place), powers: role.powers.to_vec() },
        );
    chain::Genesis {
        name: "development".into(),
        chain_id: DEV_CHAIN_ID,
        shard: Default::default(),
        time,
        limits: Default::default(),
        identity: identity::Genesis { recovery_delay_ms: 0, persons: persons.collect() },
        trust: trust::Genesis { fuel: Default::default(), grants: grants.collect() },
    }
}

/// Fuel that hardly grows: what accounts have was given them, and a balance moves by what was spent alone.
const SLOW_FUEL: FuelSchedule = FuelSchedule {
    registered_capacity: 100_000,
    verified_capacity: 100_000,
    refill_ms: 604_800_000,
};

/// A workbench's genesis: the ten, and investors to so many accounts. Strict, it is a network's.
pub(crate) fn bench_genesis(
    time: Time,
    chain_id: u64,
    accounts: usize,
    is_strict: bool,
) -> chain::Genesis {
    let mut genesis = genesis(time);
    genesis.chain_id = chain_id;
    if is_strict {
        return genesis;
    }
    let investor = Role {
        name: "",
        purpose: INVESTOR,
        kind: Natural,
        residence: "CH",
        topics: &[topic::KYC_NATURAL, topic::SANCTIONS_CLEAR],
        powers: &[],
    };
    let others = some_wallets(accounts).into_iter().skip(ROLES.len());
    genesis.identity.persons.extend(others.map(|wallet| investor.person(wallet.address())));
    genesis.trust.fuel = SLOW_FUEL;
    genesis
}

impl Role {
    fn person(&self, wallet: Address) -> GenesisPerson {
        let expires = Date::of(2100, 1, 1).expect("it is a day").start();
        let evidence = |topic: u32| types::sha256(&[b"development", &topic.to_be_bytes()]);
        let claim = |topic: &u32| ClaimGiven {
            topic: *topic,
            value: 0,
            dated: Time(0),
            expires,
            evidence: B256::from(evidence(*topic)),
        };
        GenesisPerson {
            wallet,
            kind: self.kind,
            residence: self.residence.parse::<Country>().expect("the ten live somewhere"),
            provider: self.name == "provider",
            claims: self.topics.iter().map(claim).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_development_chain_begins_and_its_file_says_the_same() {
        let genesis = genesis(Time(1_767_225_600_000));
        genesis.check().unwrap();
        assert_eq!(chain::Genesis::from_toml(&genesis.to_toml()).unwrap(), genesis);
    }

    #[test]
    fn a_workbench_begins_with_as_many_accounts_as_asked_unless_it_is_strict() {
        let with = |accounts, is_strict| {
            let genesis = bench_genesis(Time(1_767_225_600_000), 313_370_007, accounts, is_strict);
            genesis.check().unwrap();
            assert!(is_dev_chain(genesis.chain_id));
            genesis
        };
        assert_eq!(with(10, false).identity.persons.len(), 10);
        let many = with(25, false);
        assert_eq!(many.identity.persons[24].wallet, some_wallets(25)[24].address());
        assert_eq!(with(25, true).trust.fuel, FuelSchedule::default());
        assert_eq!(with(25, true).identity.persons.len(), 10);
    }

    #[test]
    fn roles_are_found_by_name() {
        assert_eq!(wallet("admin").unwrap().address(), wallets()[0].address());
        assert_eq!(wallet("fund").unwrap().address(), wallets()[9].address());
        assert!(wallet("mallory").is_none());
    }
}
