"""Fixed fanout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.fanouts.clamped import Clamped, scaled
from datagen_engine.lazy import np
from datagen_engine.schema.spec import Whole

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class FixedFanout(Clamped):
    """The same number of children for every parent."""

    key: ClassVar[str] = "fixed"
    title: ClassVar[str] = "Fixed"
    help: ClassVar[str] = "Every parent has n children."
    samples = ({"n": 3},)

    n: Annotated[Whole, Field(ge=0, le=1_000_000_000)] = Field(title="Children")

    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return n · scale + shift."""
        return scaled(np.full(len(u), float(self.n)), scale, shift)

    def mean(self) -> float:
        """Return n, within the clamp."""
        return float(np.floor(np.clip(self.n, *self.bounds())))
