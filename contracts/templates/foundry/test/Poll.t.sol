// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Poll} from "../src/Poll.sol";
import {Services, Vm} from "./Services.sol";

contract PollTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    Services private constant LEDGER = Services(0x5C12190000000000000000000000000000000004);
    address private constant IDENTITY = 0x5c12190000000000000000000000000000000001;
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);

    Poll private poll;

    function setUp() public {
        bytes memory code = address(new Services()).code;
        vm.etch(address(LEDGER), code);
        vm.etch(IDENTITY, code);
        LEDGER.hold(ALICE, 60);
        LEDGER.hold(BOB, 40);
        poll = new Poll(1, 1, "Shall the board be thanked?");
    }

    function test_each_unit_is_a_vote() public {
        vm.prank(ALICE);
        poll.vote(true);
        vm.prank(BOB);
        poll.vote(false);
        require(poll.yes() == 60 && poll.no() == 40, "the votes are not the units");
        require(poll.isCarried(), "sixty of a hundred is more than half");
    }

    function test_a_holder_is_heard_once() public {
        vm.prank(ALICE);
        poll.vote(true);
        vm.expectRevert(abi.encodeWithSelector(Poll.VotedAlready.selector, ALICE));
        vm.prank(ALICE);
        poll.vote(false);
    }

    function testFuzz_half_is_not_enough(uint64 units) public {
        LEDGER.hold(ALICE, units);
        LEDGER.hold(BOB, units);
        vm.prank(ALICE);
        if (units == 0) vm.expectRevert(abi.encodeWithSelector(Poll.NoVotes.selector, ALICE));
        poll.vote(true);
        require(!poll.isCarried(), "half is not more than half");
    }
}
