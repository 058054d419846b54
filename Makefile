# Two commands on a fresh machine: `make demo` and `make test`. Both need only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt
EXAM ?= fau-dl-2021
# torch runs candidates' programs, and is large: `make demo CODE=` does without, and programs wait for a person.
CODE ?= code

.PHONY: demo test lint clean

demo: $(VENV)/.ready
	@$(BIN)/grader review $(EXAM) --apply submissions/$(EXAM)/_review.yaml
	@$(BIN)/grader grade $(EXAM)
	@echo "Open reports/$(EXAM)/index.html in a browser."

test: $(VENV)/.ready-dev
	$(BIN)/pytest -n auto -q

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/grader lint
	$(BIN)/grader verify

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(INSTALL) -e .
	@test -z "$(CODE)" || $(INSTALL) -e '.[$(CODE)]' || echo "torch could not be installed: programs will wait for a person."
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@$(INSTALL) -e '.[dev,cluster]'
	@touch $@

# Reports stay: they hold the ledger of what people decided.
clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
