PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup test check pictures bench

setup: $(VENV)/.ready  ## a virtual environment with pinned dependencies

$(VENV)/.ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt -r requirements-dev.txt
	touch $@

check: setup  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## everything that must hold
	$(BIN)/python -m pytest -n auto

pictures: setup  ## the pictures of the docs: every state of a tile and a chart, and the pages on the sample
	$(BIN)/python -m tests.gallery

bench: setup  ## speed and memory, as ratios in one run; writes docs/bench.md
	$(BIN)/python -m tests.bench
