// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Who is who: persons, accounts, wallets, claims, providers.
/// @notice Accounts are named by the wallet that owns them, persons by number. Times are milliseconds since 1970.
interface IIdentity {
    /// @notice What an official act refers to.
    /// @param authority The court, supervisor or agent that gave the order.
    /// @param ref       Its reference there.
    /// @param document  SHA-256 of the document.
    /// @param expires   From when on it no longer stands, in milliseconds since 1970: a suspension ends by itself, and
    ///                  nothing is done under it. 0: until it is lifted.
    struct Order {
        string authority;
        string ref;
        bytes32 document;
        uint64 expires;
    }

    /// @notice What a provider says of a person.
    /// @param topic    1 identified, others by the network's list.
    /// @param value    What the topic says it is, 0 if nothing.
    /// @param dated    The date of the document that it rests on, milliseconds since 1970: how old it may be counts from
    ///                 then. 0: it is made as it is attested; 1: the first of 1970 or before.
    /// @param expires  Until when it counts, milliseconds since 1970.
    /// @param evidence A commitment to what the provider has seen.
    struct Claim {
        uint32 topic;
        uint64 value;
        uint64 dated;
        uint64 expires;
        bytes32 evidence;
    }

    /// @notice A person as a provider presents it.
    /// @param wallet    The wallet that will own its first account; a contract may be one.
    /// @param kind      0 natural, 1 entity, 2 trust, 3 fund.
    /// @param residence ISO 3166-1 alpha-2.
    /// @param uniqueness The provider's keyed commitment to the human or entity.
    /// @param claims    What the provider attests at once.
    struct Registration {
        address wallet;
        uint8 kind;
        bytes2 residence;
        bytes32 uniqueness;
        Claim[] claims;
    }

    /// @notice What bounds each use of a delegation, beside its limit in all and its end. 0 and false bound nothing.
    /// @param atOnce    At most so many units in one act; an app may act often, in one transaction, too.
    /// @param perPeriod At most so many in each period; period must be given, too.
    /// @param period    Length of a period in milliseconds, the first from when it is given.
    /// @param attested  Only for a published app whose code an auditor in standing attests (see IApps).
    struct Terms {
        uint128 atOnce;
        uint128 perPeriod;
        uint64 period;
        bool attested;
    }

    /// @notice A person is known from now on, in the care of a provider.
    event PersonRegistered(uint64 indexed person, uint64 indexed provider, address indexed wallet, bytes2 residence);
    /// @notice A person has an account, owned by a wallet.
    event AccountOpened(uint64 indexed person, uint16 number, address indexed wallet);
    /// @notice A provider attested something of a person, or renewed it, by a document of that date.
    event ClaimAttested(uint64 indexed person, uint32 indexed topic, uint64 indexed provider, uint64 value, uint64 dated, uint64 expires);
    /// @notice A claim no longer counts.
    event ClaimRevoked(uint64 indexed person, uint32 indexed topic, uint64 indexed provider);
    /// @notice A person moved to another country.
    event ResidenceChanged(uint64 indexed person, bytes2 from, bytes2 to);
    /// @notice A wallet may act for an account.
    event Delegated(address indexed account, address indexed wallet, uint32 operations, uint64 expires);
    /// @notice A wallet no longer may.
    event DelegationRevoked(address indexed account, address indexed wallet);
    /// @notice A wallet acted for an account; so many units are left to it, the largest number for no limit.
    event DelegationUsed(address indexed account, address indexed wallet, uint64 indexed asset, uint32 operation, uint128 units, uint128 left);
    /// @notice All delegations of a person stopped, or go on.
    event DelegationsFrozen(uint64 indexed person, bool frozen);
    /// @notice An account is to get a new wallet; its owner may object until then.
    event RecoveryStarted(uint64 indexed person, uint16 number, address indexed wallet, uint64 ready);
    /// @notice The account keeps its wallet.
    event RecoveryCancelled(uint64 indexed person, uint16 number);
    /// @notice The account has a new wallet.
    event Recovered(uint64 indexed person, address indexed lost, address indexed wallet);
    /// @notice A person may attest.
    event ProviderAdmitted(uint64 indexed provider);
    /// @notice A provider may attest, or not.
    event ProviderStanding(uint64 indexed provider, bool isActive);
    /// @notice A provider ended at a time, its earlier claims kept or dropped.
    event ProviderCutOff(uint64 indexed provider, uint64 at, bool keepEarlier);
    /// @notice A person was stopped by order, until it expires.
    event PersonSuspended(uint64 indexed person, Order order);
    /// @notice A person goes on by order.
    event PersonReinstated(uint64 indexed person, Order order);
    /// @notice A person contests an order that stopped it, by this document. The order is named as in contestSuspension.
    event SuspensionContested(uint64 indexed person, bytes32 indexed order, bytes32 document, address by);
    /// @notice What a person contests stands, by this document.
    event SuspensionConfirmed(uint64 indexed person, bytes32 indexed order, bytes32 document, address by);
    /// @notice A sanctions list names a person.
    event SanctionsHit(uint64 indexed person, uint32 listVersion);
    /// @notice No sanctions list names it any more.
    event SanctionsCleared(uint64 indexed person, uint32 listVersion);
    /// @notice Another provider answers for a person.
    event CareChanged(uint64 indexed person, uint64 indexed from, uint64 indexed to);
    /// @notice Persons came into the care of another provider by order.
    event BookMoved(uint64 indexed from, uint64 indexed to, uint32 persons, Order order);

