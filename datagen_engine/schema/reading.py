"""From a JSON tree to a schema, whatever is wrong with it: one fault, one problem, one true path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from datagen_engine.schema.catalogue import class_at, keys_of
from datagen_engine.schema.document import Schema, Targets
from datagen_engine.schema.edit import Edit, apply, remove, rename_key, set_value
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.path import Path, at
from datagen_engine.schema.problem import Fix, Problem, nearest
from datagen_engine.schema.spec import Spec, is_remark

__all__ = ["Reading", "Unreadable", "problems_at", "read_schema"]

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
    it is None where not enough is left. `tree` is the document. `dropped` names the items of lists that are
    left out, `renamed` the keys that are read as another: the path with the meant key, and the key itself.
    """

    schema: Schema | None
    problems: tuple[Problem, ...]
    tree: Any = None
    dropped: frozenset[Path] = frozenset()
    renamed: Mapping[Path, str] = field(default_factory=dict)

    def original(self, path: Path) -> Path:
        """Return the path in the document of a path in `schema`."""
        if not self.dropped and not self.renamed:
            return path
        out: Path = ()
        for step in path:
            if isinstance(step, int):
                gone = sorted(p[-1] for p in self.dropped if p[:-1] == out and isinstance(p[-1], int))
                for index in gone:
                    if index <= step:
                        step += 1
            else:
                step = self.renamed.get((*out, step), step)
            out += (step,)
        return out

    def moved(self, problem: Problem) -> Problem:
        """Return a problem of `schema` as one of the document."""
        if not self.dropped and not self.renamed:
            return problem
        fix = problem.fix and Fix(
            problem.fix.title,
            tuple(replace(edit, path=self.original(edit.path)) for edit in problem.fix.edits),
        )
        return replace(problem, path=self.original(problem.path), fix=fix)


def read_schema(tree: Any) -> Reading:
    """Read a schema from a JSON tree.

    Every fault becomes a problem; a faulty part is left out, a mistyped word read as it is meant, and the
    rest read again, until it stands.
    """
    problems: list[Problem] = []
    dropped: set[Path] = set()
    renamed: dict[Path, str] = {}
    pruned = tree
    for _ in range(_ROUNDS):
        try:
            schema = Schema.model_validate(pruned)
        except ValidationError as error:
            found = error.errors(include_url=False)
        else:
            return Reading(schema, tuple(problems), tree, frozenset(dropped), renamed)
        back = Reading(None, (), tree, frozenset(dropped), renamed)
        faults = [_Fault(one, pruned) for one in found[:_MOST_PROBLEMS]]
        repairs: dict[Path, Edit | None] = {}
        for fault in _one_each(faults):
            original = back.original(fault.path)
            if fault.kind == "too_short" and any(path[:-1] == original for path in dropped):
                repairs[_droppable(fault.path[:-1])] = None  # nothing is left in a list: told already
                continue
            problem = fault.problem(pruned)
            if len(problems) < _MOST_PROBLEMS:
                problems.append(back.moved(problem))
            mended = _as_meant(problem, pruned)
            repairs[_droppable(fault.path) if mended is None else problem.path] = mended
        if () in repairs or len(found) > _MOST_PROBLEMS:  # after so many the rest is not worth reading
            return Reading(None, tuple(problems), tree)
        # From the back to the front, so that the indices before stay what they are.
        for path in sorted(repairs, key=_order, reverse=True):
            edit = repairs[path]
            if any(
                path[: len(other)] == other for other, one in repairs.items() if other != path and one is None
            ):
                continue
            if edit is None:
                if isinstance(path[-1], int):
                    dropped.add(back.original(path))
                pruned = _cut(pruned, path)
                continue
            if edit.operation == "rename_key":
                renamed[(*back.original(edit.path), edit.after)] = edit.before
            pruned = apply(pruned, edit)
    return Reading(None, tuple(problems), tree)


