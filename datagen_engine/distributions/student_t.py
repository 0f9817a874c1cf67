"""Student's t distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.distributions.shapes import Scale
from datagen_engine.lazy import special
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Number

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class StudentT(Distribution):
    """A bell with heavy tails; its distribution function is an incomplete beta function (DLMF 8.17)."""

    key: ClassVar[str] = "student_t"
    title: ClassVar[str] = "Student's t"
    help: ClassVar[str] = "A bell with heavy tails: returns of shares, errors with surprises."
    samples = ({"df": 4, "loc": 0, "scale": 1},)

    df: Annotated[float, Field(ge=0.1, le=1e9, allow_inf_nan=False)] = Field(
        title="Degrees of freedom", description="The fewer, the heavier the tails; no mean up to 1."
    )
    loc: Number = Field(title="Middle")
    scale: Scale = Field(title="Scale")

    def ppf(self, u: Array) -> Array:
        """Return loc + scale · T⁻¹(u)."""
        found: Array = special.stdtrit(self.df, u)
        return self.loc + self.scale * found

    def cdf(self, x: Array) -> Array:
        """Return T((x − loc) / scale)."""
        share: Array = special.stdtr(self.df, (x - self.loc) / self.scale)
        return share

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw by numpy: a normal number over the root of a gamma one."""
        drawn = stream.drawn(rows, lambda generator, size: generator.standard_t(self.df, size))
        drawn *= self.scale
        drawn += self.loc
        return drawn

    def mean(self) -> float:
        """Return loc; not a number where df ≤ 1, which has no mean."""
        return self.loc if self.df > 1 else math.nan
