"""web3.py against the real binary: the story from nothing to a refused transfer, with its own encoders."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import requests
from eth_abi import encode
from eth_account import Account
from eth_utils import keccak
from web3 import AsyncWeb3, Web3, WebSocketProvider
from web3.logs import DISCARD
from web3.exceptions import ContractCustomError, TransactionNotFound, Web3RPCError
from web3.middleware import SignAndSendRawMiddlewareBuilder

HERE = Path(__file__).resolve().parent
BINARY = os.environ.get("SCRIP_BIN", str(HERE.parent.parent / "target/debug/scrip"))
MNEMONIC = "test test test test test test test test test test test junk"
PLACES = {"operator": 0, "provider": 1, "issuer": 2, "alice": 20, "bob": 21, "carol": 22, "dora": 23, "erik": 24}
YEAR_MS = 365 * 24 * 3600 * 1000
POLICY = {
    "rules": [
        {"claim": {"side": "both", "topic": 1}},
        {"countries": {"side": "receiver", "mode": "allow", "countries": ["DE", "FR", "AT"]}},
        {"holding": {"max": "600"}},
    ]
}

Account.enable_unaudited_hdwallet_features()


def service(number):
    return Web3.to_checksum_address("0x5c1219" + "0" * 33 + str(number))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Chain:
    """`scrip dev` on an empty directory."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory(prefix="scrip-")
        port, metrics = free_port(), free_port()
        args = ["dev", "--data-dir", self.dir.name, "--port", str(port), "--metrics-port", str(metrics)]
        self.node = subprocess.Popen([BINARY, *args], stdout=subprocess.DEVNULL)
        self.url, self.ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
        w3 = Web3(Web3.HTTPProvider(self.url))
        for _ in range(600):
            if self.node.poll() is not None:
                break
            try:
                if w3.eth.block_number > 0:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("scrip dev did not start")

    def stop(self):
        if self.node.poll() is None:
            self.node.send_signal(signal.SIGTERM)
            self.node.wait(timeout=60)
        self.dir.cleanup()


def registration(wallet, residence):
    uniqueness = bytes(11) + b"\x02" + bytes.fromhex(wallet[2:])
    claim = (1, 0, 0, int(time.time() * 1000) + YEAR_MS, b"\xe1" * 32)
    return (wallet, 0, residence.encode(), uniqueness, [claim])


