// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What Forge offers to tests, as far as these need it.
interface Vm {
    function etch(address at, bytes calldata code) external;
    function prank(address sender) external;
    function expectRevert(bytes calldata reason) external;
}

/// @title A register of who holds what, in the place of the ledger and of the identity service.
/// @notice Answers what an app reads, with what a test wrote. What the chain itself does is tried on the chain.
contract Services {
    mapping(address holder => uint256) public units;
    uint256 public supply;

    /// @notice Writes down a holding.
    function hold(address holder, uint256 held) external {
        supply = supply - units[holder] + held;
        units[holder] = held;
    }

    /// @notice As `ILedger.balanceAt`.
    function balanceAt(uint64, uint32, address account, uint32) external view returns (uint256) {
        return units[account];
    }

    /// @notice As `ILedger.supplyAt`.
    function supplyAt(uint64, uint32, uint32) external view returns (uint256) {
        return supply;
    }

    /// @notice As `IIdentity.personOf`: a number of its own for every wallet.
    function personOf(address wallet) external pure returns (uint64) {
        return uint64(uint160(wallet));
    }
}
