/** The interfaces of contracts/, one constant each. */
export * from './generated/abi.js'

import * as abi from './generated/abi.js'

/** How everything says no: every ABI here has it, so that a refusal is always read. */
const refused = [...abi.IRefusal, ...abi.IERC20.filter((item) => item.type === 'error')] as const

/** What the identity service answers, as ERC-3643's registry too. */
export const identityAbi = [...abi.IIdentity, ...abi.IIdentityRegistry, ...refused] as const
/** What the trust service answers, of apps too. */
export const trustAbi = [...abi.ITrust, ...abi.IApps, ...refused] as const
/** What the compliance service answers. */
export const complianceAbi = [...abi.ICompliance, ...refused] as const
/** What the ledger service answers. */
export const ledgerAbi = [...abi.ILedger, ...refused] as const
/** What every asset answers at its own address: ERC-20, 2612, 165, 1404, 1410, 1594, 1643, 1644, 3643 and 7943. */
export const tokenAbi = [...abi.faces, ...abi.IRefusal] as const
/** The errors that the services and assets refuse with. */
export const refusalAbi = refused
