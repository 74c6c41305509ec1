//! A profile's file: the profile, and the cases that try it.

use compliance::Profile;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use types::Name;

/// What stands in a file of `profiles/`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The profile, as it is registered.
    pub profile: Profile,
    /// Scenarios by their titles, each a sentence.
    #[serde(default)]
    pub cases: BTreeMap<String, String>,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct BadFile {
    /// Which.
    pub path: PathBuf,
    /// Why, with line and column where there are such.
    pub why: String,
}

impl File {
    /// Reads a file strictly: unknown fields are refused with line and column, and so is a profile that the
    /// chain would not register.
    pub fn read(path: &Path) -> Result<File, BadFile> {
        let bad = |why: String| BadFile { path: path.to_owned(), why };
        let text = fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
        Self::parse(&text).map_err(bad)
    }

    /// Reads the text of a file, as [`File::read`] does.
    pub fn parse(text: &str) -> Result<File, String> {
        let file: File = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        file.profile.check().map_err(|refusal| refusal.to_string())?;
        Ok(file)
    }
}

/// Profiles by name: those of a folder.
#[derive(Clone, Debug, Default)]
pub struct Library(BTreeMap<Name, File>);

impl Library {
    /// Reads every `.yaml` file of a folder and the folders in it.
    pub fn read(folder: &Path) -> Result<Library, BadFile> {
        let mut library = Library::default();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let bad =
                |error: std::io::Error| BadFile { path: folder.clone(), why: error.to_string() };
            let mut entries: Vec<PathBuf> = fs::read_dir(&folder)
                .map_err(bad)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<_, _>>()
                .map_err(bad)?;
            entries.sort();
            for path in entries {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "yaml") {
                    let file = File::read(&path)?;
                    let id = file.profile.id.clone();
                    let why = format!("{id} stands in another file too");
                    if library.0.insert(id, file).is_some() {
                        return Err(BadFile { path, why });
                    }
                }
            }
        }
        Ok(library)
    }

    /// A library of one file.
    pub fn of(file: File) -> Library {
        Library(BTreeMap::from([(file.profile.id.clone(), file)]))
    }

    /// Adds a file, in the place of another of the same name.
    pub fn add(&mut self, file: File) {
        self.0.insert(file.profile.id.clone(), file);
    }

    /// The file of a profile.
    pub fn get(&self, id: &str) -> Option<&File> {
        self.0.get(id)
    }

    /// Every file, by name.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.0.values()
    }
}
