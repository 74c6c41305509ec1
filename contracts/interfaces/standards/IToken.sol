// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// What every asset answers at its own address. One interface per standard, as its text has it.

/// @title ERC-20, with the errors of ERC-6093
/// @notice Every movement is judged by the asset's policy: `IRefusal.Refused` tells every reason against it.
interface IERC20 {
    /// @notice Units moved; from the zero address they were issued, to the zero address they ended.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice A spender may move so many units of the owner from now on.
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @notice The spender is allowed less than it wants to move.
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    /// @notice The sender has less than it wants to move, and nothing else is in the way.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);

    /// @notice Units that exist, over all classes.
    function totalSupply() external view returns (uint256);
    /// @notice Units of the account that this wallet owns, over all classes; 0 for a wallet of nobody.
    function balanceOf(address account) external view returns (uint256);
    /// @notice Moves units of the caller, class by class in their order. A movement of 0 is judged and announced too.
    function transfer(address to, uint256 value) external returns (bool);
    /// @notice Units that a spender may still move for an owner; the largest number stands for no limit.
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice Lets a spender, person or contract, move so many units of the caller. The largest number is no limit,
    ///         any other above 128 bits is refused.
    function approve(address spender, uint256 value) external returns (bool);
    /// @notice Moves units of an owner who allowed it, or whose operator the caller is.
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title ERC-20's metadata
interface IERC20Metadata {
    /// @notice The asset's name, for people.
    function name() external view returns (string memory);
    /// @notice The ticker.
    function symbol() external view returns (string memory);
    /// @notice Digits behind the point that a unit is shown with; 0 for shares.
    function decimals() external view returns (uint8);
}

/// @title ERC-2612 permits
interface IERC2612 {
    /// @notice As `approve`, by whoever brings the owner's signature over
    ///         `Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)`.
    /// @param deadline In seconds since 1970, inclusive.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice The nonce that the owner's next permit must carry.
    function nonces(address owner) external view returns (uint256);
    /// @notice EIP-712's separator of the domain that `eip712Domain` describes.
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}

/// @title ERC-5267: what a permit is signed for
interface IERC5267 {
    /// @notice The asset was renamed: permits are signed for another domain from now on.
    event EIP712DomainChanged();

    /// @notice The domain of permits, field by field: the asset's name, version "1", this chain, this address.
    function eip712Domain()
        external
        view
        returns (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] memory extensions);
}

/// @title ERC-165, answered by every asset and service
interface IERC165 {
    /// @notice True for every interface that is answered here, by the exclusive or of its functions' selectors.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
}

/// @title ERC-1410 partially fungible tokens; a partition is a class, named by its name in 32 bytes
interface IERC1410 {
    /// @notice Units of a class moved; what the caller said beside it is carried along.
    event TransferByPartition(
        bytes32 indexed fromPartition, address operator, address indexed from, address indexed to, uint256 value, bytes data, bytes operatorData
    );
    /// @notice An operator may move all units of a holder.
    event AuthorizedOperator(address indexed operator, address indexed tokenHolder);
    /// @notice An operator no longer may.
    event RevokedOperator(address indexed operator, address indexed tokenHolder);
    /// @notice An operator may move a holder's units of a class.
    event AuthorizedOperatorByPartition(bytes32 indexed partition, address indexed operator, address indexed tokenHolder);
    /// @notice An operator no longer may move a holder's units of a class.
    event RevokedOperatorByPartition(bytes32 indexed partition, address indexed operator, address indexed tokenHolder);
    /// @notice Units of a class were issued.
    event IssuedByPartition(bytes32 indexed partition, address indexed operator, address indexed to, uint256 amount, bytes data, bytes operatorData);
    /// @notice Units of a class ended.
    event RedeemedByPartition(bytes32 indexed partition, address indexed operator, address indexed from, uint256 amount, bytes operatorData);

