export { verify, type Bundle, type Verified } from './verify.js'
export { named, recordKey, recordOf, tell, type Named, type TableName, type Told } from './record.js'
export { Unproved, type Flaw } from './unproved.js'
export type { Effect, Header, MerkleProof, Position, Tables } from '../generated/wire.js'
