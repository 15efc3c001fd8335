# On a fresh machine `make demo` and `make test` are all that is needed: both set up the environment first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GENERATOR := .venv-generator
# Workers for the tests: one per core.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
export YOLO_AUTOINSTALL := false

.PHONY: help setup training browser demo review test test-fast check format footage bench samples pictures lock clean

help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(VENV)/.ready  ## Create the environment from the lock file

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Doorline needs Python 3.11 or newer; found " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

training: $(VENV)/.training  ## Add what the INT8 export of a model of one's own needs

$(VENV)/.training: $(VENV)/.ready requirements-train.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.lock
	@touch $@

demo: setup  ## Set up and run the main job on the sample clip
	$(BIN)/doorline batch sample_videos/CAM24_20260512_094200.mp4 --config configs/demo.yaml
	@echo 'to look at what was found and decide on it, open the console: make review'

review: setup  ## Open the console on the records of the demo; the first time, it prints a name and a password
	$(BIN)/doorline review --config configs/demo.yaml --first-account demo

# Tests drive a real browser, the system's own: Playwright's download is no part of a package.
browser:  ## Install Chromium, if there is none, for the tests of the console
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| { echo 'no chromium: install it with the package manager of this system (on Debian as root: apt-get install chromium)'; exit 1; }

test: setup browser  ## Set up and pass all tests
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

test-fast: setup  ## The tests that take moments
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not long and not postgres"

check: setup  ## Lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup  ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

footage: setup  ## Run real footage and made-up trouble through the pipeline, print a table, fail on any difference; another model with CARD=...
	$(BIN)/python -m tests.footage $(if $(CARD),--card $(CARD))

bench: setup  ## Run the benchmarks; one of them with NAME=...
	$(BIN)/python -m benchmarks $(NAME)

samples: $(GENERATOR)/.ready  ## Render the sample videos that are missing (an hour on two cores); see sample_videos/generator/README.md
	$(GENERATOR)/bin/python -m sample_videos.generator.assets
	$(GENERATOR)/bin/python -m sample_videos.generator papers
	$(GENERATOR)/bin/python -m sample_videos.generator clips --processes $(WORKERS)

COUNT ?= 2016
pictures: $(GENERATOR)/.ready  ## Render the training pictures that are missing, COUNT of them, and those of the held-out streets (an hour)
	$(GENERATOR)/bin/python -m sample_videos.generator.assets
	$(GENERATOR)/bin/python -m sample_videos.generator pictures --count $(COUNT) --processes $(WORKERS)
	$(GENERATOR)/bin/python -m sample_videos.generator pictures --count 192 --split unseen --processes $(WORKERS)

# bpy, Blender as a module, exists for Python 3.11 alone and needs an older numpy: an environment of its own.
$(GENERATOR)/.ready: sample_videos/generator/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("the generator needs Python 3.11; found " + sys.version.split()[0]) if sys.version_info[:2] != (3, 11) else None'
	$(PYTHON) -m venv $(GENERATOR)
	$(GENERATOR)/bin/python -m pip install --quiet --disable-pip-version-check -r sample_videos/generator/requirements.txt
	@touch $@

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"
# The second lock starts as a copy of the first: uv keeps each version that stands there, unless nncf forbids it.
TRAIN_LOCK := build/requirements-train.lock

lock: setup  ## Pin the newest versions of all dependencies (needs uv)
	$(LOCK) --group dev --output-file requirements.lock
	mkdir -p build
	cp requirements.lock $(TRAIN_LOCK)
	$(LOCK) --group train --output-file $(TRAIN_LOCK)
	mv $(TRAIN_LOCK) requirements-train.lock

clean:  ## Remove everything that was made
	rm -rf $(VENV) $(GENERATOR) build out
