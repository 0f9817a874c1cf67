"""Does every text match its pattern?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.lazy import np, pa, pc
from datagen_engine.validation.check import About, RowCheck, Seen, Verdict
from datagen_engine.validation.faults import CannotJudge
from datagen_engine.validation.words import rows_of

if TYPE_CHECKING:
    from datagen_engine.draw.values import Mask
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Matches"]


class Matches(RowCheck):
    """Every text that is not null matches from its start on.

    RE2 takes time in proportion to the text, whatever the pattern.
    """

    def __init__(self, about: About, pattern: str) -> None:
        """Match a pattern in RE2's syntax."""
        super().__init__(about)
        self.pattern = pattern
        self._anchored = rf"\A(?:{pattern})"

    def prepare(self, context: Context) -> None:
        """Compile the pattern once, to know that it can be."""
        try:
            # A lone ")" in the pattern must not close the group that anchors it.
            pc.match_substring_regex(pa.array([""]), self.pattern)
            pc.match_substring_regex(pa.array([""]), self._anchored)
        except pa.ArrowException as error:
            raise CannotJudge(f"the pattern cannot be used: {str(error).splitlines()[0][:200]}") from None

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Match each text; of coded ones each word once."""
        values = rows.column(self.about.columns[0])
        if values.type != "string":
            raise CannotJudge(f"a pattern is for text; {self.about.columns[0]} is of type {values.type}")
        if values.words is None:
            return values.valid, self._match(values.data)
        if not len(values.words):
            return values.valid, np.zeros(len(values), dtype=bool)
        return values.valid, self._match(values.words)[values.data]

    def _match(self, texts: pa.Array) -> Mask:
        return np.asarray(pc.match_substring_regex(texts, self._anchored).fill_null(False))

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Count the texts that do not match."""
        name = f"{self.about.table}.{self.about.columns[0]}"
        if not seen.failed:
            return Verdict(f"Every {name} matches {self.pattern}.", "all match", self.pattern)
        return Verdict(
            f"{name} does not match {self.pattern} in {rows_of(seen.failed, seen.checked)}.",
            f"{seen.failed:,} do not match",
            self.pattern,
        )
