# Two commands: `make demo` and `make test`. Both set up a .venv first, once.
SHELL  := /bin/bash
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# With an NVIDIA card the normal torch; without one a release of which package indexes may offer a CPU build.
TORCH  := $(if $(wildcard /dev/nvidiactl),torch,torch==2.13.0)

.PHONY: demo test lint setup setup-dev gpu-test clean
demo: $(VENV)/.ready
	$(BIN)/kernelwright optimize conv2d_min_add_scale

test: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadfile -q

gpu-test: $(VENV)/.ready-dev
	$(BIN)/pytest -m gpu -q

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kernelwright needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V)" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet $(TORCH)
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV)
