"""Random schemas, valid by construction: tables, columns, references and modifiers of every kind.

`schemas()` gives JSON trees that the engine must check without an error, draw, and draw the same way
however the work is cut. Tables only refer to tables before them, but for the keys of later entities; columns
only to columns of their row before them. Then the order of columns is shuffled, which must change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS

__all__ = ["WORDS", "Json", "examples", "schemas"]

Json: TypeAlias = dict[str, Any]
T = TypeVar("T")

WORDS = ("north", "south", "east", "west")
"""The values of columns that others match by: so few that most rows find a match, not all."""

NUMBERS = ("int", "float")
TIMES = ("datetime", "date")

_YEAR = {"start": "2024-01-01", "end": "2024-12-31"}
_FREQUENCIES = ("D", "h", "15min", "W-MON", "MS", "2H")
_CELLS = {"hour": 24, "dow": 7, "month": 12}
_LITERALS: dict[str, tuple[Any, ...]] = {
    "int": (1, 2, 3, 10, -4),
    "float": (0.5, 2, -1.25, 10.0),
    "string": WORDS,
    "bool": (True, False),
    "datetime": ("2024-02-03T04:05:06Z", "2024-07-01", "2024-11-30T12:00:00+02:00"),
    "date": ("2024-02-29", "2024-08-01", "2024-12-24"),
}
_METHODS: tuple[Json, ...] = (
    {"method": "name"},
    {"method": "email"},
    {"method": "city", "locale": "de_DE"},
    {"method": "bothify", "text": "??-####"},
)


def examples(share: float = 1.0) -> settings:
    """Return settings for a property of whole schemas, tried on so much of the profile's number of examples.

    Schemas are large examples, so they may be slow; a fixture that all examples of a test share is meant so.
    """
    default = settings.default
    assert default is not None
    return settings(
        max_examples=max(5, round(default.max_examples * share)),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@dataclass
class _Column:
    name: str
    type: str
    nullable: bool
    words: bool = False
    """Whether its values are some of WORDS."""
    free: bool = False
    """Whether it is drawn from a distribution of numbers and by nothing else."""


@dataclass
class _Table:
    id: str
    kind: str
    rows: int = 0
    parents: list[str] = field(default_factory=list)
    timed: bool = False
    """Whether it has columns of dates or times of its own."""
    columns: list[_Column] = field(default_factory=list)
    json: list[Json] = field(default_factory=list)

    @property
    def filled(self) -> bool:
        """Whether it surely has a row: children may be none."""
        return self.kind != "fact" or (not self.parents and self.rows > 0)


@st.composite
def schemas(draw: st.DrawFn, *, most_tables: int = 4, most_columns: int = 6) -> Json:
    """Draw a schema of a few tables, each of some ten rows."""
    return _Maker(draw, most_tables, most_columns).schema()


class _Maker:
    """Make one schema."""

    def __init__(self, draw: st.DrawFn, most_tables: int, most_columns: int) -> None:
        self.draw = draw
        self.most_tables = most_tables
        self.most_columns = most_columns
        self.effects: list[_Table] = []
        self.tables: list[_Table] = []
        self.keys: list[Json] = []
        self.ranges: list[Json] = []
        self.orders: list[Json] = []
        self.uniques: list[str] = []

    # -- drawing ------------------------------------------------------------------------------------------

    def chance(self) -> bool:
        return self.draw(st.booleans())

    def whole(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def one(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def some(self, options: Sequence[T], most: int) -> list[T]:
        if not options:
            return []
        return self.draw(
            st.lists(st.sampled_from(options), min_size=self.whole(0, 1), max_size=most, unique=True)
        )

    # -- tables -------------------------------------------------------------------------------------------

    def schema(self) -> Json:
        self.effects = [self.effect_table(f"event{i}") for i in range(self.whole(0, 2))]
        self.tables = [self.skeleton(i) for i in range(self.whole(1, self.most_tables))]
        nodes = [*(self.node(table) for table in self.effects), *map(self.table, self.tables)]
        tree: Json = {
            "version": "1.0",
            "metadata": {"name": "random", "x-layout": {}},
            "timeframe": {**_YEAR, "freq": self.one(_FREQUENCIES)},
            "nodes": nodes,
            "constraints": {
                "unique": [f"{node['id']}.{node['pk']}" for node in nodes if self.chance()] + self.uniques,
                "foreign_keys": self.keys,
                "ranges": self.ranges,
                "inequalities": self.orders,
            },
        }
        if self.chance():
            tree["dag"] = [[node["id"]] for node in nodes]
        if self.chance():
            tree["comment"] = "drawn at random"
        return tree

    def skeleton(self, number: int) -> _Table:
        """Settle what a table is, before its columns are."""
        earlier = [table.id for table in self.tables[:number]] or [f"t{i}" for i in range(number)]
        kind = self.one(
            ("entity", "fact", "fact", "fact", "vocab") if number else ("entity", "entity", "vocab", "fact")
        )
        parents = self.some(earlier, 2) if kind == "fact" else []
        rows = self.one((1, 2, 9, 20, 40))
        return _Table(f"t{number}", kind, rows, parents, timed=kind != "vocab" and self.chance())

    def node(self, table: _Table, **more: Any) -> Json:
        """Write a table down."""
        node: Json = {"id": table.id, "kind": table.kind, "pk": table.columns[0].name, **more}
        if table.kind == "entity" or (table.kind == "fact" and not table.parents):
            node["rows"] = table.rows
        node["columns"] = self.draw(st.permutations(table.json)) if len(table.json) > 1 else table.json
        return node

    def effect_table(self, id: str) -> _Table:
        """Make a table of events: a key, a window and a factor."""
        table = _Table(id, self.one(("entity", "vocab")), self.whole(1, 6), timed=True)
        rows = table.rows
        if table.kind == "vocab":
            days = [f"2024-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 9, 20)]
            lists: dict[str, tuple[str, list[Any]]] = {
                "event": ("string", [f"event {i}" for i in range(rows)]),
                "word": ("string", [self.one(WORDS) for _ in range(rows)]),
                "starts": ("datetime", [self.one(days) for _ in range(rows)]),
                "ends": ("date", [self.one([*days, None]) for _ in range(rows)]),
                "factor": ("float", [self.one((0, 0.5, 2, 3.5)) for _ in range(rows)]),
            }
            for name, (type, values) in lists.items():
                nullable = None in values
                self.add(table, name, type, {"enum_list": {"values": values}}, nullable, words=name == "word")
            return table
        self.add(table, "event", "int", {"sequence": {}})
        self.add(table, "word", "string", {"choice": {"choices": list(WORDS)}}, words=True)
        self.add(table, "starts", "datetime", self.series(table))
        self.add(table, "ends", "date", self.series(table), nullable=True, null_rate=0.3)
        uniform = {"type": "uniform", "params": {"low": 0, "high": 3}, "clamp": [0.5, 3]}
        self.add(table, "factor", "float", {"distribution": uniform})
        return table

    def table(self, table: _Table) -> Json:
        """Make a table's columns, and write it down."""
        more: Json = {}
        if table.kind == "vocab":
            self.add(table, "code", "int", {"enum_list": {"values": [10 * i for i in range(table.rows)]}})
            for i in range(self.whole(0, 2)):
                type = self.one(tuple(_LITERALS))
                values = [self.one(_LITERALS[type]) for _ in range(table.rows)]
                self.add(table, f"v{i}", type, {"enum_list": {"values": values}}, words=type == "string")
            return self.node(table)
        step = {"start": self.whole(-5, 1000), "step": self.one((1, 7, -2))}
        self.add(table, "key", "int", {"sequence": self.one(({}, step))})
        if table.kind == "fact" and table.parents:
            more |= self.below(table)
        for _ in range(self.whole(2, self.most_columns)):
            self.one(self.kinds(table))(table)
        return self.node(table, **more, **self.behavior(table))

    def below(self, table: _Table) -> Json:
        """Say whose child a table is, and how many there are: a fanout and its effects, or stages."""
        more: Json = {"parents": table.parents}
        self.reference(table, table.parents[0])
        if self.one((False, False, True)):
            for name, type, placeholder in (("stage_name", "string", "x"), ("stage_index", "int", 0)):
                self.add(table, name, type, {"choice": {"choices": [placeholder]}})
            table.timed = False
            if self.chance():  # the one time of its own is that of the stage, null where the parent has none
                self.add(
                    table, "reached", "datetime", {"datetime_series": {"within": "timeframe"}}, nullable=True
                )
            rates = self.one(((1,), (1, 0.6), (1, 0.5, 0.9)))
            stages = [{"stage_name": f"stage {i}", "transition_rate": rate} for i, rate in enumerate(rates)]
            variation = {WORDS[0]: {"transition_multiplier": self.one((0, 0.5, 4))}} if self.chance() else {}
            return more | {"stage_config": {"stages": stages, "segment_variation": variation}}
        if self.chance():
            more["fanout"] = self.fanout()
        keyed = self.find(self.one(table.parents))
        return more | {"modifiers": [self.effect(keyed, None) for _ in self.upto(2, self.effects)]}

    def behavior(self, table: _Table) -> Json:
        """Make a table's children differ by segment and by age; and its own columns go together, and be judged."""
        more: Json = {}
        words = [column.name for column in table.columns if column.words]
        if words and self.chance():
            behaviors = {
                WORDS[0]: {"fanout_multiplier": self.one((0, 0.5, 2))},
                WORDS[1]: {"fanout_multiplier": 1.5, "value_multiplier": 10},
            }
            applies = {"applies_to_columns": ["c2", "c3"]}
            more["segment_behavior"] = {"segment_column": self.one(words), "behaviors": behaviors, **applies}
        if table.timed and self.one((False, False, True)):
            # So early that every window of a child leaves room after it.
            early = {"within": {"start": "2024-01-01", "end": "2024-02-15"}, "freq": "D"}
            self.add(table, "created", self.one(TIMES), {"datetime_series": early})
            curves: list[Any] = [[1, 0.5, 2], {"curve_type": "linear", "params": {"a": 1, "b": 0.1}}]
            applies_to = self.one(("fanout", "all", "c2", ["c2", "c3"]))
            age = {"curve": self.one(curves), "time_unit": "month", "applies_to": applies_to}
            more["vintage_behavior"] = {"created_at_column": "created", "age_based_multipliers": {"age": age}}
        free = [column.name for column in table.columns if column.free]
        if len(free) > 1 and self.chance():
            more["correlations"] = [{"columns": free[:2], "value": self.one((-0.5, 0.8))}]
        if self.chance():
            more["rules"] = [{"expression": f"{table.columns[0].name} >= -99", "share": 0.5}]
        return more

    def upto(self, most: int, given: Sequence[object]) -> range:
        return range(self.one((0, *range(1, most + 1))) if given else 0)

    def fanout(self) -> Json:
        every: list[Json] = [
            {"distribution": "poisson", "lambda": self.one((0, 0.5, 2.5))},
            {"distribution": "poisson", "lambda": 1.5, "min": 1, "max": 4},
            {"distribution": "uniform", "min": 0, "max": 3},
            {"distribution": "uniform", "clamp": [2, 2]},
        ]
        for key, cls in FANOUTS.all().items():
            if key not in ("poisson", "uniform"):
                made = [cls.model_validate(sample) for sample in cls.samples]
                pairs = zip(made, cls.samples, strict=True)
                every += [{"distribution": key, **sample} for part, sample in pairs if part.mean() <= 8]
        return self.one(every)

    # -- columns ------------------------------------------------------------------------------------------

    def add(
        self, table: _Table, name: str, type: str, generator: Json, nullable: bool = False, *,
        words: bool = False, free: bool = False, modifiers: Sequence[Json] = (), **more: Any,
    ) -> None:  # fmt: skip
        """Add a column, spelled in one way or another."""
        table.columns.append(_Column(name, type, nullable, words, free))
        column: Json = {"name": name, "type": type}
        if nullable or self.chance():
            column["nullable"] = nullable
        if modifiers or self.chance():
            column["modifiers"] = list(modifiers)
        table.json.append({**column, **more, "generator": generator})

    def kinds(self, table: _Table) -> list[Callable[[_Table], None]]:
        kinds: list[Callable[[_Table], None]] = [
            self.choice,
            self.number,
            self.number,
            self.expression,
            self.sequence,
            self.case,
        ]
        kinds += [self.looked_up] * (3 if self.ways(table) else 0)
        if any(other.filled for other in self.before(table)):
            kinds.append(self.referred)
        kinds += [self.order, self.unique]
        if table.timed:
            kinds += [self.time, self.time]
        if "faker" in GENERATORS.all():
            kinds.append(self.faked)
        return kinds

    def name(self, table: _Table) -> str:
        return f"c{len(table.columns)}"

    def nulls(self) -> Json:
        """Say that a column may hold nulls, and how many it gets besides those that come by themselves."""
        return {"nullable": True, **self.one(({}, {"null_rate": 0.25}, {"null_rate": 1}))}

    def sequence(self, table: _Table) -> None:
        type = self.one(("int", "float", "string"))
        self.add(table, self.name(table), type, {"sequence": {"start": self.whole(0, 9)}})

    def choice(self, table: _Table) -> None:
        type = self.one([type for type in _LITERALS if table.timed or type not in TIMES])
        choices = list(_LITERALS[type])
        weights: list[Json] = [
            {},
            {"weights": [self.whole(1, 9) for _ in choices]},
            {"weights": [0] * (len(choices) - 1) + [1]},
            {"weights_kind": "zipf@1.5"},
            {"weights_kind": "head_tail@{0.8,1}"},
        ]
        more = self.one(({}, self.nulls()))
        modifiers: list[Json] = []
        if type == "string" and self.chance():
            mapping = {WORDS[0]: WORDS[1], WORDS[1]: WORDS[0]}
            modifiers = [{"transform": "map_values", "args": {"mapping": mapping}}]
        generator = {"choice": {"choices": choices, **self.one(weights)}}
        self.add(
            table, self.name(table), type, generator, words=type == "string", modifiers=modifiers, **more
        )

    def number(self, table: _Table) -> None:
        type = self.one(NUMBERS)
        key = self.one(sorted(DISTRIBUTIONS.all()))
        params = self.one(DISTRIBUTIONS.get(key).samples)
        shape = {"type": key, "params": dict(params), "clamp": self.one(([-50, 1000], [0, 20]))}
        name = self.name(table)
        modifiers = [self.modifier(table) for _ in range(self.whole(0, 3))]
        if self.chance():
            self.ranges.append({"attr": f"{table.id}.{name}", **self.one(({"min": 1}, {"min": 2, "max": 9}))})
        self.add(
            table, name, type, {"distribution": shape}, modifiers=modifiers, **self.one(({}, self.nulls()))
        )

    def order(self, table: _Table) -> None:
        """Draw two numbers, or two times, one of which is never above the other."""
        times = table.timed and self.chance()
        names = []
        for _ in range(2):
            names.append(self.name(table))
            if times:
                series = {"datetime_series": {"within": "timeframe", "freq": self.one(("h", "D"))}}
                self.add(table, names[-1], "datetime", series)
            else:
                low = {"type": "uniform", "params": {"low": 0, "high": 100}, "clamp": [0, 100]}
                shape = self.one(
                    (low, {"type": "normal", "params": {"mean": 50, "std": 20}, "clamp": [0, 100]})
                )
                self.add(table, names[-1], self.one(NUMBERS), {"distribution": shape}, free=True)
        left, right = (f"{table.id}.{name}" for name in names)
        self.orders.append({"left": left, "op": self.one(("<=", ">=")), "right": right})

    def unique(self, table: _Table) -> None:
        """Draw whole numbers none of which comes twice."""
        name = self.name(table)
        uniform = {"type": "uniform", "params": {"low": 1, "high": 10**7}, "clamp": [1, 10**7]}
        self.uniques.append(f"{table.id}.{name}")
        self.add(table, name, "int", {"distribution": uniform})

    def time(self, table: _Table) -> None:
        type = self.one(TIMES)
        modifiers: list[Json] = [self.seasonality(None) for _ in range(self.whole(0, 1))]
        modifiers += [self.effect(table, None) for _ in self.upto(1, self.effects)]
        modifiers += [self.outliers() for _ in range(self.whole(0, 1))]
        spread = self.one(({"std_minutes": 40}, {"std": 5}))
        modifiers += [{"transform": "time_jitter", "args": spread} for _ in range(self.whole(0, 1))]
        more = self.one(({}, self.nulls()))
        self.add(table, self.name(table), type, self.series(table), modifiers=modifiers, **more)

    def series(self, table: _Table) -> Json:
        within = self.one(("timeframe", {"start": "2024-03-01T06:00:00Z", "end": "2024-09-30"}))
        body: Json = {"within": within}
        if self.chance():
            body["freq"] = self.one(_FREQUENCIES)
        if self.chance():
            body[self.one(("pattern", "patterns"))] = self.cells()
            if "patterns" in body:
                body["patterns"] = [body["patterns"], self.cells()]
        return {"datetime_series": body}

    def cells(self) -> Json:
        dimension = self.one(tuple(_CELLS))
        heavy = self.whole(0, _CELLS[dimension] - 1)
        return {
            "dimension": dimension,
            "weights": [5 if i == heavy else 1 + i % 2 for i in range(_CELLS[dimension])],
        }

    def expression(self, table: _Table) -> None:
        numbers = [column.name for column in table.columns if column.type in NUMBERS]
        texts = [column.name for column in table.columns if column.type == "string"]
        times = [column.name for column in table.columns if column.type == "datetime"]
        codes: list[tuple[str, str]] = [
            ("float", f"coalesce({self.one(numbers)}, 0) * 2 + 1"),
            ("int", f"coalesce({self.one(numbers)} // 3, {self.one(numbers)}, -1)"),
            ("float", f"clip(coalesce({self.one(numbers)} / {self.one(numbers)}, 0), -5, 5)"),
            (
                "bool",
                f"coalesce({self.one(numbers)}, 0) > 3 and not coalesce({self.one(numbers)} <= 5, false)",
            ),
            ("string", f'"many" if coalesce({self.one(numbers)}, 0) > 4 else "few"'),
        ]
        if texts:
            codes.append(("string", f'upper(coalesce({self.one(texts)}, "none"))'))
        if times and table.timed:
            codes.append(("datetime", f"{self.one(times)} + hours(5)"))
        type, code = self.one(codes)
        # One whose value may be null says so; the others may say so too.
        more = self.nulls() if "hours" in code or self.chance() else {}
        self.add(table, self.name(table), type, {"expression": {"code": code}}, **more)

    def case(self, table: _Table) -> None:
        """Draw in one way or another, by a number of the row."""
        number = self.one([column.name for column in table.columns if column.type in NUMBERS])
        then: list[Json] = [{"choice": {"choices": [1, 2]}}, {"sequence": {"start": 5}}]
        then += [
            {"expression": {"code": f"{other.name} * 2"}} for other in table.columns if other.type in NUMBERS
        ]
        branches: list[Json] = [
            {"when": f"{number} > {limit}", "then": self.one(then)} for limit in self.one(((3,), (9, 2)))
        ]
        if self.chance():
            branches.append({"else": {"choice": {"choices": [0, 7]}}})
        self.add(table, self.name(table), "float", {"case": branches}, **self.nulls())

    def faked(self, table: _Table) -> None:
        body = self.one(_METHODS)
        self.add(table, self.name(table), "string", {"faker": body}, **self.one(({}, self.nulls())))

    # -- references ---------------------------------------------------------------------------------------

    def find(self, id: str) -> _Table:
        return next(table for table in (*self.effects, *self.tables) if table.id == id)

    def before(self, table: _Table) -> list[_Table]:
        """Return the tables whose columns are known already."""
        return [other for other in (*self.effects, *self.tables) if other.columns and other is not table]

    def fits(self, table: _Table, column: _Column) -> bool:
        """Say whether a column may be read into a table: a time only into one that has times anyway."""
        return table.timed or column.type not in TIMES

    def reference(self, table: _Table, target: str, **more: Any) -> None:
        """Read the key of another table, and declare it a foreign key."""
        key = self.find(target).columns[0]
        name = self.name(table)
        self.keys.append({"from": f"{table.id}.{name}", "to": f"{target}.{key.name}"})
        self.add(table, name, key.type, {"lookup": {"from": f"{target}.{key.name}"}}, **more)

    def ways(self, table: _Table) -> list[Callable[[_Table], None]]:
        """Return the ways in which a table can read other rows."""
        ways: list[Callable[[_Table], None]] = [self.of_own]
        if table.parents:
            ways += [self.of_parent, self.of_parent]
        if self.strangers(table):
            ways += [self.of_any, self.of_any]
        if any(column.words for column in table.columns) and self.worded(table):
            ways += [self.of_match, self.of_match]
        if self.later(table):
            ways.append(self.of_later)
        return ways

    def looked_up(self, table: _Table) -> None:
        self.one(self.ways(table))(table)

    def strangers(self, table: _Table) -> list[_Table]:
        return [other for other in self.before(table) if other.id not in table.parents]

    def worded(self, table: _Table) -> list[_Table]:
        return [other for other in self.before(table) if any(column.words for column in other.columns)]

    def later(self, table: _Table) -> list[_Table]:
        return [other for other in self.tables[self.tables.index(table) + 1 :] if other.kind == "entity"]

    def of_parent(self, table: _Table) -> None:
        target = self.find(self.one(table.parents))
        column = self.one([column for column in target.columns if self.fits(table, column)])
        generator = {"lookup": {"from": f"{target.id}.{column.name}"}}
        empty = target.id != table.parents[0] and not target.filled
        more = self.nulls() if column.nullable or empty or self.chance() else {}
        self.add(table, self.name(table), column.type, generator, words=column.words, **more)

    def of_any(self, table: _Table) -> None:
        target = self.one(self.strangers(table))
        column = self.one([column for column in target.columns if self.fits(table, column)])
        body: Json = {"from": f"{target.id}.{column.name}"}
        body |= self.one(({}, {"weights_kind": "zipf@1.1"}, {"pick": self.one(("a", "b"))}))
        more = self.nulls() if column.nullable or not target.filled or self.chance() else {}
        self.add(table, self.name(table), column.type, {"lookup": body}, words=column.words, **more)

    def of_own(self, table: _Table) -> None:
        column = self.one([column for column in table.columns if self.fits(table, column)])
        body: Json = {"from": f"{table.id}.{column.name}", **self.one(({}, {"roots": 0.2}))}
        self.add(table, self.name(table), column.type, {"lookup": body}, words=column.words, **self.nulls())

    def of_match(self, table: _Table) -> None:
        target = self.one(self.worded(table))
        local = self.one([column for column in table.columns if column.words])
        remote = self.one([column for column in target.columns if column.words])
        column = self.one([column for column in target.columns if self.fits(table, column)])
        body = {"from": f"{target.id}.{column.name}", "on": {local.name: remote.name}}
        self.add(table, self.name(table), column.type, {"lookup": body}, words=column.words, **self.nulls())

    def of_later(self, table: _Table) -> None:
        target = self.one(self.later(table))
        name = self.name(table)
        self.keys.append({"from": f"{table.id}.{name}", "to": f"{target.id}.key"})
        self.add(table, name, "int", {"lookup": {"from": f"{target.id}.key"}}, **self.one(({}, self.nulls())))

    def referred(self, table: _Table) -> None:
        """Choose among the values of another table's column."""
        target = self.one([other for other in self.before(table) if other.filled])
        column = self.one([column for column in target.columns if self.fits(table, column)])
        body: Json = {"choices_ref": f"{target.id}.{column.name}"}
        body |= self.one(({}, {"weights_kind": "zipf@1.1"}))
        more = self.nulls() if column.nullable or self.chance() else {}
        self.add(table, self.name(table), column.type, {"choice": body}, words=column.words, **more)

    # -- modifiers ----------------------------------------------------------------------------------------

    def modifier(self, table: _Table) -> Json:
        """Make a modifier of numbers."""
        plain: list[Json] = [
            {"transform": "multiply", "args": {self.one(("factor", "value")): self.one((2, 0.5, -1))}},
            {"transform": "add", "args": {"value": self.one((1, -3.5))}},
            {"transform": "clamp", "args": self.one(({"min": 1}, {"min": 0, "max": 50}))},
            {"transform": "jitter", "args": {"std": 0.2, "mode": self.one(("add", "mul"))}},
            {"transform": "map_values", "args": {"mapping": {"1": 100, "2": 200}}},
            {"transform": "expression", "args": {"code": "value + 1 if value > 2 else value"}},
            self.outliers(),
        ]
        clock = self.clock(table)
        if clock is None or self.chance():
            return self.one(plain)
        timed = [self.seasonality, self.trend]
        if self.effects:
            timed.append(lambda clock: self.effect(table, clock))
        return self.one(timed)(clock)

    def clock(self, table: _Table) -> Json | None:
        """Return where a modifier of this table may take its time from: said, or above; None where nowhere."""
        if table.timed:
            own = [column.name for column in table.columns if column.type in TIMES]
            return {"time_reference": self.one(own)} if own else None
        here = table
        while here.parents:
            here = self.find(here.parents[0])
            if any(column.type in TIMES for column in here.columns):
                return {}
        return None

    def seasonality(self, clock: Json | None) -> Json:
        return {"transform": "seasonality", "args": {**self.cells(), **(clock or {})}}

    def trend(self, clock: Json) -> Json:
        shapes: list[Json] = [
            {"type": "exponential", "growth_rate": 0.1},
            {"type": "linear", "growth_rate": -0.2},
            {"type": "logarithmic", "params": {"a": 0.3, "b": 2}},
        ]
        return {"transform": "trend", "args": {**self.one(shapes), **clock}}

    def outliers(self) -> Json:
        size: Json = {"type": "lognormal", "params": {"mean": 1, "sigma": 0.5}, "clamp": [0.5, 20]}
        magnitude: Json = self.one(({"magnitude": 3}, {"magnitude_dist": size}))
        mode = self.one(("spike", "drop"))
        more: Json = self.one(({}, {"allow_exceed": True}))
        return {"transform": "outliers", "args": {"rate": 0.2, "mode": mode, **magnitude, **more}}

    def effect(self, table: _Table, clock: Json | None) -> Json:
        """Make an effect on a table whose keys stand in `table`."""
        event = self.one(self.effects)
        words = [column.name for column in table.columns if column.words]
        window = {"start_col": "starts", "end_col": "ends"}
        args: Json = {
            "effect_table": event.id,
            "on": {self.one(words): "word"} if words and self.chance() else {},
            "map": {"field": "factor", "op": self.one(("mul", "add")), "default": self.one((1, 0.5))},
        }
        if self.chance():
            args["window"] = window
            args |= clock or {}
        return {"transform": "effect", "args": args}