    /// @notice A holder's units of a class.
    function balanceOfByPartition(bytes32 partition, address tokenHolder) external view returns (uint256);
    /// @notice The classes of which a holder has units.
    function partitionsOf(address tokenHolder) external view returns (bytes32[] memory);
    /// @notice Moves units of a class of the caller. Returns the class in which they arrive, the same.
    function transferByPartition(bytes32 partition, address to, uint256 value, bytes calldata data) external returns (bytes32);
    /// @notice As `transferByPartition`, of a holder whose operator the caller is.
    function operatorTransferByPartition(bytes32 partition, address from, address to, uint256 value, bytes calldata data, bytes calldata operatorData)
        external
        returns (bytes32);
    /// @notice Would this transfer happen now, moved by the caller? ERC-1400's status byte, the reason's number, the class
    ///         of arrival. Whether the holder lets the caller is not asked.
    function canTransferByPartition(address from, address to, bytes32 partition, uint256 value, bytes calldata data)
        external
        view
        returns (bytes1, bytes32, bytes32);
    /// @notice True if the operator may move all units of the holder.
    function isOperator(address operator, address tokenHolder) external view returns (bool);
    /// @notice True if the operator may move the holder's units of the class.
    function isOperatorForPartition(bytes32 partition, address operator, address tokenHolder) external view returns (bool);
    /// @notice Lets an operator move all units of the caller.
    function authorizeOperator(address operator) external;
    /// @notice Takes that back at once.
    function revokeOperator(address operator) external;
    /// @notice Lets an operator move the caller's units of a class.
    function authorizeOperatorByPartition(bytes32 partition, address operator) external;
    /// @notice Takes that back at once.
    function revokeOperatorByPartition(bytes32 partition, address operator) external;
    /// @notice Power issue: new units of a class to a holder.
    function issueByPartition(bytes32 partition, address tokenHolder, uint256 value, bytes calldata data) external;
    /// @notice Ends units of a class that the caller holds.
    function redeemByPartition(bytes32 partition, uint256 value, bytes calldata data) external;
    /// @notice Power redeem: ends a holder's units of a class.
    function operatorRedeemByPartition(bytes32 partition, address tokenHolder, uint256 value, bytes calldata operatorData) external;
}

/// @title ERC-1594 core security token
interface IERC1594 {
    /// @notice Units were issued; what the caller said beside it is carried along.
    event Issued(address indexed operator, address indexed to, uint256 value, bytes data);
    /// @notice Units ended.
    event Redeemed(address indexed operator, address indexed from, uint256 value, bytes data);

    /// @notice As `transfer`; the data is for whoever reads the transaction, no rule looks at it.
    function transferWithData(address to, uint256 value, bytes calldata data) external;
    /// @notice As `transferFrom`, with data.
    function transferFromWithData(address from, address to, uint256 value, bytes calldata data) external;
    /// @notice True while the asset is open and not all that is authorised has been issued.
    function isIssuable() external view returns (bool);
    /// @notice Power issue: new units of the default class to a holder.
    function issue(address tokenHolder, uint256 value, bytes calldata data) external;
    /// @notice Ends units that the caller holds, class by class in their order.
    function redeem(uint256 value, bytes calldata data) external;
    /// @notice Power redeem: ends a holder's units, class by class in their order.
    function redeemFrom(address tokenHolder, uint256 value, bytes calldata data) external;
    /// @notice Would the caller's transfer happen now? ERC-1400's status byte, and the reason's number.
    function canTransfer(address to, uint256 value, bytes calldata data) external view returns (bool, bytes1, bytes32);
    /// @notice Would the caller's `transferFrom` happen now? The allowance is asked too.
    function canTransferFrom(address from, address to, uint256 value, bytes calldata data) external view returns (bool, bytes1, bytes32);
}

