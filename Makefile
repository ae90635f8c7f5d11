# Everything a contributor does has a target here; CI uses the same ones.
.DEFAULT_GOAL := help
.PHONY: help setup tools run test check soak bench docs pictures messages lock fresh

# The first Python that is new enough; else python3, so that the sentence below can be said.
PYTHON ?= $(or $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$p; break; fi; done),python3)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Where the tests' server lies if there is room (tests/server.py).
MEMORY := /dev/shm/gongzhi$(subst /,_,$(CURDIR))

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { \
	echo "✗ 需要 Python 3.11 或更新版本；请安装后重试，或用 make PYTHON=路径 指定。" >&2; \
	echo "  Python 3.11 or newer is needed: install it, or name it with make PYTHON=path." >&2; \
	exit 1; }
	@$(PYTHON) bootstrap.py

tools: setup
	@$(PYTHON) bootstrap.py --dev

run: setup ## Start Gongzhi with the demo city at http://127.0.0.1:8000
	@exec $(BIN)/gongzhi run --demo

check: tools ## Format, lint, types, imports, templates, declarations, migrations, docs (seconds)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint gongzhi --lint --quiet
	@$(BIN)/python -m gongzhi.site.reference --check
	@$(BIN)/mypy gongzhi tests conftest.py bootstrap.py
	@$(PYTEST) -p no:randomly tests/house

test: check ## Everything: check, then unit, property, story, browser and fault tests
	@$(PYTEST) -n 2 --durations=20 -m "not browser and not faults" --ignore tests/house gongzhi tests
	@$(PYTEST) -n 2 --durations=20 -m "browser or faults" gongzhi tests

soak: tools ## Walk 200,000 random sequences of acts through what decides them (minutes)
	@$(BIN)/python -m tests.soak

bench: tools ## Run the benchmarks: JSON and a table
	@$(BIN)/gongzhi bench

docs: tools ## Write the reference pages anew
	@$(BIN)/python -m gongzhi.site.reference

pictures: tools ## Take the pictures of README and guide from a running demo
	@$(BIN)/python -m tests.browser.pictures

messages: tools ## Collect what the pages say, for translation
	@$(BIN)/python -m gongzhi.site.messages extract

lock: tools ## Pin and hash the dependencies anew
	@cd requirements && for name in run dev s3; do ../$(BIN)/uv pip compile --quiet --universal \
	--generate-hashes --python-version 3.11 --no-header $$name.in -o $$name.txt; done

fresh: ## Delete all that is generated: environment, packages, caches AND the demo's data
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m gongzhi.site.embedded stop .gongzhi .gongzhi/test $(MEMORY)
	@rm -rf .venv .gongzhi $(MEMORY) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	.import_linter_cache *.egg-info
	@find gongzhi tests \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +
