//! A profile's file: the profile, and the cases that try it. A calendar's file: the calendar.

use crate::{
    place,
    words::{meant, of_json, of_reader, of_refusal, placed},
};
use compliance::{Cost, Policy, Profile, Refusal, Rule};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use types::{Calendar, Days, Name};

/// What stands in a file of `profiles/`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The profile, as it is registered.
    pub profile: Profile,
    /// Scenarios by their titles, each a sentence.
    #[serde(default)]
    pub cases: BTreeMap<String, String>,
    /// What it was read from, to say where in it something stands.
    #[serde(skip)]
    text: Arc<str>,
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
        Self::parse(&text_of(path)?).map_err(bad)
    }

    /// Reads the text of a file, as [`File::read`] does.
    pub fn parse(text: &str) -> Result<File, String> {
        let file = serde_saphyr::from_str(text).map_err(|error| of_reader(text, &error))?;
        let file = File { text: text.into(), ..file };
        file.profile.check().map_err(|refusal| of_refusal(text, &refusal))?;
        Ok(file)
    }

    /// What judging by its profile costs at most, known before it is registered.
    pub fn cost(&self) -> Cost {
        self.profile.check().expect("it was checked when it was read")
    }

    /// Its profile alone, to be changed.
    pub(crate) fn without_cases(&self) -> File {
        let (cases, text) = (BTreeMap::new(), self.text.clone());
        File { profile: self.profile.clone(), cases, text }
    }

    /// The line of the file, from 1, on which a line of one of its cases stands.
    pub(crate) fn line_of_case(&self, case: &str, line: usize) -> Option<usize> {
        place::of_case(&self.text, case, line)
    }

    /// Says where a place of its profile stands, and what is wrong there.
    pub(crate) fn complain(&self, place: &str, why: &str) -> String {
        placed(&self.text, place::of_place(&self.text, place), why)
    }
}

/// What stands in a file of `profiles/calendars/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    calendar: Calendar,
}

/// The name of the folder in which calendars are.
const CALENDARS: &str = "calendars";

/// Profiles by name, and the calendars that they name: those of a folder.
#[derive(Clone, Debug, Default)]
pub struct Library {
    files: BTreeMap<Name, Arc<File>>,
    calendars: BTreeMap<Name, Arc<Calendar>>,
}

impl Library {
    /// Reads every `.yaml` and `.yml` file of a folder and the folders in it: calendars in one called so, else
    /// profiles.
    pub fn read(folder: &Path) -> Result<Library, BadFile> {
        let (library, bad) = Self::read_all(folder);
        bad.into_iter().next().map_or(Ok(library), Err)
    }

    /// The same; those that can be used, and every one that cannot.
    pub fn read_all(folder: &Path) -> (Library, Vec<BadFile>) {
        let mut library = Library::default();
        let mut bad = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder).and_then(|entries| {
                entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
            });
            let mut entries = entries.unwrap_or_else(|error| {
                bad.push(BadFile { path: folder.clone(), why: error.to_string() });
                Vec::new()
            });
            entries.sort();
            for path in entries {
                let is_read = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
                if path.is_dir() {
                    folders.push(path);
                } else if is_read {
                    bad.extend(library.take(&path, folder.ends_with(CALENDARS)).err());
                }
            }
        }
        (library, bad)
    }

    /// Reads one more file.
    fn take(&mut self, path: &Path, is_calendar: bool) -> Result<(), BadFile> {
        let (id, is_new) = if is_calendar {
            let calendar = read_calendar(path)?;
            let id = calendar.id.clone();
            (id.clone(), self.calendars.insert(id, Arc::new(calendar)).is_none())
        } else {
            let file = File::read(path)?;
            let id = file.profile.id.clone();
            (id.clone(), self.files.insert(id, Arc::new(file)).is_none())
        };
        let why = format!("{id} stands in another file too; give one of them another id");
        if is_new { Ok(()) } else { Err(BadFile { path: path.to_owned(), why }) }
    }

    /// A library of one file.
    pub fn of(file: File) -> Library {
        let mut library = Library::default();
        library.add(file);
        library
    }

    /// Adds a file, in the place of another of the same name.
    pub fn add(&mut self, file: File) {
        self.files.insert(file.profile.id.clone(), Arc::new(file));
    }

    /// The file of a profile.
    pub fn get(&self, id: &str) -> Option<&File> {
        self.files.get(id).map(|file| &**file)
    }

    /// Every file, by name.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values().map(|file| &**file)
    }

    /// Adds a calendar, in the place of another of the same name.
    pub fn add_calendar(&mut self, calendar: Calendar) {
        self.calendars.insert(calendar.id.clone(), Arc::new(calendar));
    }

    /// The calendar of a name.
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.calendars.get(id).map(|calendar| &**calendar)
    }

    /// Every calendar, by name.
    pub fn calendars(&self) -> impl Iterator<Item = &Calendar> {
        self.calendars.values().map(|calendar| &**calendar)
    }

    /// Refuses a file that names a calendar or a profile that is not here, or a profile that refers to others
    /// itself, with line and column.
    pub fn check(&self, file: &File) -> Result<(), String> {
        const ELSEWHERE: &str = "add its file, or name the folder that has it with --profiles";
        let profile = &file.profile;
        if let Some(id) = profile.calendar.as_deref().filter(|id| self.calendar(id).is_none()) {
            let near = meant(id, self.calendars.keys().map(|id| &**id));
            let why = format!("{id}: no such calendar{near}; {ELSEWHERE}");
            return Err(file.complain("calendar", &why));
        }
        for (index, rule) in profile.resale.iter().enumerate() {
            for id in referred(std::slice::from_ref(rule)) {
                let near = || meant(id, self.files.keys().map(|id| &**id));
                let why = match self.get(id) {
                    _ if *id == profile.id => {
                        format!("{id} refers to itself; write here what its resale asks for")
                    }
                    None => format!("{id}: no such profile{}; {ELSEWHERE}", near()),
                    Some(other) if !referred(&other.profile.resale).is_empty() => {
                        format!("{id} refers to another profile itself; refer to that one")
                    }
                    Some(_) => continue,
                };
                return Err(file.complain(&format!("resale[{index}]"), &why));
            }
        }
        Ok(())
    }

    /// How a file's profile counts days; by UTC if its calendar is not here.
    pub(crate) fn days_of(&self, file: &File) -> Days<'_> {
        let calendar = file.profile.calendar.as_deref().and_then(|id| self.calendar(id));
        calendar.map_or(Days::UTC, Days::of)
    }
}

