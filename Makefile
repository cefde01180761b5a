# make run    install, start a server and workers, process the sample documents, show the results, write a report
# make test   install, check style and types, run all tests; make test-monitoring adds the simulation of alerts
# make bench-peers  measure fanmill against services of datasketch, textstat, YAKE and langdetect
# make bench-statistics  measure the statistics against the programs that compute the same
# make bench  measure the frame and the whole (tests/bench/README.md); make soak: kill processes for minutes
# make bench-store  load a million records into the store on SQLite and search them
# make bench-console  measure every page of the web console with a million records in the store
# make console-pictures  draw the pictures of the console's guide, with Chromium
# make bench-tagging DATA=folder    accuracy and time of the taggers against others'
# make bench-dedup  measure duplicates against other libraries; CORPUS=file.jsonl: on your own documents
# make bench-backfill  measure fanmill backfill beside the functions alone; make bench-merge: the merge
# make bench-memory  measure memory of workers, intake and Redis; writes the tables in deploy/README.md
# make test-browser  install Chromium (as root, by apt) and try the console in it; make test does so where it is
# make test-engines  run the programs for Ray Data and Spark of deploy/BACKFILL.md; test-datatrove that of datatrove
# make test-image  build the image's steps in a Debian root and run every role in it; as root, with debootstrap
# make bench-scale  measure 1 to 8 worker processes and 1 to 3 partitions on hosts of namespaces; writes deploy/SCALING.md
# make rehearse  upgrade, lose a node and a Redis under load, and count: documents in = results out
# make watch-pictures  run the service for three minutes and draw the pictures of fanmill watch
# make schemas and make docs write what is generated; make format, make wheel, make clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RIVALS := .venv-rivals
PEERS := .venv-peers
ENGINES := .venv-engines
CONSTRAINTS := deploy/constraints.txt
SAMPLES := $(addprefix deploy/samples/,news.jsonl languages.jsonl.gz articles reprints.jsonl edge-cases.jsonl)

# Two more than the machine has CPUs: many tests wait for processes that they started.
TEST_PROCESSES ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 2)))

# Playwright is large, and of use only with a browser.
BROWSER_GROUP := $(if $(shell command -v chromium),--group browser)

# One file per set of packages: make installs again only when what is wanted has changed.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

# Without compiled files every process of a test compiles fanmill's modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-browser test-datatrove test-engines test-image test-monitoring bench bench-dedup bench-backfill bench-console bench-memory bench-merge bench-peers bench-scale bench-statistics bench-store bench-tagging rehearse soak schemas docs console-pictures watch-pictures format wheel clean

run: $(INSTALLED)
	@mkdir -p build
	$(BIN)/fanmill run $(SAMPLES) --rows 200 --processes 1 --report build/report.html
	@echo "A service with a web console: $(BIN)/fanmill up --console"

