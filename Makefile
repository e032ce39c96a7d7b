# One command each, with all of its set-up: `make run`, `make test`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test thorough check bench lock clean format-check lint layers types docs

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

# The caller's Python settings must not reach ours.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
unexport PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_PREFIX PIP_NO_BINARY VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_USER := no

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

help:
	@echo "make run       the story of Delegation 133 on http://127.0.0.1:8000 (HOST, PORT and DATABASE_URL are respected)"
	@echo "make test      what every change must pass, in under two minutes, on a PostgreSQL of its own"
	@echo "make thorough  the other tests: rooms built on the foundation, killed processes, waiting, very many inputs"
	@echo "make check     what CI runs: format, lint, layers, types, generated docs, both kinds of tests"
	@echo "make bench     requests per second and p95, beside the bare limit and the conventional form"
	@echo "make lock      pin the newest versions of requirements/*.in, with hashes (needs uv)"
	@echo "make clean     remove .venv and the caches; var/ stays, it holds your data"

run: $(RUNTIME)
	@exec $(BIN)/giamsat demo

test: $(DEV)
	@$(BIN)/pytest -n 2 --dist worksteal -m "not thorough"

thorough: $(DEV)
	@$(BIN)/pytest -n 2 --dist worksteal -m thorough

check: format-check lint layers types docs
	@$(MAKE) --no-print-directory test thorough

format-check: $(DEV)
	@$(BIN)/ruff format --check . || { echo "==> $(BIN)/ruff format ."; exit 1; }

lint: $(DEV)
	@$(BIN)/ruff check . || { echo "==> $(BIN)/ruff check --fix . and mend the rest by hand"; exit 1; }

layers: $(DEV)
	@$(BIN)/lint-imports || { echo "==> the order of layers is in pyproject.toml; move the import or what it needs"; exit 1; }

types: $(DEV)
	@$(BIN)/mypy || { echo "==> give the lines above their types"; exit 1; }

docs: $(DEV)
	@$(BIN)/giamsat lifecycles --check || { echo "==> $(BIN)/giamsat lifecycles"; exit 1; }
	@$(BIN)/giamsat openapi --check || { echo "==> $(BIN)/giamsat openapi"; exit 1; }

bench: $(DEV)
	@$(BIN)/python -m benchmarks

lock:
	@command -v uv >/dev/null || { echo "==> make lock needs uv: python3 -m pip install uv"; exit 1; }
	cd requirements && for name in dev runtime; do uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --no-emit-index-url --constraint dev.txt --output-file $$name.txt $$name.in || exit 1; done

clean:
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "==> Python 3.11 or newer with its venv module is needed (Debian: apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

$(RUNTIME): requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "==> installing the pinned packages (about a minute, once)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "==> installing the packages for tests and checks (once)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
