//! Everything a command can fail with, and the exit code that says so to a script.
//!
//! | code | what happened |
//! |---|---|
//! | 0 | done |
//! | 1 | the chain refuses, a movement may not happen, or a proof does not hold |
//! | 2 | the command line is wrong |
//! | 65 | an input is wrong; the field is named |
//! | 66 | a file cannot be read or written |
//! | 69 | no node answers, or not as it should |
//! | 70 | this machine failed, or the result of our own work does not add up |
//! | 71 | another process uses the data directory |
//! | 72 | the disk is full |
//! | 73 | the data directory is damaged |
//! | 74 | the data directory belongs to another network |
//! | 75 | a port is in use, or the network cannot be had |
//! | 77 | a key cannot be opened |
//! | 78 | a node's configuration is wrong |

use client::KeystoreError;
use serde_json::{Value, json};
use std::{fmt::Display, path::Path};

/// Why a command is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The call of a chain failed, or the chain refuses.
    #[error(transparent)]
    Client(#[from] client::Error),
    /// A node did not start, or stopped.
    #[error(transparent)]
    Node(#[from] node::NodeError),
    /// A key cannot be kept or opened.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// The chain refuses a movement, and says of each reason what to do.
    #[error("refused (code {})\n{words}", refusal.code)]
    Movement {
        /// The refusal.
        refusal: client::Refusal,
        /// What `scrip_explain` says of it.
        answer: Value,
        /// The same in sentences, and how to ask again.
        words: String,
    },
    /// What was asked would not happen.
    #[error("{0}")]
    NotAllowed(String),
    /// A proof does not hold.
    #[error("not proved: {0}")]
    Unproved(String),
    /// An input is wrong.
    #[error("{field}: {why}")]
    Input {
        /// Which one.
        field: String,
        /// What is wrong, and what would be right.
        why: String,
    },
    /// A file cannot be read or written.
    #[error("{file}: {why}")]
    File {
        /// Which one.
        file: String,
        /// What the system says.
        why: String,
    },
    /// A password cannot be had.
    #[error("password: {0}")]
    Password(String),
    /// A process that this one needs did not start or stopped; the code is its own.
    #[error("{why}")]
    Child {
        /// What it said.
        why: String,
        /// Its exit code.
        code: u8,
    },
    /// This machine failed.
    #[error("{0}")]
    Machine(String),
    /// What came out contradicts itself.
    #[error("the result does not add up: {0}")]
    Untrue(String),
}

impl From<::rules::BadFile> for Failure {
    fn from(bad: ::rules::BadFile) -> Self {
        match bad.path.exists() {
            true => Self::input(bad.path.display(), bad.why),
            false => Self::file(&bad.path, bad.why),
        }
    }
}

impl Failure {
    /// A wrong input.
    pub(crate) fn input(field: impl Display, why: impl Display) -> Self {
        Self::Input { field: field.to_string(), why: why.to_string() }
    }

    /// A file that cannot be used.
    pub(crate) fn file(file: &Path, why: impl Display) -> Self {
        Self::File { file: file.display().to_string(), why: why.to_string() }
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Client(client::Error::Refused(_)) | Self::Movement { .. } => 1,
            Self::NotAllowed(_) | Self::Unproved(_) => 1,
            Self::Input { .. } | Self::Client(client::Error::Key(_)) => 65,
            Self::File { .. } => 66,
            Self::Client(_) => 69,
            Self::Machine(_) | Self::Untrue(_) => 70,
            Self::Child { code, .. } => *code,
            Self::Keystore(KeystoreError::Io(..)) => 66,
            Self::Keystore(KeystoreError::Exists(_) | KeystoreError::Malformed(..)) => 65,
            Self::Keystore(KeystoreError::WrongPassword(_)) | Self::Password(_) => 77,
            Self::Node(error) => error.exit_code(),
        }
    }

    /// The same as JSON.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = json!({ "message": self.to_string(), "exit_code": self.exit_code() });
        match self {
            Self::Client(client::Error::Refused(refusal)) => error["refusal"] = json!(refusal),
            Self::Movement { refusal, answer, .. } => {
                error["refusal"] = json!(refusal);
                for name in ["reasons", "earliest_ok", "max_ok"] {
                    error[name] = answer[name].clone();
                }
            }
            Self::Input { field, .. } => error["field"] = json!(field),
            Self::File { file, .. } => error["file"] = json!(file),
            _ => {}
        }
        json!({ "error": error })
    }
}
