//! The ABI, read from the Solidity interfaces: they are its only source.

#![allow(missing_docs, clippy::too_many_arguments)]

alloy_sol_types::sol!("../../contracts/interfaces/IRefusal.sol");
alloy_sol_types::sol!("../../contracts/interfaces/IIdentity.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ITrust.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ICompliance.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ILedger.sol");
alloy_sol_types::sol!("../../contracts/interfaces/standards/IToken.sol");

use alloy_sol_types::{Error, SolInterface, abi::AbiDecoderConfig};

/// Only what Solidity's own encoder would write: no gaps, no overlaps, nothing behind. Decoding is then
/// work in proportion to the data, whatever the data says of itself.
pub(crate) const STRICT: AbiDecoderConfig = AbiDecoderConfig::new().strict(true);

/// Decodes a call of an interface.
pub(crate) fn decode<C: SolInterface>(input: &[u8]) -> Result<C, Error> {
    C::abi_decode_with_config(input, STRICT)
}
