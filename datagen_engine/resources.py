"""Where the files that belong to the program stand.

In a checkout `resources/` and `examples/` lie at the top. Installed from a wheel, and in a frozen
program, they lie inside this package, under `_bundled/`: the build puts them there.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["examples", "resource"]


def _home() -> Path:
    """Return the folder that holds `resources/` and `examples/`."""
    package = Path(__file__).resolve().parent
    bundled = package / "_bundled"
    return bundled if bundled.is_dir() else package.parent


def resource(name: str) -> Path:
    """Return the path of a file of `resources/`.

    Parameters
    ----------
    name
        Its path below `resources/`, with `/` between the parts.

    Raises
    ------
    FileNotFoundError
        No such file came with the program.
    ValueError
        The name leads out of `resources/`.
    """
    folder = _home() / "resources"
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"{name!r} leads out of the program's resources; give a path below that folder")
    if not path.is_file():
        raise FileNotFoundError(
            f"resource {name!r} is missing from this installation ({folder}); install it again"
        )
    return path


def examples() -> dict[str, Path]:
    """Return the example schemas that come with the program: name → file, in order of name.

    Examples
    --------
    >>> examples()["ecomm"].name
    'ecomm.json'
    """
    return {path.stem: path for path in sorted((_home() / "examples").glob("*.json"))}
