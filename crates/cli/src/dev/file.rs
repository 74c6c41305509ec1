//! The file that a chain for development is kept in, used by one process at a time.

use crate::failure::Failure;
use engine::EngineError;
use node::NodeError;
use std::{
    fs::{self, File, TryLockError},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

/// A state file, locked until this is dropped.
pub(super) struct StateFile {
    path: PathBuf,
    _lock: File,
}

impl StateFile {
    /// Takes the file for this process; it need not be there.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::file(path, error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let lock = beside(path, "lock");
        let opened = File::options().create(true).truncate(false).write(true).open(&lock);
        let file = opened.map_err(|error| Failure::file(&lock, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::Node(NodeError::Engine(EngineError::Locked(path.to_owned()))))
            }
            Err(TryLockError::Error(error)) => Err(Failure::file(&lock, error)),
        }
    }

    /// What was kept, if there is anything.
    pub(super) fn read(&self) -> Result<Option<Vec<u8>>, Failure> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::file(&self.path, error)),
        }
    }

    /// Keeps this instead, whole or not at all.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let new = beside(&self.path, "new");
        let failed = |error| Failure::file(&new, error);
        let mut file = File::create(&new).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&new, &self.path).map_err(|error| Failure::file(&self.path, error))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_file_is_one_processs_and_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inner").join("dev.state");
        let file = StateFile::open(&path).unwrap();
        assert!(file.read().unwrap().is_none());
        file.write(b"one").unwrap();
        file.write(b"two").unwrap();
        assert_eq!(file.read().unwrap().as_deref(), Some(&b"two"[..]));
        let other = StateFile::open(&path).err().map(|failure| failure.to_string()).unwrap();
        assert!(other.contains("another process"), "{other}");
        drop(file);
        assert!(StateFile::open(&path).is_ok());
    }
}