def problems_at(tree: Any, path: Path) -> list[Problem]:
    """Find what is wrong with the form of one object of a document, and of all within it.

    Only that object is read, so it takes a millisecond where reading the whole takes fifty: what one keystroke
    can break. What depends on other objects (whether a column exists, whether a target can be reached) is not
    looked at.

    Parameters
    ----------
    tree
        The document.
    path
        The way to a table, a column, a generator's body, a target …

    Returns
    -------
    list of Problem
        One for each fault, with its path from the document's root; none where no object of the language is.

    Examples
    --------
    >>> tree = {"nodes": [{"columns": [{"name": "a", "type": "int", "generator": {"sequence": {"step": 0.5}}}]}]}
    >>> [(p.path[-1], p.message) for p in problems_at(tree, ("nodes", 0, "columns", 0))]
    [('step', 'expected a whole number, found 0.5')]
    """
    cls = spec_at(tree, path)
    if cls is None:
        return []
    try:
        cls.model_validate(at(tree, path))
    except ValidationError as error:
        found: list[ErrorDetails] = error.errors(include_url=False)
        faults = [_Fault({**one, "loc": path + one["loc"]}, tree) for one in found[:_MOST_PROBLEMS]]
        return [fault.problem(tree) for fault in _one_each(faults)]
    return []


def _as_meant(problem: Problem, pruned: Any) -> Edit | None:
    """Return the edit after which a mistyped word reads as it is meant; None where a part must be left out."""
    if problem.fix is not None:
        (edit,) = problem.fix.edits
        return edit
    if problem.code == "unknown-key" and len(problem.path) > 1:
        return remove(problem.path, at(pruned, problem.path))
    return None


def _order(path: Path) -> tuple[tuple[int, str, int], ...]:
    return tuple((0, step, 0) if isinstance(step, str) else (1, "", step) for step in path)


class _Fault:
    """What pydantic finds wrong, at the place in the document where it is."""

    def __init__(self, error: ErrorDetails, tree: Any) -> None:
        self.kind = error["type"]
        self.error = error
        self.union: tuple[Path, str] | None = None
        """Where a value may be of several forms, and the form that this is a fault of."""
        self.path: Path = ()
        here = tree
        loc = error["loc"]
        for place, step in enumerate(loc):
            inside = (isinstance(here, list) and isinstance(step, int) and step < len(here)) or (
                isinstance(here, dict) and isinstance(step, str) and step in here
            )
            last = place == len(loc) - 1
            if inside:
                here = here[step]
                self.path += (step,)
            elif self.kind == "missing" and (last or step in _keys(tree, self.path)):
                # A key that could be here; where there is no object for it, that object is what is missing.
                self.path += (step,) if isinstance(here, dict) else ()
                break
            elif isinstance(step, str) and self.union is None:
                # No step in the document: a form of a union, a single item where a list may stand, a field
                # that is made of several keys.
                self.union = self.path, step
        self.missing: Path | None = self.path if self.kind == "missing" else None
        if self.kind == "missing-key" and "key" in error.get("ctx", {}):
            self.missing = (*self.path, error["ctx"]["key"])

    @property
    def inside(self) -> tuple[int, bool]:
        """Say how far this form of a union fits before it does not."""
        return len(self.path), not self.kind.endswith("_type")

    def problem(self, tree: Any) -> Problem:
        """Say it in plain words."""
        return _problem(self.error, tree, self.path)