/// @title ERC-1404 simple restricted token
interface IERC1404 {
    /// @notice Would a transfer happen now? 0 if it would, else the number of the first reason against it.
    function detectTransferRestriction(address from, address to, uint256 value) external view returns (uint8);
    /// @notice What a number says; nothing for one that is never given.
    function messageForTransferRestriction(uint8 restrictionCode) external view returns (string memory);
}

/// @title ERC-1643 documents
interface IERC1643 {
    /// @notice A document was taken off.
    event DocumentRemoved(bytes32 indexed name, string uri, bytes32 documentHash);
    /// @notice A document was published, or replaced.
    event DocumentUpdated(bytes32 indexed name, string uri, bytes32 documentHash);

    /// @notice Where a document is, its hash, and when it was published, in seconds since 1970.
    function getDocument(bytes32 name) external view returns (string memory, bytes32, uint256);
    /// @notice Power documents: publishes a document, or replaces one.
    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external;
    /// @notice Power documents: takes a document off.
    function removeDocument(bytes32 name) external;
    /// @notice The names of all documents.
    function getAllDocuments() external view returns (bytes32[] memory);
}

/// @title ERC-1644 controller operations; operatorData is abi.encode(authority, ref, document)
interface IERC1644 {
    /// @notice Units were moved by order.
    event ControllerTransfer(address controller, address indexed from, address indexed to, uint256 value, bytes data, bytes operatorData);
    /// @notice Units were ended by order.
    event ControllerRedemption(address controller, address indexed tokenHolder, uint256 value, bytes data, bytes operatorData);

    /// @notice Always true: courts have their say over every security.
    function isControllable() external view returns (bool);
    /// @notice Power force: moves units of the default class by order, unlocking exactly the shortfall.
    function controllerTransfer(address from, address to, uint256 value, bytes calldata data, bytes calldata operatorData) external;
    /// @notice Power force: ends units of the default class by order.
    function controllerRedeem(address tokenHolder, uint256 value, bytes calldata data, bytes calldata operatorData) external;
}

/// @title ERC-7943 (uRWA): the least that a protocol needs to know of a token with rules
/// @notice `forcedTransfer` and `getFrozenTokens` are ERC-3643's too. Refusals are told by `IRefusal.Refused` with every
///         reason, as the standard prefers specific errors; the balance alone being short by ERC-6093's.
interface IERC7943Fungible {
    /// @notice Units were taken from one account and given to another by order.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    /// @notice So many units of the account's default class are frozen from now on.
    event Frozen(address indexed account, uint256 amount);

    /// @notice Never thrown: `Refused` names the reason.
    error ERC7943CannotSend(address account);
    /// @notice Never thrown: `Refused` names the reason.
    error ERC7943CannotReceive(address account);
    /// @notice Never thrown: `Refused` names every reason.
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    /// @notice Never thrown: `Refused` tells by code 9006 how many units are free, of those frozen and those held.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Power force, and an order filed by `ILedger.fileOrder`: moves units of the default class.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);
    /// @notice Power freeze, and an order filed by `ILedger.fileOrder`: from now on so many units of the account are
    ///         frozen, under other orders too; more than it has freezes what may come. Refused for who never held any: freeze its person.
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);
    /// @notice May this account send at all, whoever receives? What the network and the policy ask of the sender
    ///         alone: registered, in good standing, not frozen, with the claims, in the countries, on the lists.
    function canSend(address account) external view returns (bool allowed);
    /// @notice May this account receive at all, whoever sends?
    function canReceive(address account) external view returns (bool allowed);
    /// @notice How many units of the account's default class are frozen; may be more than it has.
    function getFrozenTokens(address account) external view returns (uint256 amount);
    /// @notice Would this transfer happen now, by the giver's own wallet? Never reverts; the issuer's own contract is asked
    ///         too. Who moves it for the giver is not known here: a venue's rules are asked by `canTransferFrom`.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}

