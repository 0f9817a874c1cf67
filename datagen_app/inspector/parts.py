"""What can be chosen among the parts of a family: each with a word about it and a sample. Without Qt's widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from datagen_app.document.words import describe_generator, describe_modifier
from datagen_app.inspector.desk import Desk
from datagen_app.inspector.fields.picker import Choice
from datagen_app.inspector.shape import Part
from datagen_app.inspector.wording import quoted

__all__ = ["choices_of", "sample_of"]


def choices_of(noun: str, parts: Iterable[Part], desk: Desk) -> list[Choice]:
    """Return the parts that can stand here: of generators and modifiers those that suit the column's type."""
    return [
        Choice(part.key, part.title, quoted(part.help), sample_of(noun, part))
        for part in parts
        if _suits(noun, part, desk)
    ]


def sample_of(noun: str, part: Part) -> str:
    """Return what a part does in its first sample, in words.

    Examples
    --------
    >>> sample_of("generator", Part("sequence", "Sequence", "", ({"start": 1000, "step": 10},)))
    'Counts up from 1000, in steps of 10.'
    >>> sample_of("distribution", Part("normal", "Normal", "", ({"mean": 50, "std": 10},)))
    'mean 50, std 10'
    """
    if not part.samples:
        return ""
    sample = part.samples[0]
    if noun == "generator":
        facts = describe_generator({"generator": {part.key: sample}})
        said = " ".join(text.replace("\n", ", ") for _, text in facts[:2] if text)
        return "" if said == part.key else said
    if noun == "modifier":
        label, text = describe_modifier({"transform": part.key, "args": sample})
        return text if text != label else ""
    return _plain(sample) if isinstance(sample, Mapping) else ""


def _plain(sample: Mapping[str, Any]) -> str:
    said = []
    for key, value in sample.items():
        if isinstance(value, int | float | str):
            said.append(f"{key} {value}")
        elif isinstance(value, list) and all(isinstance(item, int | float) for item in value):
            said.append(f"{key} {' '.join(map(str, value))}")
    return ", ".join(said)


def _suits(noun: str, part: Part, desk: Desk) -> bool:
    if noun == "generator":
        vocabulary = desk.table.get("kind") == "vocab"
        if part.key == "enum_list" and not vocabulary:
            return False
    if noun == "modifier" and not desk.column:
        return part.key == "effect"  # on a table, where it acts on the number of children
    kind = desk.column_type
    return not kind or not part.types or kind in part.types
