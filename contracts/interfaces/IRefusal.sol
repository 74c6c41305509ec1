// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title How every service and asset says no.
interface IRefusal {
    /// @notice Nothing was changed.
    /// @param code   The module's number times 1000 plus the refusal's number; for movements 9000 plus the reason's.
    /// @param status The ERC-1066 status byte.
    /// @param reason Every reason in plain words.
    error Refused(uint16 code, bytes1 status, string reason);
}
