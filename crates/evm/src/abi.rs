//! The ABI, read from the Solidity interfaces: they are its only source.

#![allow(missing_docs, clippy::too_many_arguments)]

alloy_sol_types::sol!("../../contracts/interfaces/IRefusal.sol");
alloy_sol_types::sol!("../../contracts/interfaces/IIdentity.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ITrust.sol");
alloy_sol_types::sol!("../../contracts/interfaces/IApps.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ICompliance.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ILedger.sol");
alloy_sol_types::sol!("../../contracts/interfaces/standards/IToken.sol");

use alloy_sol_types::{Error, SolInterface, abi::AbiDecoderConfig};

/// Orders in the words of both interfaces that take them; 0 stands for no end.
macro_rules! orders {
    ($($interface:ident),*) => {$(
        impl From<$interface::Order> for types::Order {
            fn from(order: $interface::Order) -> Self {
                let expires = (order.expires != 0).then_some(types::Time(order.expires));
                let $interface::Order { authority, r#ref: reference, document, .. } = order;
                Self { authority, reference, document, expires }
            }
        }

        impl From<types::Order> for $interface::Order {
            fn from(order: types::Order) -> Self {
                let types::Order { authority, reference, document, expires } = order;
                let expires = expires.map_or(0, |expires| expires.0);
                Self { authority, r#ref: reference, document, expires }
            }
        }
    )*};
}
orders!(ILedger, IIdentity);

/// Only what Solidity's own encoder would write: no gaps, no overlaps, nothing behind. Decoding is then
/// work in proportion to the data, whatever the data says of itself.
pub(crate) const STRICT: AbiDecoderConfig = AbiDecoderConfig::new().strict(true);

/// Decodes a call of an interface.
pub(crate) fn decode<C: SolInterface>(input: &[u8]) -> Result<C, Error> {
    C::abi_decode_with_config(input, STRICT)
}

/// An interface's ERC-165 id: its functions' selectors, one over the other.
pub(crate) const fn interface_id(selectors: &[[u8; 4]]) -> [u8; 4] {
    let mut id = 0;
    let mut place = 0;
    while place < selectors.len() {
        id ^= u32::from_be_bytes(selectors[place]);
        place += 1;
    }
    id.to_be_bytes()
}

/// The answer to ERC-165's question by who has these interfaces; an error if something else is asked.
pub(crate) fn supports(input: &[u8], interfaces: &[[u8; 4]]) -> Result<bool, Error> {
    let IERC165::IERC165Calls::supportsInterface(asked) = decode(input)?;
    Ok(interfaces.contains(&asked.interfaceId.0))
}
