//! Typed bindings, made from the Solidity interfaces: they are the ABI's only source.

#![allow(missing_docs, clippy::too_many_arguments)]

alloy_sol_types::sol!("../../contracts/interfaces/IRefusal.sol");
alloy_sol_types::sol!("../../contracts/interfaces/IIdentity.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ITrust.sol");
alloy_sol_types::sol!("../../contracts/interfaces/IApps.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ICompliance.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ILedger.sol");
alloy_sol_types::sol!("../../contracts/interfaces/standards/IToken.sol");
