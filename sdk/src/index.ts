export { scripActions, type ScripActions } from './actions/index.js'
export * as Actions from './actions/index.js'
export { personAddress, assetNumber, services, servicesOf, tokenAddress } from './address.js'
export { scripDev } from './chain.js'
export type { ScripEvent, UnknownEvent } from './event.js'
export { assetsIn, personsIn } from './event.js'
export type { WatchedEvent } from './actions/network/watchEvents.js'
export {
  documentDate,
  documentHash,
  orderKey,
  type AssetGiven,
  type ChosenLot,
  type ClaimGiven,
  type Leg,
  type OrderGiven,
  type RegistrationGiven,
  type Sale,
} from './given.js'
export type { AssetName, At, Who } from './naming.js'
export { ScripRefusal, readRefusal, refusalIn, type ExplainedReason, type RefusalKind } from './refusal.js'
export {
  careData,
  consentData,
  permitData,
  typedDataTypes,
  voucherData,
  type Consent,
  type Voucher,
} from './typedData.js'
export { english } from './generated/texts.js'
export { readParams, type MoneyVerdict, type Params } from './params.js'
export { reasonText, remedyText, type Texts } from './reason.js'
export { NEVER } from './wire/json.js'
export { calendarFromJson, policyFromJson, profileFromJson } from './wire/strict.js'
export * from './generated/wire.js'
export { Unproved, verify } from './proof/index.js'
