//! Wallets: keys that sign Ethereum transactions.

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Signature};
use alloy_signer::SignerSync;
use alloy_signer_local::{MnemonicBuilder, PrivateKeySigner, Secp256k1Signer};

/// The words that every development chain knows. Never keep anything of worth behind them.
pub const DEV_MNEMONIC: &str = "test test test test test test test test test test test junk";

/// A key is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The words are no BIP-39 mnemonic.
    #[error("the mnemonic is not valid (BIP-39): {0}")]
    Mnemonic(String),
    /// The digits are no private key.
    #[error("a private key is 32 bytes in hex, 64 digits, and not zero")]
    PrivateKey,
}

/// Some digits are no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// They are too many, too few, or none.
    #[error("an address is 0x and 40 hex digits")]
    Form,
    /// Upper and lower case are mixed, and not as EIP-55 mixes them.
    #[error("its checksum (EIP-55) does not fit: a digit is mistyped")]
    Checksum,
}

/// Reads an address. Mixed case carries a checksum: a mistyped address must not become someone else's.
pub fn read_address(text: &str) -> Result<Address, AddressError> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 40);
    let digits = digits.ok_or(AddressError::Form)?;
    let address: Address = digits.parse().map_err(|_| AddressError::Form)?;
    let is_mixed = digits.bytes().any(|digit| digit.is_ascii_uppercase())
        && digits.bytes().any(|digit| digit.is_ascii_lowercase());
    match is_mixed && address.to_checksum(None) != text {
        true => Err(AddressError::Checksum),
        false => Ok(address),
    }
}

/// A key that signs, and the address it proves.
#[derive(Clone)]
pub struct Wallet {
    signer: Secp256k1Signer,
    key: B256,
}

impl std::fmt::Debug for Wallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wallet({})", self.address())
    }
}

/// The wallets `m/44'/60'/account'/0/*` of a mnemonic; the slow part of deriving is done once.
pub struct Branch(alloy_signer_local::MnemonicKey);

impl Branch {
    /// The wallets of one BIP-44 account.
    pub fn new(mnemonic: &str, account: u32) -> Result<Self, KeyError> {
        let malformed =
            |error: alloy_signer_local::LocalSignerError| KeyError::Mnemonic(error.to_string());
        let builder = MnemonicBuilder::english()
            .phrase(mnemonic)
            .derivation_path(format!("m/44'/60'/{account}'/0/0"))
            .map_err(malformed)?;
        builder.build_parent_key().map(Self).map_err(malformed)
    }

    /// The wallet with this index.
    pub fn wallet(&self, index: u32) -> Result<Wallet, KeyError> {
        let key = self.0.child(index).map_err(|error| KeyError::Mnemonic(error.to_string()))?;
        Ok(Wallet::from_signer(&key.signer()))
    }
}

impl Wallet {
    /// The wallet `m/44'/60'/0'/0/index` of a mnemonic, as every Ethereum wallet derives it.
    pub fn from_mnemonic(mnemonic: &str, index: u32) -> Result<Self, KeyError> {
        Branch::new(mnemonic, 0)?.wallet(index)
    }

    /// The wallet of a private key in hex, with or without 0x.
    pub fn from_key(hex: &str) -> Result<Self, KeyError> {
        let bytes: B256 = hex.trim().parse().map_err(|_| KeyError::PrivateKey)?;
        let signer = PrivateKeySigner::from_bytes(&bytes).map_err(|_| KeyError::PrivateKey)?;
        Ok(Self::from_signer(&signer))
    }

    /// A new wallet from the system's randomness.
    pub fn random() -> Self {
        Self::from_signer(&PrivateKeySigner::random())
    }

    fn from_signer(signer: &PrivateKeySigner) -> Self {
        Self { signer: signer.to_secp256k1(), key: signer.to_bytes() }
    }

    /// The address that this key proves.
    pub fn address(&self) -> Address {
        self.signer.address()
    }

    /// The private key. Whoever has it is the wallet.
    pub fn private_key(&self) -> B256 {
        self.key
    }

    /// Signs a hash, as EIP-712 messages need it.
    pub fn sign_hash(&self, hash: &B256) -> Signature {
        self.signer.sign_hash_sync(hash).expect("a key in memory signs every hash")
    }

    /// Signs an EIP-1559 transaction and returns its hash and bytes.
    pub fn sign(&self, tx: TxEip1559) -> (B256, Bytes) {
        let signature = self.sign_hash(&tx.signature_hash());
        let envelope = TxEnvelope::from(tx.into_signed(signature));
        (*envelope.tx_hash(), envelope.encoded_2718().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form_and_its_checksum_is_checked() {
        let address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
        let read = read_address(address).unwrap();
        assert_eq!(read_address(&address.to_lowercase()), Ok(read));
        assert_eq!(read_address(&format!("0x{}", address[2..].to_uppercase())), Ok(read));
        for wrong in ["", "0x", "0x12", &address[2..], "0xg39Fd6e51aad88F6F4ce6aB8827279cffFb92266"]
        {
            assert_eq!(read_address(wrong), Err(AddressError::Form), "{wrong}");
        }
        let doubled = format!("0x{address}");
        assert_eq!(read_address(&doubled), Err(AddressError::Form));
        let mistyped = address.replace("F6F4", "f6F4");
        assert_eq!(read_address(&mistyped), Err(AddressError::Checksum));
    }
    use alloy_consensus::transaction::SignerRecoverable;
    use alloy_eips::eip2718::Decodable2718;

    #[test]
    fn the_dev_mnemonic_gives_the_addresses_that_everyone_knows() {
        let wallet = Wallet::from_mnemonic(DEV_MNEMONIC, 0).unwrap();
        assert_eq!(wallet.address().to_string(), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
        assert_eq!(
            wallet.private_key().to_string(),
            "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
        );
    }

    #[test]
    fn a_signed_transaction_proves_its_sender() {
        let wallet = Wallet::random();
        let tx = TxEip1559 { chain_id: 31_337, gas_limit: 21_000, ..TxEip1559::default() };
        let (hash, bytes) = wallet.sign(tx);
        let envelope = TxEnvelope::decode_2718(&mut &bytes[..]).unwrap();
        assert_eq!(envelope.recover_signer().unwrap(), wallet.address());
        assert_eq!(*envelope.tx_hash(), hash);
    }

    #[test]
    fn what_is_no_key_is_refused_in_words() {
        assert_eq!(Wallet::from_key("0x00").unwrap_err(), KeyError::PrivateKey);
        assert_eq!(Wallet::from_key(&"0".repeat(64)).unwrap_err(), KeyError::PrivateKey);
        assert!(matches!(Wallet::from_mnemonic("test test", 0), Err(KeyError::Mnemonic(_))));
    }
}
