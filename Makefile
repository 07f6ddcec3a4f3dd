PYTHON ?= python

# Everything that must hold before a change is committed.
check: lint test

# Format, lint, types and the import contract, in the order of their speed.
lint:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	PYTHONPATH=. $(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()"
	$(PYTHON) -m pyright --pythonpath $(shell $(PYTHON) -c "import sys; print(sys.executable)")

test:
	$(PYTHON) -m pytest

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

run:
	$(PYTHON) -m streamlit run app.py --server.fileWatcherType auto --server.runOnSave true

.PHONY: check lint test format run
