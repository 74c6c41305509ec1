//! May this happen? One judge, rules as data, every reason at once.
