//! Keys on disk: web3 secret storage, version 3, readable by its owner alone.

use crate::Wallet;
use alloy_primitives::Address;
use alloy_signer::k256::elliptic_curve::rand_core::OsRng;
use alloy_signer_local::PrivateKeySigner;
use serde_json::Value;
use std::{
    fs,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// A key cannot be kept or read back.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// A file of this name is there already.
    #[error("{0} exists already; choose another name or remove it")]
    Exists(PathBuf),
    /// The password does not open the file.
    #[error("the password does not open {0}")]
    WrongPassword(PathBuf),
    /// The file is no keystore.
    #[error("{0} is not a web3 keystore (version 3): {1}")]
    Malformed(PathBuf, String),
    /// The operating system refuses.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
}

/// Writes a wallet's key, encrypted, as `name.json` into a folder. Folder and file are closed to others.
pub fn write_keystore(
    folder: &Path,
    name: &str,
    wallet: &Wallet,
    password: &str,
) -> Result<PathBuf, KeystoreError> {
    let path = folder.join(format!("{name}.json"));
    let io = |error| KeystoreError::Io(path.clone(), error);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
    if path.exists() {
        return Err(KeystoreError::Exists(path));
    }
    let malformed = |why: String| KeystoreError::Malformed(path.clone(), why);
    // The library writes with the system's default permissions: it writes into a closed folder of its
    // own, and what it wrote is taken over from there.
    let workshop = folder.join(format!(".{name}.{}", std::process::id()));
    fs::DirBuilder::new().mode(0o700).create(&workshop).map_err(io)?;
    let written = PrivateKeySigner::encrypt_keystore(
        &workshop,
        &mut OsRng,
        wallet.private_key(),
        password,
        Some("key"),
    )
    .map_err(|error| malformed(error.to_string()))
    .and_then(|_| fs::read(workshop.join("key")).map_err(io));
    fs::remove_dir_all(&workshop).map_err(io)?;
    let mut keystore: Value =
        serde_json::from_slice(&written?).map_err(|error| malformed(error.to_string()))?;
    // Without the address a list of keys would need every password.
    keystore["address"] = Value::String(format!("{:x}", wallet.address()));
    let text = serde_json::to_vec_pretty(&keystore).expect("JSON values have a text form");
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let mut file = file.map_err(io)?;
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(io)?;
    Ok(path)
}

/// Opens a keystore file with its password.
pub fn read_keystore(path: &Path, password: &str) -> Result<Wallet, KeystoreError> {
    keystore_address(path)?;
    let signer =
        PrivateKeySigner::decrypt_keystore(path, password).map_err(|error| match error {
            alloy_signer_local::LocalSignerError::EthKeystoreError(inner)
                if inner.to_string().contains("Mac") =>
            {
                KeystoreError::WrongPassword(path.to_owned())
            }
            other => KeystoreError::Malformed(path.to_owned(), other.to_string()),
        })?;
    let key = alloy_primitives::hex::encode(signer.to_bytes());
    Wallet::from_key(&key)
        .map_err(|error| KeystoreError::Malformed(path.to_owned(), error.to_string()))
}

/// The address that a keystore file names; `None` if it names none, as some tools leave it out.
pub fn keystore_address(path: &Path) -> Result<Option<Address>, KeystoreError> {
    let text = fs::read(path).map_err(|error| KeystoreError::Io(path.to_owned(), error))?;
    let malformed = |why: &str| KeystoreError::Malformed(path.to_owned(), why.to_owned());
    let keystore: Value = serde_json::from_slice(&text).map_err(|_| malformed("it is not JSON"))?;
    if keystore.get("version").and_then(Value::as_u64) != Some(3) {
        return Err(malformed("field version: it must be 3"));
    }
    let address = keystore.get("address").and_then(Value::as_str);
    address
        .map(|text| text.parse().map_err(|_| malformed("field address: it is no address")))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_key_comes_back_with_its_password_and_only_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("keys");
        let wallet = Wallet::random();
        let path = write_keystore(&folder, "issuer", &wallet, "correct horse").unwrap();
        assert_eq!(keystore_address(&path).unwrap(), Some(wallet.address()));
        assert_eq!(
            read_keystore(&path, "correct horse").unwrap().private_key(),
            wallet.private_key()
        );
        assert!(matches!(read_keystore(&path, "wrong"), Err(KeystoreError::WrongPassword(_))));
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&alloy_primitives::hex::encode(wallet.private_key())));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_key_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        write_keystore(folder.path(), "a", &Wallet::random(), "x").unwrap();
        let again = write_keystore(folder.path(), "a", &Wallet::random(), "x");
        assert!(matches!(again, Err(KeystoreError::Exists(_))));
    }

    #[test]
    fn a_file_that_is_no_keystore_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.json");
        fs::write(&path, "{\"version\": 1}").unwrap();
        let error = read_keystore(&path, "x").unwrap_err().to_string();
        assert!(error.contains("field version"), "{error}");
    }
}
