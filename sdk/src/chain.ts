import { defineChain } from 'viem'

/** What `scrip dev` starts. There is no coin: `Fuel` is the right to use the chain, and grows back. */
export const scripDev = defineChain({
  id: 31_337,
  name: 'Scrip development',
  nativeCurrency: { name: 'Fuel', symbol: 'FUEL', decimals: 18 },
  rpcUrls: { default: { http: ['http://127.0.0.1:8545'], webSocket: ['ws://127.0.0.1:8545'] } },
  testnet: true,
})
