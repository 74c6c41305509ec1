// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedger} from "./scrip/ILedger.sol";
import {IIdentity} from "./scrip/IIdentity.sol";

/// @title A poll of holders: each has as many votes as units at a checkpoint, whatever it did with them since.
contract Poll {
    /// @notice The chain's services have the same addresses everywhere.
    ILedger public constant LEDGER = ILedger(0x5C12190000000000000000000000000000000004);
    IIdentity public constant IDENTITY = IIdentity(0x5c12190000000000000000000000000000000001);

    uint64 public immutable asset;
    uint32 public immutable checkpoint;
    string public question;
    uint256 public yes;
    uint256 public no;
    mapping(address holder => bool) public hasVoted;

    event Voted(uint64 indexed person, address indexed holder, bool answer, uint256 votes);

    error NoVotes(address holder);
    error VotedAlready(address holder);

    constructor(uint64 asset_, uint32 checkpoint_, string memory question_) {
        (asset, checkpoint, question) = (asset_, checkpoint_, question_);
    }

    /// @notice Answers with all the votes of the caller's account.
    function vote(bool answer) external {
        uint256 votes = LEDGER.balanceAt(asset, 0, msg.sender, checkpoint);
        if (votes == 0) revert NoVotes(msg.sender);
        if (hasVoted[msg.sender]) revert VotedAlready(msg.sender);
        hasVoted[msg.sender] = true;
        if (answer) yes += votes;
        else no += votes;
        emit Voted(IDENTITY.personOf(msg.sender), msg.sender, answer, votes);
    }

    /// @notice True if more than half of all units that existed then said yes.
    function isCarried() external view returns (bool) {
        return 2 * yes > LEDGER.supplyAt(asset, 0, checkpoint);
    }
}
