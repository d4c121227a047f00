# Each target sets up what it needs first: a virtual environment in .venv, with uv where there is one, else with pip.
# PYTHON=python3.12 make ... chooses the interpreter; any Python from 3.11 on will do.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: lab demo test fuzz soak notebooks handout docs clean-room bench

lab: .venv/student          ## student: JupyterLab opens on notebooks/
	$(BIN)/jupyter lab notebooks

demo: .venv/all             ## instructor: grade a planted class, into demo/
	$(BIN)/course demo

test: .venv/all             ## maintainer: style, then all tests
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pytest -n 2 --dist loadfile

fuzz: .venv/all             ## maintainer: what reads files of others, with other examples than the tests', MINUTES a target
	FUZZ_MINUTES=$(or $(MINUTES),5) $(BIN)/pytest -q tests/fuzz

soak: .venv/all             ## maintainer: a thousand submissions graded with kills as without, in an hour at most
	$(BIN)/python -m benchmarks.soak

notebooks: .venv/all        ## maintainer: notebooks/ and solutions/ from source/
	$(BIN)/course build

handout: .venv/all          ## instructor: the derivations as PDF and HTML, into handout/
	$(BIN)/course handout

docs: .venv/all             ## maintainer: these pages as a site, into docs/_build/
	$(BIN)/python docs/architecture.py && $(BIN)/python docs/licences.py
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build

clean-room: .venv/all       ## maintainer: fresh clones, each Python that is here, the README's commands, the wheel
	$(BIN)/python -m tests.clean_room

bench: .venv/bench          ## maintainer: measure, about a quarter of an hour, and bring the READMEs' numbers up to date
	$(BIN)/python -m benchmarks

.venv/student: requirements.txt pyproject.toml setup.sh
	PYTHON=$(PYTHON) sh setup.sh && touch $@

.venv/all: requirements.txt pyproject.toml setup.sh
	PYTHON=$(PYTHON) sh setup.sh instructor,cluster,handout,docs,test && touch $@ .venv/student

# Without a network: what is compared with may not be had, and its row says so.
.venv/bench: .venv/all
	-PYTHON=$(PYTHON) sh setup.sh instructor,cluster,handout,docs,test,benchmark && touch $@
