//! The protocol's calls in the market's words: people, securities, movements, explanations.

use crate::{
    Client, Draft, Error, Receipt, Wallet,
    abi::{ICompliance, IERC20, IERC1643, IERC3643, IIdentity, ILedger, ITrust},
};
use alloy_primitives::{Address, B256, FixedBytes, U256};
use serde::Serialize;
use types::{AssetId, Country, Currency, Module, PersonId, Reserved, Time};

/// A security or cash token to create, as `ILedger` has it.
pub use crate::abi::ILedger::NewAsset as NewSecurity;

/// What is known of a person on chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonInfo {
    /// Its number.
    pub person: PersonId,
    /// What kind: natural, entity, trust or fund.
    pub kind: &'static str,
    /// Where it resides.
    pub residence: String,
    /// The provider that answers for it.
    pub provider: PersonId,
    /// False while suspended by an order, and of the dead.
    pub active: bool,
    /// Its accounts, by number.
    pub accounts: Vec<Account>,
    /// Gas it can use now.
    pub fuel: u64,
}

/// A person's account and the wallet that owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Its number.
    pub number: u16,
    /// Its wallet.
    pub wallet: Address,
}

/// May this happen, and if not, why, when and how much would?
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// True if nothing stands in the way.
    pub allowed: bool,
    /// The number of the first reason; 0 if there is none.
    pub code: u16,
    /// Every reason in plain words.
    pub reasons: String,
    /// When it would pass, all else being as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest_ok: Option<Time>,
    /// The largest amount that would pass now.
    #[serde(serialize_with = "as_text")]
    pub max_ok: U256,
}

/// What a wallet's account has of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// Units, held and frozen ones included.
    #[serde(serialize_with = "as_text")]
    pub units: U256,
    /// Units held for someone.
    #[serde(serialize_with = "as_text")]
    pub held: U256,
    /// Units frozen by an agent.
    #[serde(serialize_with = "as_text")]
    pub frozen: U256,
    /// Units that the owner can move.
    #[serde(serialize_with = "as_text")]
    pub free: U256,
}