def _one_each(faults: Sequence[_Fault]) -> list[_Fault]:
    """Leave out what only follows from another fault.

    Of a value that may be of several forms only the form that fits best is judged; a key is not missing
    where another is taken for it.
    """
    forms: dict[Path, dict[str, tuple[int, bool]]] = {}
    meant: set[Path] = set()
    for fault in faults:
        if fault.union:
            scores = forms.setdefault(fault.union[0], {})
            scores[fault.union[1]] = max(scores.get(fault.union[1], (0, False)), fault.inside)
    best = {path: max(scores, key=scores.__getitem__) for path, scores in forms.items()}
    kept = [fault for fault in faults if not fault.union or best[fault.union[0]] == fault.union[1]]
    for fault in kept:
        if fault.kind == "extra_forbidden":
            *around, key = fault.path
            beside = [str(f.missing[-1]) for f in kept if f.missing and f.missing[:-1] == fault.path[:-1]]
            near = nearest(str(key), beside)
            if near is not None:
                meant.add((*around, near))
    return [fault for fault in kept if fault.missing is None or fault.missing not in meant]


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
    "nodes",
    "columns",
    "modifiers",
    "parents",
    "foreign_keys",
    "ranges",
    "inequalities",
    "unique",
    "pattern",
    "enum",
    "correlations",
    "rules",
    *Targets.kinds,
    "dag",
}
_OPTIONAL = {
    "rows",
    "fanout",
    "parents",
    "segment_behavior",
    "vintage_behavior",
    "stage_config",
    "constraints",
    "nullable",
    "null_rate",
    "targets",
    "dag",
    "freq",
    "pattern",
    "enum",
    "timeframe",
    "version",
}
_REPLACEMENTS: dict[str, Any] = {
    "generator": Unreadable(),
    "type": "string",
    "constraints": {},
    "version": "1.0",
    "metadata": {"name": "unnamed"},
    "timeframe": {"start": "2024-01-01", "end": "2024-12-31"},
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
        return _unknown_key(tree, path)
    if kind == "missing":
        return Problem("missing-key", path, f"{str(path[-1])!r} is missing", params={"key": path[-1]})
    if kind == "missing-key" and "key" in context:
        return Problem(kind, (*path, context["key"]), error["msg"], params=context)
    if "found" in context and "nearest" in context:
        return _unknown_word(error, tree, path)
    if kind in _EXPECTED:
        return Problem("wrong-type", path, f"expected {_EXPECTED[kind]}, found {shown(given)}")
    if kind == "literal_error":
        meant = nearest(str(given), _options(context))
        hint = f"; did you mean {meant!r}?" if meant else ""
        message = f"expected {context.get('expected')}, found {shown(given)}{hint}"
        fix = Fix(f"Change it to {meant}", (set_value(path, given, meant),)) if meant else None
        return Problem("unknown-word", path, message, fix=fix)
    if kind in _LIMITS:
        limit = next(iter(context.values()), None)
        return Problem("out-of-limits", path, f"must be {_LIMITS[kind]} {limit}; found {shown(given)}")
    if kind in ("too_short", "too_long"):
        least = context.get("min_length", context.get("max_length"))
        side = "at least" if kind == "too_short" else "at most"
        return Problem("out-of-limits", path, f"expected {side} {least} item{'' if least == 1 else 's'}")
    if kind.startswith("union_tag"):
        known = context.get("expected_tags", "the known kinds")
        return Problem("unknown-word", path, f"expected one of {known}")
    # The codes of our own validators have a hyphen; what else pydantic may find has one code for all.
    return Problem(kind if "-" in kind else "invalid", path, error["msg"], params=context)


def _keys(tree: Any, path: Path) -> list[str]:
    """Return the keys that the object at a path may have; none of what is no object of the language."""
    cls = spec_at(tree, path)
    return keys_of(cls) if cls else []


def _unknown_key(tree: Any, path: Path) -> Problem:
    """Say that a key is unknown, and which one is meant, unless that one is there too."""
    key, around = str(path[-1]), at(tree, path[:-1])
    known = _keys(tree, path[:-1])
    meant = nearest(key, [word for word in known if not (isinstance(around, dict) and word in around)])
    if meant is None and nearest(key, known):
        hint = f"; there is {nearest(key, known)!r} already"
    else:
        hint = f"; did you mean {meant!r}?" if meant else "; known here: " + ", ".join(known) if known else ""
    fix = Fix(f"Rename it to {meant}", (rename_key(path[:-1], key, meant),)) if meant else None
    return Problem("unknown-key", path, f"unknown key {key!r}{hint}", params={"key": key}, fix=fix)


def _unknown_word(error: ErrorDetails, tree: Any, path: Path) -> Problem:
    """Say that the word which names a part, or a key beside it, is unknown."""
    context = error.get("ctx") or {}
    found, meant, word = context["found"], context["nearest"], context.get("word")
    where = (*path, found if word is None else word)
    fix = None
    if meant is not None and word is None:
        fix = Fix(f"Rename it to {meant}", (rename_key(path, found, meant),))
    elif meant is not None:
        fix = Fix(f"Change it to {meant}", (set_value(where, at(tree, where), meant),))
    return Problem(error["type"], where, error["msg"], params={"found": found, "nearest": meant}, fix=fix)


def _options(context: dict[str, Any]) -> list[str]:
    return [part.strip("' ") for part in str(context.get("expected", "")).replace(" or ", ",").split(",")]


_EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "finite_number": "a finite number",
    "none_required": "null",
    "int_parsing_size": "a whole number of at most 4,300 digits",
}
_LIMITS = {
    "greater_than": "above",
    "greater_than_equal": "at least",
    "less_than": "below",
    "less_than_equal": "at most",
}


def shown(value: Any) -> str:
    """Write a value as a person would point at it, never longer than a few words."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)[:60]


def spec_at(tree: Any, path: Path) -> type[Spec] | None:
    """Return the class of spec at a path of a document; None for what is no object of the language."""
    return class_at(Schema, tree, path)


def clean(value: Any) -> Any:
    """Return a tree without what means nothing to the engine, at any depth."""
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items() if not is_remark(k)}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value
