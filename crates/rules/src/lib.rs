//! Profiles as files, and the scenarios that try them without a chain.
//!
//! A file in `profiles/` holds one profile and its cases: what the law says on both sides of every line,
//! told with dates and people. [`Script`] runs a case on the modules themselves, in memory, as a block
//! would: what is judged is previewed first and must come out as previewed.

mod cases;
mod coverage;
mod file;
mod json_schema;
mod place;
mod script;
mod verbs;
mod words;
mod world;

pub use cases::{Mismatch, run};
pub use coverage::{Line, lines};
pub use file::{BadFile, Document, File, Library, read_calendar, read_policy};
pub use json_schema::{policy_schema, profile_schema};
pub use world::World;
