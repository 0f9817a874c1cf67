from __future__ import annotations

import ipaddress
from collections import Counter

import pytest
from scipy import stats

from datagen_engine.faking import compile_fake
from datagen_engine.faking.grammar import NotCompilable
from datagen_engine.faking.networks import Dotted
from datagen_engine.faking.passwords import Password
from tests.engine.faking.shares import called, drawn


def test_public_addresses_are_public() -> None:
    for text in drawn(compile_fake("ipv4_public"), 500):
        assert not ipaddress.IPv4Address(text).is_private
    for text in drawn(compile_fake("ipv4_private"), 500):
        assert ipaddress.IPv4Address(text).is_private


def test_a_class_of_addresses() -> None:
    found = drawn(compile_fake("ipv4", "en_US", {"address_class": "c"}), 500)
    assert all(192 <= int(text.split(".")[0]) <= 223 for text in found)


def test_addresses_of_runs() -> None:
    node = Dotted((range(10), range(2**32 - 4, 2**32)))
    assert node.size == 14
    assert node.accepts("0.0.0.9")
    assert node.accepts("255.255.255.252")
    assert not node.accepts("0.0.0.10")
    assert not node.accepts("0.0.0.010")


def test_six_groups_and_two() -> None:
    for text in drawn(compile_fake("ipv6"), 200):
        assert ipaddress.IPv6Address(text).compressed == text


KINDS = ("!@#$%^&*()_+", "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def kinds(text: str) -> str:
    return "".join(str(next(n for n, kind in enumerate(KINDS) if c in kind)) for c in text)


@pytest.mark.statistical
@pytest.mark.parametrize("arguments", [{"length": 5}, {}, {"length": 9, "special_chars": False}])
def test_kinds_stand_where_faker_puts_them(arguments: dict[str, object]) -> None:
    count = 12_000
    ours = [kinds(text) for text in drawn(compile_fake("password", "en_US", arguments), count)]
    theirs = [kinds(text) for text in called("password", "en_US", count, arguments)]
    for place in range(len(ours[0])):
        a, b = (Counter(text[place] for text in texts) for texts in (ours, theirs))
        table = [[counts[kind] for kind in sorted(a | b)] for counts in (a, b)]
        assert stats.chi2_contingency(table).pvalue > 1e-5
    a, b = Counter(text[:3] for text in ours), Counter(text[:3] for text in theirs)
    common = [key for key in a | b if a[key] + b[key] > 20]
    assert stats.chi2_contingency([[a[key] for key in common], [b[key] for key in common]]).pvalue > 1e-5


def test_each_kind_occurs() -> None:
    for text in drawn(compile_fake("password", "en_US", {"length": 4}), 300):
        assert sorted(kinds(text)) == ["0", "1", "2", "3"]


def test_long_passwords_come_from_elsewhere() -> None:
    with pytest.raises(NotCompilable):
        Password(KINDS, 40)
    fake = compile_fake("password", "en_US", {"length": 40})
    assert fake.pool_size == 4_096
    assert all(len(text) == 40 for text in drawn(fake, 50))
