"""Values and their weights as a table: to type, paste from a spreadsheet, remove and reorder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.inspector.desk import MIXED, Desk
from datagen_app.inspector.editors.grid import Grid, GridColumn
from datagen_app.inspector.edits import put
from datagen_app.inspector.fields.choosing import named
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.line import Line
from datagen_app.inspector.fields.make import BY_KIND, BY_NAME, BY_SAYING, make_field, register
from datagen_app.inspector.fields.picker import Choice, Picker
from datagen_app.inspector.fields.simple import aside
from datagen_app.inspector.row import Row, link
from datagen_app.inspector.scalars import number_of, real, shown, text_of
from datagen_app.inspector.section import quiet
from datagen_app.inspector.shape import ABSENT, Shape
from datagen_app.inspector.weighting import parse_rule, rule_text, shares, shares_of_rule

__all__ = ["ChoiceField", "MappingField", "RuleField", "ValuesField", "next_value"]


def next_value(values: Sequence[Any], type: str) -> Any:
    """Return a value to add to others: one that is not among them, of the type of the column.

    Examples
    --------
    >>> next_value([1, 2], "int"), next_value(["web"], "string"), next_value([True], "bool")
    (3, 'value 2', False)
    """
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if type in ("int", "float") or (numbers and len(numbers) == len(values)):
        return (max(numbers) + 1) if numbers else 1
    if type == "bool":
        return True not in values
    if type in ("date", "datetime"):
        return values[-1] if values else "2024-01-01"
    number = len(values) + 1
    while f"value {number}" in values:
        number += 1
    return f"value {number}"


class _Table(Field):
    """A list of values as a grid."""

    wide = True

    def __init__(
        self,
        desk: Desk,
        shape: Shape,
        way: Path,
        label: str = "",
        parent: QWidget | None = None,
        columns: Sequence[GridColumn] = (GridColumn("Value"),),
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._raw: Any = ABSENT
        self.grid = Grid(columns, desk.theme, self.label, self)
        self.grid.written.connect(self._write)
        self.grid.removed.connect(self._remove)
        self.grid.moved.connect(self._move)
        self.add = link("+ Value", self)
        self.add.setAccessibleName(f"Add a value to {self.label.lower()}")
        self.add.clicked.connect(self.append)
        self.note = quiet("", self)
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch(1)
        below.addWidget(self.note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.grid)
        layout.addLayout(below)
        self.setFocusProxy(self.grid)
        self.watch(self.grid)

    @property
    def help(self) -> str:
        """How a table is used."""
        keys = "Type, or paste from a spreadsheet; Del removes rows, Alt and ↑ ↓ move one."
        return f"{super().help} {keys}".strip()

    def _write(self, cells: dict[tuple[int, int], str]) -> None:
        raise NotImplementedError

    def _remove(self, rows: Sequence[int]) -> None:
        raise NotImplementedError

    def _move(self, source: int, target: int) -> None:
        raise NotImplementedError

    def append(self) -> None:
        """Add a row, and begin to type in it."""
        raise NotImplementedError

    def _edit_last(self) -> None:
        last = self.grid.table.rowCount() - 1
        if last >= 0:
            self.grid.setFocus()
            self.grid.setCurrentIndex(self.grid.table.index(last, 0))
            self.grid.scrollToBottom()
            self.grid.edit(self.grid.table.index(last, 0))


@register(BY_KIND, "list of any")
class ValuesField(_Table):
    """A list of values of any kind."""

    @property
    def type(self) -> str:
        """The type that the values are of."""
        return self.desk.column_type

    def refresh(self) -> None:
        """Show the values."""
        raw = self._raw = self.desk.value(self.way)
        values = raw if isinstance(raw, list) else []
        self.grid.show_rows([(shown(value),) for value in values])
        self.grid.setVisible(bool(values))
        differs = raw is MIXED
        self.add.setVisible(not differs)
        self.note.setText(
            "These differ." if differs else f"{len(values):,} values" if len(values) > 9 else ""
        )

    def value(self) -> Any:
        """Return the values as the table says them."""
        if not isinstance(self._raw, list):
            return self._raw
        return [self.typed(row[0], old) for row, old in zip(self.grid.table.rows, self._raw, strict=True)]

    def typed(self, text: str, old: Any = ABSENT) -> Any:
        """Return the value that a text says."""
        return old if old is not ABSENT and text == shown(old) else text_of(text, self.type)

    def append(self) -> None:
        """Add a value, and begin to type it."""
        values = self._raw if isinstance(self._raw, list) else []
        title = f"Add a value to {self.desk.name}"
        self.desk.set(self.way, [*values, next_value(values, self.type)], title, self.order)
        self._edit_last()

    def _write(self, cells: dict[tuple[int, int], str]) -> None:
        values = list(self._raw) if isinstance(self._raw, list) else []
        for (row, _), text in sorted(cells.items()):
            if row < len(values):
                values[row] = self.typed(text, values[row])
            else:
                values.append(self.typed(text))
        self.set(values)

    def _remove(self, rows: Sequence[int]) -> None:
        values = [value for at, value in enumerate(self._raw) if at not in set(rows)]
        self.desk.set(self.way, values, f"Remove values of {self.desk.name}")

    def _move(self, source: int, target: int) -> None:
        edits = [datagen.Edit("move", root + self.way, source, target) for root in self.desk.roots]
        self.desk.do(f"Move a value of {self.desk.name}", edits)


_WAYS = (
    Choice("even", "all alike", "Every value is as likely as any other."),
    Choice("weights", "by weights", "Each value has a weight of its own."),
    Choice("zipf", "zipf", "The first most often, then fewer and fewer: the k-th in proportion to k^−a."),
    Choice("head_tail", "head and tail", "The first fifth shares most; the rest shares what is left."),
)
_RULE_WAYS = (_WAYS[0], _WAYS[2], _WAYS[3])


@register(BY_SAYING, "weights rule")
class RuleField(Field):
    """A rule that gives weights by the order of values: which one, and its numbers."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._raw: Any = ABSENT
        self.picker = Picker(desk.theme, self.label, self)
        self.picker.offer(lambda: _RULE_WAYS)
        self.picker.picked.connect(self._pick)
        self.text = Line(self)
        self.text.setAccessibleName(f"{self.label}, as it is written")
        self.text.said.connect(self._say)
        self.numbers = _RuleNumbers(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.picker)
        layout.addWidget(self.numbers)
        layout.addWidget(self.text)
        self.setFocusProxy(self.picker)
        self.watch(self.picker, self.text, self.numbers.first, self.numbers.second)

    def refresh(self) -> None:
        """Show the rule."""
        raw = self._raw = self.desk.value(self.way)
        rule = parse_rule(raw) if isinstance(raw, str) else None
        titles = {choice.key: choice.title for choice in _WAYS}
        if raw is MIXED:
            self.picker.show_choice("", "differs", quiet=True)
        elif rule is not None:
            self.picker.show_choice(
                "even" if rule[0] == "uniform" else rule[0], titles.get(rule[0], "all alike")
            )
        else:
            self.picker.show_choice("", "all alike" if raw is ABSENT else "another", quiet=raw is ABSENT)
        self.numbers.show_rule(rule)
        wrong = isinstance(raw, str) and rule is None
        self.text.setVisible(wrong)
        if wrong:
            self.text.show_text(raw)

    def value(self) -> Any:
        """Return the rule as the fields say it."""
        rule = parse_rule(self._raw) if isinstance(self._raw, str) else None
        return self._raw if rule is None else self.numbers.rule(rule, self._raw)

    def take(self, first: str, second: str) -> None:
        """Take numbers that were typed."""
        rule = parse_rule(self._raw) if isinstance(self._raw, str) else None
        if rule is None:
            return
        one, two = number_of(first), number_of(second)
        if one is None or (two is None and rule[0] == "head_tail"):
            # What is no number stays as it is typed, and the problem says what is wrong with it.
            self.set(f"zipf@{first}" if rule[0] == "zipf" else f"head_tail@{{{first},{second}}}")
        else:
            self.set(rule_text(rule[0], one, two or 0.0))

    def _pick(self, key: str) -> None:
        if key == "even":
            self.remove()
        else:
            self.set("zipf@1.2" if key == "zipf" else "head_tail@{0.8,1}")

    def _say(self, text: str) -> None:
        self.set(text)


