#!/bin/sh
# Make .venv with this package in place, at the exact versions of requirements.txt. Safe to run again.
# Usage: setup.sh [EXTRAS]: nothing for students; instructor,cluster,handout,docs,test for those who grade, write and test.
set -eu
cd "$(dirname "$0")"
python="${PYTHON:-python3}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "setup: Python 3.11 or newer is needed, and '$python' is not. Install one and run: PYTHON=python3.12 make ..." >&2
    exit 1
fi
echo "Setting up .venv (once; PyTorch is large, so this can take some minutes) ..."
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --allow-existing --python "$python" .venv
    uv pip install --quiet --compile-bytecode --python .venv/bin/python -c requirements.txt -e ".[${1:-}]"
else
    "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.txt -e ".[${1:-}]"
fi
