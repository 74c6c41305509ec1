"""web3.py's own test classes for a connection that stays open, against `scrip dev` over WebSocket."""

import asyncio

import pytest
import pytest_asyncio
from web3 import AsyncWeb3, WebSocketProvider
from web3._utils.module_testing import eth_module, net_module, web3_module
from web3._utils.module_testing.persistent_connection_provider import PersistentConnectionProviderTest


# A connection belongs to an event loop, and each test has one of its own.
@pytest_asyncio.fixture
async def async_w3(chain):
    async with AsyncWeb3(WebSocketProvider(chain.replace("http", "ws", 1))) as w3:
        yield w3


@pytest.fixture(scope="class")
def by_the_clock(w3):
    """Blocks that nobody asks for: the tests wait for some, as Geth makes them with `--dev.period`."""
    w3.provider.make_request("evm_setIntervalMining", [1])
    yield
    w3.provider.make_request("evm_setIntervalMining", [0])


@pytest.mark.usefixtures("by_the_clock")
class TestPersistentConnection(PersistentConnectionProviderTest):
    @staticmethod
    async def seed_transactions_to_geth(async_w3, acct, num_txs=1, delay=0.1):
        """As the class sends them, but for the coin that each moves: the tests would wait for what was refused."""
        for _ in range(num_txs):
            await asyncio.sleep(delay)
            await async_w3.eth.send_transaction({"from": acct, "to": acct, "gas": 21000})


class TestAsyncEth(eth_module.AsyncEthModuleTest):
    pass


class TestAsyncNet(net_module.AsyncNetModuleTest):
    pass


class TestAsyncWeb3(web3_module.AsyncWeb3ModuleTest):
    def _check_web3_client_version(self, client_version):
        assert client_version.startswith("scrip/")
