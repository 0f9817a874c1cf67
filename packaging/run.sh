#!/usr/bin/env bash
# `make run`: draw the example shop into out/ecomm, then show its schema in the designer.
# Without a display the designer renders the same window into a picture.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

schema=examples/ecomm.json
picture=out/ecomm.png

.venv/bin/datagen generate "$schema" -o out/ecomm --overwrite
echo "run: the tables are in out/ecomm; the schema is $schema"

if ! packaging/system.sh has picture; then
    echo "run: Qt's system libraries are missing, so there is no designer to open"
elif [ "$(uname)" = Darwin ] || { [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] && packaging/system.sh has window; }; then
    exec .venv/bin/datagen-studio "$schema"
else
    QT_QPA_PLATFORM=offscreen .venv/bin/datagen-studio "$schema" --screenshot "$picture"
    echo "run: no display here, so the designer drew its window into $picture"
fi
