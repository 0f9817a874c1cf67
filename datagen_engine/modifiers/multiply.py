"""× a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.stage import LinearStage, Site, Slice, Stage
from datagen_engine.expression import Facts
from datagen_engine.modifiers.arithmetic import moved
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import Number, refuse

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite


class Multiply(Modifier):
    """Every value times a number."""

    key: ClassVar[str] = "multiply"
    title: ClassVar[str] = "Multiply"
    help: ClassVar[str] = "Multiply every value by a number."
    samples = ({"factor": 1.2},)

    factor: Number | None = Field(None, title="Factor")
    value: Number | None = Field(None, title="Factor (another name)", json_schema_extra={"rare": True})

    @model_validator(mode="after")
    def _one_factor(self) -> Multiply:
        if (self.factor is None) == (self.value is None):
            raise refuse("missing-key", "multiply needs `factor` (or `value`, which means the same)")
        return self

    @property
    def by(self) -> float:
        """Return the factor, under either name."""
        return self.factor if self.factor is not None else self.value or 0.0

    def bind(self, site: Site) -> Stage | None:
        """Prepare to multiply numbers."""
        return MultiplyStage(self.by) if site.type in self.acts_on else None

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the bounds times the factor."""
        return moved(before, lambda x: x * self.by, falling=self.by < 0)


class MultiplyStage(LinearStage):
    """Multiply numbers."""

    def __init__(self, factor: float) -> None:
        """Multiply by `factor`."""
        self.factor = factor
        self.title = f"× {factor:g}"

    def terms(self, at: Slice) -> tuple[float, None]:
        """Return the factor."""
        return self.factor, None
