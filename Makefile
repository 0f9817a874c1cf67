# What a person types. Each target first makes `.venv` and the rest of the set-up, which costs nothing
# once it is there.

python := .venv/bin/python
workers := 2
# Nothing but the measurements, one after another.
measure := $(python) -m pytest tests/bench -s -o python_files='bench_*.py' -o addopts=--import-mode=importlib

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long lint bench budgets package clean

help:  ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup:  ## Make .venv, install the project, and the system packages where that is allowed
	@packaging/setup.sh

run: setup  ## Draw the example shop and open its schema in the designer
	@packaging/run.sh

lint: setup  ## Judge style, format and types
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy

test: lint  ## Lint, then run the tests
	packaging/test.sh -n $(workers) --hypothesis-profile ci

test-long: lint  ## The tests, those that take minutes too: many more cases, the built programs
	packaging/test.sh -n $(workers) --dist loadgroup --hypothesis-profile long -m ""

bench: setup  ## Measure and print
	$(measure)

budgets: setup  ## Measure, and fail over a budget; on a machine that does nothing else
	$(measure) --budgets

package: setup  ## Build the wheel and the frozen programs into dist/
	packaging/build.sh

clean:  ## Remove what was made, but for .venv
	rm -rf build dist out .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name .venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
