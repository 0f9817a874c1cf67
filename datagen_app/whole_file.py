"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a place beside a file to write to; it takes the file's place when the block ends well.

    When it does not, what was written is gone and the file is as it was. On the disk it is by then in either
    case, with the permissions that the file had.

    Parameters
    ----------
    path
        The file. Its folder must be there.

    Yields
    ------
    Path
        Where to write; the end of the name is that of the file.

    Raises
    ------
    OSError
        The system refuses.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid():x}.part{path.suffix}")
    try:
        yield temporary
        with suppress(OSError):  # there may be none yet
            shutil.copymode(path, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