/// Amounts are decimal strings in JSON: numbers lose digits in many clients.
fn as_text<S: serde::Serializer>(amount: &U256, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

const KINDS: [&str; 4] = ["natural", "entity", "trust", "fund"];

/// People.
impl Client {
    /// A provider registers persons, all or none; their numbers come in the same order.
    pub async fn register(
        &self,
        provider: &Wallet,
        registrations: Vec<IIdentity::Registration>,
    ) -> Result<(Receipt, Vec<PersonId>), Error> {
        let call = IIdentity::registerCall { registrations };
        let receipt = self.send(provider, self.draft(Module::Identity, &call)).await?;
        let persons = receipt.events::<IIdentity::PersonRegistered>();
        let persons = persons.map(|event| PersonId(event.person)).collect();
        Ok((receipt, persons))
    }

    /// A provider attests a claim about a person.
    pub async fn attest(
        &self,
        provider: &Wallet,
        person: PersonId,
        claim: IIdentity::Claim,
    ) -> Result<Receipt, Error> {
        let call = IIdentity::attestCall { person: person.0, claim };
        self.send(provider, self.draft(Module::Identity, &call)).await
    }

    /// A provider takes its claim back, for ever.
    pub async fn revoke_claim(
        &self,
        provider: &Wallet,
        person: PersonId,
        topic: u32,
    ) -> Result<Receipt, Error> {
        let call = IIdentity::revokeCall { person: person.0, topic };
        self.send(provider, self.draft(Module::Identity, &call)).await
    }

    /// Stops a person by order, or lets it go on. Needs the power `orders`.
    pub async fn suspend(
        &self,
        by: &Wallet,
        person: PersonId,
        order: IIdentity::Order,
        suspended: bool,
    ) -> Result<Receipt, Error> {
        let draft =
            match suspended {
                true => self
                    .draft(Module::Identity, &IIdentity::suspendCall { person: person.0, order }),
                false => self
                    .draft(Module::Identity, &IIdentity::reinstateCall { person: person.0, order }),
            };
        self.send(by, draft).await
    }

    /// Records that a natural person died, as its provider or with the power `orders`.
    pub async fn record_death(
        &self,
        by: &Wallet,
        person: PersonId,
        died: Time,
        order: IIdentity::Order,
    ) -> Result<Receipt, Error> {
        let call = IIdentity::recordDeathCall { person: person.0, died: died.0, order };
        self.send(by, self.draft(Module::Identity, &call)).await
    }

    /// Takes a wrong record of a death back, as who made it or with the power `orders`.
    pub async fn withdraw_death(
        &self,
        by: &Wallet,
        person: PersonId,
        order: IIdentity::Order,
    ) -> Result<Receipt, Error> {
        let call = IIdentity::withdrawDeathCall { person: person.0, order };
        self.send(by, self.draft(Module::Identity, &call)).await
    }

    /// Counts two numbers of one human as the second. Needs the power `orders`.
    pub async fn merge_persons(
        &self,
        by: &Wallet,
        person: PersonId,
        into: PersonId,
        order: IIdentity::Order,
    ) -> Result<Receipt, Error> {
        let call = IIdentity::mergePersonsCall { person: person.0, into: into.0, order };
        self.send(by, self.draft(Module::Identity, &call)).await
    }

    /// Applies a line of a sanctions list. Needs the power `sanctions`.
    pub async fn set_sanctions(
        &self,
        by: &Wallet,
        person: PersonId,
        list_version: u32,
        hit: bool,
    ) -> Result<Receipt, Error> {
        let call = IIdentity::setSanctionsCall { person: person.0, listVersion: list_version, hit };
        self.send(by, self.draft(Module::Identity, &call)).await
    }

    /// The person behind a wallet.
    pub async fn person_of(&self, wallet: Address) -> Result<Option<PersonId>, Error> {
        let person =
            self.ask(self.service(Module::Identity), &IIdentity::personOfCall { wallet }).await?;
        Ok((person != 0).then_some(PersonId(person)))
    }

    /// What is known of a person; `None` if there is no such number.
    pub async fn person(&self, person: PersonId) -> Result<Option<PersonInfo>, Error> {
        let identity = self.service(Module::Identity);
        let info = match self.ask(identity, &IIdentity::personInfoCall { person: person.0 }).await {
            Ok(info) => info,
            Err(Error::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        if info.accounts == 0 {
            return Ok(None);
        }
        let wallet_of = |number| (identity, IIdentity::walletOfCall { person: person.0, number });
        let wallets = self.ask_all(&(0..info.accounts).map(wallet_of).collect::<Vec<_>>()).await?;
        let accounts =
            (0..).zip(wallets).map(|(number, wallet)| Account { number, wallet }).collect();
        let fuel =
            self.ask(self.service(Module::Trust), &ITrust::fuelOfCall { person: person.0 }).await?;
        Ok(Some(PersonInfo {
            person,
            kind: KINDS.get(usize::from(info.kind)).copied().unwrap_or("unknown"),
            residence: String::from_utf8_lossy(info.residence.as_slice()).into_owned(),
            provider: PersonId(info.provider),
            active: info.isActive,
            accounts,
            fuel,
        }))
    }

    /// Gives a power. Asset 0 is the network; `expires` in milliseconds, the largest for never.
    pub async fn grant(
        &self,
        by: &Wallet,
        key: ITrust::GrantKey,
        limit: u128,
        expires: Time,
    ) -> Result<Receipt, Error> {
        let call = ITrust::grantCall { key, limit, expires: expires.0 };
        self.send(by, self.draft(Module::Trust, &call)).await
    }
}

/// Securities and cash.
impl Client {
    /// Where an asset answers as a token.
    pub fn token(&self, asset: AssetId) -> Address {
        Reserved::asset(self.shard(), asset)
    }

    /// Creates a security or cash token; the caller becomes its issuer and admin.
    pub async fn create_security(
        &self,
        issuer: &Wallet,
        asset: NewSecurity,
    ) -> Result<(Receipt, AssetId), Error> {
        let draft = self.draft(Module::Ledger, &ILedger::createAssetCall { asset });
        let receipt = self.send(issuer, draft).await?;
        let created = receipt.events::<ILedger::AssetCreated>().next();
        let created = created.ok_or_else(|| Error::Unreadable {
            what: "createAsset".into(),
            why: "the receipt has no AssetCreated".into(),
        })?;
        Ok((receipt, AssetId(created.asset)))
    }

    /// Puts a policy into force: JSON by the schema of `docs/policy.md`, with the hash of the report on what it would mean
    /// where it replaces another; zero for the first.
    pub async fn set_policy(
        &self,
        by: &Wallet,
        asset: AssetId,
        policy: &str,
        report: B256,
    ) -> Result<Receipt, Error> {
        let policy = policy.to_owned();
        let call = ICompliance::setPolicyCall { asset: asset.0, policy, report };
        self.send(by, self.draft(Module::Compliance, &call)).await
    }

    /// Issues to many holders in one transaction, all or none.
    pub async fn issue(
        &self,
        by: &Wallet,
        asset: AssetId,
        legs: Vec<(Address, u128)>,
    ) -> Result<Receipt, Error> {
        let legs = legs.into_iter().map(|(to, units)| ILedger::Leg { to, units }).collect();
        let call = ILedger::issueBatchCall { asset: asset.0, class: 0, legs };
        self.send(by, self.draft(Module::Ledger, &call)).await
    }

    /// Halts an asset, or lets it go on.
    pub async fn pause(&self, by: &Wallet, asset: AssetId, paused: bool) -> Result<Receipt, Error> {
        let token = self.token(asset);
        let draft = match paused {
            true => Draft::call(token, &IERC3643::pauseCall {}),
            false => Draft::call(token, &IERC3643::unpauseCall {}),
        };
        self.send(by, draft).await
    }

    /// Publishes a document of an asset: a name of at most 32 bytes, where it is, its hash.
    pub async fn publish(
        &self,
        by: &Wallet,
        asset: AssetId,
        name: B256,
        uri: &str,
        hash: B256,
    ) -> Result<Receipt, Error> {
        let call = IERC1643::setDocumentCall { name, uri: uri.to_owned(), documentHash: hash };
        self.send(by, Draft::call(self.token(asset), &call)).await
    }

    /// A transfer of the caller's own units, not signed yet.
    pub fn transfer_draft(&self, asset: AssetId, to: Address, units: u128) -> Draft {
        Draft::call(self.token(asset), &IERC20::transferCall { to, value: U256::from(units) })
    }

    /// Transfers units of the caller.
    pub async fn transfer(
        &self,
        from: &Wallet,
        asset: AssetId,
        to: Address,
        units: u128,
    ) -> Result<Receipt, Error> {
        self.send(from, self.transfer_draft(asset, to, units)).await
    }

    /// Transfers units of a class to many in one transaction, all or none.
    pub async fn transfer_batch(
        &self,
        from: &Wallet,
        (asset, class): (AssetId, u32),
        legs: Vec<(Address, u128)>,
    ) -> Result<Receipt, Error> {
        let legs = legs.into_iter().map(|(to, units)| ILedger::Leg { to, units }).collect();
        let from_wallet = from.address();
        let call = ILedger::transferBatchCall { asset: asset.0, class, from: from_wallet, legs };
        self.send(from, self.draft(Module::Ledger, &call)).await
    }

    /// Transfers units of the caller's position in a class on terms: by which path, and in which currency what each pays is.
    pub async fn transfer_on(
        &self,
        from: &Wallet,
        (asset, class): (AssetId, u32),
        (path, currency): (String, Option<Currency>),
        legs: Vec<ILedger::Sale>,
    ) -> Result<Receipt, Error> {
        let code = |currency: Currency| FixedBytes::from_slice(currency.as_str().as_bytes());
        let currency = currency.map(code).unwrap_or_default();
        let (asset, from_account) = (asset.0, from.address());
        let call =
            ILedger::transferOnCall { asset, class, from: from_account, path, currency, legs };
        self.send(from, self.draft(Module::Ledger, &call)).await
    }

    /// Would this transfer happen now? `from` zero asks about an issue, `to` zero about a redemption.
    pub async fn explain(
        &self,
        asset: AssetId,
        from: Address,
        to: Address,
        units: u128,
    ) -> Result<Explained, Error> {
        let call = ICompliance::canMoveCall { asset: asset.0, from, to, units: U256::from(units) };
        let answer = self.ask(self.service(Module::Compliance), &call).await?;
        Ok(Explained {
            allowed: answer.allowed,
            code: answer.code,
            reasons: answer.reasons,
            earliest_ok: (answer.earliestOk != 0).then_some(Time(answer.earliestOk)),
            max_ok: answer.maxOk,
        })
    }

    /// What a wallet's account has of a class.
    pub async fn holding(
        &self,
        asset: AssetId,
        class: u32,
        wallet: Address,
    ) -> Result<Holding, Error> {
        let call = ILedger::positionOfCall { asset: asset.0, class, account: wallet };
        let answer = self.ask(self.service(Module::Ledger), &call).await?;
        let ILedger::positionOfReturn { units, held, frozen, free } = answer;
        Ok(Holding { units, held, frozen, free })
    }

    /// Units of many wallets, over all classes.
    pub async fn balances(&self, asset: AssetId, wallets: &[Address]) -> Result<Vec<U256>, Error> {
        const BATCH: usize = 500;
        let token = self.token(asset);
        let mut balances = Vec::with_capacity(wallets.len());
        for batch in wallets.chunks(BATCH) {
            let calls =
                batch.iter().map(|wallet| (token, IERC20::balanceOfCall { account: *wallet }));
            balances.extend(self.ask_all(&calls.collect::<Vec<_>>()).await?);
        }
        Ok(balances)
    }

    /// Units that exist.
    pub async fn supply(&self, asset: AssetId) -> Result<U256, Error> {
        self.ask(self.token(asset), &IERC20::totalSupplyCall {}).await
    }

    /// A call of a service, not signed yet.
    pub fn draft(&self, module: Module, call: &impl alloy_sol_types::SolCall) -> Draft {
        Draft::call(self.service(module), call)
    }
}

/// A person as a provider presents it, spelled as the interface has it.
pub fn registration(
    wallet: Address,
    kind: u8,
    residence: Country,
    uniqueness: B256,
    claims: Vec<IIdentity::Claim>,
) -> IIdentity::Registration {
    let code = residence.as_str().as_bytes();
    IIdentity::Registration {
        wallet,
        kind,
        residence: FixedBytes([code[0], code[1]]),
        uniqueness,
        claims,
    }
}
