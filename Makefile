# Each target sets up what it needs first: a virtual environment in .venv, with uv where there is one, else with pip.
# PYTHON=python3.12 make ... chooses the interpreter; any Python from 3.11 on will do.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: lab demo test fuzz notebooks handout docs

lab: .venv/student          ## student: JupyterLab opens on notebooks/
	$(BIN)/jupyter lab notebooks

demo: .venv/all             ## instructor: grade a planted class, into demo/
	$(BIN)/course demo

test: .venv/all             ## maintainer: style, then all tests
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pytest -n 2 --dist loadfile

fuzz: .venv/all             ## maintainer: what reads files of others, with other examples than the tests', MINUTES a target
	FUZZ_MINUTES=$(or $(MINUTES),5) $(BIN)/pytest -q tests/fuzz

notebooks: .venv/all        ## maintainer: notebooks/ and solutions/ from source/
	$(BIN)/course build

handout: .venv/all          ## instructor: the derivations as PDF and HTML, into handout/
	$(BIN)/course handout

docs: .venv/all             ## maintainer: these pages as a site, into docs/_build/
	$(BIN)/python docs/architecture.py
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build

.venv/student: requirements.txt pyproject.toml setup.sh
	PYTHON=$(PYTHON) sh setup.sh && touch $@

.venv/all: requirements.txt pyproject.toml setup.sh
	PYTHON=$(PYTHON) sh setup.sh instructor,cluster,handout,docs,test && touch $@ .venv/student
