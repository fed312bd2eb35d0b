# Works on a machine with Python 3.11 or later, git and make, and writes only inside this folder.
# ARGS go to the command behind a target: make demo ARGS="--lang nl", make test ARGS="-k stop".

.DEFAULT_GOAL := help
.PHONY: help demo test setup setup-run lint format types contracts migrations-check catalogues catalogues-check \
        phrases-check weights evaluate diagrams diagrams-check test-long test-slow coverage bench check lock clean

ARGS ?=
PY := .venv/bin/python
# Many tests wait, for a browser or a server: twice as many processes as cores, and no more than eight.
WORKERS ?= $(shell expr 2 \* "$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)")
HERE := $(CURDIR)

export PYTHON
export PIP_CACHE_DIR := $(HERE)/.cache/pip
export HYPOTHESIS_STORAGE_DIRECTORY := $(HERE)/.cache/hypothesis
# Compiled code is kept beside its source, in this folder: else each of many processes compiles everything again.
export PYTHONDONTWRITEBYTECODE :=
test test-long test-slow coverage bench: export TMPDIR := $(HERE)/.cache/tmp
# The demo opens the browser, whose sockets lie in TMPDIR and may not have long names.
ifeq ($(shell [ "$$(pwd | wc -c)" -lt 50 ] && echo short),short)
demo: export TMPDIR := $(HERE)/.cache/tmp
endif

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name text; do \
	    printf '  make %-18s %s\n' "$$name" "$$text"; done

demo: setup-run ## show recare at work, in the browser, with synthetic patients
	@.venv/bin/recare demo $(ARGS)

test: setup ## run the tests, on all cores
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal $(ARGS)

setup: ## make .venv with all that tests and linters need
	@sh .ci/setup dev
	@mkdir -p .cache/tmp

setup-run:
	@sh .ci/setup run
	@mkdir -p .cache/tmp

lint: setup ## check the code's style and format
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

format: setup ## bring the code into its format
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

types: setup ## check the types
	@$(PY) -m mypy

contracts: setup ## check who imports whom
	@.venv/bin/lint-imports --no-logo --cache-dir .cache/import-linter

migrations-check: setup ## compare the tables with the migrations
	@$(PY) -m pytest tests -k migrations $(ARGS)

catalogues: setup ## bring new messages into each language's catalogue
	@$(PY) -m bot.wording.extract

catalogues-check: setup ## check that every language has every message
	@$(PY) -m bot.wording.check

phrases-check: setup ## check the phrases that understanding is learnt from, and that it was
	@.venv/bin/recare phrases check

weights: setup ## learn from the phrases how to understand texts, a quarter of an hour the first time
	@$(PY) -m bot.understanding.training

evaluate: setup ## measure how well texts are understood; ARGS=--write-docs writes it down
	@$(PY) -m bot.understanding.evaluation $(ARGS)

diagrams: setup ## draw the dialogs into docs/dialogs
	@$(PY) -m bot.diagrams

diagrams-check: setup ## check that the drawings show the dialogs as they are
	@$(PY) -m bot.diagrams --check

test-long: setup ## run the tests that take their time, or play a scene again in another language or mode
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal -m long $(ARGS)

test-slow: setup ## run the tests that take longer than a minute
	@$(PY) -m pytest -m slow $(ARGS)

coverage: setup ## measure which branches of flows the tests take
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal tests/flows --cov $(ARGS)

bench: setup ## measure speed, beside bare statements in the same run
	@$(PY) -m pytest tests/benchmarks -m "" -s -o faulthandler_timeout=0 $(ARGS)

check: lint types contracts catalogues-check phrases-check diagrams-check test ## all of the above that must pass

lock: setup ## choose the newest versions of all libraries, write them to requirements/
	@sh .ci/lock --upgrade

clean: ## remove .venv, caches and what was built
	@rm -rf .venv .cache build dist
	@find bot flows storage locales tests -name __pycache__ -type d -prune -exec rm -rf {} +
