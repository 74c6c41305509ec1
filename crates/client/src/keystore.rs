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
    check_keystore(&text).map_err(|why| KeystoreError::Malformed(path.to_owned(), why))
}

/// The most memory and rounds that opening a keystore may take; the usual ones take a quarter of them.
const MAX_SCRYPT_BYTES: u64 = 1 << 30;
const MAX_ROUNDS: u64 = 10_000_000;

/// Checks that some bytes are a keystore that can be opened at a bearable cost, and returns the address
/// that it names. The error names the field.
pub fn check_keystore(bytes: &[u8]) -> Result<Option<Address>, String> {
    let keystore: Value = serde_json::from_slice(bytes).map_err(|_| "it is not JSON".to_owned())?;
    if keystore.get("version").and_then(Value::as_u64) != Some(3) {
        return Err("field version: it must be 3".into());
    }
    let crypto = &keystore["crypto"];
    let number = |field: &str| crypto["kdfparams"][field].as_u64();
    let bytes_of =
        |value: &Value| value.as_str().and_then(|text| alloy_primitives::hex::decode(text).ok());
    let holds = |holds: bool, field: &str, right: &str| match holds {
        true => Ok(()),
        false => Err(format!("field crypto.{field}: it must be {right}")),
    };
    holds(crypto["cipher"] == "aes-128-ctr", "cipher", "aes-128-ctr")?;
    let iv = bytes_of(&crypto["cipherparams"]["iv"]).map(|iv| iv.len());
    holds(iv == Some(16), "cipherparams.iv", "16 bytes in hex")?;
    holds(bytes_of(&crypto["ciphertext"]).is_some(), "ciphertext", "bytes in hex")?;
    holds(bytes_of(&crypto["mac"]).is_some_and(|mac| mac.len() == 32), "mac", "32 bytes in hex")?;
    let salt = bytes_of(&crypto["kdfparams"]["salt"]);
    holds(salt.is_some(), "kdfparams.salt", "bytes in hex")?;
    holds(number("dklen") == Some(32), "kdfparams.dklen", "32")?;
    match crypto["kdf"].as_str() {
        Some("scrypt") => {
            let is_power = number("n").is_some_and(|n| n > 1 && n.is_power_of_two());
            holds(is_power, "kdfparams.n", "a power of two")?;
            let (n, r, p) = (number("n"), number("r"), number("p"));
            let work = n.zip(r).and_then(|(n, r)| n.checked_mul(r)?.checked_mul(128));
            let is_bearable = work.is_some_and(|bytes| (1..=MAX_SCRYPT_BYTES).contains(&bytes));
            holds(is_bearable, "kdfparams.r", "so that n * r * 128 bytes are at most 1 GiB")?;
            holds(p.is_some_and(|p| (1..=16).contains(&p)), "kdfparams.p", "1 to 16")?;
        }
        Some("pbkdf2") => {
            let rounds = number("c").is_some_and(|c| (1..=MAX_ROUNDS).contains(&c));
            holds(rounds, "kdfparams.c", "1 to 10,000,000 rounds")?;
            holds(crypto["kdfparams"]["prf"] == "hmac-sha256", "kdfparams.prf", "hmac-sha256")?;
        }
        _ => holds(false, "kdf", "scrypt or pbkdf2")?,
    }
    let address = keystore.get("address").and_then(Value::as_str);
    let no_address = || "field address: it is no address".to_owned();
    address.map(|text| text.parse().map_err(|_| no_address())).transpose()
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

    /// The test vectors of the Web3 Secret Storage Definition, with less work, changed in one place each.
    #[test]
    fn a_keystore_that_would_break_or_exhaust_who_opens_it_is_refused_and_the_field_named() {
        let scrypt = serde_json::json!({
            "version": 3,
            "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
            "crypto": {
                "cipher": "aes-128-ctr",
                "cipherparams": { "iv": "83dbcc02d8ccb40e466191a123791e0e" },
                "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
                "kdf": "scrypt",
                "kdfparams": { "dklen": 32, "n": 2, "r": 1, "p": 8, "salt": "ab0c7876" },
                "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
            },
        });
        let mut pbkdf2 = scrypt.clone();
        pbkdf2["crypto"]["kdf"] = "pbkdf2".into();
        pbkdf2["crypto"]["kdfparams"] =
            serde_json::json!({ "dklen": 32, "c": 2, "prf": "hmac-sha256", "salt": "ae3cd4e7" });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.json");
        for good in [&scrypt, &pbkdf2] {
            fs::write(&path, good.to_string()).unwrap();
            assert!(matches!(read_keystore(&path, "x"), Err(KeystoreError::WrongPassword(_))));
        }
        let cases: [(&Value, &str, Value, &str); 10] = [
            (&scrypt, "/crypto/cipherparams/iv", "00".into(), "crypto.cipherparams.iv"),
            (&scrypt, "/crypto/kdfparams/dklen", 16.into(), "crypto.kdfparams.dklen"),
            (&scrypt, "/crypto/kdfparams/n", 0.into(), "crypto.kdfparams.n"),
            (&scrypt, "/crypto/kdfparams/n", (1u64 << 31).into(), "crypto.kdfparams.r"),
            (&scrypt, "/crypto/kdfparams/r", u64::MAX.into(), "crypto.kdfparams.r"),
            (&scrypt, "/crypto/kdfparams/p", 0.into(), "crypto.kdfparams.p"),
            (&scrypt, "/crypto/mac", "00".into(), "crypto.mac"),
            (&scrypt, "/crypto/kdf", "none".into(), "crypto.kdf"),
            (&pbkdf2, "/crypto/kdfparams/c", u64::MAX.into(), "crypto.kdfparams.c"),
            (&pbkdf2, "/crypto/kdfparams/dklen", 0.into(), "crypto.kdfparams.dklen"),
        ];
        for (good, place, value, named) in cases {
            let mut bad = good.clone();
            *bad.pointer_mut(place).unwrap() = value;
            fs::write(&path, bad.to_string()).unwrap();
            let error = read_keystore(&path, "x").unwrap_err().to_string();
            assert!(error.contains(named), "{place}: {error}");
        }
    }
}
