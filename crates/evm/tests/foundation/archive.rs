//! Where the vectors are: an archive beside the project, read in memory and copied nowhere.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// The folder of the vectors, if they are elsewhere than beside the project.
const VARIABLE: &str = "SCRIP_VECTORS";
const ARCHIVE: &str = "ethereum-tests.tar.xz";

/// A file of vectors.
pub struct File {
    /// Its path under the folder that was asked for, without the ending.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The JSON files under a folder of the archive, by name. `None`, and a word about it, where there are no vectors:
/// they are not a part of the project.
///
/// Fails if the variable names a folder without them.
pub fn files(folder: &str) -> Option<Vec<File>> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let path = named.as_ref().unwrap_or(&beside).join(ARCHIVE);
    if named.is_none() && !path.exists() {
        eprintln!(
            "SKIPPED: {} is not there; {VARIABLE} names the folder that has it",
            path.display()
        );
        return None;
    }
    let compressed = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let reader = lzma_rust2::XzReader::new(&compressed[..], true);
    let mut archive = tar::Archive::new(reader);
    let mut files = Vec::new();
    for entry in archive.entries().expect("an archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").into_owned();
        let Ok(inside) = path.strip_prefix(folder) else { continue };
        let Some(name) = inside.to_str().and_then(|name| name.strip_suffix(".json")) else {
            continue;
        };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("a whole entry");
        files.push(File { name: name.to_owned(), bytes });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!files.is_empty(), "{}: nothing under {folder}", path.display());
    Some(files)
}
