// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Who may do what, to what, until when; and fuel.
/// @notice A contract that is granted a power uses it by calling services and assets itself, and only while the person
///         who gave it has that power alone: both grants are charged. A contract grants no power and sets no quorum,
///         and has neither admin nor create asset: what it did with them would outlast what it was given.
interface ITrust {
    /// @notice A power over something, in somebody's hands.
    /// @param grantee  A wallet (its person gets the grant) or a contract.
    /// @param power    0 admin, 1 providers, 2 sanctions, 3 orders, 4 create asset, 5 fuel, 6 issue, 7 redeem, 8 freeze,
    ///                 9 force, 10 rules, 11 documents, 12 terms, 13 pause, 14 checkpoint, 15 law, 16 apps.
    /// @param asset    0 for the network.
    /// @param class    Class plus one; 0 for all classes.
    struct GrantKey {
        address grantee;
        uint8 power;
        uint64 asset;
        uint32 class;
    }

    /// @notice What bounds each use of a grant, beside its limit in all and its end. 0 and false bound nothing. Units are
    ///         counted of issue, redeem and force: other powers have neither a limit nor bounds.
    /// @param atOnce    At most so many units in one act; an app may act often, in one transaction, too.
    /// @param perPeriod At most so many in each period; period must be given, too.
    /// @param period    Length of a period in milliseconds, the first from when it is granted.
    /// @param attested  Only for a published app whose code an auditor in standing attests (see IApps).
    struct Terms {
        uint128 atOnce;
        uint128 perPeriod;
        uint64 period;
        bool attested;
    }

    /// @notice A power was given, or renewed.
    event Granted(address indexed grantee, uint8 indexed power, uint64 indexed asset, uint32 class, uint128 limit, uint64 expires);
    /// @notice A power was taken back.
    event Revoked(address indexed grantee, uint8 indexed power, uint64 indexed asset, uint32 class);
    /// @notice A power with a limit was used, or any by a contract; so much of it remains, the largest number for no limit.
    event Used(address indexed grantee, uint8 indexed power, uint64 indexed asset, uint128 units, uint128 remaining);
    /// @notice So many of these persons must agree to use a power.
    event QuorumSet(uint8 indexed power, uint64 indexed asset, uint32 class, uint64[] members, uint16 threshold);
    /// @notice A power may be used alone again.
    event QuorumRemoved(uint8 indexed power, uint64 indexed asset, uint32 class);
    /// @notice A call waits for approvals.
    event Proposed(uint64 indexed proposal, uint64 indexed proposer, uint64 deadline);
    /// @notice A person approved a call.
    event Approved(uint64 indexed proposal, uint64 indexed person, uint16 approvals);
    /// @notice A call had approvals enough and was carried out.
    event ProposalDone(uint64 indexed proposal);
    /// @notice A call no longer waits.
    event ProposalWithdrawn(uint64 indexed proposal);
    /// @notice Somebody pays for a person's transactions.
    event Sponsored(uint64 indexed person, uint64 indexed sponsor, uint64 gas, uint64 expires);
    /// @notice Nobody pays for them any more.
    event SponsorshipEnded(uint64 indexed person);
    /// @notice The person keeps its sponsor.
    event SponsorshipAccepted(uint64 indexed person, uint64 indexed sponsor);
    /// @notice A person got gas that it bought.
    event FuelCredited(uint64 indexed person, uint64 gas);
    /// @notice Fuel grows otherwise from now on.
    event ScheduleSet(uint64 registeredCapacity, uint64 verifiedCapacity, uint64 refillMs);

    /// @notice Gives a power, or renews it. limit 0 is without limit; expires in milliseconds, the largest for never.
    function grant(GrantKey calldata key, uint128 limit, uint64 expires) external;
    /// @notice The same within terms.
    function grantWithin(GrantKey calldata key, uint128 limit, uint64 expires, Terms calldata terms) external;
    /// @notice Takes a power back at once: an admin does, and of a contract also who gave it. A contract that is a
    ///         person's wallet may have been given it as either: its own goes first, the person's with the next call.
    function revokeGrant(GrantKey calldata key) external;
    /// @notice From now on so many of these persons must agree to use a power.
    function setQuorum(uint8 power, uint64 asset, uint32 class, uint64[] calldata members, uint16 threshold) external;
    /// @notice A power may be used alone again; only the quorum itself may say so.
    function removeQuorum(uint8 power, uint64 asset, uint32 class) external;
    /// @notice Proposes a call to a service or asset that needs a quorum; counts as the first approval.
    function propose(uint8 power, uint64 asset, uint32 class, address target, bytes calldata data, uint64 deadline) external returns (uint64 proposal);
    /// @notice Approves; the last approval needed carries the call out, exactly as proposed, once, in the proposer's name.
    function approveProposal(uint64 proposal) external;
    /// @notice Withdraws one's own proposal.
    function withdrawProposal(uint64 proposal) external;
    /// @notice Pays for another person's transactions, so much gas until then. A sponsor that the person has not
    ///         accepted gives way to one that can pay more.
    function sponsor(uint64 person, uint64 gasAmount, uint64 expires) external;
    /// @notice Stops paying.
    function endSponsorship(uint64 person) external;
    /// @notice The caller's sponsor shall stay: no other takes its place while it can pay.
    function acceptSponsorship(uint64 sponsor) external;
    /// @notice Network power: credits bought fuel.
    function creditFuel(uint64 person, uint64 gasAmount) external;
    /// @notice Network power: changes how fuel grows.
    function setSchedule(uint64 registeredCapacity, uint64 verifiedCapacity, uint64 refillMs) external;

    /// @notice Gas that a person can use now.
    function fuelOf(uint64 person) external view returns (uint64);
    /// @notice True if whoever lives there could use the power now, if for one unit.
    function isGranted(GrantKey calldata key) external view returns (bool);
}
