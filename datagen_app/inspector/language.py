"""The language as the engine describes it; read once, and not before a form needs it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import datagen_engine as datagen
from datagen_app.inspector.shape import Language, Part

if TYPE_CHECKING:
    from datagen_engine import Catalogue, PartSpec

__all__ = ["catalogue", "language", "read_ahead"]


@cache
def catalogue() -> Catalogue:
    """Return the engine's description of its language."""
    return datagen.specs()


@cache
def language() -> Language:
    """Return the language, as forms need it."""
    known = catalogue()
    families: dict[str, Mapping[str, PartSpec]] = {
        "generator": known.generators,
        "modifier": known.modifiers,
        "distribution": known.distributions,
        "fanout": known.fanouts,
    }
    return Language(
        known.schema,
        {
            noun: {
                key: Part(key, spec.title, spec.help, spec.samples, spec.types) for key, spec in specs.items()
            }
            for noun, specs in families.items()
        },
    )


def read_ahead() -> None:
    """Begin to read the language in the background, so that the first form need not wait for it."""
    threading.Thread(target=language, name="language", daemon=True).start()
