// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title May this happen?
interface ICompliance {
    /// @notice A policy is in force from now on; `policy` is the SHA-256 of its encoding.
    event PolicySet(uint64 indexed asset, uint32 version, bytes32 policy);
    /// @notice A person stands on a list of the asset between two times.
    event Listed(uint64 indexed asset, uint32 indexed list, uint64 indexed person, uint64 from, uint64 until);
    /// @notice A person no longer stands on a list of the asset.
    event Delisted(uint64 indexed asset, uint32 indexed list, uint64 indexed person);

    /// @notice Puts a policy into force: JSON by the schema of docs/policy.md. Unknown fields are refused with line and column.
    function setPolicy(uint64 asset, string calldata policy) external;
    /// @notice Puts a person on a list of the asset from a time until another.
    function list(uint64 asset, uint32 number, uint64 person, uint64 from, uint64 until) external;
    /// @notice Takes a person off a list.
    function delist(uint64 asset, uint32 number, uint64 person) external;

    /// @notice Would this transfer happen now? All reasons, in words.
    function canMove(uint64 asset, address from, address to, uint256 units)
        external
        view
        returns (bool allowed, uint16 code, bytes1 status, string memory reasons, uint64 earliestOk, uint256 maxOk);
    /// @notice How many persons hold the asset.
    function holderCount(uint64 asset) external view returns (uint32);
}

/// @title A rule of the issuer's own.
/// @notice Asked, with bounded gas and without the right to change anything, about every movement before it stands.
interface IRuleContract {
    /// @notice May these units move? Anything but `true` is a refusal, a revert and running out of gas included. The
    ///         ledger is seen as the movement would leave it.
    /// @param asset The asset's address, which is also the caller.
    /// @param from  The zero address for issues.
    /// @param to    The zero address for redemptions.
    function check(address asset, address from, address to, uint256 units) external view returns (bool);
}
