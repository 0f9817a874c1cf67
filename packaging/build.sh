#!/usr/bin/env bash
# `make package`: the wheel into dist/, and both programs, frozen, into dist/datagen-studio/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/system.sh install bundle
rm -rf build dist
.venv/bin/python -m build --wheel --outdir dist
echo "package: freezing both programs (two minutes)"
.venv/bin/python -m PyInstaller packaging/datagen.spec \
    --noconfirm --log-level ERROR --distpath dist --workpath build/pyinstaller
cp packaging/datagen-studio.desktop dist/datagen-studio/
echo "package: $(ls dist/*.whl) and dist/datagen-studio/ ($(du -sh dist/datagen-studio | cut -f1)) with datagen and datagen-studio"