class _RuleNumbers(QWidget):
    """The numbers of a rule."""

    def __init__(self, field: RuleField) -> None:
        super().__init__(field)
        self._field = field
        self.before = aside(self)
        self.first = Line(self)
        self.between = aside(self)
        self.second = Line(self)
        self._kind = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.before, self.first, self.between, self.second):
            layout.addWidget(widget, 1 if isinstance(widget, Line) else 0)
        self.first.said.connect(self._say)
        self.second.said.connect(self._say)

    def show_rule(self, rule: tuple[str, float, float] | None) -> None:
        """Show them."""
        self._kind = rule[0] if rule is not None else ""
        self.setVisible(self._kind in ("zipf", "head_tail"))
        if rule is None:
            return
        head = self._kind == "head_tail"
        self.before.setText("head" if head else "a")
        self.between.setText("tail a")
        self.first.setAccessibleName("Share of the head" if head else "Exponent a")
        self.second.setAccessibleName("Exponent of the tail")
        self.between.setVisible(head)
        self.second.setVisible(head)
        self.first.show_text(f"{rule[1]:g}")
        self.second.show_text(f"{rule[2]:g}")

    def rule(self, rule: tuple[str, float, float], raw: str) -> Any:
        """Return the rule that they say."""
        one, two = number_of(self.first.text()), number_of(self.second.text())
        if one is None or rule[0] == "uniform":
            return raw
        made = rule_text(rule[0], one, two or 0.0)
        return raw if parse_rule(made) == rule else made

    def _say(self, text: str) -> None:
        self._field.take(self.first.text(), self.second.text())


