//! The scrip command.
