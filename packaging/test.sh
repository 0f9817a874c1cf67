#!/usr/bin/env bash
# Run pytest with the given arguments; without the tests of the window where Qt's libraries are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

without=()
if ! packaging/system.sh has picture; then
    echo "test: Qt's system libraries are missing, so the tests of the window are left out"
    without=(-p no:pytest-qt --ignore=datagen_app --ignore=tests/app --ignore=tests/packaging/test_pyside.py)
fi
exec .venv/bin/python -m pytest "$@" "${without[@]}"
