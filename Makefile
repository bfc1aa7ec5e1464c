PYTHON ?= python3
PORT ?= 8501
STUDY ?= /tmp/scoreboard-study
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run setup test check pictures bench study

run: $(VENV)/.runs  ## the scoreboard in the browser, with the sample company while nothing else is loaded
	@$(BIN)/python -m scoreboard serve --sample --port $(PORT)

setup: $(VENV)/.ready  ## a virtual environment with pinned dependencies

$(VENV)/.runs: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.ready: $(VENV)/.runs requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

check: setup  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The tests of a file stay in one process, which builds what they share once. Many wait for a browser: one process more than cores.
test: check  ## everything that must hold
	.ci/chromium $(BIN)
	.ci/libreoffice
	$(BIN)/python -m pytest -n $$(($$($(BIN)/python -c "import os; print(os.cpu_count())") + 1)) --dist loadfile --no-loadscope-reorder

pictures: setup  ## the pictures of the docs: every state of a tile and a chart, and the pages on the sample
	$(BIN)/python -m tests.gallery

bench: setup  ## speed and memory, as ratios in one run; writes docs/bench.md
	$(BIN)/python -m tests.bench

study: setup  ## how often signals find the planted stories and light up on noise, over 200 seeds; writes docs/signals-study.md
	$(BIN)/python -m tests.study --seeds 200 --out $(STUDY) --docs docs/signals-study.md
