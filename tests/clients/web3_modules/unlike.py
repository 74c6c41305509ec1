"""What web3.py's module tests ask for and this chain is not, each with its reason."""

UNLIKE = {}


def reason(test):
    """Why a test cannot pass here; nothing if it must."""
    return UNLIKE.get(test)
