//! The verbs of the scenario language, in one table: what a line may begin with, and what was meant.

use crate::words::meant;

/// Declares what a line may begin with: each verb once, with its word.
macro_rules! verbs {
    ($($(#[$doc:meta])* $kind:ident { $($verb:ident $word:literal)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq)]
            pub(crate) enum $kind {
                $($verb,)*
            }
        )*

        /// What a line may begin with.
        #[derive(Clone, Copy)]
        pub(crate) enum Verb {
            $($kind($kind),)*
        }

        /// Every verb by its word.
        const VERBS: &[(&str, Verb)] = &[$($(($word, Verb::$kind($kind::$verb)),)*)*];
    };
}

verbs! {
    /// What the rest of a line is for.
    Line {
        On "on"
        Policy "policy"
        Venue "venue"
        DryRun "dry-run"
    }
    /// What happens around a movement, and never fails in a story.
    Told {
        Person "person"
        People "people"
        Account "account"
        Recover "recover"
        Claim "claim"
        Revoke "revoke"
        Moves "moves"
        Suspend "suspend"
        Reinstate "reinstate"
        Dies "dies"
        Lives "lives"
        Merge "merge"
        Sanction "sanction"
        Clear "clear"
        Asset "asset"
        Class "class"
        Adopt "adopt"
        Drop "drop"
        Calendar "calendar"
        Law "law"
        Fact "fact"
        Unfact "unfact"
        List "list"
        Delist "delist"
        Approve "approve"
        Meet "meet"
    }
    /// What is looked at.
    Seen {
        Position "position"
        Lots "lots"
        Holders "holders"
        Held "held"
        Duty "duty"
        Foreseen "foreseen"
        Warned "warned"
        Unwarned "unwarned"
        Exceeded "exceeded"
        Announced "announced"
    }
    /// What is tried, and may be refused.
    Done {
        Approach "approach"
        MayRelease "may-release"
        MayWithdraw "may-withdraw"
        OpenOffer "open-offer"
        CloseOffer "close-offer"
        Issue "issue"
        Transfer "transfer"
        Distribute "distribute"
        Hold "hold"
        Pledge "pledge"
        Pay "pay"
        Exchange "exchange"
        Convert "convert"
        Release "release"
        Deliver "deliver"
        Redeem "redeem"
        Pause "pause"
        Resume "resume"
        Close "close"
        Reissue "reissue"
        End "end"
        Freeze "freeze"
        Thaw "thaw"
        FreezeUnits "freeze-units"
        Announce "announce"
        Contest "contest"
        Confirm "confirm"
        ContestFreeze "contest-freeze"
        ConfirmFreeze "confirm-freeze"
        ContestUnits "contest-units"
        ConfirmUnits "confirm-units"
        ContestSuspension "contest-suspension"
        ConfirmSuspension "confirm-suspension"
        Withdraw "withdraw"
        CarryOut "carry-out"
        Force "force"
    }
}

impl Verb {
    /// The verb of this word.
    pub(crate) fn called(word: &str) -> Result<Self, String> {
        let known = VERBS.iter().find(|(known, _)| *known == word).map(|(_, verb)| *verb);
        let near = || meant(word, VERBS.iter().map(|(known, _)| *known));
        known.ok_or_else(|| format!("{word}: no such verb{}", near()))
    }

    /// Every verb.
    #[cfg(test)]
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        VERBS.iter().map(|(word, _)| *word)
    }
}
