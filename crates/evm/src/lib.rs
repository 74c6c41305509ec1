//! Ethereum's door to the modules: ABI, token faces, guest contracts on revm.
