"""Run profiles: named settings of runs that a schema carries under `metadata.x-profiles`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datagen_engine.errors import UsageError
from datagen_engine.schema.problem import nearest

__all__ = ["PROFILES", "RunProfile", "profile_of", "profiles_of"]

PROFILES = "x-profiles"
"""The key under `metadata` that holds them."""


@dataclass(frozen=True)
class RunProfile:
    """Hold the settings of a run.

    Attributes
    ----------
    rows
        Rows of tables without parents, where they are others than the schema says.
    tables
        The tables to write; all, if none is named.
    folder
        Where to; nothing where it is asked for each time.
    """

    seed: int = 42
    scale: float = 1.0
    rows: Mapping[str, int] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    format: str = "parquet"
    compression: str = ""
    folder: str = ""

    @classmethod
    def from_json(cls, said: Any, name: str = "") -> RunProfile:
        """Read a profile.

        Raises
        ------
        UsageError
            It is none; the message says where.

        Examples
        --------
        >>> RunProfile.from_json({"seed": 7, "rows": {"customer": 50}}).rows
        {'customer': 50}
        """
        where = f"/metadata/{PROFILES}/{name}"
        if not isinstance(said, dict):
            raise UsageError(f"{where}: expected an object with seed, scale, rows, tables, format …")
        known = {key: value for key, value in said.items() if value is not None and not _remark(key)}
        for key in known:
            if key not in _READERS:
                near = nearest(key, _READERS)
                hint = f"; did you mean {near}?" if near else ""
                raise UsageError(f"{where}/{key}: a profile has no {key}{hint}")
        try:
            return cls(**{key: _READERS[key](value) for key, value in known.items()})
        except (TypeError, ValueError) as error:
            raise UsageError(f"{where}: {error}") from None

    def to_json(self) -> dict[str, Any]:
        """Return the profile as a JSON object; what is as always is left out, but for seed and scale.

        Examples
        --------
        >>> RunProfile(seed=7).to_json()
        {'seed': 7, 'scale': 1}
        """
        scale = int(self.scale) if float(self.scale).is_integer() else self.scale
        said: dict[str, Any] = {"seed": self.seed, "scale": scale}
        if self.rows:
            said["rows"] = dict(self.rows)
        if self.tables:
            said["tables"] = list(self.tables)
        if self.format != "parquet":
            said["format"] = self.format
        if self.compression:
            said["compression"] = self.compression
        if self.folder:
            said["folder"] = self.folder
        return said


def profiles_of(tree: Any) -> dict[str, Any]:
    """Return the profiles of a schema as its JSON has them, by name.

    Examples
    --------
    >>> profiles_of({"metadata": {"x-profiles": {"ci": {"scale": 0.1}}}})
    {'ci': {'scale': 0.1}}
    """
    metadata = tree.get("metadata") if isinstance(tree, dict) else None
    found = metadata.get(PROFILES) if isinstance(metadata, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def profile_of(tree: Any, name: str) -> RunProfile:
    """Return a profile of a schema.

    Raises
    ------
    UsageError
        There is none of that name, or it is no profile.
    """
    known = profiles_of(tree)
    if name not in known:
        there = f"there are {', '.join(known)}" if known else f"the schema has none under metadata.{PROFILES}"
        raise UsageError(f"there is no profile {name!r}; {there}")
    return RunProfile.from_json(known[name], name)


def _remark(key: str) -> bool:
    return key in ("comment", "description") or key.startswith("x-")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected a whole number; found {value!r}")
    return value


def _scale(value: Any) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or value <= 0
    ):
        raise ValueError(f"expected a scale above 0; found {value!r}")
    return float(value)


def _rows(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        raise ValueError(f"rows: expected a number of rows by table; found {value!r}")
    counts = {str(table): _whole(rows) for table, rows in value.items()}
    if any(rows < 0 for rows in counts.values()):
        raise ValueError("rows: a table cannot have less than 0 rows")
    return counts


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"tables: expected a list of names; found {value!r}")
    return tuple(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected a text; found {value!r}")
    return value


_READERS: dict[str, Any] = {
    "seed": _whole,
    "scale": _scale,
    "rows": _rows,
    "tables": _names,
    "format": _text,
    "compression": _text,
    "folder": _text,
}
