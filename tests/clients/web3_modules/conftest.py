"""What web3.py's own module tests stand on: a chain for development for each file, and the contracts that they know."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import pytest_asyncio
import requests
from eth_account import Account
from web3 import AsyncWeb3, Web3, WebSocketProvider
from web3._utils.contract_sources.contract_data.emitter_contract import EMITTER_CONTRACT_DATA
from web3._utils.contract_sources.contract_data.math_contract import MATH_CONTRACT_DATA
from web3._utils.contract_sources.contract_data.offchain_lookup import OFFCHAIN_LOOKUP_DATA
from web3._utils.contract_sources.contract_data.panic_errors_contract import PANIC_ERRORS_CONTRACT_DATA
from web3._utils.contract_sources.contract_data.revert_contract import REVERT_CONTRACT_DATA
from web3._utils.contract_sources.contract_data.storage_contract import STORAGE_CONTRACT_DATA
from web3._utils.module_testing.utils import RequestMocker

sys.path.insert(0, str(Path(__file__).resolve().parent))
import unlike  # noqa: E402

BINARY = os.environ.get("SCRIP_BIN", str(Path(__file__).resolve().parents[3] / "target/debug/scrip"))
MNEMONIC = "test test test test test test test test test test test junk"
Account.enable_unaudited_hdwallet_features()
# An investor among the chain's own accounts.
OWNER = Account.from_mnemonic(MNEMONIC, account_path="m/44'/60'/0'/0/5")


def pytest_collection_modifyitems(items):
    """A test that is known to ask for what this chain is not must fail: the list stays true."""
    for item in items:
        reason = unlike.reason(item.cls.__name__, item.originalname, item.name)
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def chain():
    port, metrics = free_port(), free_port()
    args = ["dev", "--ephemeral", "--chain-id", "131277322940537", "--port", str(port), "--metrics-port", str(metrics)]
    node = subprocess.Popen([BINARY, *args], stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    call = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    for _ in range(600):
        try:
            if "result" in requests.post(url, json=call, timeout=5).json():
                break
        except requests.RequestException:
            assert node.poll() is None, "scrip dev did not start"
            time.sleep(0.05)
    yield url
    node.send_signal(signal.SIGTERM)
    node.wait(timeout=60)


@pytest.fixture(scope="module")
def w3(chain):
    return Web3(Web3.HTTPProvider(chain))


@pytest_asyncio.fixture
async def async_w3(chain):
    w3 = AsyncWeb3(AsyncWeb3.AsyncHTTPProvider(chain))
    yield w3
    await w3.provider.disconnect()


@pytest.fixture(autouse=True)
def on_a_block_of_its_own(request, w3):
    """Each test begins on an empty block, whatever the one before it did, and with what it needs."""
    need = unlike.NEEDED.get(request.node.originalname)
    if need and not unlike.is_served(w3.provider.make_request, need):
        pytest.skip(f"not served: {need}")
    w3.provider.make_request("evm_mine", [])


@pytest.fixture
def request_mocker():
    return RequestMocker


@pytest.fixture
def skip_if_testrpc():
    return lambda w3: None


@pytest.fixture
def async_skip_if_testrpc():
    return lambda w3: None


@pytest.fixture(scope="module")
def keyfile_account_pkey():
    return "0x" + OWNER.key.hex().removeprefix("0x")


@pytest.fixture(scope="module")
def keyfile_account_address():
    return OWNER.address


@pytest.fixture(scope="module")
def async_keyfile_account_address():
    return OWNER.address


@pytest.fixture(params=[Web3.to_checksum_address, lambda address: bytes.fromhex(address[2:])], ids=["text", "bytes"])
def keyfile_account_address_dual_type(request):
    return request.param(OWNER.address)


@pytest.fixture(params=[Web3.to_checksum_address, lambda address: bytes.fromhex(address[2:])], ids=["text", "bytes"])
def async_keyfile_account_address_dual_type(request):
    return request.param(OWNER.address)


def created(w3, data, *args):
    contract = w3.eth.contract(abi=data["abi"], bytecode=data["bytecode"])
    tx = contract.constructor(*args).transact({"from": OWNER.address})
    receipt = w3.eth.wait_for_transaction_receipt(tx)
    assert receipt["status"] == 1
    return tx, receipt["contractAddress"]


CONTRACTS = {
    "math": MATH_CONTRACT_DATA,
    "emitter": EMITTER_CONTRACT_DATA,
    "storage": STORAGE_CONTRACT_DATA,
    "revert": REVERT_CONTRACT_DATA,
    "panic_errors": PANIC_ERRORS_CONTRACT_DATA,
    "offchain_lookup": OFFCHAIN_LOOKUP_DATA,
}


@pytest.fixture(scope="module")
def deployed(w3):
    return {name: created(w3, data) for name, data in CONTRACTS.items()}


def offer(name):
    """The fixtures of one contract, as the module tests call them."""

    @pytest.fixture(scope="module", name=f"{name}_contract_address")
    def address(deployed):
        return deployed[name][1]

    @pytest.fixture(scope="module", name=f"{name}_contract_deploy_txn_hash")
    def transaction(deployed):
        return deployed[name][0]

    @pytest.fixture(scope="module", name=f"{name}_contract")
    def contract(w3, deployed):
        return w3.eth.contract(abi=CONTRACTS[name]["abi"], address=deployed[name][1])

    @pytest.fixture(scope="module", name=f"async_{name}_contract_address")
    def async_address(deployed):
        return deployed[name][1]

    @pytest.fixture(name=f"async_{name}_contract")
    def async_contract(async_w3, deployed):
        return async_w3.eth.contract(abi=CONTRACTS[name]["abi"], address=deployed[name][1])

    return address, transaction, contract, async_address, async_contract


for kind in CONTRACTS:
    for place, fixture in enumerate(offer(kind)):
        globals()[f"{kind}_{place}"] = fixture


@pytest.fixture(scope="module")
def empty_block(w3, deployed):
    w3.provider.make_request("evm_mine", [])
    block = w3.eth.get_block("latest")
    assert not block["transactions"]
    return block


@pytest.fixture(scope="module")
def mined_txn_hash(w3, deployed):
    math = w3.eth.contract(abi=MATH_CONTRACT_DATA["abi"], address=deployed["math"][1])
    tx = math.functions.incrementCounter().transact({"from": OWNER.address})
    w3.eth.wait_for_transaction_receipt(tx)
    return tx


@pytest.fixture(scope="module")
def block_with_txn(w3, mined_txn_hash):
    return w3.eth.get_block(w3.eth.get_transaction(mined_txn_hash)["blockNumber"])


@pytest.fixture(scope="module")
def txn_hash_with_log(w3, deployed):
    emitter = w3.eth.contract(abi=EMITTER_CONTRACT_DATA["abi"], address=deployed["emitter"][1])
    tx = emitter.functions.logDouble(9, 12345, 54321).transact({"from": OWNER.address})
    w3.eth.wait_for_transaction_receipt(tx)
    return tx


@pytest.fixture(scope="module")
def block_with_txn_with_log(w3, txn_hash_with_log):
    return w3.eth.get_block(w3.eth.get_transaction(txn_hash_with_log)["blockNumber"])


@pytest.fixture(scope="module")
def async_empty_block(empty_block):
    return empty_block


@pytest.fixture(scope="module")
def async_block_with_txn(block_with_txn):
    return block_with_txn


@pytest.fixture(scope="module")
def async_block_with_txn_with_log(block_with_txn_with_log):
    return block_with_txn_with_log