/// @title ERC-3643 token
/// @notice What an officer does needs an order: one filed by `ILedger.fileOrder` is referred to until it is withdrawn.
interface IERC3643 {
    /// @notice The asset was created or renamed.
    event UpdatedTokenInformation(string indexed newName, string indexed newSymbol, uint8 newDecimals, string newVersion, address indexed newOnchainID);
    /// @notice At the asset's birth: where its persons are registered.
    event IdentityRegistryAdded(address indexed identityRegistry);
    /// @notice At the asset's birth: who judges its movements.
    event ComplianceAdded(address indexed compliance);
    /// @notice The account has a new wallet; nothing moved.
    event RecoverySuccess(address indexed lostWallet, address indexed newWallet, address indexed investorOnchainID);
    /// @notice A person may not move the asset, or may again; each of its wallets is named.
    event AddressFrozen(address indexed userAddress, bool indexed isFrozen, address indexed owner);
    /// @notice So many more units are frozen.
    event TokensFrozen(address indexed userAddress, uint256 amount);
    /// @notice So many fewer units are frozen.
    event TokensUnfrozen(address indexed userAddress, uint256 amount);
    /// @notice The asset is halted.
    event Paused(address userAddress);
    /// @notice The asset goes on.
    event Unpaused(address userAddress);

    /// @notice The issuer's person.
    function onchainID() external view returns (address);
    /// @notice The version of T-REX whose interfaces these are.
    function version() external view returns (string memory);
    /// @notice The identity service.
    function identityRegistry() external view returns (address);
    /// @notice The compliance service.
    function compliance() external view returns (address);
    /// @notice True while the asset is halted, or closed for good.
    function paused() external view returns (bool);
    /// @notice True if the person behind the wallet may not move this asset.
    function isFrozen(address userAddress) external view returns (bool);
    /// @notice How many units of the wallet's default class are frozen.
    function getFrozenTokens(address userAddress) external view returns (uint256);
    /// @notice Power terms: renames the asset; its permits are signed for the name, so that those not used yet end.
    function setName(string calldata name) external;
    /// @notice Power terms: changes the ticker.
    function setSymbol(string calldata symbol) external;
    /// @notice Refused: the identity of a token is its issuer's person.
    function setOnchainID(address onchainID) external;
    /// @notice Power pause: halts the asset.
    function pause() external;
    /// @notice Power pause: lets it go on.
    function unpause() external;
    /// @notice Power freeze, by order: stops the person behind a wallet from moving this asset, or lifts what the filed
    ///         order stopped; another order may stand.
    function setAddressFrozen(address userAddress, bool freeze) external;
    /// @notice Power freeze, by order: freezes so many more units under the filed order.
    function freezePartialTokens(address userAddress, uint256 amount) external;
    /// @notice Power freeze, by order: thaws so many units, of those frozen under the filed order.
    function unfreezePartialTokens(address userAddress, uint256 amount) external;
    /// @notice Refused: one identity service answers for all assets.
    function setIdentityRegistry(address identityRegistry) external;
    /// @notice Refused: one judge answers for all assets; ICompliance.setPolicy changes the rules.
    function setCompliance(address compliance) external;
    /// @notice Power force, by order: moves units, thawing exactly the shortfall; never to who could not receive.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool);
    /// @notice Power issue: new units of the default class.
    function mint(address to, uint256 amount) external;
    /// @notice Ends units of the caller; with the power redeem, of any holder.
    function burn(address userAddress, uint256 amount) external;
    /// @notice Completes a recovery that the person's provider started by `IIdentity.startRecovery`.
    /// @param investorOnchainID The lost wallet's person, as `IIdentityRegistry.identity` tells it.
    function recoveryAddress(address lostWallet, address newWallet, address investorOnchainID) external returns (bool);
    /// @notice Moves units of the caller to many, all or none, judged on the net per person.
    function batchTransfer(address[] calldata toList, uint256[] calldata amounts) external;
    /// @notice `forcedTransfer` for many, all or none.
    function batchForcedTransfer(address[] calldata fromList, address[] calldata toList, uint256[] calldata amounts) external;
    /// @notice `mint` for many, all or none.
    function batchMint(address[] calldata toList, uint256[] calldata amounts) external;
    /// @notice `burn` for many, all or none.
    function batchBurn(address[] calldata userAddresses, uint256[] calldata amounts) external;
    /// @notice `setAddressFrozen` for many, all or none.
    function batchSetAddressFrozen(address[] calldata userAddresses, bool[] calldata freeze) external;
    /// @notice `freezePartialTokens` for many, all or none; no wallet twice.
    function batchFreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts) external;
    /// @notice `unfreezePartialTokens` for many, all or none; no wallet twice.
    function batchUnfreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts) external;
}

