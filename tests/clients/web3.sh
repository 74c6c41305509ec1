#!/bin/sh
# Runs the web3.py tests in an environment of their own, made on the first run.
set -eu
cd "$(dirname "$0")"
if ! cmp -s requirements.txt .venv/installed.txt; then
    rm -rf .venv
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
    cp requirements.txt .venv/installed.txt
fi
exec .venv/bin/python web3_test.py "$@"