@register(BY_NAME, "generator choice")
class ChoiceField(_Table):
    """Values, given here or those of a column, each with its share."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        columns = (
            GridColumn("Value"),
            GridColumn("Weight", right=True),
            GridColumn("Share", editable=False, right=True),
        )
        super().__init__(desk, shape, way, label, parent, columns)
        self.grid.setAccessibleName("Values, weights and shares")
        self.source = Picker(desk.theme, "Values from", self)
        self.source.offer(lambda: _SOURCES)
        self.source.picked.connect(self._change_source)
        self.weighing = Picker(desk.theme, "Shares", self)
        self.weighing.offer(self._ways)
        self.weighing.picked.connect(self._weigh)
        fields = shape.fields
        self.reference = make_field(desk, fields["choices_ref"], (*way, "choices_ref"))
        self.rule = RuleField(desk, fields["weights_kind"], (*way, "weights_kind"), "Shares")
        self.rule.picker.hide()
        for field in (self.reference, self.rule):
            field.order = tuple(fields)
            field.labelled = False
        self._reference_row = Row(desk, self.reference, self)
        self._rule_row = Row(desk, self.rule, self)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.setSpacing(8)
        layout.insertWidget(0, self.source)
        layout.insertWidget(1, self._reference_row)
        layout.insertWidget(2, self.weighing)
        layout.insertWidget(3, self._rule_row)
        self.setFocusProxy(self.source)
        self.watch(self.source, self.weighing)

    def inner(self) -> Iterator[Field]:
        """Yield the fields beside the table."""
        yield self.reference
        yield self.rule

    @property
    def _body(self) -> dict[str, Any]:
        raw = self._raw
        return raw if isinstance(raw, dict) else {}

    @property
    def weighed(self) -> str:
        """How the values are weighed: `even`, `weights`, `zipf`, `head_tail`, or nothing that is known."""
        if isinstance(self._body.get("weights"), list):
            return "weights"
        rule = self._body.get("weights_kind")
        if rule is None:
            return "even"
        known = parse_rule(rule) if isinstance(rule, str) else None
        return "" if known is None else "even" if known[0] == "uniform" else known[0]

    def refresh(self) -> None:
        """Show the values and their shares."""
        raw = self._raw = self.desk.value(self.way)
        mixed = raw is MIXED
        body = self._body
        referred = body.get("choices_ref") is not None and body.get("choices") is None
        self.source.show_choice(
            "" if mixed else "choices_ref" if referred else "choices",
            "differs" if mixed else "values of a column" if referred else "values given here",
            quiet=mixed,
        )
        self._reference_row.setVisible(referred)
        choices, weights = body.get("choices"), body.get("weights")
        values = choices if isinstance(choices, list) else []
        titles = {choice.key: choice.title for choice in _WAYS}
        way = self.weighed
        self.weighing.show_choice(way, "differs" if mixed else titles.get(way, "another rule"), quiet=mixed)
        self.weighing.setVisible(not mixed)
        self._rule_row.setVisible(way in ("zipf", "head_tail", "") and not mixed)
        self.grid.setVisible(not referred and bool(values))
        self.grid.setColumnHidden(1, way != "weights")
        self.add.setVisible(not referred and not mixed)
        self.note.setText(f"{len(values):,} values" if len(values) > 9 else "")
        self.reference.refresh()
        self.rule.refresh()
        self.grid.show_rows(self._rows(values, weights if isinstance(weights, list) else None))

    def _rows(self, values: Sequence[Any], weights: Sequence[Any] | None) -> list[Sequence[str]]:
        rule = self._body.get("weights_kind")
        if weights is not None:
            parts = shares([max(0.0, real(weight) or 0.0) for weight in weights[: len(values)]])
        else:
            parts = shares_of_rule(rule if isinstance(rule, str) else "uniform", len(values)) or []
        return [
            (
                shown(value),
                shown(weights[at]) if weights is not None and at < len(weights) else "",
                _percent(parts[at]) if at < len(parts) else "",
            )
            for at, value in enumerate(values)
        ]

    def value(self) -> Any:
        """Return the choice as the fields say it."""
        if not isinstance(self._raw, dict):
            return self._raw
        made = dict(self._raw)
        rows = self.grid.table.rows
        if isinstance(made.get("choices"), list):
            made["choices"] = [
                old if row[0] == shown(old) else text_of(row[0], self.desk.column_type)
                for row, old in zip(rows, made["choices"], strict=True)
            ]
        if isinstance(made.get("weights"), list) and len(made["weights"]) == len(rows):
            made["weights"] = [
                old if row[1] == shown(old) else number_of(row[1])
                for row, old in zip(rows, made["weights"], strict=True)
            ]
        if isinstance(made.get("choices_ref"), str):
            made["choices_ref"] = self.reference.value()
        if isinstance(made.get("weights_kind"), str):
            made["weights_kind"] = self.rule.value()
        return made

    def append(self) -> None:
        """Add a value, and begin to type it."""
        values = self._body.get("choices")
        values = values if isinstance(values, list) else []
        weights = self._body.get("weights")
        made = [*values, next_value(values, self.desk.column_type)]
        self._put(made, [*weights, 1] if isinstance(weights, list) else None, "Add a value to")
        self._edit_last()

    def _ways(self) -> Sequence[Choice]:
        return _RULE_WAYS if self._body.get("choices") is None else _WAYS

    def _weigh(self, key: str) -> None:
        values = self._body.get("choices")
        size = len(values) if isinstance(values, list) else 0
        body = {k: v for k, v in self._body.items() if k not in ("weights", "weights_kind")}
        if key == "weights":
            rule = self._body.get("weights_kind")
            parts = shares_of_rule(rule, size) if isinstance(rule, str) else None
            body["weights"] = [round(100 * part, 2) for part in parts] if parts else [1] * size
        elif key in ("zipf", "head_tail"):
            body["weights_kind"] = "zipf@1.2" if key == "zipf" else "head_tail@{0.8,1}"
        self.desk.set(self.way, body, f"Change shares of {self.desk.name}")

    def _change_source(self, key: str) -> None:
        body = self._body
        title = f"Change where {self.desk.name} picks from"
        if key == "choices":
            kind = self.desk.column_type
            values = [next_value([], kind)] if kind in ("int", "float") else ["a", "b"]
            self.desk.set(self.way, {"choices": values, **_without(body, "choices_ref")}, title)
            return
        offered = named(self.desk, self.shape.fields["choices_ref"], (*self.way, "choices_ref"))
        reference = offered[0].key if offered else "table.column"
        self.desk.set(self.way, {"choices_ref": reference, **_without(body, "choices", "weights")}, title)

    def _write(self, cells: dict[tuple[int, int], str]) -> None:
        body = self._body
        values = list(body.get("choices") or [])
        given = body.get("weights")
        weights = list(given) if isinstance(given, list) else None
        if any(column == 1 for _, column in cells) and weights is None:
            weights = [1] * len(values)
        for (row, column), text in sorted(cells.items()):
            while row >= len(values):
                values.append("")
                if weights is not None:
                    weights.append(1)
            if column == 0:
                values[row] = text_of(text, self.desk.column_type)
            elif column == 1 and weights is not None:
                while row >= len(weights):
                    weights.append(1)
                number = number_of(text.removesuffix("%"))
                weights[row] = text if number is None else number
        self._put(values, weights, "Change values of")

    def _remove(self, rows: Sequence[int]) -> None:
        gone, weights = set(rows), self._body.get("weights")
        values = [value for at, value in enumerate(self._body["choices"]) if at not in gone]
        kept = [w for at, w in enumerate(weights) if at not in gone] if isinstance(weights, list) else None
        self._put(values, kept, "Remove values of")

    def _move(self, source: int, target: int) -> None:
        weights = self._body.get("weights")
        keys = ["choices", *(["weights"] if isinstance(weights, list) and len(weights) > source else [])]
        edits = [
            datagen.Edit("move", (*root, *self.way, key), source, target)
            for root in self.desk.roots
            for key in keys
        ]
        self.desk.do(f"Move a value of {self.desk.name}", edits)

    def _put(self, values: list[Any], weights: list[Any] | None, what: str) -> None:
        edits: list[datagen.Edit] = []
        order = tuple(self.shape.fields)
        for root in self.desk.roots:
            edits += put(self.desk.tree, (*root, *self.way, "choices"), values, order)
            if weights is not None:
                edits += put(self.desk.tree, (*root, *self.way, "weights"), weights, order)
        if weights is not None and self._body.get("weights_kind") is not None:
            for root in self.desk.roots:
                edits += put(self.desk.tree, (*root, *self.way, "weights_kind"), ABSENT)
        self.desk.do(f"{what} {self.desk.name}", edits, f"{self.way} values")


_SOURCES = (
    Choice("choices", "values given here"),
    Choice("choices_ref", "values of a column", "Picked among the rows of another table."),
)


def _without(body: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in keys}


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.001 or share == 0 else f"{100 * share:.2g} %"


@register(BY_KIND, "map of any")
class MappingField(_Table):
    """Values and what becomes of them."""

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent, (GridColumn("Value"), GridColumn("Becomes")))
        self.add.setText("+ Entry")
        self.fill = link("All values of the column", self)
        self.fill.setToolTip("Add an entry for every value that the column can have")
        self.fill.clicked.connect(self._fill)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.fill, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Show the mapping."""
        raw = self._raw = self.desk.value(self.way)
        entries = raw if isinstance(raw, dict) else {}
        self.grid.show_rows([(key, shown(value)) for key, value in entries.items()])
        self.grid.setVisible(bool(entries))
        self.note.setText("These differ." if raw is MIXED else "")
        self.fill.setVisible(any(key not in entries for key in self._known()))

    def value(self) -> Any:
        """Return the mapping as the table says it."""
        if not isinstance(self._raw, dict):
            return self._raw
        pairs = zip(self.grid.table.rows, self._raw.items(), strict=True)
        return {
            row[0]: old if row[1] == shown(old) else text_of(row[1], self.desk.column_type)
            for row, (_, old) in pairs
        }

    def append(self) -> None:
        """Add an entry, and begin to type it."""
        entries = self._raw if isinstance(self._raw, dict) else {}
        missing = [key for key in self._known() if key not in entries]
        number = len(entries) + 1
        while f"value {number}" in entries:
            number += 1
        key = missing[0] if missing else f"value {number}"
        self._put({**entries, key: text_of(key, self.desk.column_type)}, "Add an entry to")
        self._edit_last()

    def _known(self) -> list[str]:
        """Return the JSON texts of the values that the column is drawn from, where they are listed."""
        generator = self.desk.column.get("generator")
        body = next(iter(generator.values()), None) if isinstance(generator, dict) and generator else None
        values = body.get("choices", body.get("values")) if isinstance(body, dict) else None
        listed = values if isinstance(values, list) else []
        return [
            value if isinstance(value, str) else shown(value) for value in listed[:500] if value is not None
        ]

    def _fill(self) -> None:
        entries = self._raw if isinstance(self._raw, dict) else {}
        more = {key: text_of(key, self.desk.column_type) for key in self._known() if key not in entries}
        self._put({**entries, **more}, "Add entries to")

    def _write(self, cells: dict[tuple[int, int], str]) -> None:
        pairs = [list(pair) for pair in (self._raw.items() if isinstance(self._raw, dict) else ())]
        for (row, column), text in sorted(cells.items()):
            while row >= len(pairs):
                pairs.append([f"value {len(pairs) + 1}", ""])
            pairs[row][column] = text if column == 0 else text_of(text, self.desk.column_type)
        self._put(dict(map(tuple, pairs)), "Change")

    def _remove(self, rows: Sequence[int]) -> None:
        gone = set(rows)
        entries = {k: v for at, (k, v) in enumerate(self._raw.items()) if at not in gone}
        self._put(entries, "Remove entries of")

    def _move(self, source: int, target: int) -> None:
        pairs = list(self._raw.items())
        pairs.insert(target, pairs.pop(source))
        self._put(dict(pairs), "Move an entry of")

    def _put(self, entries: dict[str, Any], what: str) -> None:
        value = self.desk.value(self.way)
        if isinstance(value, dict) and list(value) != list(entries) and value == entries:
            # An object is the same in another order, but its text is not.
            edits = [datagen.Edit("set", root + self.way, value, entries) for root in self.desk.roots]
            self.desk.do(f"{what} {self.label.lower()} of {self.desk.name}", edits)
            return
        self.desk.set(self.way, entries, f"{what} {self.label.lower()} of {self.desk.name}", self.order)
