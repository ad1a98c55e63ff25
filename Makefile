# FractureLens: `make app` starts the app, `make test` runs every test.

PYTHON  ?= python3
VENV    ?= .venv
BIN     := $(VENV)/bin
PORT    ?= 8501
PHONE_PORT ?= 8600
WORKERS ?= 2
MINUTES ?= 30
SECONDS ?= 600
UV      := $(shell uv --version >/dev/null 2>&1 && command -v uv)

.DEFAULT_GOAL := help
.PHONY: help app test test-all all-tools torch axe lint docs-check coverage tools pacs browser screenshots pins clean \
  phone phone-build phone-test apk android node app-times soak fuzz

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

app: $(VENV)/app.stamp ## install what the app needs and open it
	$(BIN)/fracturelens app --port $(PORT)

test: tools browser ## install what the tests need and run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

test-all: all-tools pacs axe phone-build android test ## the same, and the tests of optional parts

soak: all-tools browser ## load and kill the servers for MINUTES (30) with people, programs and hostile files
	$(BIN)/python -m tests.soak.soak --minutes $(MINUTES) $(ARGS)

fuzz: tools ## look for bytes that the reader does not refuse in words, for SECONDS (600) each
	$(call install,-r requirements-fuzz.txt)
	$(BIN)/python -m tests.fuzz.fuzz decode --seconds $(SECONDS)
	$(BIN)/python -m tests.fuzz.fuzz header --seconds $(SECONDS)

pacs: $(VENV)/pacs.stamp ## install what DICOM results and the node need, and an archive to test with
	@which Orthanc dciodvfy storescu 2>/dev/null | wc -l | grep -q 3 \
	  || $(call debian,orthanc orthanc-dicomweb dcmtk dicom3tools) \
	  || echo "No Orthanc: its tests are skipped. On Debian: sudo apt-get install orthanc orthanc-dicomweb dcmtk dicom3tools"

axe: ## install what the tests of accessibility need: axe-core, by npm
	@command -v npm >/dev/null || $(call debian,nodejs npm) || echo "No npm: axe-core is not installed."
	@! command -v npm >/dev/null || npm ci --prefix tests/end_to_end --no-audit --no-fund --silent

phone: phone-build ## build the phone's web app and serve it on this machine
	$(BIN)/fracturelens export-phone mobile/build/site --serve $(PHONE_PORT)

phone-test: phone-build axe tools browser ## test the phone's web app in Chromium
	$(BIN)/python -m pytest tests/mobile tests/fracturelens/phone $(ARGS)

apk: phone-build android ## build the Android package
	$(BIN)/fracturelens export-phone mobile/build/site
	mobile/android/build.sh mobile/build/site mobile/build/fracturelens.apk

phone-build: $(VENV)/app.stamp node
	cd mobile && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	cd mobile && npm run --silent check && npm run --silent build

lint: tools ## check style, formatting and the library's types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs-check: tools ## check that the documents fit the figures, and their links
	$(BIN)/fracturelens docs-check

coverage: tools browser ## run every test and say which lines none of them reaches
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term-missing:skip-covered $(ARGS)

all-tools: $(VENV)/all.stamp $(VENV)/schemathesis/stamp $(VENV)/moto/stamp torch

torch: $(VENV)/torch.stamp $(VENV)/litert_torch/stamp ## install what bringing networks from PyTorch needs

tools: $(VENV)/dev.stamp ## install what training and tests need

app-times: tools browser ## time the app in Chromium, from the drop of X-rays to their marks
	PYTHONPATH=. $(BIN)/python tests/end_to_end/times.py

screenshots: tools browser ## draw the README's screenshots anew
	PYTHONPATH=. $(BIN)/python tests/end_to_end/screenshots.py

# The package itself goes in last, as a link to this folder: it brings the command fracturelens.
$(VENV)/app.stamp: requirements.txt constraints.txt pyproject.toml | $(BIN)/python
	$(call install,-r requirements.txt)
	$(call install,--no-deps --editable .)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/app.stamp
	$(call install,-r requirements-dev.txt)
	@touch $@

$(VENV)/all.stamp: requirements-test-all.txt requirements-api.txt requirements-ray.txt requirements-openvino.txt \
  $(VENV)/dev.stamp
	$(call install,-r requirements-test-all.txt)
	@touch $@

# Schemathesis has an environment of its own: its plugin would slow down every run of pytest. So
# has moto: it asks for another version of a package that constraints.txt pins.
$(VENV)/schemathesis/stamp $(VENV)/moto/stamp: $(VENV)/%/stamp: requirements-%.txt $(VENV)/dev.stamp
	$(BIN)/python -m venv $(VENV)/$*
	$(VENV)/$*/bin/python -m pip install --quiet --disable-pip-version-check \
	  --root-user-action ignore -r requirements-$*.txt
	@touch $@

# By pip, which takes PyTorch without CUDA where PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS offers it.
$(VENV)/torch.stamp: requirements-torch.txt $(VENV)/dev.stamp
	$(call with_pip,-r requirements-torch.txt)
	@touch $@

# litert-torch has an environment of its own: it wants other versions of what we pin.
$(VENV)/litert_torch/stamp: requirements-litert-torch.txt $(VENV)/dev.stamp
	$(BIN)/python -m venv $(VENV)/litert_torch
	$(VENV)/litert_torch/bin/python -m pip install --quiet --disable-pip-version-check \
	  --root-user-action ignore -r requirements-litert-torch.txt
	@touch $@

$(VENV)/pacs.stamp: requirements-pacs.txt $(VENV)/app.stamp
	$(call install,-r requirements-pacs.txt)
	@touch $@

# An environment that uv made has no pip: ensurepip brings it.
define with_pip
@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action ignore $(1)
endef

# uv where it works, else pip.
ifneq ($(UV),)
install = $(UV) pip install --quiet --python $(BIN)/python $(1)
else
install = $(with_pip)
endif

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 to 3.13 is needed; PYTHON=... names one."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Python 3.11 to 3.13 is needed, $$($(PYTHON) --version) was found; PYTHON=... names another."; exit 1; }
ifneq ($(UV),)
	$(UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
else
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(call debian,python3-venv) \
	  || { echo "Python's venv module is missing: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
endif

# Installs Debian packages where this runs as root on Debian; false elsewhere.
debian = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; }

browser:
	@[ -n "$(CHROMIUM)" ] || which chromium chromium-browser google-chrome 2>/dev/null | grep -q . \
	  || $(call debian,chromium chromium-driver fonts-dejavu-core) \
	  || echo "No Chromium: the browser's tests are skipped. On Debian: sudo apt-get install chromium"

node:
	@command -v npm >/dev/null || $(call debian,nodejs npm) \
	  || { echo "Node.js 20 or later is needed for the phone's app: https://nodejs.org"; exit 1; }

android:
	@which apktool aapt apksigner zipalign keytool >/dev/null 2>&1 \
	  || $(call debian,apktool aapt apksigner zipalign default-jre-headless) \
	  || echo "No apktool: the Android package is not tested. On Debian: sudo apt-get install apktool"

pins: ## write constraints.txt anew from requirements*.txt
	@echo "# Versions of everything that requirements*.txt bring along. \`make pins\` writes this file." > constraints.txt
	uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
	  --output-file $(VENV)/pins.txt requirements-benchmark.txt requirements-pacs.txt requirements-test-all.txt \
	  requirements-torch.txt requirements-fuzz.txt
	cat $(VENV)/pins.txt >> constraints.txt

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .coverage .mypy_cache .pytest_cache .ruff_cache
