# Needs python3 (3.11 or newer) and a package index. Everything else lands in .venv and .uv here.
PYTHON ?= python3
BIN := .venv/bin
# One process for each core.
TESTS := $(BIN)/python -m pytest -n auto --dist worksteal --durations=20

.DEFAULT_GOAL := help
.PHONY: help guide demo demo-codes assess-demo test check lock build bench docs messages clean core-env web-env test-env

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  %-12s %s\n' "$$name" "$$what"; done

demo: web-env ## set everything up and serve a registry of invented people at localhost:8000
	@OPENPOEMS_DEMO=yes OPENPOEMS_DATA=out/demo $(BIN)/openpoems site demo --cases tests/cases

demo-codes: web-env ## print the demo's accounts with the sign-in codes of this half minute
	@OPENPOEMS_DEMO=yes OPENPOEMS_DATA=out/demo $(BIN)/openpoems site demo-codes

assess-demo: core-env ## set everything up and assess three published cases
	$(BIN)/python examples/demo.py

test: test-env ## set everything up, run the tests, and those of the database again on PostgreSQL
	@failed=0; \
	echo "== everything, the registry on SQLite"; $(TESTS) || failed=1; \
	echo "== the registry again, on PostgreSQL"; \
	REQUIRE_POSTGRES=1 $(BIN)/python tests/pgtemp.py $(TESTS) -m database || failed=1; \
	exit $$failed

check: test-env ## format, lint, types, import contracts, knowledge, docs drift
	$(BIN)/python tools/check.py

lock: ## write requirements/*.lock anew (UPGRADE=--upgrade takes newer versions)
	$(PYTHON) tools/lock.py $(UPGRADE)

build: test-env ## build the wheel and the source archive into dist/
	$(BIN)/uv build --quiet --clear --out-dir dist
	@ls dist

bench: test-env ## run the benchmarks, one after the other
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

guide: test-env ## take the guide's pictures anew from a site with invented people
	OPENPOEMS_GUIDE=yes $(BIN)/python -m pytest -q tests/browser/test_guide.py

docs: test-env ## write the generated pages of docs/ anew
	$(BIN)/python tools/docs.py

messages: test-env ## gather what the pages say for translation, and compile the translations
	$(BIN)/python tools/messages.py

clean: ## remove what was made: environments, caches, builds
	rm -rf .venv .uv dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

core-env:
	@$(PYTHON) tools/bootstrap.py core

web-env:
	@$(PYTHON) tools/bootstrap.py web

test-env:
	@$(PYTHON) tools/bootstrap.py test
