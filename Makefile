# Everything a fresh machine needs is set up here; python3 (3.11 or newer) with venv and make are assumed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: test programs lint lint-demo benchmark stages clean transcript

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/mypy

# Readers of reports that are no Python packages: tests that need them are skipped, and say so, where they cannot be installed.
$(VENV)/consumers/.installed: tests/consumers/package-lock.json $(VENV)/.installed | programs
	@mkdir -p $(@D) && cp tests/consumers/package.json tests/consumers/package-lock.json $(@D)
	@if npm ci --silent --prefix $(@D); then touch $@; else echo "make: without npm and its registry, some tests are skipped" >&2; fi

programs:
	@.ci/programs

test: programs lint $(VENV)/consumers/.installed
	$(BIN)/python -m pytest -n auto

# The example is copied out first: within this repository git would list it as a part of qcilint.
lint-demo: $(VENV)/.installed
	@rm -rf build/demo && mkdir -p build && cp -r docs/example build/demo && git init -q build/demo
	@echo '$$ qcilint' && cd build/demo && ../../$(BIN)/qcilint || test $$? -eq 1
	@echo && echo '$$ qcilint --diff' && cd build/demo && ../../$(BIN)/qcilint --diff || test $$? -eq 1

# Ratios of one run, on made trees of 20,000 files: half an hour; writes docs/speed.md and docs/speed.svg, which says what they
# mean. OPTIONS="--files 205800" is as large as openshift/release. `stages` shows where the time of a check goes.
$(VENV)/.bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

benchmark: $(VENV)/.bench
	$(BIN)/python -m benchmarks.peers $(OPTIONS)

stages: $(VENV)/.installed
	$(BIN)/python -m benchmarks.passes

# docs/transcript.md: what the commands of README.md print on a fresh clone. Needs PyPI.
transcript: $(VENV)/.installed
	$(BIN)/python -m tests.first_use

clean:
	rm -rf build dist $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
