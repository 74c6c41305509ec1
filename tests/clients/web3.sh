#!/bin/sh
# Runs the web3.py tests, ours and those of its own package, in an environment of their own, made on the first run.
set -eu
cd "$(dirname "$0")"
if ! cmp -s requirements.txt .venv/installed.txt; then
    rm -rf .venv
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
    cp requirements.txt .venv/installed.txt
fi
.venv/bin/python web3_test.py "$@"
# What is not served is named, and what this chain is not stands in web3_modules/unlike.py. A notice that never comes
# fails its test; without a limit, web3.py waits for it for ever.
exec .venv/bin/python -m pytest -q -rs --tb=short -p no:cacheprovider -W ignore --timeout 120 web3_modules
