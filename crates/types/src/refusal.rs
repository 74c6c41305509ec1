//! Saying no: one shape for every module's refusals.

use crate::Time;

/// An official order: who gave it, how they refer to it, the hash of the document that says so, and when it
/// expires.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    borsh::BorshSerialize,
    borsh::BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The court, supervisor or agent that gave it.
    pub authority: String,
    /// Its reference there.
    pub reference: String,
    /// SHA-256 of the document.
    pub document: crate::B256,
    /// From when on it no longer stands: what it stops goes on by itself, and nothing is carried out under it.
    /// None: until it is lifted by another.
    #[serde(default)]
    pub expires: Option<Time>,
}

impl Order {
    /// True if authority, reference and document are all named, and are short enough to keep.
    pub fn is_complete(&self) -> bool {
        let named = |text: &str| !text.trim().is_empty() && text.len() <= 256;
        named(&self.authority) && named(&self.reference) && !self.document.is_zero()
    }

    /// From when on it no longer stands.
    pub fn ends(&self) -> Time {
        self.expires.unwrap_or(Time::NEVER)
    }

    /// True before it expires.
    pub fn stands(&self, now: Time) -> bool {
        now < self.ends()
    }

    /// Refuses one that is incomplete, or has expired, in the caller's own words.
    pub fn check<E>(&self, now: Time, incomplete: E, expired: fn(Time) -> E) -> Result<(), E> {
        crate::ensure(self.is_complete(), incomplete)?;
        crate::ensure(self.stands(now), expired(self.ends()))
    }

    /// True if both are one order: of one authority, under one reference. Its document may be another, as that
    /// which lifts it is; so may its end.
    pub fn is_same(&self, other: &Order) -> bool {
        (&self.authority, &self.reference) == (&other.authority, &other.reference)
    }

    /// What names it in 32 bytes: SHA-256 of its authority's length (8 bytes, big endian), its authority and its
    /// reference.
    pub fn key(&self) -> crate::B256 {
        let length = (self.authority.len() as u64).to_be_bytes();
        crate::sha256(&[&length, self.authority.as_bytes(), self.reference.as_bytes()])
    }

    /// Until when the latest of several stands, of those that stand now.
    pub fn latest(orders: &[Order], now: Time) -> Option<Time> {
        orders.iter().filter(|order| order.stands(now)).map(Order::ends).max()
    }
}

/// Declares a module's refusals: for each its stable code, its ERC-1066 status and its sentence.
///
/// Codes are on the wire: append, never renumber or reuse. A sentence names the field and the remedy.
#[macro_export]
macro_rules! refusals {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$doc:meta])*
                $variant:ident $( ( $($tuple:ty),* ) )? $( { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? } )?
                    = $code:literal, $status:literal, $text:literal;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum $name {
            $(
                $(#[$doc])*
                #[error($text)]
                $variant $( ( $($tuple),* ) )? $( { $($(#[$fdoc])* $field : $type),* } )?,
            )*
        }

        impl $name {
            /// The stable number of this refusal within its module.
            pub fn code(&self) -> u16 {
                match self { $( Self::$variant { .. } => $code, )* }
            }

            /// The ERC-1066 status byte.
            pub fn status(&self) -> u8 {
                match self { $( Self::$variant { .. } => $status, )* }
            }
        }
    };
}

/// Goes on if the condition holds; else refuses.
pub fn ensure<R>(holds: bool, refusal: R) -> Result<(), R> {
    if holds { Ok(()) } else { Err(refusal) }
}
