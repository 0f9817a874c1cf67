"""Which field a value gets: by what it is, or by what it says."""

from __future__ import annotations

from collections.abc import Callable

from datagen_app.document.place import Path
from datagen_app.inspector.desk import Desk
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.shape import Shape

__all__ = ["BY_KEY", "BY_KIND", "BY_NAME", "BY_SAYING", "make_field", "register"]

Maker = Callable[[Desk, Shape, Path, str], Field]

BY_NAME: dict[str, Maker] = {}
"""Editors for specs of that name."""
BY_SAYING: dict[str, Maker] = {}
"""Editors for values that say what they mean."""
BY_KEY: dict[str, Maker] = {}
"""Fields for words under that key."""
BY_KIND: dict[str, Maker] = {}
"""Fields for every value of a kind; for lists also by what they hold: `list of number`."""


def register(where: dict[str, Maker], *names: str) -> Callable[[type[Field]], type[Field]]:
    """Return what registers a field under some names."""

    def add(cls: type[Field]) -> type[Field]:
        for name in names:
            where[name] = cls
        return cls

    return add


def make_field(desk: Desk, shape: Shape, way: Path, label: str = "") -> Field:
    """Make the field of a value."""
    kind = shape.kind
    maker = BY_NAME.get(shape.name) or BY_SAYING.get(shape.says)
    if maker is None and kind == "word" and len(shape.words) > 1:
        maker = BY_KEY.get(shape.key)
    if maker is None and kind == "list" and not shape.lone:
        maker = BY_KIND.get(f"list of {shape.item.kind}")
    if maker is None and kind == "map":
        maker = BY_KIND.get(f"map of {shape.item.kind}")
    return (maker or BY_KIND[kind])(desk, shape, way, label)
