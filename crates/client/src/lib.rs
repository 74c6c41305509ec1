//! The same calls from Rust: wallets, typed transactions, JSON-RPC.
//!
//! Anything an Ethereum library can do with a Scrip chain can be done with this crate as well, in the
//! market's words: [`Client::register`], [`Client::issue`], [`Client::explain`]. A refusal arrives as
//! [`Error::Refused`] with its code and every reason in plain words.
//!
//! ```no_run
//! # async fn example() -> Result<(), client::Error> {
//! let client = client::Client::connect("http://127.0.0.1:8545").await?;
//! let alice = client::Wallet::from_mnemonic(client::DEV_MNEMONIC, 7)?;
//! let bob = client::Wallet::from_mnemonic(client::DEV_MNEMONIC, 8)?;
//! let explained = client.explain(types::AssetId(1), alice.address(), bob.address(), 10).await?;
//! if explained.allowed {
//!     client.transfer(&alice, types::AssetId(1), bob.address(), 10).await?;
//! }
//! # Ok(()) }
//! ```

pub mod abi;
mod burst;
mod calls;
mod chain;
mod consent;
mod error;
mod keystore;
mod people;
mod report;
mod rpc;
mod wallet;

pub use burst::{Job, Signed, sign_all};
pub use calls::{Account, Explained, Holding, NewSecurity, PersonInfo, registration};
pub use chain::{Client, Draft, Log, Receipt};
pub use consent::Purpose;
pub use error::{Error, Refusal};
pub use keystore::{
    KeystoreError, check_keystore, keystore_address, read_keystore, write_keystore,
};
pub use people::{COLUMNS, Category, Investor, NoTable, Skipped, Table, read_people};
pub use report::{DryRun, Report};
pub use rpc::{Request, Rpc};
pub use wallet::{AddressError, Branch, DEV_MNEMONIC, KeyError, Wallet, read_address};
