"""web3.py's own test class of a lasting connection, from its package, against `scrip dev` over WebSocket."""

import pytest
import pytest_asyncio
from web3 import AsyncWeb3, WebSocketProvider
from web3._utils.module_testing import persistent_connection_provider

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def async_w3(chain):
    w3 = await AsyncWeb3(WebSocketProvider(chain.replace("http", "ws")))
    yield w3
    await w3.provider.disconnect()


class TestWebSocket(persistent_connection_provider.PersistentConnectionProviderTest):
    pass
