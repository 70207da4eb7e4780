# Needs Python 3.11 or newer and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/requirements.sha256

.PHONY: run demo dev install lint audit check test faults bench bench-full bench-processes bench-many lock browser clean

run: install
	@exec $(BIN)/python -m service_desk serve $(if $(DEMO),--demo)

demo:
	@DEMO=1 $(MAKE) --no-print-directory run

dev: install
	@exec $(BIN)/watchfiles --filter python "$(BIN)/python -m service_desk serve" service_desk

# Installs again only when the contents of requirements.txt changed.
install:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=…" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv…"; $(PYTHON) -m venv .venv; }
	@sum=$$($(BIN)/python -c 'import hashlib; print(hashlib.sha256(open("requirements.txt", "rb").read()).hexdigest())'); \
	if [ "$$(cat $(READY) 2>/dev/null)" != "$$sum" ]; then \
	  echo "Installing the requirements (first time, about a minute)…"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt && echo "$$sum" > $(READY); \
	fi

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

# Known vulnerabilities of the pinned packages; says so and goes on where PyPI can't be asked.
audit: install
	@$(BIN)/python -m tests.audit

check: install lint audit
	@$(BIN)/python -m pytest tests/unit tests/integration

test: install browser lint audit
	@$(BIN)/python -m service_desk build
	@$(BIN)/python -m pytest

# The rehearsals of faults with the numbers of the promises; their figures go to docs/promises.md.
faults: install browser
	@$(BIN)/python -m service_desk build
	@SERVICE_DESK_FAULTS=full $(BIN)/python -m pytest tests/faults \
	  tests/integration/test_guard_matrix.py tests/integration/test_throttle.py \
	  tests/browser/test_blocked.py tests/browser/test_reconnect.py; \
	status=$$?; $(BIN)/python docs/promises.py; exit $$status

bench: install browser
	@$(BIN)/python -m service_desk build
	@$(BIN)/python -m bench.latency
	@$(BIN)/python -m bench.path
	@$(BIN)/python -m bench.first_page

# All numbers of sessions, for longer, and SQLite beside PostgreSQL.
bench-full: install browser
	@$(BIN)/python -m service_desk build
	@$(BIN)/python -m bench.latency
	@$(BIN)/python -m bench.path --full
	@$(BIN)/python -m bench.first_page

bench-processes: install
	@$(BIN)/python -m bench.many_processes

# Desks of a thousand to a million calls on both databases; needs PostgreSQL, 8 GB of disk and a quarter of an hour.
bench-many: install
	@$(BIN)/python -m bench.many_calls

lock: install
	@$(BIN)/python -m service_desk lock

browser: install
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	$(BIN)/python tests/find_chromium.py >/dev/null 2>&1 && exit 0; \
	echo "Installing Chromium…"; \
	$(BIN)/playwright install chromium && $(BIN)/python tests/find_chromium.py >/dev/null && exit 0; \
	[ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium && exit 0; \
	echo "No Chromium found, and none could be installed: install one and start again." >&2; exit 1

clean:
	@rm -rf .bench .web .web.log .web-build.lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
