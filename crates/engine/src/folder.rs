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

    /// Says what stopped the engine while it worked here. The words of some parts do not tell a full disk
    /// from another failure to write, so the disk is asked itself.
    pub(crate) fn explain(&self, words: &str) -> EngineError {
        let full = self.check_room().map_err(|error| failed(&self.path, error)).err();
        match full {
            Some(EngineError::Full(disk)) => EngineError::Full(format!("{disk} ({words})")),
            _ => diagnose(words),
        }
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
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            EngineError::Full(text)
        }
        _ => EngineError::Io(text),
    }
}

/// Says what stopped the engine, from the words of the part that gave up: the parts below panic where the
/// disk fails them, and their errors are there in one of two spellings.
pub(crate) fn diagnose(words: &str) -> EngineError {
    // "Checksum mismatch" and "ChecksumMismatch" are the same.
    let bare: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
    let bare = bare.to_lowercase();
    let says = |hints: &[&str]| hints.iter().any(|hint| bare.contains(hint));
    match () {
        () if says(&FULL) => EngineError::Full(words.to_owned()),
        () if says(&NETWORK) => EngineError::Network(words.to_owned()),
        () if says(&CORRUPTED) => EngineError::Corrupted(words.to_owned()),
        () => EngineError::Stopped(words.to_owned()),
    }
}

const FULL: [&str; 5] =
    ["nospaceleft", "nostoragespace", "storagefull", "quotaexceeded", "filetoolarge"];
const NETWORK: [&str; 2] = ["bindfailed", "addressalreadyinuse"];
const CORRUPTED: [&str; 18] = [
    // The engine below, where what it stored does not fit together.
    "failedtoinitialize",
    "mustbebackedbyastoredblock",
    // The part that waits for that block may give up first.
    "mustreturncompletedstatesyncblock",
    "corrupt",
    "checksum",
    "mismatch",
    "invalidblob",
    "blobmissing",
    "partitionmissing",
    "insufficientlength",
    "decompressionfailed",
    "unexpecteddata",
    "codec",
    "endofbuffer",
    // This crate's own words.
    "anotherroot",
    "doesnotdecode",
    "storedrecords",
    "iskept",
];

#[cfg(test)]
mod tests {
    use super::*;
    use commonware_runtime::Error as Runtime;
    use commonware_storage::{archive, journal, metadata};
    use std::fmt::{Debug, Display};

    /// As a panic says it: by `expect`, or in a sentence.
    fn spellings(error: impl Debug + Display) -> [String; 2] {
        [format!("receipts can be written: {error:?}"), format!("the store failed: {error}")]
    }

    fn io(kind: io::ErrorKind, code: i32) -> [std::sync::Arc<io::Error>; 2] {
        [io::Error::from(kind).into(), io::Error::from_raw_os_error(code).into()]
    }

    #[test]
    fn a_disk_without_room_is_told_from_other_failures() {
        let cases = [(io::ErrorKind::StorageFull, 28), (io::ErrorKind::FileTooLarge, 27)];
        for error in cases.into_iter().flat_map(|(kind, code)| io(kind, code)) {
            for error in [
                Runtime::Io(error.clone()),
                Runtime::BlobSyncFailed("votes".into(), "00".into(), error.clone()),
                Runtime::BlobResizeFailed("votes".into(), "00".into(), error.clone()),
            ] {
                for words in spellings(journal::Error::Runtime(error)) {
                    assert!(matches!(diagnose(&words), EngineError::Full(_)), "{words}");
                }
            }
        }
    }

    #[test]
    fn damage_is_told_from_other_failures() {
        let runtime = |error| journal::Error::Runtime(error);
        let journals = [
            runtime(Runtime::InvalidChecksum),
            runtime(Runtime::BlobInsufficientLength),
            runtime(Runtime::BlobMissing("log".into(), "00".into())),
            runtime(Runtime::PartitionMissing("log".into())),
            runtime(Runtime::PartitionCorrupt("log".into())),
            runtime(Runtime::BlobCorrupt("log".into(), "00".into(), "no header".into())),
            journal::Error::Corruption("a hole".into()),
            journal::Error::ChecksumMismatch(1, 2),
            journal::Error::InvalidBlobName("x".into()),
            journal::Error::InvalidBlobSize(1, 2),
            journal::Error::DecompressionFailed,
            journal::Error::Codec(commonware_codec::Error::EndOfBuffer),
        ];
        let others =
            [archive::Error::RecordCorrupted, metadata::Error::Corruption("x".into()).into()];
        let journals = journals.into_iter().flat_map(spellings);
        for words in journals.chain(others.into_iter().flat_map(spellings)) {
            assert!(matches!(diagnose(&words), EngineError::Corrupted(_)), "{words}");
        }
    }

    #[test]
    fn the_engines_words_for_what_does_not_fit_together_mean_damage() {
        for words in [
            "processed position must be backed by a stored block",
            "marshal must return completed state sync block",
            "failed to initialize certified archive",
            "the store after block 7 has another root than its header",
            "stored records are ones that this program wrote",
            "the store opens at a block that is kept",
        ] {
            assert!(matches!(diagnose(words), EngineError::Corrupted(_)), "{words}");
        }
    }

    #[test]
    fn what_is_neither_is_a_failure_of_the_engine() {
        for error in [Runtime::Closed, Runtime::ReadFailed, Runtime::WriteFailed, Runtime::Exited] {
            for words in spellings(error) {
                assert!(matches!(diagnose(&words), EngineError::Stopped(_)), "{words}");
            }
        }
        let words = "another panic: LED-1";
        assert!(matches!(diagnose(words), EngineError::Stopped(_)));
        assert!(matches!(diagnose(&Runtime::BindFailed.to_string()), EngineError::Network(_)));
    }
}
