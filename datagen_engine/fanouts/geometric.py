"""Geometric fanout."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.fanouts.clamped import Clamped, scaled
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class GeometricFanout(Clamped):
    """A number of children that ends, after each, with chance p: failures before the first success."""

    key: ClassVar[str] = "geometric"
    title: ClassVar[str] = "Geometric"
    help: ClassVar[str] = (
        "Before each child the chance p that there is none any more: (1 − p) / p children on average."
    )
    samples = ({"p": 0.25}, {"p": 0.4, "min": 1, "max": 10})

    p: Annotated[float, Field(ge=1e-6, le=1, allow_inf_nan=False)] = Field(title="Chance to end")

    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return ⌊ln(1 − u) / ln(1 − p)⌋ · scale + shift."""
        ended = np.zeros(len(u)) if self.p == 1 else np.floor(np.log1p(-u) / math.log1p(-self.p))
        return scaled(ended, scale, shift)

    def mean(self) -> float:
        """Return (1 − p) / p, within the clamp: low + Σ (1 − p)^(k + 1) for k = low … high − 1."""
        low, high = (math.floor(end) if end < math.inf else end for end in self.bounds())
        q = 1 - self.p
        return low + (q ** (low + 1) - q ** (high + 1)) / self.p