class Web3Story(unittest.TestCase):
    """Tests run in the order of their names: each continues the story."""

    @classmethod
    def setUpClass(cls):
        compiled = subprocess.run(["node", str(HERE / "contracts.mjs")], check=True, capture_output=True)
        cls.contracts = json.loads(compiled.stdout)
        cls.chain = Chain()
        cls.addClassCleanup(cls.chain.stop)
        cls.w3 = Web3(Web3.HTTPProvider(cls.chain.url))
        cls.by = {
            name: Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{place}")
            for name, place in PLACES.items()
        }
        for account in cls.by.values():
            cls.w3.middleware_onion.inject(SignAndSendRawMiddlewareBuilder.build(account), layer=0)
        cls.identity = cls.at(service(1), "IIdentity", "IIdentityRegistry")
        cls.compliance = cls.at(service(3), "ICompliance")
        cls.ledger = cls.at(service(4), "ILedger")

    @classmethod
    def at(cls, address, *names):
        abi = [entry for name in [*names, "IRefusal"] for entry in cls.contracts[name]["abi"]]
        return cls.w3.eth.contract(address=address, abi=abi)

    def send(self, who, call, **over):
        sent = call.transact({"from": self.by[who].address, **over})
        return self.w3.eth.wait_for_transaction_receipt(sent, timeout=60, poll_latency=0.02)

    def done(self, who, call, **over):
        receipt = self.send(who, call, **over)
        self.assertEqual(receipt["status"], 1)
        return receipt

    def refusal(self, who, call):
        """What a refused call says: code, status and reason."""
        with self.assertRaises(ContractCustomError) as caught:
            call.call({"from": self.by[who].address})
        data = bytes.fromhex(caught.exception.data[2:])
        selector = keccak(text="Refused(uint16,bytes1,string)")[:4]
        self.assertEqual(data[:4], selector)
        return self.w3.codec.decode(["uint16", "bytes1", "string"], data[4:])

    def balance(self, who):
        return self.share.functions.balanceOf(self.by[who].address).call()

    def test_01_the_chain_as_a_wallet_sees_it(self):
        self.assertTrue(self.w3.is_connected())
        self.assertIn("scrip", self.w3.client_version.lower())
        self.assertEqual(str(self.w3.eth.chain_id), self.w3.net.version)
        self.assertGreater(self.w3.eth.get_balance(self.by["issuer"].address), 0)
        self.assertEqual(self.w3.eth.get_balance(self.by["erik"].address), 0)
        block = self.w3.eth.get_block("latest")
        self.assertGreaterEqual(block["baseFeePerGas"], 1)
        self.assertEqual(self.w3.eth.get_block(block["number"] - 1)["hash"], block["parentHash"])
        self.assertGreater(len(self.w3.eth.fee_history(4, "latest", [50])["baseFeePerGas"]), 1)
        self.assertEqual(self.w3.eth.get_code(service(4)), b"\xef")
        self.assertFalse(self.w3.eth.syncing)

    def test_02_people_are_registered_and_enrol_with_a_voucher(self):
        people = [registration(self.by[n].address, r) for n, r in [("alice", "DE"), ("bob", "FR"), ("carol", "US")]]
        receipt = self.done("provider", self.identity.functions.register(people))
        events = self.identity.events.PersonRegistered().process_receipt(receipt, errors=DISCARD)
        self.assertEqual([e["args"]["wallet"] for e in events], [self.by[n].address for n in ("alice", "bob", "carol")])

        dora = registration(self.by["dora"].address, "AT")
        wallet, kind, residence, uniqueness, claims = dora
        words = ["uint256"] * 4 + ["bytes32"]
        packed = b"".join(encode(words, claim) for claim in claims)
        deadline = claims[0][3]
        voucher = {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "Voucher": [
                    {"name": "wallet", "type": "address"},
                    {"name": "kind", "type": "uint8"},
                    {"name": "residence", "type": "bytes2"},
                    {"name": "uniqueness", "type": "bytes32"},
                    {"name": "claims", "type": "bytes32"},
                    {"name": "deadline", "type": "uint64"},
                ],
            },
            "primaryType": "Voucher",
            "domain": {
                "name": "Scrip Identity",
                "version": "1",
                "chainId": self.w3.eth.chain_id,
                "verifyingContract": service(1),
            },
            "message": {
                "wallet": wallet,
                "kind": kind,
                "residence": residence,
                "uniqueness": uniqueness,
                "claims": keccak(packed),
                "deadline": deadline,
            },
        }
        signed = self.by["provider"].sign_typed_data(full_message=voucher)
        provider = self.identity.functions.personOf(self.by["provider"].address).call()
        self.done("dora", self.identity.functions.enrol(provider, dora, deadline, signed.signature))
        self.assertTrue(self.identity.functions.isVerified(wallet).call())

    def test_03_a_stranger_is_refused_at_the_door(self):
        with self.assertRaisesRegex(Web3RPCError, "not bound to a registered person"):
            stranger = {"from": self.by["erik"].address, "to": self.by["alice"].address, "gas": 21_000}
            self.w3.eth.send_transaction(stranger)

    def test_04_a_security_is_created_ruled_and_issued(self):
        new = (0, "", "ACME", "Acme ordinary shares", 0, "US0378331005", "ESVUFR", "ACME/SH", "", 1_000_000)
        receipt = self.done("issuer", self.ledger.functions.createAsset(new))
        (created,) = self.ledger.events.AssetCreated().process_receipt(receipt, errors=DISCARD)
        type(self).asset = created["args"]["asset"]
        type(self).share = self.at(created["args"]["token"], "IERC20", "IERC20Metadata", "IERC2612", "IERC5267")
        leg = (self.by["alice"].address, 500)
        _, _, reason = self.refusal("issuer", self.ledger.functions.issueBatch(self.asset, 0, [leg]))
        self.assertIn("no policy yet", reason)
        self.done("issuer", self.compliance.functions.setPolicy(self.asset, json.dumps(POLICY), bytes(32)))
        self.done("issuer", self.ledger.functions.issueBatch(self.asset, 0, [leg]))
        self.assertEqual(self.balance("alice"), 500)

    def test_05_a_transfer_moves_or_says_why_not(self):
        receipt = self.done("alice", self.share.functions.transfer(self.by["bob"].address, 40))
        (moved,) = self.share.events.Transfer().process_receipt(receipt, errors=DISCARD)
        self.assertEqual(moved["args"]["value"], 40)
        code, status, reason = self.refusal("alice", self.share.functions.transfer(self.by["carol"].address, 1))
        self.assertEqual((code, status), (9012, b"\x10"))
        self.assertRegex(reason, "United States.* is not open for the buyer")
        refused = self.send("alice", self.share.functions.transfer(self.by["carol"].address, 1), gas=200_000)
        self.assertEqual(refused["status"], 0)
        self.assertEqual(self.balance("carol"), 0)
        trace = self.w3.provider.make_request(
            "debug_traceTransaction", [refused["transactionHash"].to_0x_hex(), {"tracer": "callTracer"}]
        )
        self.assertEqual(trace["result"]["error"], "execution reverted")

    def test_06_a_permit_is_as_good_as_an_approval(self):
        _, name, version, chain_id, token, _, _ = self.share.functions.eip712Domain().call()
        owner, spender = self.by["alice"].address, self.by["bob"].address
        deadline = int(time.time()) + 600
        message = {"owner": owner, "spender": spender, "value": 9, "nonce": 0, "deadline": deadline}
        types = {
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ]
        }
        domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": token}
        signed = self.by["alice"].sign_typed_data(domain, types, message)
        r, s = signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
        self.done("bob", self.share.functions.permit(owner, spender, 9, deadline, signed.v, r, s))
        self.assertEqual(self.share.functions.allowance(owner, spender).call(), 9)
        self.done("bob", self.share.functions.transferFrom(owner, spender, 9))

    def test_07_a_solidity_app_calls_the_asset(self):
        probe = self.contracts["Probe"]
        factory = self.w3.eth.contract(abi=probe["abi"], bytecode=probe["bytecode"])
        receipt = self.done("alice", factory.constructor())
        deployed = self.w3.eth.contract(address=receipt["contractAddress"], abi=probe["abi"])
        alice = self.by["alice"].address
        self.assertEqual(deployed.functions.balance(self.share.address, alice).call(), self.balance("alice"))
        ok, _ = deployed.functions.asked(self.share.address, self.by["bob"].address, 1).call()
        self.assertFalse(ok)

    def test_08_events_are_found_by_range_and_by_filter(self):
        found = self.share.events.Transfer.get_logs(from_block=0, argument_filters={"to": self.by["bob"].address})
        self.assertEqual([event["args"]["value"] for event in found], [40, 9])
        news = self.share.events.Transfer.create_filter(from_block="latest")
        receipt = self.done("alice", self.share.functions.transfer(self.by["dora"].address, 2))
        self.assertEqual([e["transactionHash"] for e in news.get_new_entries()], [receipt["transactionHash"]])
        self.assertEqual(news.get_new_entries(), [])

    def test_09_heads_and_logs_arrive_over_websocket(self):
        async def listen():
            async with AsyncWeb3(WebSocketProvider(self.chain.ws)) as w3:
                heads = await w3.eth.subscribe("newHeads")
                logs = await w3.eth.subscribe("logs", {"address": self.share.address})
                call = self.share.functions.transfer(self.by["dora"].address, 1)
                receipt = await asyncio.to_thread(self.done, "alice", call)
                heard = {}
                async for message in w3.socket.process_subscriptions():
                    heard[message["subscription"]] = message["result"]
                    if len(heard) == 2:
                        break
                self.assertEqual(heard[logs]["transactionHash"], receipt["transactionHash"])
                self.assertLessEqual(heard[heads]["number"], receipt["blockNumber"])

        asyncio.run(asyncio.wait_for(listen(), 30))

    def test_10_fifty_at_once(self):
        alice, before = self.by["alice"], self.balance("bob")
        nonce = self.w3.eth.get_transaction_count(alice.address)
        call = self.share.functions.transfer(self.by["bob"].address, 1)
        fee = {"maxFeePerGas": 2_000_000_000, "maxPriorityFeePerGas": 0, "gas": 100_000}
        drafts = [call.build_transaction({"from": alice.address, "nonce": nonce + i, **fee}) for i in range(50)]
        hashes = [self.w3.eth.send_raw_transaction(alice.sign_transaction(d).raw_transaction) for d in drafts]
        for sent in hashes:
            self.assertEqual(self.w3.eth.wait_for_transaction_receipt(sent, poll_latency=0.02)["status"], 1)
        self.assertEqual(self.balance("bob"), before + 50)

    def test_11_what_is_wrong_is_said(self):
        alice = self.by["alice"]
        nonce = self.w3.eth.get_transaction_count(alice.address)
        draft = {
            "chainId": self.w3.eth.chain_id,
            "nonce": nonce,
            "to": self.share.address,
            "data": "0x",
            "value": 0,
            "gas": 100_000,
            "maxFeePerGas": 2_000_000_000,
            "maxPriorityFeePerGas": 0,
        }
        cases = [
            ({"chainId": 1}, "signed for chain id"),
            ({"nonce": nonce - 1}, "nonce too low"),
            ({"maxFeePerGas": 1}, "less than block base fee"),
            ({"gas": 20_000}, "intrinsic gas too low"),
            ({"value": 1}, "no coin"),
        ]
        for change, why in cases:
            with self.subTest(why), self.assertRaisesRegex(Web3RPCError, why):
                self.w3.eth.send_raw_transaction(alice.sign_transaction({**draft, **change}).raw_transaction)
        with self.assertRaises(TransactionNotFound):
            self.w3.eth.get_transaction("0x" + "12" * 32)
        self.assertEqual(self.w3.eth.get_transaction_count(alice.address), nonce)


if __name__ == "__main__":
    unittest.main(verbosity=2)
