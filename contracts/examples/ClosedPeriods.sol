// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRuleContract} from "../interfaces/ICompliance.sol";
import {IIdentity} from "../interfaces/IIdentity.sol";

/// @title An issuer's own rule: insiders do not trade in the weeks before results.
/// @notice The asset's policy names this contract and the gas it may use, `"contract": ["0x…", 100000]`, and the chain asks
///         it about every movement after its own rules. It knows persons, not wallets, so that a second wallet is no
///         way around it. It answers; it cannot change anything while it is asked.
contract ClosedPeriods is IRuleContract {
    IIdentity private constant IDENTITY = IIdentity(0x5c12190000000000000000000000000000000001);

    /// @notice Weeks in which insiders do not trade, in seconds since 1970.
    struct Period {
        uint64 from;
        uint64 until;
    }

    /// @notice Who names insiders and periods.
    address public immutable secretary;
    /// @notice Persons who know more than the market.
    mapping(uint64 person => bool) public isInsider;
    /// @notice The period that is or comes next.
    Period public period;

    /// @notice A person is an insider from now on, or no longer.
    event InsiderNamed(uint64 indexed person, bool isInsider);
    /// @notice Insiders do not trade between these times.
    event PeriodSet(uint64 from, uint64 until);

    /// @notice Only the secretary may.
    error NotSecretary();

    constructor(address secretary_) {
        secretary = secretary_;
    }

    modifier onlySecretary() {
        if (msg.sender != secretary) revert NotSecretary();
        _;
    }

    /// @notice Names a person an insider, or not.
    function nameInsider(uint64 person, bool insider) external onlySecretary {
        isInsider[person] = insider;
        emit InsiderNamed(person, insider);
    }

    /// @notice Sets the period in which insiders do not trade.
    function setPeriod(uint64 from, uint64 until) external onlySecretary {
        period = Period(from, until);
        emit PeriodSet(from, until);
    }

    /// @inheritdoc IRuleContract
    function check(address, address from, address to, uint256) external view returns (bool) {
        // Issues and redemptions are the issuer's own.
        if (from == address(0) || to == address(0)) return true;
        bool isClosed = period.from <= block.timestamp && block.timestamp < period.until;
        return !isClosed || !(trades(from) || trades(to));
    }

    function trades(address wallet) private view returns (bool) {
        return isInsider[IDENTITY.personOf(wallet)];
    }
}
