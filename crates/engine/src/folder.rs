//! The data directory: one process at a time, one network and one validator for ever.

use crate::config::EngineError;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Bytes that must fit on the disk before a node starts.
const ROOM_BYTES: usize = 4 << 20;

/// What a data directory belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marker {
    /// The hash of the genesis header.
    pub(crate) genesis: String,
    /// The network's public key.
    pub(crate) network_key: String,
    /// The validator's public key: its votes are journaled here, and no other's.
    pub(crate) validator: String,
}

/// A data directory in use. Dropping it lets another process have it.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Takes the directory for this process, and checks whose it is.
    pub(crate) fn open(path: &Path, marker: &Marker) -> Result<Self, EngineError> {
        let failed = |error| failed(path, error);
        fs::create_dir_all(path).map_err(failed)?;
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock"));
        let lock = lock.map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(EngineError::Locked(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let folder = Self { path: path.to_owned(), _lock: lock };
        folder.check_room().map_err(failed)?;
        folder.check_marker(marker)?;
        Ok(folder)
    }

    /// Where the engine's storage is.
    pub(crate) fn storage(&self) -> PathBuf {
        self.path.join("storage")
    }

    /// A full disk is found now, not in the middle of a block.
    fn check_room(&self) -> io::Result<()> {
        let path = self.path.join("room");
        let mut file = File::create(&path)?;
        let written = file.write_all(&vec![0; ROOM_BYTES]).and_then(|()| file.sync_all());
        drop(file);
        fs::remove_file(&path)?;
        written
    }

    fn check_marker(&self, expected: &Marker) -> Result<(), EngineError> {
        let path = self.path.join("network.json");
        let found: Marker = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| EngineError::Corrupted(format!("{}: {error}", path.display())))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if self.storage().exists() {
                    let missing = format!("{} is missing", path.display());
                    return Err(EngineError::Corrupted(missing));
                }
                return write_durably(&path, expected).map_err(|error| failed(&self.path, error));
            }
            Err(error) => return Err(failed(&self.path, error)),
        };
        let parts = [
            ("genesis", found.genesis, &expected.genesis),
            ("network key", found.network_key, &expected.network_key),
            ("validator", found.validator, &expected.validator),
        ];
        for (what, found, expected) in parts {
            if found != *expected {
                let (folder, expected) = (self.path.clone(), expected.clone());
                return Err(EngineError::WrongNetwork { folder, what, found, expected });
            }
        }
        Ok(())
    }
}

/// Writes a file so that after a crash there is either all of it or none.
fn write_durably(path: &Path, marker: &Marker) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(&serde_json::to_vec_pretty(marker)?)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(path.parent().expect("a file is in a directory"))?.sync_all()
}

fn failed(path: &Path, error: io::Error) -> EngineError {
    let text = format!("{}: {error}", path.display());
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => EngineError::Full(text),
        _ => EngineError::Io(text),
    }
}

/// Says what stopped the engine, from the words of the part that gave up.
pub(crate) fn diagnose(words: &str) -> EngineError {
    let lower = words.to_lowercase();
    let says = |hints: &[&str]| hints.iter().any(|hint| lower.contains(hint));
    match () {
        () if says(&["no space left", "storagefull", "quota exceeded"]) => {
            EngineError::Full(words.to_owned())
        }
        () if says(&["bindfailed", "address already in use"]) => {
            EngineError::Network(words.to_owned())
        }
        () if says(&[
            "corrupt",
            "checksum",
            "invalid blob",
            "another root",
            "does not decode",
            "mismatch",
            "stored records",
        ]) =>
        {
            EngineError::Corrupted(words.to_owned())
        }
        () => EngineError::Stopped(words.to_owned()),
    }
}