    /// @notice A person died, as a register's document says; by the power over orders, if not by its provider.
    event DeathRecorded(uint64 indexed person, uint64 died, Order order, bool byOrder);
    /// @notice The record of its death was wrong.
    event DeathWithdrawn(uint64 indexed person, Order order);
    /// @notice Two numbers are one human: what was counted as the first is counted as the second from now on.
    event PersonsMerged(uint64 indexed person, uint64 indexed into, Order order);

    /// @notice A provider registers persons it knows, all or none.
    function register(Registration[] calldata registrations) external;
    /// @notice A wallet enrols with its provider's voucher, an EIP-712 signature over `Voucher`.
    function enrol(uint64 provider, Registration calldata registration, uint64 deadline, bytes calldata signature) external;
    /// @notice Opens a further account, owned by a fresh wallet that signed
    ///         `Consent(uint64 person,address wallet,uint8 purpose,uint64 deadline)` with purpose 1.
    function openAccount(address wallet, uint64 deadline, bytes calldata consent) external;
    /// @notice A provider attests a claim, or renews it.
    function attest(uint64 person, Claim calldata claim) external;
    /// @notice A provider takes its claim back, for ever.
    function revoke(uint64 person, uint32 topic) external;
    /// @notice The person's provider records a move to another country.
    function setResidence(uint64 person, bytes2 residence) external;
    /// @notice Lets another wallet or a contract act for the caller's account. operations: 1 transfer
    ///         (`ILedger.transferBatch`), 2 hold (`ILedger.holdFor`). asset 0 is any; limit 0 is none.
    ///         Hold, too, lets it choose who gets the units: whoever it names may take them until the hold ends, which is
    ///         no later than the delegation, and also once that is revoked.
    function delegate(address wallet, uint32 operations, uint64 asset, uint128 limit, uint64 expires) external;
    /// @notice The same within terms.
    function delegateWithin(address wallet, uint32 operations, uint64 asset, uint128 limit, uint64 expires, Terms calldata terms) external;
    /// @notice Ends a delegation at once.
    function revokeDelegation(address wallet) external;
    /// @notice Stops all delegations of a person in an emergency, and the powers it lent to contracts, or lets them go on.
    function freezeDelegations(uint64 person, bool frozen) external;
    /// @notice The person's provider attests that the account's key is lost; the new wallet signed `Consent` with
    ///         purpose 2.
    function startRecovery(address account, address wallet, uint64 deadline, bytes calldata consent) external;
    /// @notice Stops a recovery.
    function cancelRecovery(address account) external;
    /// @notice Binds the account to the new wallet. Nothing moves; all assets follow.
    function completeRecovery(address account) external;
    /// @notice Network power: admits a provider.
    function admitProvider(uint64 provider) external;
    /// @notice Network power: lets a provider attest, or not.
    function setProviderStanding(uint64 provider, bool isActive) external;
    /// @notice Network power: ends a provider at a time, keeping or dropping its earlier claims.
    function cutOffProvider(uint64 provider, uint64 at, bool keepEarlier) external;
    /// @notice A provider takes a person into its care. The wallet of the person's first account signed
    ///         `Care(uint64 person,uint64 from,uint64 to,uint64 deadline)`, with a later deadline than any before,
    ///         two years ahead at most.
    function takeOver(uint64 person, uint64 deadline, bytes calldata consent) external;
    /// @notice Network power: puts persons of a provider that is suspended or cut off into another's care, by order.
    function moveBook(uint64 from, uint64 to, uint64[] calldata persons, Order calldata order) external;
    /// @notice Network power: stops a person by order, until it expires. Orders of different authority or reference
    ///         stand side by side.
    function suspend(uint64 person, Order calldata order) external;
    /// @notice Network power: lifts what this order stopped.
    function reinstate(uint64 person, Order calldata order) external;
    /// @notice A person contests an order that stopped it, as long as that stands and was not decided upon. It stays
    ///         stopped. One that is given anew on other terms may be contested anew; what
    ///         waits for a decision goes on waiting.
    /// @param order What names it: SHA-256 of the length of its authority in 8 bytes, big endian, its authority and its
    ///              reference.
    function contestSuspension(uint64 person, bytes32 order, bytes32 document) external;
    /// @notice Network power: decides that what is contested stands, by this document. To decide otherwise is to lift it.
    function confirmSuspension(uint64 person, bytes32 order, bytes32 document) external;
    /// @notice The person's provider, or the network power over orders, records that a natural person died. The order
    ///         names the register, the entry and its document. From then on nobody acts for it, and what only the living
    ///         are is no longer attested; its units stay and what it promised by holds is delivered. The estate's
    ///         representative asks the issuer's agent to move the units by order.
    function recordDeath(uint64 person, uint64 died, Order calldata order) external;
    /// @notice Whoever recorded a death takes a wrong record back; the power over orders may, too.
    function withdrawDeath(uint64 person, Order calldata order) external;
    /// @notice Network power: two numbers are one human, up to eight in all. Wallets, balances, claims and freezes stay
    ///         with the number whose they are; counts, limits and holdings are one human's, counted as `into`, whose
    ///         residence is all numbers' from then on. What lets a movement pass must be said of the number that moves;
    ///         what bars it bars every number. Never a provider, an issuer, nor the dead with the living.
    function mergePersons(uint64 person, uint64 into, Order calldata order) external;
    /// @notice Network power: applies a line of a sanctions list.
    function setSanctions(uint64 person, uint32 listVersion, bool hit) external;

    /// @notice The person behind a wallet, 0 if none.
    function personOf(address wallet) external view returns (uint64);
    /// @notice The wallet that owns a person's account.
    function walletOf(uint64 person, uint16 number) external view returns (address);
    /// @notice What is known of a person.
    function personInfo(uint64 person) external view returns (uint8 kind, bytes2 residence, uint64 provider, bool isActive, uint16 accounts);
    /// @notice When a person died, in milliseconds since 1970; 0 if no death is on record, 1 for the first of 1970 or before.
    function diedAt(uint64 person) external view returns (uint64);
    /// @notice Until when the order of this key suspends a person, and what is said against it: by which wallet and document
    ///         it is contested, and by which document it was decided that it stands; zero where nothing is. Refuses the key
    ///         of an order that does not suspend it now.
    function suspensionOf(uint64 person, bytes32 order) external view returns (uint64 until, address by, bytes32 contest, bytes32 decision);
    /// @notice The number under which a person is counted: its own, unless several are one human's.
    function countedAs(uint64 person) external view returns (uint64);
    /// @notice True if a claim on the topic counts now.
    function hasClaim(uint64 person, uint32 topic) external view returns (bool);
}
