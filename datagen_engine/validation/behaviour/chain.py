"""What a number is made of: one distribution, and what happens to it on the way into the file.

Known to each row are its effects, seasons, trends and multipliers; random are its noise and its outliers. The
distribution function of the finished value follows by carrying the value back through the steps (as the
engine carries the bounds of an order), and averaging over what is random.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Law, LimitStage, LinearStage, Stage
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.generators.choice import ChoiceSource
from datagen_engine.generators.distribution import DistributionSource, quantiles
from datagen_engine.generators.expression import ExpressionSource
from datagen_engine.generators.lookup import LookupSource
from datagen_engine.lazy import np, special
from datagen_engine.modifiers.add import AddStage
from datagen_engine.modifiers.effect import EffectStage
from datagen_engine.modifiers.jitter import JitterStage
from datagen_engine.modifiers.multiply import MultiplyStage
from datagen_engine.modifiers.outliers import Outliers, OutliersStage
from datagen_engine.modifiers.seasonality import SeasonalityStage
from datagen_engine.modifiers.trend import TrendStage
from datagen_engine.planning.behaviors import ValueStage
from datagen_engine.planning.bent import BentSource
from datagen_engine.planning.copula import CopulaSource
from datagen_engine.planning.table import ColumnPlan
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.view import RowView

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.tables import DataTables

__all__ = ["Chain", "Known", "Noise", "Strike"]

_NOISE_NODES = 33
_MANY_NOISE_NODES = 9
_STRIKE_NODES = 6
_MOST_ATOMS = 64
_ROWS_OF_NODES = 3_000_000
_A_COPY = 1 << 44
"""More rows than a table has: the hashes of one copy of the rows never meet those of another."""


@dataclass(frozen=True, eq=False)
class Known:
    """Times a factor, plus a shift, both known to each row."""

    stage: LinearStage

    def terms(self, at: RowView) -> tuple[Array | float | None, Array | float | None]:
        """Return factor and shift."""
        return self.stage.terms(at)


@dataclass(frozen=True, eq=False)
class Limit:
    """Held between two ends."""

    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False)
class Noise:
    """Normal noise, added or as a part of the value."""

    std: float
    multiplies: bool

    def terms(self, z: Array | float) -> Terms:
        """Return factor and shift for standard normal numbers."""
        return (1.0 + self.std * z, None) if self.multiplies else (None, self.std * z)


@dataclass(frozen=True, eq=False)
class Strike:
    """A few values far off."""

    outliers: Outliers

    def factors(self, hit: Array, size: Array) -> Array:
        """Return the factor for a uniform number that decides whether, and another that decides how far."""
        return self.outliers.factors(hit, size)


Step = Known | Limit | Noise | Strike
Terms = tuple["Array | float | None", "Array | float | None"]
Settled = Limit | Terms
"""A step whose randomness is settled: a limit, or factor and shift."""

Base = Law | Callable[["RowView"], Values]
"""What comes before the steps: a distribution, or values that the row itself tells."""

_KNOWN_STAGES = (AddStage, MultiplyStage, SeasonalityStage, EffectStage, TrendStage, ValueStage)


class Chain:
    """Know the distribution of a column's finished numbers, row by row.

    Parameters
    ----------
    name
        Table and column.
    type
        `int` or `float`.
    base
        A distribution before any clamp, or what tells the values before the modifiers.
    discrete
        Whether the distribution has steps.
    steps
        What happens to it, in order.
    bounds
        The lowest and highest finished value that the orders leave to each row, None where there is no order.
    """

    def __init__(
        self,
        name: tuple[str, str],
        type: ColumnType,
        base: Base,
        discrete: bool,
        steps: Sequence[Step],
        bounds: Callable[[RowView], tuple[Array, Array]] | None = None,
    ) -> None:
        """Hold the parts."""
        self.name = name
        self.type = type
        self.base = base
        self.discrete = discrete
        self.steps = tuple(steps)
        self.bounds = bounds

    @classmethod
    def of(cls, table: str, column: ColumnPlan) -> Chain:
        """Take a bound column apart; raises Unknown with the reason where its law cannot be told."""
        source, stages, bounds = column.source, column.stages, None
        clamp: tuple[float, float] | None = None
        if isinstance(source, BentSource):
            bent = source
            stages, clamp = bent.bend.stages, bent.bend.clamp
            law = bent.bend.law
            base: Base = law
            discrete = bool(
                getattr(law, "span", None) or getattr(getattr(law, "shape", None), "integer", True)
            )
            bounds = lambda at: bent.bounds(at, None)  # noqa: E731  # one of two
        else:
            source = source.source if isinstance(source, CopulaSource) else source
            if isinstance(source, DistributionSource):
                base, clamp = source.law, (source.low, source.high)
                discrete = source.shape.integer or source.span is not None
            elif isinstance(source, ChoiceSource) and source.options.is_number:
                base, discrete = source.law, True
            elif isinstance(source, LookupSource | ExpressionSource):
                base, discrete = source.draw, False
            else:
                raise Unknown("its generator promises no distribution")
        steps: list[Step] = [Limit(*clamp)] if clamp is not None else []
        steps += [_step(stage) for stage in stages]
        return cls((table, column.name), column.type, base, discrete, steps, bounds)

    # -- what it is like ----------------------------------------------------------------------------------

    @property
    def is_known(self) -> bool:
        """Say whether the row tells what comes before the steps, so that only noise is left to chance."""
        return callable(self.base)

    @property
    def is_exact(self) -> bool:
        """Say whether the row tells the finished value."""
        return self.is_known and not any(isinstance(step, Noise | Strike) for step in self.steps)

    @property
    def is_fixed(self) -> bool:
        """Say whether every row has the same distribution, with nothing random but the draw."""
        moving = any(isinstance(step, Noise | Strike) for step in self.steps)
        rows = any(
            isinstance(step, Known) and not isinstance(step.stage, AddStage | MultiplyStage)
            for step in self.steps
        )
        return not (self.is_known or self.bounds is not None or moving or rows)

    @cached_property
    def pivot(self) -> int:
        """Return the step whose randomness is averaged over exactly: −1 for the draw, else that of a noise.

        A draw that is known or has few values leaves a distribution of steps; the noise makes it smooth.
        """
        noises = [place for place, step in enumerate(self.steps) if isinstance(step, Noise) and step.std > 0]
        return (
            noises[0]
            if noises and (self.is_known or (self.discrete and len(self._atoms[0]) <= _MOST_ATOMS))
            else -1
        )

    @cached_property
    def _atoms(self) -> tuple[Array, Array]:
        """Return the values of a discrete draw and their shares; more than a few are not listed."""
        assert not callable(self.base)
        shares = (np.arange(4096) + 0.5) / 4096
        values, counts = np.unique(
            self.base.ppf(shares, _NOWHERE).data.astype(np.float64), return_counts=True
        )
        if len(values) > _MOST_ATOMS:
            return values, counts / 4096
        upto = self.base.cdf(values, _NOWHERE)
        return values, np.diff(upto, prepend=0.0)

    @cached_property
    def nodes(self) -> list[tuple[float, float | None, dict[int, Terms]]]:
        """Return what is averaged over: weights, values of the draw (None: as it is) and terms of random steps."""
        noises = {
            place: step
            for place, step in enumerate(self.steps)
            if isinstance(step, Noise) and place != self.pivot
        }
        size = 1 if not noises else _NOISE_NODES if len(noises) == 1 else _MANY_NOISE_NODES
        grid = special.ndtri((np.arange(size) + 0.5) / size).tolist() if noises else []
        still = {place: noise.terms(0.0) for place, noise in noises.items()}
        struck = {place: _strikes(step) for place, step in enumerate(self.steps) if isinstance(step, Strike)}
        calm: dict[int, Terms] = dict.fromkeys(struck, (1.0, None))
        calm_weight = float(np.prod([found[0][0] for found in struck.values()])) if struck else 1.0
        quiet: list[tuple[float, dict[int, Terms]]] = []
        for each in product(grid, repeat=len(noises)):
            terms = {place: noise.terms(z) for (place, noise), z in zip(noises.items(), each, strict=True)}
            quiet.append((calm_weight / size ** len(noises), {**calm, **terms}))
        for place, found in struck.items():
            # Struck rows are few: their noise is left out, and that two strike at once.
            others = calm_weight / found[0][0] if found[0][0] > 0 else 0.0
            quiet += [
                (others * weight, {**still, **calm, place: (factor, None)}) for weight, factor in found[1:]
            ]
        total = sum(weight for weight, _ in quiet)
        if self.pivot < 0 or self.is_known:
            return [(weight / total, None, terms) for weight, terms in quiet]
        return [
            (share * weight / total, value, terms)
            for value, share in zip(*(part.tolist() for part in self._atoms), strict=True)
            for weight, terms in quiet
        ]

    @property
    def rows_wanted(self) -> int:
        """Return of how many rows the distribution is worth evaluating: fewer where it is an average."""
        return _ROWS_OF_NODES // max(len(self.nodes), 3)

    # -- the distribution ---------------------------------------------------------------------------------

    def spread(self, y: Array, at: RowView, *, calm: bool = False) -> tuple[Array, Array]:
        """Return the chances that each row's number lies below, and at or below, what the data has.

        Uniform numbers between the two are uniform on 0 … 1 where the data keeps its promise. NaN where the
        bounds of a row leave no room.

        Parameters
        ----------
        y
            The numbers of the data, none of them null: one a row, or an array of any number × rows.
        at
            The rows.
        calm
            Whether no row is taken to be an outlier.
        """
        ends = _before_rounding(y, self.type)
        limits = self._limits(at)
        if limits is not None:
            limits = _before_rounding(limits[0], self.type)[0], _before_rounding(limits[1], self.type)[1]
        known = self._known(at)
        value = self.base(at).data.astype(np.float64) if callable(self.base) else None
        below, upto = np.zeros(y.shape), np.zeros(y.shape)
        for weight, atom, random in self._calm_nodes if calm else self.nodes:
            steps: list[Settled] = [self._settled(place, known, random) for place in range(len(self.steps))]
            law, left = self._pivoted(steps, value if atom is None else atom, len(at))
            upto_y = _share(law, *_back(None, ends[1], left), at)
            from_y = _share(law, *_back(ends[0], None, left), at)
            if limits is not None:
                room = _share(law, *_back(*limits, left), at)
                under = _share(law, *_back(None, limits[0], left, open_end=True), at)
                with np.errstate(divide="ignore", invalid="ignore"):
                    upto_y = np.clip((upto_y - under) / room, 0.0, 1.0)
                    from_y = np.clip((from_y - (1.0 - under - room)) / room, 0.0, 1.0)
                    upto_y, from_y = np.where(room > 0, upto_y, np.nan), np.where(room > 0, from_y, np.nan)
            upto += weight * upto_y
            below += weight * (1.0 - from_y)
        return np.clip(below, 0.0, 1.0), np.clip(np.maximum(upto, below), 0.0, 1.0)

    @cached_property
    def _calm_nodes(self) -> list[tuple[float, float | None, dict[int, Terms]]]:
        """Return the nodes without an outlier, their weights 1 together."""
        struck = {place for place, step in enumerate(self.steps) if isinstance(step, Strike)}
        calm = [node for node in self.nodes if all(node[2][place][0] == 1.0 for place in struck)]
        total = sum(weight for weight, _, _ in calm) or 1.0
        return [(weight / total, atom, terms) for weight, atom, terms in calm]

    def _known(self, at: RowView) -> list[Terms | None]:
        return at.once(
            (id(self), "known"),
            lambda: [step.terms(at) if isinstance(step, Known) else None for step in self.steps],
        )

    def _limits(self, at: RowView) -> tuple[Array, Array] | None:
        bounds = self.bounds
        return None if bounds is None else at.once((id(self), "bounds"), lambda: bounds(at))

    def _settled(self, place: int, known: Sequence[Terms | None], random: dict[int, Terms]) -> Settled:
        step = self.steps[place]
        if isinstance(step, Limit):
            return step
        return random.get(place) or known[place] or (None, None)

    def _pivoted(
        self, steps: list[Settled], value: Array | float | None, size: int
    ) -> tuple[Law | None, list[Settled]]:
        """Return the distribution that is left (None: the standard normal), and the steps after it."""
        if self.pivot < 0:
            if value is None:
                assert not callable(self.base)
                return self.base, steps
            centre = np.broadcast_to(np.asarray(value, dtype=np.float64), (size,))
            return None, [(0.0, _forward(centre, steps))]
        noise = self.steps[self.pivot]
        assert isinstance(noise, Noise)
        assert value is not None
        centre = _forward(np.broadcast_to(np.asarray(value, dtype=np.float64), (size,)), steps[: self.pivot])
        first: Terms = (centre * noise.std, centre) if noise.multiplies else (noise.std, centre)
        return None, [first, *steps[self.pivot + 1 :]]

    # -- twins --------------------------------------------------------------------------------------------

    def twins(self, at: RowView, copies: int = 1, u: Array | None = None) -> Array:
        """Return finished numbers drawn anew for what each row is: an array of `copies` × rows.

        Parameters
        ----------
        at
            The rows; each has twins of its own, the same at every call.
        copies
            How many twins each row gets.
        u
            The uniform numbers of the draw, where they come from elsewhere: as many as there are rows.
        """
        shape = (copies, len(at))
        known = self._known(at)
        random: dict[int, Terms] = {}
        for place, step in enumerate(self.steps):
            if isinstance(step, Noise):
                random[place] = step.terms(special.ndtri(self._uniform(at, copies, f"{place}/noise")))
            elif isinstance(step, Strike):
                hit, size = (self._uniform(at, copies, f"{place}/{what}").ravel() for what in ("hit", "size"))
                random[place] = step.factors(hit, size).reshape(shape), None
        steps = [self._settled(place, known, random) for place in range(len(self.steps))]
        if callable(self.base):
            x = np.broadcast_to(self.base(at).data.astype(np.float64), shape)
        else:
            places = self._uniform(at, copies, "draw") if u is None else np.broadcast_to(u, shape)
            if self.bounds is not None:
                places = self._squeezed(places, steps, at)
            x = self.base.ppf(np.ravel(places), at).data.astype(np.float64).reshape(shape)
        y = _forward(x, steps)
        return np.rint(y) if self.type == "int" else y

    def quantiles(self, tables: DataTables, u: Array) -> Array:
        """Return the finished numbers of some shares, for a column that has one distribution for all rows."""
        nowhere = RowView(tables, self.name[0], Rows.run(0, len(u)), _nothing)
        return self.twins(nowhere, u=u)[0]

    def _squeezed(self, u: Array, steps: list[Settled], at: RowView) -> Array:
        assert not callable(self.base)
        limits = self._limits(at)
        assert limits is not None
        low, high = limits
        ends = _before_rounding(low, self.type)[0], _before_rounding(high, self.type)[1]
        room = _share(self.base, *_back(*ends, steps), at)
        under = _share(self.base, *_back(None, ends[0], steps, open_end=True), at)
        return np.clip(under + u * room, 2.0**-60, 1.0 - 2.0**-53)

    def _uniform(self, at: RowView, copies: int, what: str) -> Array:
        numbers = at.rows.numbers() + np.arange(copies, dtype=np.int64)[:, None] * _A_COPY
        drawn = Stream(0, *self.name, f"twin/{what}").uniform(Rows.listed(numbers.ravel()))
        return drawn.reshape(numbers.shape)


def _step(stage: Stage) -> Step:
    if isinstance(stage, JitterStage):
        return Noise(stage.std, stage.mode == "mul")
    if isinstance(stage, OutliersStage):
        return Strike(stage.outliers)
    if isinstance(stage, LimitStage):
        return Limit(stage.low, stage.high)
    if isinstance(stage, _KNOWN_STAGES):
        return Known(stage)
    raise Unknown(f"what the modifier {stage.title!r} makes of a distribution cannot be told")


def _strikes(step: Strike) -> list[tuple[float, float]]:
    """Return the weights and factors of an outlier modifier, the first of them that nothing is struck."""
    spec = step.outliers
    u = (np.arange(_STRIKE_NODES) + 0.5) / _STRIKE_NODES
    sizes = (
        np.maximum(quantiles(spec.magnitude_dist.shape, spec.magnitude_dist.clamp, u), 0.0)
        if spec.magnitude_dist is not None
        else np.array([spec.magnitude or 0.0])
    )
    factors = 1.0 + sizes if spec.mode == "spike" else 1.0 / (1.0 + sizes)
    return [(1.0 - spec.rate, 1.0), *((spec.rate / len(sizes), factor) for factor in factors.tolist())]


# -- intervals -------------------------------------------------------------------------------------------


def _before_rounding(y: Array, type: ColumnType) -> tuple[Array, Array]:
    """Return the lowest and highest number that becomes y in a column of the type.

    Half to even: 2.5 becomes 2, 3.5 becomes 4. A floating number stands for those next to it too, which
    another order of calculation might have given.
    """
    if type == "int":
        odd = np.where(np.isfinite(y), y, 0.0) % 2 != 0
        low, high = y - 0.5, y + 0.5
        return np.where(odd, np.nextafter(low, np.inf), low), np.where(odd, np.nextafter(high, -np.inf), high)
    with np.errstate(invalid="ignore"):
        slack = np.where(np.isfinite(y), np.abs(y) * 1e-9 + 1e-12, 0.0)
    return y - slack, y + slack


def _back(
    low: Array | None, high: Array | None, steps: Sequence[Settled], *, open_end: bool = False
) -> tuple[Array | None, Array | None]:
    """Return the interval that the steps carry into the one from low to high; None is open.

    `open_end`: the interval ends just below `high`.
    """
    if open_end and high is not None:
        high = np.nextafter(high, -np.inf)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for step in reversed(steps):
            if isinstance(step, Limit):
                low, high = _unlimited(low, high, step)
                continue
            factor, shift = step
            if shift is not None:
                low, high = None if low is None else low - shift, None if high is None else high - shift
            if factor is not None:
                low, high = _divided(low, high, np.asarray(factor))
    return low, high


def _unlimited(low: Array | None, high: Array | None, limit: Limit) -> tuple[Array | None, Array | None]:
    if low is not None:
        if limit.high is not None:
            low = np.where(low > limit.high, np.inf, low)
        if limit.low is not None:
            low = np.where(low <= limit.low, -np.inf, low)
    if high is not None:
        if limit.low is not None:
            high = np.where(high < limit.low, -np.inf, high)
        if limit.high is not None:
            high = np.where(high >= limit.high, np.inf, high)
    return low, high


def _divided(low: Array | None, high: Array | None, factor: Array) -> tuple[Array | None, Array | None]:
    if (factor > 0).all():
        return None if low is None else low / factor, None if high is None else high / factor
    size = np.broadcast_shapes(factor.shape, *(end.shape for end in (low, high) if end is not None))
    least = np.broadcast_to(-np.inf if low is None else low, size)
    most = np.broadcast_to(np.inf if high is None else high, size)
    a, b = least / factor, most / factor
    inside = (least <= 0) & (most >= 0)  # where the factor is 0, every number becomes 0
    low = np.where(factor > 0, a, np.where(factor < 0, b, np.where(inside, -np.inf, np.inf)))
    high = np.where(factor > 0, b, np.where(factor < 0, a, np.where(inside, np.inf, -np.inf)))
    return low, high


def _share(law: Law | None, low: Array | None, high: Array | None, at: RowView) -> Array:
    """Return the chance of the interval, both ends included; of an empty one 0."""
    upto = np.ones(len(at)) if high is None else _cdf(law, high, at)
    if low is None:
        return upto
    below = _cdf(law, np.nextafter(low, -np.inf) if law is not None else low, at)
    return np.maximum(upto - below, 0.0)


def _cdf(law: Law | None, x: Array, at: RowView) -> Array:
    if law is None:
        return np.asarray(special.ndtr(x))
    finite = np.isfinite(x)
    share = law.cdf(np.where(finite, x, 0.0), at)
    return np.where(finite, share, np.where(x > 0, 1.0, 0.0))


def _forward(x: Array, steps: Sequence[Settled]) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        for step in steps:
            if isinstance(step, Limit):
                if step.low is not None or step.high is not None:
                    x = np.clip(x, step.low, step.high)
                continue
            factor, shift = step
            x = x if factor is None else x * factor
            x = x if shift is None else x + shift
    return x


def _nothing(name: str) -> Values:
    raise Unknown(f"{name} is asked of no row")


_NOWHERE: RowView = None  # type: ignore[assignment]  # laws of numbers are the same for every row
