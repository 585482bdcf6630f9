# Everything lives in .venv; `make clean` starts afresh.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test clean

# Install the advisor as a user would, and price an example.
demo: $(BIN)/pip
	@$(PIP) install .
	@$(BIN)/advisor compare examples/checkout-api.yaml

# Everything that must hold before a change is merged.
# pip runs each time, since `make demo` puts a copy in the place of the editable install.
test: $(BIN)/pip
	@$(PIP) install -e '.[dev]'
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry advisor
	$(BIN)/pytest -n 2

clean:
	rm -rf $(VENV)

# pip is the last thing that venv writes: without python3-venv it leaves a folder without pip.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
