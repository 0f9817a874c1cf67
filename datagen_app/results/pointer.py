"""JSON Pointers, as reports and problems write them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["pointer_of", "steps_of"]


def steps_of(pointer: str) -> tuple[str | int, ...]:
    """Return the steps of a pointer; what is written as a number is an index.

    >>> steps_of("/nodes/3/a~1b"), steps_of("")
    (('nodes', 3, 'a/b'), ())
    """
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return tuple(int(step) if step.isdigit() and len(step) < 12 else step for step in steps)


def pointer_of(steps: Sequence[str | int]) -> str:
    """Return steps as a pointer.

    >>> pointer_of(("nodes", 3, "a/b"))
    '/nodes/3/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
