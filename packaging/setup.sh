#!/usr/bin/env bash
# Make what every other target stands on: the system packages, and `.venv` with the project in it.
# Where all of it is there already, this looks and leaves within a tenth of a second.
#
#   PYTHON   the interpreter to build on (default: the first fit one on the path)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamp=.venv/setup.stamp

# What the environment was made for: this place (its scripts carry the path) and these files.
made_for() {
    echo "$PWD"
    cat pyproject.toml datagen_engine/version.py packaging/setup.sh | sha256sum
}

fit() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

find_python() {
    local candidates candidate
    read -ra candidates <<<"${PYTHON:-python3 python3.13 python3.12 python3.11}"
    for candidate in "${candidates[@]}"; do
        if fit "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "setup: needs Python 3.11, 3.12 or 3.13; looked for ${candidates[*]} (say PYTHON=… for another)" >&2
    return 1
}

# Debian's python3 comes without ensurepip, which puts pip into a new environment.
has_ensurepip() {
    "$1" -c 'import ensurepip' 2>/dev/null
}

make_venv() {
    if has_ensurepip "$1"; then
        "$1" -m venv --clear .venv
    elif "$1" -m pip --version >/dev/null 2>&1; then
        "$1" -m venv --clear --without-pip .venv
        "$1" -m pip --python .venv/bin/python install --quiet pip
    else
        echo "setup: $1 cannot make an environment; install python3-venv" >&2
        return 1
    fi
}

# One that was made here, whole enough to go on from.
fit_venv() {
    fit .venv/bin/python && [[ "$(head -n 1 .venv/bin/pip 2>/dev/null)" == "#!$PWD/.venv/bin/python"* ]]
}

kinds=(picture window desktop)
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(made_for)" ]; then
    exec packaging/system.sh install "${kinds[@]}"
fi

if fit_venv; then
    packaging/system.sh install "${kinds[@]}"
else
    python=$(find_python)
    has_ensurepip "$python" || kinds+=(+python3-venv)
    packaging/system.sh install "${kinds[@]}"
    make_venv "$python"
fi
rm -f "$stamp"
echo "setup: installing the project and what it needs into .venv (the first time takes a few minutes)"
.venv/bin/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
made_for >"$stamp"
