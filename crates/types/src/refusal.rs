//! Saying no: one shape for every module's refusals.

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
