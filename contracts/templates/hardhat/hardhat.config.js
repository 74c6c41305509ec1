require('@nomicfoundation/hardhat-ethers')
const { subtask } = require('hardhat/config')
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require('hardhat/builtin-tasks/task-names')

const VERSION = '0.8.30'

// The compiler of the npm package: nothing is downloaded while building.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD).setAction(async () => ({
  compilerPath: require.resolve('solc/soljson.js'),
  isSolcJs: true,
  version: VERSION,
  longVersion: require('solc').version(),
}))

module.exports = {
  solidity: { version: VERSION, settings: { evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 } } },
  defaultNetwork: 'scrip',
  networks: {
    // `scrip dev --compat hardhat` signs for its own accounts, and for whoever is impersonated.
    scrip: { url: process.env.SCRIP_RPC ?? 'http://127.0.0.1:8545', accounts: 'remote' },
  },
}
