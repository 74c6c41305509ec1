//! Every way compliance says no to whoever sets rules. What it says of movements is a [`crate::Decision`].

use types::{PersonId, refusals};

refusals! {
    /// Why compliance refuses to change rules.
    pub enum Refusal {
        /// The policy cannot be used.
        BadPolicy(String) = 1, 0x20, "policy: {0}";
        /// Counting would take too long.
        OutOfFuel = 2, 0x0f, "counting holders anew needs more gas than the transaction allows";
        /// Says what is so already.
        NothingChanges = 3, 0x04, "nothing would change";
        /// Not registered.
        UnknownPerson(PersonId) = 4, 0x20, "there is no {0}";
        /// Ends before it begins.
        BadDates = 5, 0x20, "until: the entry must end after it begins, and after now";
    }
}
