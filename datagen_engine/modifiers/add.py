"""+ a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.draw.stage import LinearStage, Site, Slice, Stage
from datagen_engine.expression import Facts
from datagen_engine.modifiers.arithmetic import moved
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import Number

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite


class Add(Modifier):
    """Every value plus a number."""

    key: ClassVar[str] = "add"
    title: ClassVar[str] = "Add"
    help: ClassVar[str] = "Add a number to every value; a negative one subtracts."
    samples = ({"value": 10},)

    value: Number = Field(title="Value")

    def bind(self, site: Site) -> Stage | None:
        """Prepare to add to numbers."""
        return AddStage(self.value) if site.type in self.acts_on else None

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the bounds plus the value."""
        return moved(before, lambda x: x + self.value)


class AddStage(LinearStage):
    """Add to numbers."""

    def __init__(self, value: float) -> None:
        """Add `value`."""
        self.value = value
        self.title = f"{value:+g}"

    def terms(self, at: Slice) -> tuple[None, float]:
        """Return the value as shift."""
        return None, self.value
