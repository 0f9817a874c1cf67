"""From a JSON tree to a schema, whatever is wrong with it: one fault, one problem, one true path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from datagen_engine.schema.document import Schema
from datagen_engine.schema.edit import rename_key
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Fix, Problem, nearest
from datagen_engine.schema.spec import Spec, is_remark

__all__ = ["Reading", "Unreadable", "read_schema"]

_ROUNDS = 12
_MOST_PROBLEMS = 1_000


class Unreadable(Generator):
    """Stand in for a generator that could not be read, so that the checks after it still see the column."""

    key: ClassVar[str] = "unreadable"
    title: ClassVar[str] = "Unreadable"
    help: ClassVar[str] = "Takes the place of a generator with a problem."

    def bind(self, site: Any) -> Any:
        """Refuse: a schema with an unreadable generator is never drawn."""
        raise ValueError("a column whose generator has a problem cannot be drawn")

    def facts(self, site: Any) -> Any:
        """Know nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what could be read of a schema.

    `schema` leaves out the parts that `problems` are about, so that the rest can be checked all the same;
    it is None where not enough is left. `dropped` names the left-out items of lists.
    """

    schema: Schema | None
    problems: tuple[Problem, ...]
    dropped: frozenset[Path] = frozenset()

    def original(self, path: Path) -> Path:
        """Return the path in the document of a path in `schema`."""
        if not self.dropped:
            return path
        out: Path = ()
        for step in path:
            if isinstance(step, int):
                gone = sorted(p[-1] for p in self.dropped if p[:-1] == out and isinstance(p[-1], int))
                for index in gone:
                    if index <= step:
                        step += 1
            out += (step,)
        return out


def read_schema(tree: Any) -> Reading:
    """Read a schema from a JSON tree.

    Every fault becomes a problem; a faulty part is left out and the rest read again, until it stands.
    """
    problems: list[Problem] = []
    dropped: set[Path] = set()
    pruned = tree
    for _ in range(_ROUNDS):
        try:
            return Reading(Schema.model_validate(pruned), tuple(problems), frozenset(dropped))
        except ValidationError as error:
            found = error.errors(include_url=False)
        back = Reading(None, (), frozenset(dropped))
        cuts: dict[Path, None] = {}
        for one in found:
            path = _true_path(pruned, one["loc"])
            problem = _problem(one, pruned, path)
            original = back.original(path)
            if len(problems) < _MOST_PROBLEMS:
                problems.append(Problem(
                    problem.code, original, problem.message, "error", problem.params,
                    problem.fix and Fix(problem.fix.title, tuple(
                        rename_key(original[:-1], edit.before, edit.after) for edit in problem.fix.edits)),
                ))
            cuts[_droppable(path)] = None
        if () in cuts:
            return Reading(None, tuple(problems))
        # From the back to the front, so that the indices before stay what they are.
        for cut in sorted(cuts, key=_order, reverse=True):
            if any(cut[: len(other)] == other for other in cuts if other != cut):
                continue
            if isinstance(cut[-1], int):
                dropped.add(back.original(cut))
            pruned = _cut(pruned, cut)
    return Reading(None, tuple(problems))


def _order(path: Path) -> tuple[tuple[int, str, int], ...]:
    return tuple((0, step, 0) if isinstance(step, str) else (1, "", step) for step in path)


def _true_path(tree: Any, loc: tuple[int | str, ...]) -> Path:
    """Leave out of pydantic's location what is no step in the document: tags of unions, wrapped single items."""
    path: Path = ()
    here = tree
    for place, step in enumerate(loc):
        last = place == len(loc) - 1
        if isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        elif isinstance(here, dict) and isinstance(step, str) and step in here:
            here = here[step]
        elif not (last and isinstance(here, dict) and isinstance(step, str) and _is_plain(step)):
            continue
        path += (step,)
    return path


def _is_plain(step: str) -> bool:
    return "[" not in step and "(" not in step


def _droppable(path: Path) -> Path:
    """Return the smallest part around a fault that can be left out so that the rest still stands."""
    for place in range(len(path), 0, -1):
        step, above = path[place - 1], path[: place - 1]
        if step == "generator" and len(above) >= 2 and above[-2] == "columns":
            return path[:place]
        if step == "type" and len(above) == 4 and above[2] == "columns":
            return path[:place]
        if isinstance(step, int) and above and above[-1] in _LISTS:
            return path[:place]
        if isinstance(step, str) and (step in _OPTIONAL or (len(above) == 1 and above[0] == "targets")):
            return path[:place]
        if len(above) == 0 and step == "metadata":
            return path[:1]
    return ()


