// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC1594} from "../interfaces/standards/IToken.sol";

/// @title Shares that are earned over time, issued when they are due and not before.
/// @notice The issuer grants this contract the power to issue, with a limit and an end (`ITrust.grant`, power 6). It holds
///         nothing: what is not yet earned does not exist, counts in no vote, and ends with the grant.
contract Vesting {
    /// @notice What somebody earns. Times are seconds since 1970.
    /// @param units  In all.
    /// @param issued So far.
    /// @param start  From when it is earned, evenly.
    /// @param cliff  Before which nothing is due.
    /// @param end    When all of it is.
    struct Award {
        uint128 units;
        uint128 issued;
        uint64 start;
        uint64 cliff;
        uint64 end;
    }

    /// @notice The security that is earned.
    IERC1594 public immutable token;
    /// @notice Who awards, and ends awards.
    address public immutable issuer;

    mapping(address holder => Award) private awards;

    /// @notice Somebody is to earn units.
    event Awarded(address indexed holder, uint128 units, uint64 start, uint64 cliff, uint64 end);
    /// @notice Units that were due have been issued.
    event Claimed(address indexed holder, uint128 units);
    /// @notice An award ended early; what was due by then stays due.
    event Ended(address indexed holder, uint128 units);

    /// @notice Only the issuer may.
    error NotIssuer();
    /// @notice The dates are out of order, or nothing is awarded, or something was already.
    error BadAward();
    /// @notice Nothing is due now.
    error NothingDue();

    constructor(IERC1594 token_) {
        (token, issuer) = (token_, msg.sender);
    }

    modifier onlyIssuer() {
        if (msg.sender != issuer) revert NotIssuer();
        _;
    }

    /// @notice Awards units to a holder who has no award yet.
    function award(address holder, uint128 units, uint64 start, uint64 cliff, uint64 end) external onlyIssuer {
        bool isNew = awards[holder].units == 0;
        if (!isNew || units == 0 || start > cliff || cliff > end || start == end) revert BadAward();
        awards[holder] = Award(units, 0, start, cliff, end);
        emit Awarded(holder, units, start, cliff, end);
    }

    /// @notice Issues to the caller what is due. The asset's rules hold as for every issue.
    function claim() external returns (uint128 units) {
        units = due(msg.sender);
        if (units == 0) revert NothingDue();
        awards[msg.sender].issued += units;
        token.issue(msg.sender, units, "vested");
        emit Claimed(msg.sender, units);
    }

    /// @notice Ends an award: what is earned until now stays claimable, the rest is gone.
    function end(address holder) external onlyIssuer {
        Award storage it = awards[holder];
        uint128 earned = earnedBy(it, block.timestamp);
        (it.units, it.end) = (earned, uint64(block.timestamp));
        if (it.start >= it.end) it.start = it.end - 1;
        if (it.cliff > it.end) it.cliff = it.end;
        emit Ended(holder, earned);
    }

    /// @notice What a holder could claim now.
    function due(address holder) public view returns (uint128) {
        Award storage it = awards[holder];
        return earnedBy(it, block.timestamp) - it.issued;
    }

    /// @notice What a holder earns, and has been issued.
    function awardOf(address holder) external view returns (Award memory) {
        return awards[holder];
    }

    /// Rounds down: nobody is issued a unit before it is whole.
    function earnedBy(Award storage it, uint256 time) private view returns (uint128) {
        if (time < it.cliff || it.units == 0) return 0;
        if (time >= it.end) return it.units;
        return uint128((uint256(it.units) * (time - it.start)) / (it.end - it.start));
    }
}
