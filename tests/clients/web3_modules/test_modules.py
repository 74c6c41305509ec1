"""web3.py's own test classes, from its package, against `scrip dev`.

Its module `admin` is left out: it steers Geth's peers and ports, and no such method is served here.
"""

from web3._utils.module_testing import eth_module, go_ethereum_debug_module, go_ethereum_txpool_module, net_module, web3_module


class TestEth(eth_module.EthModuleTest):
    pass


class TestAsyncEth(eth_module.AsyncEthModuleTest):
    pass


class TestNet(net_module.NetModuleTest):
    pass


class TestAsyncNet(net_module.AsyncNetModuleTest):
    pass


class TestWeb3(web3_module.Web3ModuleTest):
    def _check_web3_client_version(self, client_version):
        assert client_version.startswith("scrip/")


class TestAsyncWeb3(web3_module.AsyncWeb3ModuleTest):
    def _check_web3_client_version(self, client_version):
        assert client_version.startswith("scrip/")


class TestTxPool(go_ethereum_txpool_module.GoEthereumTxPoolModuleTest):
    pass


class TestAsyncTxPool(go_ethereum_txpool_module.GoEthereumAsyncTxPoolModuleTest):
    pass


class TestDebug(go_ethereum_debug_module.GoEthereumDebugModuleTest):
    pass


class TestAsyncDebug(go_ethereum_debug_module.GoEthereumAsyncDebugModuleTest):
    pass