/// The profiles that rules refer to.
fn referred(rules: &[Rule]) -> Vec<&Name> {
    let mut found = Vec::new();
    compliance::each_rule(rules, &mut |rule| {
        if let Rule::By { profile, .. } = rule {
            found.push(profile);
        }
    });
    found
}

/// A file that is checked, told apart by what only it has at its top.
pub enum Document {
    /// It has a `profile`, and cases.
    Profile(Box<File>),
    /// It has `rules`: an issuer's for one asset.
    Policy(Policy),
    /// It has nothing but a `calendar`.
    Calendar(Calendar),
}

impl Document {
    /// Reads whichever it is, strictly. What has none of the three at its top is refused as a profile.
    pub fn read(path: &Path) -> Result<Document, BadFile> {
        let top = place::top(&text_of(path)?);
        let has = |name: &str| top.iter().any(|field| field == name);
        Ok(match (has("profile"), has("rules"), has("calendar")) {
            (false, true, _) => Document::Policy(read_policy(path)?),
            (false, false, true) => Document::Calendar(read_calendar(path)?),
            _ => Document::Profile(Box::new(File::read(path)?)),
        })
    }
}

/// The text of a file. JSON is read as YAML, of which it is a part; what is neither is told in JSON's words.
fn text_of(path: &Path) -> Result<String, BadFile> {
    let bad = |why: String| BadFile { path: path.to_owned(), why };
    let text = fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
    if !place::is_json(&text) {
        return Ok(text);
    }
    // JSON may be indented with tabs, which YAML may not; a column stays a column.
    let text = text.replace('\t', " ");
    match of_json(&text).filter(|_| place::top(&text).is_empty()) {
        Some(why) => Err(bad(why)),
        None => Ok(text),
    }
}

/// Reads the file of a calendar, strictly.
pub fn read_calendar(path: &Path) -> Result<Calendar, BadFile> {
    let bad = |why: String| BadFile { path: path.to_owned(), why };
    let text = text_of(path)?;
    let file: CalendarFile =
        serde_saphyr::from_str(&text).map_err(|error| bad(of_reader(&text, &error)))?;
    let refused = |why: String| bad(of_refusal(&text, &Refusal::BadPolicy(why)));
    file.calendar.check().map_err(refused)?;
    Ok(file.calendar)
}

/// Reads the file of a policy, JSON or YAML, strictly: what the chain would not put into force is refused with line and
/// column.
pub fn read_policy(path: &Path) -> Result<Policy, BadFile> {
    let bad = |why: String| BadFile { path: path.to_owned(), why };
    let text = text_of(path)?;
    let policy: Policy =
        serde_saphyr::from_str(&text).map_err(|error| bad(of_reader(&text, &error)))?;
    policy.check().map_err(|refusal| bad(of_refusal(&text, &refusal)))?;
    Ok(policy)
}
