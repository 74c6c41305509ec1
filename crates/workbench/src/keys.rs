//! Keys that the workbench keeps for its developer: their owner is everyone.

use alloy_dyn_abi::TypedData;
use alloy_primitives::Signature;
use alloy_signer::SignerSync as _;
use alloy_signer_local::PrivateKeySigner;
use types::{Address, B256};

/// Unlocked accounts, in their order.
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<PrivateKeySigner>);

impl Keys {
    /// The accounts of these private keys. Those that are none are left out.
    pub fn new(keys: impl IntoIterator<Item = B256>) -> Self {
        Self(keys.into_iter().filter_map(|key| PrivateKeySigner::from_bytes(&key).ok()).collect())
    }

    /// Their addresses.
    pub fn addresses(&self) -> Vec<Address> {
        self.0.iter().map(PrivateKeySigner::address).collect()
    }

    /// True if the key of an account is here.
    pub fn has(&self, account: &Address) -> bool {
        self.of(account).is_some()
    }

    /// Signs a digest, if the account's key is here.
    pub fn sign_hash(&self, account: &Address, digest: &B256) -> Option<Signature> {
        self.of(account)?.sign_hash_sync(digest).ok()
    }

    /// Signs a message as EIP-191 wraps it.
    pub fn sign_message(&self, account: &Address, message: &[u8]) -> Option<Signature> {
        self.of(account)?.sign_message_sync(message).ok()
    }

    /// Signs typed data (EIP-712); says why if they have no hash.
    pub fn sign_typed(
        &self,
        account: &Address,
        data: &TypedData,
    ) -> Option<Result<Signature, String>> {
        let digest = match data.eip712_signing_hash() {
            Ok(digest) => digest,
            Err(error) => return Some(Err(error.to_string())),
        };
        self.sign_hash(account, &digest).map(Ok)
    }

    fn of(&self, account: &Address) -> Option<&PrivateKeySigner> {
        self.0.iter().find(|key| key.address() == *account)
    }
}