/// @title ERC-3643 identity registry, answered by the identity service
/// @notice A person stands behind its wallets, so that no wallet passes from one identity to another:
/// IdentityUpdated is never announced.
interface IIdentityRegistry {
    /// @notice Never announced: each asset's policy names the claims it needs.
    event ClaimTopicsRegistrySet(address indexed claimTopicsRegistry);
    /// @notice Never announced: the identity service is its own storage.
    event IdentityStorageSet(address indexed identityStorage);
    /// @notice Never announced: the network admits providers.
    event TrustedIssuersRegistrySet(address indexed trustedIssuersRegistry);
    /// @notice A wallet belongs to a person from now on.
    event IdentityRegistered(address indexed investorAddress, address indexed identity);
    /// @notice A wallet no longer belongs to its person.
    event IdentityRemoved(address indexed investorAddress, address indexed identity);
    /// @notice Never announced.
    event IdentityUpdated(address indexed oldIdentity, address indexed newIdentity);
    /// @notice The person behind a wallet moved; the country by its ISO 3166-1 number.
    event CountryUpdated(address indexed investorAddress, uint16 indexed country);

    /// @notice True if the wallet belongs to a person.
    function contains(address userAddress) external view returns (bool);
    /// @notice True if that person is in good standing and its due diligence current.
    function isVerified(address userAddress) external view returns (bool);
    /// @notice The person's address, the zero address for a wallet of nobody.
    function identity(address userAddress) external view returns (address);
    /// @notice The person's country by its ISO 3166-1 number.
    function investorCountry(address userAddress) external view returns (uint16);
    /// @notice The identity service itself.
    function identityStorage() external view returns (address);
    /// @notice The identity service itself.
    function issuersRegistry() external view returns (address);
    /// @notice The identity service itself.
    function topicsRegistry() external view returns (address);
    /// @notice The person's provider records a move; the country by its ISO 3166-1 number.
    function updateCountry(address userAddress, uint16 country) external;
    /// @notice Refused: who registers a person also commits to its being one. IIdentity.register and enrol have room for that.
    function registerIdentity(address userAddress, address identity, uint16 country) external;
    /// @notice Refused, like registerIdentity.
    function batchRegisterIdentity(address[] calldata userAddresses, address[] calldata identities, uint16[] calldata countries) external;
    /// @notice Refused: nobody is erased. IIdentity.suspend stops a person, revoke ends a claim.
    function deleteIdentity(address userAddress) external;
    /// @notice Refused: an account keeps its person. IIdentity.startRecovery gives it another wallet.
    function updateIdentity(address userAddress, address identity) external;
    /// @notice Refused: the protocol fixes it.
    function setIdentityRegistryStorage(address identityRegistryStorage) external;
    /// @notice Refused: the protocol fixes it; each asset's policy names the claims it needs.
    function setClaimTopicsRegistry(address claimTopicsRegistry) external;
    /// @notice Refused: the protocol fixes it; the network admits providers by IIdentity.admitProvider.
    function setTrustedIssuersRegistry(address trustedIssuersRegistry) external;
}
