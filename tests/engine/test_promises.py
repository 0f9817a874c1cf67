"""What a schema declares holds in its data, as queries that share no code with the engine see it: random schemas."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

import datagen_engine as datagen
from tests.engine.validation.oracle import Oracle, opinions
from tests.strategies import Json, examples, schemas


@examples(0.3)
@given(schemas(), st.integers(0, 2**63))
def test_what_passes_the_checks_is_drawn_and_keeps_its_word(tree: Json, seed: int) -> None:
    assert [str(one) for one in datagen.check(tree, seed=seed) if one.severity == "error"] == []
    with TemporaryDirectory() as folder:
        home = Path(folder) / "out"
        datagen.generate(tree, home, seed=seed)  # raises where it cannot be drawn
        report = datagen.validate(tree, home)
        judged = {
            one.id: one.columns
            for one in report.checks
            if one.category in ("structural", "value") and one.kind not in ("row_count", "rule")
        }
        with closing(Oracle(tree, home)) as oracle:
            failed = {id: count for id, count in opinions(oracle, judged) if count}
    assert failed == {}
    # A random rule is a wish; all that is declared otherwise is a promise.
    kept = [one for one in report.checks if one.id in judged and one.status not in ("pass", "skipped")]
    assert [(one.id, one.message) for one in kept] == []
