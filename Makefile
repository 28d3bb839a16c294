# Two commands do everything on a fresh machine: `make demo` runs the main job, `make test` passes the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KB := $(BIN)/kbtool

.PHONY: demo serve test lint check-system clean help
.DEFAULT_GOAL := help

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.kbtool ## Set up, translate what is missing or stale, build both editions
	@bash scripts/system.sh demo
	@bash scripts/demo.sh $(KB)

serve: $(VENV)/.kbtool ## Show the customers' edition on http://127.0.0.1:8000
	$(KB) serve

test: $(VENV)/.test lint ## Set up what the tests need, and pass them
	@bash scripts/system.sh test
	$(BIN)/pytest -n 2 --dist worksteal

lint: $(VENV)/.test ## Style and types, warnings as errors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/bin/python:
	@bash scripts/system.sh python $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.kbtool: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/.kbtool

clean: ## Remove everything that was made
	rm -rf $(VENV) .kbtool site
