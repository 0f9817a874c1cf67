"""What the parameters of the distributions share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

__all__ = ["Scale", "ShapeNumber"]

ShapeNumber = Annotated[float, Field(ge=0.01, le=1e6, allow_inf_nan=False)]
"""A shape parameter, as far as quantiles and samplers stay exact in 64 bits."""

Scale = Annotated[float, Field(gt=0, allow_inf_nan=False)]
