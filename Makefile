# Only Python 3.11+, make and the package registries are assumed; `make help` lists what there is.
PYTHON ?= python3
BIN := .venv/bin
TEMPLATES := $(wildcard templates plugins/*/*/templates)
SOURCES := inleer plugins tools tests migrations $(wildcard bench wsgi.py)
# In CI a run that leaves out a database or the browser fails.
ALL_KINDS := $(if $(filter true,$(CI)),--all-kinds)
# Some machines forbid Python to keep what it compiled; then every start of a program compiles all libraries again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format bench prerelease mutate docs lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sort | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## Make .venv from the hashed lock and fetch the front-end files (quick when nothing changed)
	@$(PYTHON) tools/environment.py
	@$(BIN)/python tools/vendor.py

demo: setup ## Start a demo with fictional data on 127.0.0.1:5000 (make demo ARGS=--no-serve only fills it)
	@$(BIN)/inleer demo $(ARGS)

test: setup ## Run all tests on SQLite, on PostgreSQL and in a browser (ARGS= passes options to pytest)
	@$(BIN)/python tools/browser.py
	@$(BIN)/python tools/libical.py
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ALL_KINDS) $(ARGS)

check: setup ## Run the linters, the type checker and the import rules
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/python tools/imports.py
	$(BIN)/djlint $(TEMPLATES) --lint --quiet
	$(BIN)/bandit --quiet --ini setup.cfg --severity-level medium --recursive inleer tools plugins/*/inleer_*

format: setup ## Format the code
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: setup ## Measure the main pages against a floor and write docs/benchmarks.md
	$(BIN)/python -m bench $(ARGS)

prerelease: setup ## Test what takes hours: kills, fuzzing, 100,000 rows, 10,000 candidates
	INLEER_TEST_KILLS=300 $(BIN)/python -m pytest -q tests/faults
	INLEER_TEST_IMPORT_ROWS=100000 $(BIN)/python -m pytest -q tests/exchange/test_promises.py -k 45_and_46
	INLEER_TEST_RESTORE=10000 $(BIN)/python -m pytest -q tests/ops/test_restore_of_many.py
	INLEER_FUZZ_SECONDS=1800 $(BIN)/python -m pytest -q -n auto tests/fuzz

mutate: setup ## Change the decisions one by one and see whether a test notices
	$(BIN)/mutmut run
	$(BIN)/mutmut results --all true | awk '{print $$NF}' | sort | uniq -c

docs: setup ## Build the guides in docs/_build/html
	$(BIN)/sphinx-build --fail-on-warning --keep-going -q -b html docs docs/_build/html

lock: setup ## Resolve the newest allowed packages into the lock files
	$(PYTHON) tools/lock.py

clean: ## Remove what was made, but not the data under var/
	rm -rf .venv .cache mutants build dist *.egg-info plugins/*/*.egg-info plugins/*/build .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis .coverage htmlcov docs/_build inleer/static/vendor tests/browser/vendor
