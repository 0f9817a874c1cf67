from __future__ import annotations

from pathlib import Path
from typing import Any

from datagen_app.document.document import Document
from datagen_app.document.open_document import OpenDocument
from datagen_app.generation.profile import FULL, Profile, keep_profile, profile_names, remove_profile
from datagen_engine.run.profile import RunProfile

SHOP: dict[str, Any] = {"version": "1.0", "metadata": {"name": "shop"}}


def opened() -> OpenDocument:
    import json

    return OpenDocument(Document(Path("shop.json"), SHOP, json.dumps(SHOP, indent=2)))


def test_a_profile_is_kept_in_the_schema_and_taken_back() -> None:
    document = opened()
    before = document.now.text
    document.do(keep_profile(document.now, "ci", RunProfile(seed=7, scale=0.1, rows={"customer": 5})))
    assert profile_names(document.now) == [FULL, "ci"]
    profile = Profile()
    assert profile.choose("ci", document.now.tree) == ""
    assert (profile.name, profile.seed, profile.scale) == ("ci", 7, 0.1)
    assert not profile.differs(document.now.tree)
    document.undo()
    assert document.now.text == before
    assert profile.differs(document.now.tree)


def test_removing_the_last_profile(qapp: object) -> None:
    document = opened()
    document.do(keep_profile(document.now, "ci", RunProfile()))
    document.do(remove_profile(document.now, "ci"))
    assert profile_names(document.now) == [FULL]


def test_there_is_always_one_profile() -> None:
    profile = Profile()
    assert profile.choose(FULL, {}) == ""
    assert profile.settings == RunProfile()
    assert "no profile 'ci'" in profile.choose("ci", {})
    broken = {"metadata": {"x-profiles": {"ci": {"seed": "seven"}}}}
    assert "/metadata/x-profiles/ci" in profile.choose("ci", broken)
    assert profile.name == FULL


def test_only_seed_and_scale_have_rows_counted_anew() -> None:
    profile, counted, settled = Profile(), [], []
    profile.changed.connect(lambda: counted.append(1))
    profile.settled.connect(lambda: settled.append(1))
    profile.set(RunProfile(format="csv"))
    assert (len(counted), len(settled)) == (0, 1)
    profile.set_seed(3)
    profile.set_seed(3)
    assert (len(counted), len(settled)) == (1, 2)
