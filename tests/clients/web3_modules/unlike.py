"""What web3.py's module tests ask for and this chain is not, each with its reason."""

COIN = "there is no coin on this chain: a transaction that moves one is refused"
FIRST = "the chain's first block registers persons, and announces it: there are logs before the first"
FINAL = "a block is final when it is seen: the pending block is the latest"
UNPAID = "nobody is paid for blocks: the one who proposed a block has no more for it"
SET_CODE = "transactions of type 4 are not taken: an account has no code of its own choice"
WORDS = "refused, in other words than the test's"
WHOLE = "a contract's storage is not replaced as a whole: the words that are to differ are named"
FEE = "the base fee is the one price of gas and cannot be overridden"
ITSELF = "web3.py 8.0.0 itself: its middleware takes a mapping's values for pairs"

REASONS = {
    COIN: """
        test_eth_send_transaction test_eth_send_transaction_default_fees test_eth_send_transaction_hex_fees
        test_eth_send_transaction_legacy test_eth_send_transaction_no_gas test_eth_send_transaction_no_max_fee
        test_eth_send_transaction_with_nonce
        test_eth_sign_transaction test_eth_sign_transaction_legacy test_eth_sign_transaction_hex_fees
        test_eth_sign_transaction_ens_names
        test_async_eth_sign_transaction test_async_eth_sign_transaction_legacy
        test_async_eth_sign_transaction_hex_fees test_async_eth_sign_transaction_ens_names
        test_eth_replace_transaction test_eth_replace_transaction_legacy test_eth_replace_transaction_underpriced
        test_eth_replace_transaction_already_mined test_eth_replace_transaction_incorrect_nonce
        test_eth_replace_transaction_gas_price_too_low test_eth_replace_transaction_gas_price_defaulting_minimum
        test_eth_replace_transaction_gas_price_defaulting_strategy_higher
        test_eth_replace_transaction_gas_price_defaulting_strategy_lower
        test_async_eth_replace_transaction test_async_eth_replace_transaction_legacy
        test_async_eth_replace_transaction_underpriced test_async_eth_replace_transaction_already_mined
        test_async_eth_replace_transaction_incorrect_nonce test_async_eth_replace_transaction_gas_price_too_low
        test_async_eth_replace_transaction_gas_price_defaulting_minimum
        test_async_eth_replace_transaction_gas_price_defaulting_strategy_higher
        test_async_eth_replace_transaction_gas_price_defaulting_strategy_lower
        test_eth_modify_transaction test_eth_modify_transaction_legacy
        test_eth_estimate_gas test_eth_estimate_gas_with_block test_eth_get_raw_transaction_by_block
        test_eth_get_transaction_receipt_unmined test_async_eth_get_transaction_receipt_unmined
        test_eth_wait_for_transaction_receipt_unmined
        test_async_eth_subscribe_process_pending_tx_true
        test_gas_price_from_strategy_bypassed_for_dynamic_fee_txn test_gas_price_strategy_hex_value
        test_gas_price_strategy_middleware_hex_value test_GasPriceStrategyMiddleware
    """,
    FIRST: """
        test_eth_get_logs_without_logs test_async_eth_get_logs_without_logs
        test_eth_get_logs_with_logs test_async_eth_get_logs_with_logs
        test_eth_get_logs_with_logs_none_topic_args test_async_eth_get_logs_with_logs_none_topic_args
    """,
    FINAL: "test_eth_getBlockByHash_pending test_eth_getBlockByNumber_pending",
    UNPAID: "test_eth_get_balance_with_block_identifier",
    SET_CODE: """
        test_sign_authorization_send_raw_and_send_set_code_transactions
        test_async_sign_authorization_send_raw_and_send_set_code_transactions
    """,
    WORDS: "TestEth.test_invalid_eth_sign_typed_data",
    WHOLE: """
        test_eth_call_with_override_param_type_check[params0]
        test_eth_estimate_gas_with_override_param_type_check[params0]
    """,
    FEE: "test_eth_simulate_v1",
    ITSELF: "TestAsyncEth.test_eth_sign_typed_data TestAsyncEth.test_invalid_eth_sign_typed_data",
}
UNLIKE = {name: why for why, names in REASONS.items() for name in names.split()}


# What some tests need of a node, asked of it before they run: they are skipped, and say so, where it is not served.
NEEDED = {"test_eth_get_raw_transaction_by_block_raises_error": "eth_getRawTransactionByBlockNumberAndIndex"}


def is_served(ask, method):
    """Whether a node serves a method; `ask` makes a request."""
    return ask(method, []).get("error", {}).get("code") != -32601


def reason(group, test, case):
    """Why a test, or this case of it, cannot pass here; nothing if it must."""
    return UNLIKE.get(test) or UNLIKE.get(f"{group}.{test}") or UNLIKE.get(case)
