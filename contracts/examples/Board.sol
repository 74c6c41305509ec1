// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICompliance} from "../interfaces/ICompliance.sol";
import {IIdentityRegistry, IERC20} from "../interfaces/standards/IToken.sol";

/// @title A bulletin board: holders say what they would buy or sell, others take them at their word.
/// @notice The board holds nothing and matches nobody. Whoever posts or takes has allowed it to move its units and cash
///         (`approve`); taking settles both legs in one transaction or neither, and the assets judge each by themselves.
contract Board {
    ICompliance private constant COMPLIANCE = ICompliance(0x5C12190000000000000000000000000000000003);
    IIdentityRegistry private constant REGISTRY = IIdentityRegistry(0x5c12190000000000000000000000000000000001);

    /// @notice What somebody would do.
    /// @param author  Who says so.
    /// @param isSale  True for a sale of units, false for a purchase.
    /// @param asset   The security.
    /// @param cash    What is paid with.
    /// @param units   That are left.
    /// @param price   Of one unit.
    /// @param expires In seconds since 1970.
    struct Post {
        address author;
        bool isSale;
        IERC20 asset;
        IERC20 cash;
        uint128 units;
        uint128 price;
        uint64 expires;
    }

    /// @notice Every post by its number.
    mapping(uint256 number => Post) public posts;
    /// @notice The number of the next post.
    uint256 public next = 1;

    /// @notice Somebody would buy or sell.
    event Posted(uint256 indexed number, address indexed author, address indexed asset, bool isSale, uint128 units, uint128 price);
    /// @notice Somebody took units of a post.
    event Taken(uint256 indexed number, address indexed taker, uint128 units, uint256 paid);
    /// @notice The author no longer would.
    event Withdrawn(uint256 indexed number);

    /// @notice Only persons in good standing speak here.
    error NotVerified(address wallet);
    /// @notice There is no such post, or not so much is left of it, or it has expired.
    error NotOpen(uint256 number);
    /// @notice Only the author may.
    error NotAuthor();

    /// @notice Says what the caller would buy or sell. Nothing is set aside.
    function post(bool isSale, IERC20 asset, IERC20 cash, uint128 units, uint128 price, uint64 expires)
        external
        returns (uint256 number)
    {
        if (!REGISTRY.isVerified(msg.sender)) revert NotVerified(msg.sender);
        number = next++;
        posts[number] = Post(msg.sender, isSale, asset, cash, units, price, expires);
        emit Posted(number, msg.sender, address(asset), isSale, units, price);
    }

    /// @notice Takes it back.
    function withdraw(uint256 number) external {
        if (posts[number].author != msg.sender) revert NotAuthor();
        delete posts[number];
        emit Withdrawn(number);
    }

    /// @notice Could this taker take so many now, and if not, why not? In the words of the asset's own judge.
    function canTake(uint256 number, address taker, uint128 units) external view returns (bool allowed, string memory why) {
        Post storage it = posts[number];
        if (!isOpen(it, units)) return (false, "the post is not open for so many");
        (address seller, address buyer) = it.isSale ? (it.author, taker) : (taker, it.author);
        // An asset's number is the end of its address.
        ICompliance.Verdict memory told = COMPLIANCE.canMove(uint64(uint160(address(it.asset))), seller, buyer, units);
        return (told.allowed, told.reasons);
    }

    /// @notice Takes units of a post: cash against units, both or neither.
    function take(uint256 number, uint128 units) external {
        Post storage it = posts[number];
        if (!isOpen(it, units)) revert NotOpen(number);
        (address seller, address buyer) = it.isSale ? (it.author, msg.sender) : (msg.sender, it.author);
        uint256 paid = uint256(units) * it.price;
        (IERC20 asset, IERC20 cash) = (it.asset, it.cash);
        it.units -= units;
        require(cash.transferFrom(buyer, seller, paid), "unpaid");
        require(asset.transferFrom(seller, buyer, units), "undelivered");
        emit Taken(number, msg.sender, units, paid);
    }

    function isOpen(Post storage it, uint128 units) private view returns (bool) {
        return units > 0 && units <= it.units && block.timestamp < it.expires;
    }
}