test: $(INSTALLED_DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	# Beside mypy, a process compiles the tests once for all that execute them.
	@$(BIN)/pytest --collect-only --quiet >/dev/null 2>&1 & echo $(BIN)/mypy; $(BIN)/mypy; types=$$?; wait; exit $$types
	$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist worksteal

bench: $(INSTALLED_DEV)
	$(BIN)/python tests/bench/frame.py
	$(BIN)/python tests/bench/counting.py
	$(BIN)/python tests/bench/bulk_actions.py
	$(BIN)/python tests/bench/sink.py
	$(BIN)/python tests/bench/whole.py

# Rivals have an environment of their own, for they pin what fanmill does not; what will not install is left out.
# REDPAJAMA=checkout adds RedPajama-V2's own code, TREEBANKS=folder sentences against en.conllu, de.conllu, ...
bench-peers: $(INSTALLED_DEV)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/bench/peers/requirements.txt
	PYTHONPATH=tests/bench $(BIN)/python tests/bench/peers/run.py --python $(PEERS)/bin/python

bench-store: $(INSTALLED_DEV)
	PYTHONPATH=tests $(BIN)/python tests/bench/store.py

# STORE=file keeps the store and uses it again.
bench-console: $(INSTALLED_DEV)
	PYTHONPATH=tests $(BIN)/python tests/bench/console_pages.py $(if $(STORE),--store $(STORE))

bench-statistics: $(INSTALLED)
	$(PYTHON) -m venv $(RIVALS)
	$(RIVALS)/bin/python -m pip install --quiet --upgrade pip
	$(RIVALS)/bin/python -m pip install --quiet -r tests/bench/requirements.txt || \
		grep -v '^#' tests/bench/requirements.txt | while read -r each; do \
			$(RIVALS)/bin/python -m pip install --quiet "$$each" || echo "not installed: $$each"; \
		done
	$(RIVALS)/bin/python -m pip install --quiet -e '.[worker]'
	$(RIVALS)/bin/python tests/bench/corpus_statistics.py --worst \
		$(if $(REDPAJAMA),--redpajama $(REDPAJAMA)) $(if $(TREEBANKS),--treebanks $(TREEBANKS))

bench-tagging: $(INSTALLED_DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[worker]' -r tests/bench/requirements-tagging.txt
	$(BIN)/python tests/bench/tagging.py $(DATA)

bench-memory: $(INSTALLED_DEV)
	$(BIN)/python tests/bench/memory.py

# DRAIN=n: documents of the large backlog; as root on Linux the hosts are network namespaces.
bench-scale: $(INSTALLED_DEV)
	PYTHONPATH=tests $(BIN)/python -m bench.scaling.measure --drain $(or $(DRAIN),100000)

# OLD=checkout: the old version is the code of another checkout.
rehearse: $(INSTALLED_DEV)
	PYTHONPATH=tests $(BIN)/python -m rehearsal.rehearse $(if $(OLD),--old $(OLD))

# The libraries that are measured against are needed here alone.
bench-dedup: $(INSTALLED_DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -r tests/bench/requirements-dedup.txt
ifneq ($(CORPUS),)
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.quality --corpus $(CORPUS)
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.quality --corpus $(CORPUS) --edits
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.reprints --corpus $(CORPUS)
else
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.online
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.growth
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.signing --profile
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.race
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.quality
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.quality --language chinese
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.quality --edits
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.quality --edits --language chinese
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.reprints
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.reprints --varied
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.unlike
	PYTHONPATH=tests $(BIN)/python -m bench.dedup.short_notices
endif

# datatrove brings 100 MB, which no other test needs.
test-datatrove: $(INSTALLED_DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[datatrove]'
	$(BIN)/pytest tests/batch/test_datatrove.py -q

# Ray and Spark bring a GB and other versions of libraries: they have an environment of their own.
test-engines:
	$(PYTHON) -m venv $(ENGINES)
	$(ENGINES)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/batch/requirements-engines.txt
	$(ENGINES)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(ENGINES)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[local,parquet,postgres,console]' --group dev
	$(ENGINES)/bin/pytest tests/batch/test_engines.py tests/batch/test_tables.py -q -p no:cacheprovider

bench-backfill: $(INSTALLED_DEV)
	$(BIN)/python tests/bench/backfill.py

bench-merge: $(INSTALLED_DEV)
	$(BIN)/python tests/bench/merge.py

soak: $(INSTALLED_DEV)
	$(BIN)/pytest tests/smoke -m soak

schemas: $(INSTALLED)
	$(BIN)/python -m fanmill_contracts.schemas contracts/schemas

docs: $(INSTALLED)
	$(BIN)/python tests/docs/statistics_page.py
	$(BIN)/python tests/docs/metrics_page.py
	$(BIN)/python deploy/monitoring/dashboard.py
	PYTHONPATH=tests $(BIN)/python tests/docs/generated.py
	$(BIN)/python tests/bench/memory_table.py
	PYTHONPATH=tests $(BIN)/python -m bench.scaling.page

# MINUTES=n: time for which the service works before.
watch-pictures: $(INSTALLED_DEV)
	PYTHONPATH=tests $(BIN)/python -m watch.pictures $(or $(MINUTES),3)

# An installed promtool, or Debian's: its package is unpacked into a temporary folder and not installed.
test-monitoring: $(INSTALLED_DEV)
	@if command -v promtool >/dev/null; then \
		$(BIN)/pytest tests/deploy/test_monitoring.py -q; \
	else \
		folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && chmod 755 "$$folder" \
		&& (cd "$$folder" && apt-get download prometheus && dpkg -x prometheus_*.deb .) \
		&& PATH="$$folder/usr/bin:$$PATH" $(BIN)/pytest tests/deploy/test_monitoring.py -q; \
	fi

test-browser:
	command -v chromium >/dev/null || (apt-get update -q && apt-get install -q --yes --no-install-recommends chromium)
	$(MAKE) --no-print-directory $(INSTALLED_DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) --group browser
	$(BIN)/pytest tests/browser -q

console-pictures: $(INSTALLED_DEV)
	PYTHONPATH=tests $(BIN)/python -m browser.pictures

# There is no Docker in it: debootstrap makes the root, and the instructions of the Dockerfile are executed there.
test-image: $(INSTALLED_DEV)
	$(BIN)/pytest tests/image -m image -q

format: $(INSTALLED_DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(INSTALLED)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) $(RIVALS) $(PEERS) $(ENGINES) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fanmill needs Python 3.11 or later; this is " + sys.version.split()[0] + " (make PYTHON=python3.12)")'
	$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[local,console]'
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	# Groups of dependencies came with pip 25.1; Python 3.11 and 3.12 bring an older one.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[local,chinese,entities,parquet,otel,postgres,console]' --group dev $(BROWSER_GROUP)
	@touch $@
