//! The chain on Commonware: dissemination, consensus, storage, sync; the only crate that names it.
