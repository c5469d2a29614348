# Openletter: the commands of this repository. Written for any make from GNU make 3.81 (macOS) on.
#
#   make site    build this repository's own site into output/
#   make test    run every test
#   make quick   run the tests that take less than a second
#   make check   everything CI asks for: style, types, layers, tests
#   make words   write the list of all words to translate, generator/words/locale/openletter.pot
#   make fuzz    look for input that breaks anything, for SECONDS=60
#   make soak    edit a site at random, SOAK_STEPS=10000 times, and compare with builds from nothing (an hour);
#                damage its state SOAK_DAMAGES=1000 times; then send SOAK_MAILS=10000 mails and kill the sender
#                SOAK_KILLS=100 times
#   make docs    build the documentation's own site from docs/ into dist/docs
#   make man     write the manual pages and the shells' completions into share/
#   make licences  write docs/licences.md
#   make release build the wheel, the source package, the documentation and the list of parts (SBOM) into dist/
#   make bench   measure beside Hugo and Pelican, with the real sites in OPENLETTER_SAMPLES (docs/performance.md)
#   make pictures  photograph every kind of page of the default theme, into .cache/pictures, and its blocks, for the docs
#   make clean   remove what was built

PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin/python -m

SECONDS ?= 60
SEED ?= 0
SOAK_STEPS ?= 10000
SOAK_DAMAGES ?= 1000
PREVIEW_EDITS ?= 1000
SOAK_MAILS ?= 10000
SOAK_KILLS ?= 100

.PHONY: site docs man licences release words test quick check style types layers bench pictures fuzz soak clean
.DELETE_ON_ERROR:

site: $(VENV)/.site
	@$(RUN) generator build

# Test files are shared out among all processors.
test: $(VENV)/.test
	@$(RUN) pytest -q -n auto --dist loadfile

quick: $(VENV)/.test
	@$(RUN) pytest -q -n auto --dist loadfile -m "not slow"

docs: $(VENV)/.test
	@$(RUN) release.documentation

man: $(VENV)/.test
	@$(RUN) release.manual

licences: $(VENV)/.test
	@$(RUN) release.licences

# The list of parts is that of an environment with the wheel alone and all its extras.
release: $(VENV)/.release man docs
	@rm -rf dist/*.whl dist/*.tar.gz dist/*.json .cache/release
	@$(RUN) hatchling build -d dist
	@$(VENV)/bin/python -m venv --without-pip .cache/release
	@$(RUN) pip --python .cache/release install --quiet --disable-pip-version-check "$$(ls dist/*.whl)[$$($(VENV)/bin/python -c 'from release.licences import list_extras; print(*list_extras(), sep=",")')]"
	@$(RUN) cyclonedx_py environment --output-reproducible --pyproject pyproject.toml --of JSON -o "$$(ls dist/*.whl | sed 's/-py3.*//').cdx.json" .cache/release

words: $(VENV)/.dev
	@$(RUN) babel.messages.frontend -q extract --mapping=pyproject.toml --omit-header --no-location --sort-output --no-wrap --output=generator/words/locale/openletter.pot .

# In this order, the tests last; `make -k check` goes on after a failure.
check: style types layers test

style: $(VENV)/.dev
	@$(RUN) ruff check
	@$(RUN) ruff format --check

types: $(VENV)/.dev
	@$(RUN) mypy

layers: $(VENV)/.dev
	@$(VENV)/bin/lint-imports

# What was found worth keeping lies in ~/.cache/openletter-fuzz, and is where the next run begins.
fuzz: $(VENV)/.fuzz
	@$(RUN) tests.fuzz.run --seconds $(SECONDS) --seed $(SEED)

soak: $(VENV)/.test
	@SOAK_STEPS=$(SOAK_STEPS) $(RUN) pytest -q -s -p no:randomly tests/engine/test_machine.py
	@SOAK_DAMAGES=$(SOAK_DAMAGES) $(RUN) pytest -q -p no:randomly -k damages tests/engine/test_damage.py
	@PREVIEW_EDITS=$(PREVIEW_EDITS) $(RUN) pytest -q -s -p no:randomly tests/preview/test_random_edits.py
	@SOAK_MAILS=$(SOAK_MAILS) SOAK_KILLS=$(SOAK_KILLS) $(RUN) pytest -q -s -p no:randomly -k 'killed or agree' tests/newsletter

bench: $(VENV)/.test
	@$(RUN) benchmarks.run
	@$(RUN) benchmarks.real
	@$(RUN) benchmarks.shapes

# Look at the sheets before a change of the theme lands.
pictures: $(VENV)/.test
	@$(RUN) benchmarks.pictures
	@$(RUN) benchmarks.block_pictures

clean:
	@if [ -d output ]; then find output -mindepth 1 -maxdepth 1 ! -name .gitkeep ! -name .git -exec rm -rf {} +; fi
	@rm -rf .openletter dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# One stamp for each set of dependencies, older than pyproject.toml as soon as that changes.
$(VENV)/.site: EXTRA := [documents,search]
$(VENV)/.test: EXTRA := [test]
$(VENV)/.fuzz: EXTRA := [fuzz]
$(VENV)/.release: EXTRA := [release]
$(VENV)/.dev:  EXTRA := [dev]
$(VENV)/.dev:  ALSO := $(VENV)/.test
$(VENV)/.site $(VENV)/.test $(VENV)/.fuzz $(VENV)/.release $(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Openletter$(EXTRA) into $(VENV) (only when pyproject.toml has changed)"
	@$(RUN) pip --version >/dev/null 2>&1 || $(RUN) ensurepip >/dev/null
	@$(RUN) pip install --quiet --disable-pip-version-check --root-user-action=ignore --editable '.$(EXTRA)'
	@touch $@ $(ALSO)

# The first Python that is new enough; on macOS `python3` may be an old one beside a newer `python3.13`.
$(VENV)/bin/python:
	@found=; \
	for python in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Openletter needs Python 3.11 or newer, and found: $$("$(PYTHON)" --version 2>&1 || true)" >&2; \
	  echo "Install a newer Python, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; \
	  exit 1; \
	fi; \
	"$$found" -m venv $(VENV)
