# Everything a newcomer and a machine run. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# A run starts hundreds of processes: without compiled files each would compile everything again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup demo test sqlite postgresql check types format imports definitions bench soak agree lock

VENV := .venv
BIN := $(VENV)/bin
# One more than there are cores: a third of the time a test waits for a real process.
TESTERS := $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(if $(filter 1,$(UPGRADE)),--upgrade,)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv and install everything that the lock names (quick when nothing changed)
	@scripts/setup

demo: setup ## start the sample city on SQLite (ONCE=1: prepare, check that it answers, stop)
	@$(BIN)/yiwang demo $(if $(filter 1,$(ONCE)),--once,)

test: setup ## run all tests on SQLite, and beside them the storage tests again on PostgreSQL
	@scripts/need postgresql chromium font openssl
	@$(MAKE) --no-print-directory -j2 sqlite postgresql

sqlite:
	@$(BIN)/pytest -q -n $(TESTERS) --dist worksteal

# In one process: a fifth of the work, and every further process has to start, collect and copy a database.
# Its report comes whole at its end, below the other's progress.
postgresql:
	@report=$$(mktemp); trap 'rm -f "$$report"' EXIT; status=0; \
	scripts/with-postgres $(BIN)/pytest -q -m storage $$(grep -rl storage --include='test_*.py' src tests) \
	  >"$$report" 2>&1 || status=$$?; \
	printf '\nPostgreSQL:\n'; cat "$$report"; exit $$status

check: setup ## format, lint (security too), types, imports, definitions
	@$(MAKE) --no-print-directory -j2 --output-sync=target types format imports definitions

types:
	@$(BIN)/mypy

format:
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

imports:
	@$(BIN)/lint-imports

definitions:
	@$(BIN)/yiwang definitions check

bench: setup ## measure: each line is a ratio against a peer or a limit found in the same run
	@$(BIN)/python -m benchmarks
	@scripts/with-extra peers -m benchmarks peers

soak: setup ## make 10,000 random seals and 3,000 sealed licences; our code and OpenSSL must agree (COUNT=…)
	@scripts/need openssl
	@$(BIN)/python -m benchmarks.soak $(COUNT)
	@$(BIN)/python -m benchmarks.soak_papers $(COUNT)

agree: setup ## ask 100,000 random subjects alone and all at once: DuckDB, PostgreSQL, SPARK=1 Spark too (COUNT=…)
	@$(BIN)/python -m benchmarks.agreement $(COUNT)
	@scripts/with-postgres $(BIN)/python -m benchmarks.agreement --on postgres $(COUNT)
	@$(if $(filter 1,$(SPARK)),scripts/with-extra spark -m benchmarks.agreement --on spark $(COUNT),)

lock: setup ## resolve requirements/*.in into requirements/*.txt with versions and hashes (UPGRADE=1: the newest)
	@cd requirements && ../$(BIN)/$(LOCK) base.in -o base.txt
	@cd requirements && ../$(BIN)/$(LOCK) -c base.txt dev.in -o dev.txt
	@cd requirements && ../$(BIN)/$(LOCK) -c base.txt spark.in -o spark.txt
	@cd requirements && ../$(BIN)/$(LOCK) -c base.txt peers.in -o peers.txt
	@cd requirements && ../$(BIN)/$(LOCK) -c base.txt clickhouse.in -o clickhouse.txt
