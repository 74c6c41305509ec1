//! Persons, accounts, wallets, claims and providers: who is who.
