# Scrip. What a newcomer needs: `make demo`, `make run`, `make test`.

CARGO ?= cargo
DATA ?= data
TARGET = $(or $(CARGO_TARGET_DIR),target)
SCRIP = $(TARGET)/release/scrip

.PHONY: help demo run test bench laws fuzz build lint rust clients sdk tools node

help:
	@echo "make demo    the whole story on a fresh chain: people, a security, 20,000 transfers"
	@echo "make run     a development chain on http://127.0.0.1:8545; stop with Ctrl-C"
	@echo "make test    everything that CI checks"
	@echo "make bench   measure the whole chain on this machine"
	@echo "make laws    a million random actions, previewed and done, ACTIONS=1000000 SEED=0"
	@echo "make fuzz    every decoder of foreign bytes, SECONDS=60 each"

# The command, optimised, where the rules and the engine are fastest.
build: tools
	$(CARGO) build --release --locked -p cli

demo: build
	rm -rf $(DATA)/demo
	$(SCRIP) demo --data-dir $(DATA)/demo

run: build
	$(SCRIP) dev --data-dir $(DATA)/dev

bench: build
	$(SCRIP) bench

# What is previewed is what happens, and costs no more than was known: RULEBOOK N15.
ACTIONS ?= 1000000
SEED ?= 0
laws: tools
	$(CARGO) bench --locked -p ledger --bench laws -- --actions $(ACTIONS) --seed $(SEED)

# LLVM's fuzzer on every target; cargo install cargo-fuzz. What it finds is in fuzz/artifacts.
SECONDS ?= 60
FUZZ = $(CARGO) fuzz run --dev --sanitizer none --features libfuzzer
fuzz: tools
	@command -v cargo-fuzz >/dev/null || { echo "cargo-fuzz is missing: cargo install cargo-fuzz"; exit 1; }
	set -e; for target in $(notdir $(wildcard fuzz/seeds/*)); do \
		mkdir -p fuzz/corpus/$$target; \
		$(FUZZ) $$target fuzz/corpus/$$target fuzz/seeds/$$target -- -max_total_time=$(SECONDS); \
	done

test: lint rust clients sdk

lint: tools
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

rust: tools
	$(CARGO) nextest run --workspace --locked
	$(CARGO) test --workspace --doc --locked

# The outside world's own libraries against the real binary: the one that `rust` has built and tested, as
# the same features are asked for.
HARDHAT = contracts/templates/hardhat
clients: tools node tests/clients/node_modules/.package-lock.json $(HARDHAT)/node_modules/.package-lock.json
	$(CARGO) build --workspace --tests --bins --locked
	cd tests/clients && SCRIP_BIN=$(abspath $(TARGET)/debug/scrip) npm test
	cd tests/clients && SCRIP_BIN=$(abspath $(TARGET)/debug/scrip) ./web3.sh

# The TypeScript library against the same binary, and what it generates against its sources.
sdk: tools node sdk/node_modules/.package-lock.json
	$(CARGO) build --workspace --tests --bins --locked
	cd sdk && SCRIP_BIN=$(abspath $(TARGET)/debug/scrip) npm test

sdk/node_modules/.package-lock.json: sdk/package-lock.json
	cd sdk && npm ci --no-audit --no-fund
	touch $@

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	cd tests/clients && npm ci --no-audit --no-fund
	touch $@

$(HARDHAT)/node_modules/.package-lock.json: $(HARDHAT)/package-lock.json
	cd $(HARDHAT) && npm ci --no-audit --no-fund
	touch $@

tools:
	@command -v $(CARGO) >/dev/null || { echo "cargo is missing: install Rust from https://rustup.rs"; exit 1; }
	@command -v cc >/dev/null || { echo "a C compiler is missing: apt-get install build-essential"; exit 1; }

node:
	@node -e '[a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 11) ? 0 : 1)' \
		|| { echo "Node.js 20.11 or newer is missing: https://nodejs.org"; exit 1; }
