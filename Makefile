# For developers; an analyst needs only the `assessment` command (see README.md).
.DEFAULT_GOAL := help
BIN := .venv/bin

.PHONY: help
help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Make the environment in .venv/ (quick when it is up to date)
	@scripts/setup

# Demonstration extracts are never added to a workspace that holds extracts of its own.
.PHONY: report
report: setup ## Build the assessment; of the demonstration where the workspace holds no extracts
	@if [ -z "$$(find data/incoming data/raw -type f ! -name '.*' ! -name 'README*' 2>/dev/null | head -n 1)" ]; then \
	    $(BIN)/assessment demo; \
	fi
	@$(BIN)/assessment build

.PHONY: check
check: setup ## Check format, style, types and definitions
	@scripts/check

.PHONY: test
test: setup ## Run everything that CI runs: the checks, then the tests
	@scripts/check --with-tests

.PHONY: test-long
test-long: setup ## Run all tests with thousands of examples, those marked long, and mutation testing
	@HYPOTHESIS_PROFILE=long $(BIN)/pytest -n auto --dist loadfile -m "long or not long"
	@$(BIN)/python scripts/mutation.py

.PHONY: coverage
coverage: setup ## Fail where a branch of what makes the numbers is not run by its own tests
	@$(BIN)/pytest -n auto --dist loadfile --cov \
	    tests/unit/model tests/unit/query tests/unit/statistics tests/unit/compute tests/unit/assess \
	    tests/spec tests/property

.PHONY: mutation
mutation: setup ## Change statistics and verdicts in thousands of ways: would a test notice?
	@$(BIN)/python scripts/mutation.py

.PHONY: bench
bench: setup ## Measure speed, as ratios to bare DuckDB and to pandas
	@$(BIN)/python -m benchmarks

.PHONY: bench-large
bench-large: setup ## Ingest 20 million rows within the limit of memory (14 GB of disk)
	@$(BIN)/python -m benchmarks.large

.PHONY: lock
lock: ## Resolve the dependencies again (needs uv)
	@scripts/lock

.PHONY: clean
clean: ## Remove the environment and what tools left behind; never data or editions
	@rm -rf .venv build dist mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	@rm -rf ./*.egg-info benchmarks/data
	@find pipeline tests benchmarks scripts reports -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
