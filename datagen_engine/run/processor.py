"""Which kernels of the processor numpy may use, so that the same seed gives the same bytes everywhere."""

from __future__ import annotations

import os

__all__ = ["DISABLED", "features", "pin_kernels"]

DISABLED = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V4"
"""Kernels whose exp, log and power differ in their last bits from those of other processors."""


def pin_kernels() -> None:
    """Tell numpy to leave out the kernels that differ; call before numpy is imported.

    A choice that the user made in the environment stands.
    """
    if "NPY_DISABLE_CPU_FEATURES" not in os.environ:
        os.environ["NPY_DISABLE_CPU_FEATURES"] = DISABLED
        import warnings

        # Which names there are depends on numpy's version; the ones that it lacks need no switching off.
        warnings.filterwarnings(
            "ignore", message="During parsing environment variable", category=ImportWarning
        )


def features() -> list[str]:
    """Return the processor features that numpy dispatches on and found, in alphabetical order."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return sorted(name for name in __cpu_dispatch__ if __cpu_features__.get(name))
