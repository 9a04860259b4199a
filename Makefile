# `make book` and `make test` are all a newcomer needs; `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# Some machines forbid compiled modules; imports are then several times slower.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

.PHONY: help book test verify execute data new-chapter preview serve pdf release bench lint lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

book: .venv/ready ## validate the data, execute what is stale, build the site in _build/html
	@$(BIN)/python -m analysis.site.build

test: .venv/ready ## run every test, re-execute and compare every chapter
	@$(BIN)/python -m pytest -n 2 --dist loadfile

verify: .venv/ready ## re-execute afresh and compare with the record (CHAPTER=…, RECORD=file)
	@$(BIN)/python -m analysis verify $(CHAPTER) $(if $(RECORD),--record $(RECORD))

execute: .venv/ready ## execute the chapters whose data or code changed
	@$(BIN)/python -m analysis.site.execute

data: .venv/ready ## validate the data package
	@$(BIN)/python -m analysis.validation

new-chapter: .venv/ready ## start a chapter that works, for you to change (NAME=…)
	@$(BIN)/python -m analysis.site.new_chapter "$(NAME)"

preview: .venv/ready ## serve the site, rebuild it at every change, reload the open page (PORT=…)
	@$(BIN)/python -m analysis.site.preview $(if $(PORT),--port $(PORT))

serve: .venv/ready ## serve the built site at http://127.0.0.1:8000
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

pdf: book ## print the whole book as _build/recovery-recounted.pdf
	@$(BIN)/python -m analysis.site.pdf

release: .venv/ready ## put site, PDF, data, source, checksums in _build/release (DRAFT=1: uncommitted)
	@rm -rf _build/.doctrees _build/.aside
	@$(MAKE) --no-print-directory pdf
	@$(BIN)/python -m analysis.site.release $(if $(DRAFT),--draft)

bench: .venv/ready ## measure speed and weight beside the defaults (PARTS="build prose …")
	@$(BIN)/python benchmarks/bench.py $(PARTS)

lint: .venv/ready ## check code style, formatting, types and spelling
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/codespell

lock: .venv/ready ## pin the libraries again from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --generate-hashes --universal --no-header \
	  --no-annotate --no-emit-index-url --quiet -o requirements.txt

clean: ## remove everything that was built
	rm -rf _build .venv

.venv/ready: requirements.txt pyproject.toml
	@echo "installing the pinned libraries into .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "cannot make .venv: install Python 3.11 or later with its venv module" >&2; exit 1; }
	@test -x $(BIN)/uv || { sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > .venv/uv.txt && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt; }
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation -e .
	@touch $@
