"""Normal noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from datagen_engine.draw.stage import LinearStage, Site, Slice, Stage
from datagen_engine.expression import Facts
from datagen_engine.modifiers.arithmetic import widened
from datagen_engine.schema.parts import Modifier

if TYPE_CHECKING:
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite


class Jitter(Modifier):
    """Every value a little off, by a normal amount."""

    key: ClassVar[str] = "jitter"
    title: ClassVar[str] = "Jitter"
    help: ClassVar[str] = "Normal noise: added (mode add), or as a share of the value (mode mul)."
    samples = ({"std": 0.05, "mode": "mul"}, {"std": 2.0, "mode": "add"})

    std: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(title="Standard deviation")
    mode: Literal["add", "mul"] = Field("add", title="Mode")

    def bind(self, site: Site) -> Stage | None:
        """Prepare to add noise to numbers."""
        return JitterStage(self.std, self.mode, site.stream("jitter")) if site.type in self.acts_on else None

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return no bounds: a normal number may be any."""
        return before if self.std == 0 else widened(before)


class JitterStage(LinearStage):
    """Add noise to numbers."""

    def __init__(self, std: float, mode: str, stream: Stream) -> None:
        """Draw noise from `stream`."""
        self.std = std
        self.mode = mode
        self.stream = stream
        self.title = "jitter"

    def terms(self, at: Slice) -> tuple[Array | None, Array | None]:
        """Return N(0, std) as shift, or 1 + N(0, std) as factor."""
        noise = self.stream.drawn(at.rows, lambda generator, size: generator.standard_normal(size))
        noise *= self.std
        if self.mode == "mul":
            return noise + 1.0, None
        return None, noise
