//! Transactions waiting: admission, lanes, limits.