_LISTS = {
    "nodes", "columns", "modifiers", "foreign_keys", "ranges", "inequalities", "unique", "correlations", "rules",
    *("weekend_share", "mean_in_range", "composite_effect", "quantile_in_range", "distinct_count", "null_share"),
    "correlation", "occurrence_rate", "dag",
}
_OPTIONAL = {
    "rows", "fanout", "parents", "segment_behavior", "vintage_behavior", "stage_config", "constraints", "nullable",
    "null_rate", "targets", "dag", "freq", "pattern", "enum", "timeframe", "version",
}
_REPLACEMENTS: dict[str, Any] = {
    "generator": Unreadable(), "type": "string", "constraints": {}, "version": "1.0",
    "metadata": {"name": "unnamed"}, "timeframe": {"start": "2024-01-01", "end": "2024-12-31"},
}


def _cut(tree: Any, path: Path) -> Any:
    head, *rest = path
    if isinstance(tree, list):
        assert isinstance(head, int)
        if not rest:
            return tree[:head] + tree[head + 1 :]
        return [*tree[:head], _cut(tree[head], tuple(rest)), *tree[head + 1 :]]
    assert isinstance(tree, dict)
    if rest:
        return {k: _cut(v, tuple(rest)) if k == head else v for k, v in tree.items()}
    out = {k: v for k, v in tree.items() if k != head}
    if head in _REPLACEMENTS:
        out[str(head)] = _REPLACEMENTS[str(head)]
        if head == "type" and "name" in out:
            out["generator"] = _REPLACEMENTS["generator"]
    return out


def _problem(error: ErrorDetails, tree: Any, path: Path) -> Problem:
    kind, given = error["type"], error.get("input")
    context = error.get("ctx") or {}
    if kind == "extra_forbidden":
        key = str(path[-1])
        known = _known_keys(tree, path[:-1])
        meant = nearest(key, known)
        hint = f"did you mean {meant!r}?" if meant else "known here: " + ", ".join(known) if known else ""
        fix = Fix(f"Rename it to {meant}", (rename_key(path[:-1], key, meant),)) if meant else None
        return Problem("unknown-key", path, f"unknown key {key!r}; {hint}", params={"key": key}, fix=fix)
    if kind == "missing":
        return Problem("missing-key", path, f"{str(path[-1])!r} is missing", params={"key": path[-1]})
    if kind in _EXPECTED:
        return Problem("wrong-type", path, f"expected {_EXPECTED[kind]}, found {shown(given)}")
    if kind == "literal_error":
        meant = nearest(str(given), _options(context))
        hint = f"; did you mean {meant!r}?" if meant else ""
        return Problem("unknown-word", path, f"expected {context.get('expected')}, found {shown(given)}{hint}")
    if kind in _LIMITS:
        limit = next(iter(context.values()), None)
        return Problem("out-of-limits", path, f"must be {_LIMITS[kind]} {limit}; found {shown(given)}")
    if kind in ("too_short", "too_long"):
        least = context.get("min_length", context.get("max_length"))
        side = "at least" if kind == "too_short" else "at most"
        return Problem("out-of-limits", path, f"expected {side} {least} item{'' if least == 1 else 's'}")
    if kind.startswith("union_tag"):
        return Problem("unknown-word", path, f"expected one of {context.get('expected_tags', 'the known kinds')}")
    return Problem(kind.replace("_", "-"), path, error["msg"], params=context)


def _options(context: dict[str, Any]) -> list[str]:
    return [part.strip("' ") for part in str(context.get("expected", "")).replace(" or ", ",").split(",")]


_EXPECTED = {
    "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number", "string_type": "text",
    "bool_type": "true or false", "list_type": "a list", "dict_type": "an object", "model_type": "an object",
    "model_attributes_type": "an object", "finite_number": "a finite number", "none_required": "null",
    "int_parsing_size": "a whole number of at most 4,300 digits",
}
_LIMITS = {
    "greater_than": "above", "greater_than_equal": "at least", "less_than": "below", "less_than_equal": "at most",
}


def shown(value: Any) -> str:
    """Write a value as a person would point at it, never longer than a few words."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    return {None: "null", True: "true", False: "false"}.get(value, str(value)[:60])


def _known_keys(tree: Any, path: Path) -> list[str]:
    """Return the keys that an object of the language may have at a path."""
    cls = spec_at(tree, path)
    if cls is None:
        return []
    return [field.alias or name for name, field in cls.model_fields.items()]


def spec_at(tree: Any, path: Path) -> type[Spec] | None:
    """Return the class of spec that stands at a path of a document, None for what is no object of the language."""
    from datagen_engine.schema.catalogue import class_at

    return class_at(Schema, tree, path)


def clean(value: Any) -> Any:
    """Return a tree without what means nothing to the engine, at any depth."""
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items() if not is_remark(k)}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


