// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedger} from "../interfaces/ILedger.sol";
import {IERC20} from "../interfaces/standards/IToken.sol";

/// @title An escrow: takes a seller's security under its grant, gives it to the buyer when it is paid, or back.
/// @notice A provider answers for this contract as for any holder. The seller grants it, by `IIdentity.delegate` or
///         within terms by `delegateWithin`, to transfer so much of one asset until a day. It can take no more than
///         that, nothing that the seller could not move itself, and nothing from the moment at which the grant is
///         revoked.
contract Escrow {
    ILedger private constant LEDGER = ILedger(0x5C12190000000000000000000000000000000004);

    /// @notice What was agreed.
    /// @param seller  Whose units are here.
    /// @param buyer   For whom they are.
    /// @param asset   The security's number.
    /// @param units   How many.
    /// @param cash    What is paid with.
    /// @param price   For all of them.
    /// @param until   When the seller may have them back, in seconds since 1970.
    struct Deal {
        address seller;
        address buyer;
        uint64 asset;
        uint128 units;
        IERC20 cash;
        uint256 price;
        uint64 until;
    }

    /// @notice Every open deal by its number.
    mapping(uint256 number => Deal) public deals;
    /// @notice The number of the next deal.
    uint256 public next = 1;

    /// @notice Units of a seller are here for a buyer.
    event Opened(uint256 indexed number, address indexed seller, address indexed buyer, uint64 asset, uint128 units, uint256 price);
    /// @notice The buyer paid and has the units.
    event Settled(uint256 indexed number);
    /// @notice The seller has them back.
    event Returned(uint256 indexed number);

    /// @notice There is no such deal, or not for the caller.
    error NotYours(uint256 number);
    /// @notice The buyer still has time.
    error TooEarly(uint64 until);

    /// @notice Takes the caller's units under its grant and keeps them for a buyer.
    function open(address buyer, uint64 asset, uint128 units, IERC20 cash, uint256 price, uint64 until)
        external
        returns (uint256 number)
    {
        number = next++;
        deals[number] = Deal(msg.sender, buyer, asset, units, cash, price, until);
        move(asset, msg.sender, address(this), units);
        emit Opened(number, msg.sender, buyer, asset, units, price);
    }

    /// @notice The buyer pays the seller and gets the units, both or neither.
    function pay(uint256 number) external {
        Deal memory deal = deals[number];
        if (msg.sender != deal.buyer) revert NotYours(number);
        delete deals[number];
        require(deal.cash.transferFrom(deal.buyer, deal.seller, deal.price), "unpaid");
        move(deal.asset, address(this), deal.buyer, deal.units);
        emit Settled(number);
    }

    /// @notice Gives the units back: the buyer may say so at any time, the seller when the buyer's time is over.
    function giveBack(uint256 number) external {
        Deal memory deal = deals[number];
        bool isSeller = msg.sender == deal.seller;
        if (!isSeller && msg.sender != deal.buyer) revert NotYours(number);
        if (isSeller && block.timestamp < deal.until) revert TooEarly(deal.until);
        delete deals[number];
        move(deal.asset, address(this), deal.seller, deal.units);
        emit Returned(number);
    }

    function move(uint64 asset, address from, address to, uint128 units) private {
        ILedger.Leg[] memory legs = new ILedger.Leg[](1);
        legs[0] = ILedger.Leg(to, units);
        LEDGER.transferBatch(asset, 0, from, legs);
    }
}
