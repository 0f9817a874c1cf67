"""Grammars made by hand, for the methods whose Python computes with what it draws.

Each rule stands under the full name of the function that it answers for: where a locale has a function of its
own, the rule is not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, Any

from datagen_engine.faking.checks import Checked
from datagen_engine.faking.grammar import (
    Digits,
    Node,
    NotCompilable,
    Part,
    Pattern,
    Pick,
    Seq,
    Text,
    Token,
)
from datagen_engine.faking.lorem import Filled, Repeat
from datagen_engine.faking.moments import Moment, moment_of
from datagen_engine.faking.networks import Dotted
from datagen_engine.faking.passwords import Password
from datagen_engine.faking.said import Learned, Number
from datagen_engine.faking.simplify import alt, seq

if TYPE_CHECKING:
    from datagen_engine.faking.trace import Asked

__all__ = ["RULES"]

Rule = Callable[..., Learned | None]

_HEX = tuple("0123456789abcdef")
_TEN = tuple(digits)


def _labelled(*nodes: Node) -> Node:
    return seq(Part(str(number), node) for number, node in enumerate(nodes))


# -- hashes and identifiers -------------------------------------------------------------------------------


def _hash(length: int) -> Rule:
    def rule(_: Asked, raw_output: bool = False) -> Learned | None:
        return None if raw_output else Pattern((_HEX,) * length)

    return rule


def _uuid4(_: Asked) -> Learned:
    four, twelve, dash = (_HEX,) * 4, (_HEX,) * 12, ("-",)
    variant = (tuple("89ab"), _HEX, _HEX, _HEX)
    return Pattern((*four, *four, dash, *four, dash, ("4",), *four[1:], dash, *variant, dash, *twelve))


def _uuid7(_: Asked) -> Learned:
    from faker.providers.misc import _MAX_UNIX_TIME_MS

    rest = Pattern(
        (
            *(_HEX,) * 4,
            ("-",),
            ("7",),
            *(_HEX,) * 3,
            ("-",),
            tuple("89ab"),
            *(_HEX,) * 3,
            ("-",),
            *(_HEX,) * 12,
        )
    )
    return _labelled(Digits((range(_MAX_UNIX_TIME_MS >> 16),), "0", 8, "x"), Text("-"), rest)


# -- internet ---------------------------------------------------------------------------------------------


def _networks(kind: str) -> Rule:
    def rule(
        at: Asked,
        network: bool = False,
        address_class: str | None = None,
        private: bool | None = None,
    ) -> Learned | None:
        if network:
            return None
        chosen = kind
        if kind == "all" and private is not None:
            chosen = "private" if private else "public"
        classes = [address_class] if chosen == "all" or address_class in ("a", "b", "c") else ["a", "b", "c"]
        ways = [
            getattr(at.provider, f"_get_{chosen}_networks_and_weights")(address_class=one)[0]
            for one in classes
        ]
        return alt(
            (1.0, Dotted(tuple(range(int(net[0]), int(net[-1]) + 1) for net in sorted(networks))))
            for networks in ways
        )

    return rule


def _ipv6(_: Asked, network: bool = False) -> Learned | None:
    if network:
        return None
    group = Digits(
        (range(1, 65_536),), base="x"
    )  # one that is 0, and how it is left out, is too rare to tell
    return _labelled(*[part for _ in range(8) for part in (group, Text(":"))][:-1])


# -- checksums --------------------------------------------------------------------------------------------


def _card_number(at: Asked, card_type: Any = None) -> Learned:
    kinds = [card_type] if card_type is not None else list(at.provider.credit_card_types)
    cards = [kind if hasattr(kind, "prefixes") else at.provider.credit_card_types[kind] for kind in kinds]
    ways = []
    for card in cards:
        for prefix in card.prefixes:
            body = _numbers(prefix + "#" * (card.length - len(prefix) - 1))
            ways.append((1.0 / len(card.prefixes), Checked(body, "luhn", card.length - 1)))
    return alt(ways)


def _numbers(text: str) -> Pattern:
    places = {"#": _TEN, "%": _TEN[1:]}
    return Pattern(tuple(places.get(character, (character,)) for character in text))


def _ean(_: Asked, length: int = 13, prefixes: Any = ()) -> Learned | None:
    if length not in (8, 13):
        return None
    starts = ["".join(map(str, prefix)) for prefix in prefixes] or [""]
    return alt(
        (
            1.0,
            Checked(
                Pattern(tuple((c,) for c in start) + (_TEN,) * (length - 1 - len(start))), "gs1", length - 1
            ),
        )
        for start in starts
        if len(start) < length
    )


def _ean13_of_america(at: Asked, prefixes: Any = (), leading_zero: bool | None = None) -> Learned | None:
    if not prefixes and leading_zero is not None:
        prefixes = [(0,)] if leading_zero else [(digit,) for digit in range(1, 10)]
    return _ean(at, 13, prefixes)


def _localized_ean(length: int) -> Rule:
    def rule(at: Asked) -> Learned | None:
        return _ean(at, length, at.provider.local_prefixes)

    return rule


def _upc_a(_: Asked, upc_ae_mode: bool = False, **__: Any) -> Learned | None:
    return None if upc_ae_mode else Checked(Pattern((_TEN,) * 11), "gs1", 11)


def _iban(at: Asked) -> Learned:
    return Checked(_labelled(Text(at.provider.country_code), at.tracer.node("bban")), "account", 2)


def _routing(_: Asked) -> Learned:
    return alt((1.0, Checked(_numbers(f"{bank:02}######"), "routing", 8)) for bank in range(1, 13))


def _vin(_: Asked) -> Learned:
    letters = tuple("1234567890ABCDEFGHJKLMNPRSTUVWXYZ")
    return Checked(Pattern((letters,) * 12 + (_TEN,) * 4), "vehicle", 8)


def _isbn(check: str, with_ean: bool) -> Rule:
    def rule(at: Asked, separator: str = "-") -> Learned | None:
        if not separator.isascii() or any(c.isdigit() for c in separator):
            return None
        ways = []
        for ean, groups in at.provider.rules.items():
            for group, ranges in groups.items():
                free = 13 - len(ean) - len(group) - 1
                head = ean + separator + group if with_ean else group
                weight = 1.0 / len(groups)
                ways += [
                    (weight * share, node) for share, node in _books(head, ranges, free, separator, check)
                ]
        return alt(ways)

    return rule


def _sbn(_: Asked, separator: str = "-") -> Learned | None:
    from faker.providers.sbn.rules import RULES as RANGES

    if not separator.isascii() or any(c.isdigit() for c in separator):
        return None
    ranges = [(rule.min, rule.max, rule.registrant_length) for rule in RANGES]
    return alt(_books("", ranges, 8, separator, "isbn10"))


def _books(head: str, ranges: Any, free: int, separator: str, check: str) -> list[tuple[float, Node]]:
    """Return the numbers of each range of registrants: a share and a grammar.

    A range (low, high, length) of the first `free` − 1 digits names registrants whole, so that what comes
    after a registrant is any number.
    """
    ways: list[tuple[float, Node]] = []
    for low, high, length in ranges:
        low, high = low[: free - 1], high[: free - 1]
        if set(low[length:]) - {"0"} or set(high[length:]) - {"9"}:
            raise NotCompilable("a range that cuts a registrant")
        names = range(int(low[:length]), int(high[:length]) + 1)
        between = Text(separator)
        registrant, publication = Digits((names,), "0", length), Pattern((_TEN,) * (free - length))
        body = _labelled(Text(head + separator if head else ""), registrant, between, publication, between)
        assert body.width is not None
        ways.append((len(names) / 10.0**length, Checked(body, check, body.width)))
    return ways


# -- dates ------------------------------------------------------------------------------------------------


def _moment(name: str) -> Rule:
    def rule(at: Asked, *args: Any, **kwargs: Any) -> Learned:
        return moment_of(lambda source: at.tracer.real_call(name, source, *args, **kwargs))

    return rule


_MOMENTS = (
    "date_time",
    "date_time_ad",
    "date_object",
    "date_time_between",
    "date_between",
    "future_datetime",
    "future_date",
    "past_datetime",
    "past_date",
    "date_time_between_dates",
    "date_between_dates",
    "date_time_this_century",
    "date_time_this_decade",
    "date_time_this_year",
    "date_time_this_month",
    "date_this_century",
    "date_this_decade",
    "date_this_year",
    "date_this_month",
    "date_of_birth",
)


def _unix_time(at: Asked, *args: Any, **kwargs: Any) -> Learned:
    from datetime import UTC, datetime

    def call(source: Any) -> datetime:
        seconds = at.tracer.real_call("unix_time", source, *args, **kwargs)
        return datetime.fromtimestamp(seconds, UTC)

    moment = moment_of(call)
    assert isinstance(moment, Moment)
    return Number((), moment.low, moment.high)


# -- places -----------------------------------------------------------------------------------------------


def _coordinate(half: bool) -> Rule:
    def rule(_: Asked, center: float | None = None, radius: float = 0.001) -> Learned:
        if center is None:
            return Number((range(-180_000_000, 180_000_001),), divisor=2_000_000 if half else 1_000_000)
        return Number((), float(center) - float(radius), float(center) + float(radius), decimals=6)

    return rule


def _zip_plus_4(at: Asked) -> Learned:
    return _labelled(
        Token("zipcode", at.tracer.node("zipcode")), Text("-"), Digits((range(1, 10_000),), "0", 4)
    )


# -- text -------------------------------------------------------------------------------------------------


def _counts(number: int, variable: bool) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return how many words or sentences there can be, and how often."""
    if not variable:
        return (number,), (1.0,)
    found = Counter(max(1, int(number * percent / 100)) for percent in range(60, 141))
    return tuple(found), tuple(map(float, found.values()))


def _spelled(word: Node, change: Callable[[str], str]) -> Node:
    """Return a word of a list with each word of the list changed as a whole."""
    if not isinstance(word, Seq) or len(word.parts) != 1 or not isinstance(word.parts[0].node, Pick):
        raise NotCompilable("words that are no list")
    return Seq((Part(word.parts[0].label, word.parts[0].node.mapped(change)),))


def _sentence(
    at: Asked,
    nb_words: int = 6,
    variable_nb_words: bool = True,
    ext_word_list: Any = None,
) -> Learned:
    word = at.tracer.node("word", ext_word_list=ext_word_list)
    counts = _counts(nb_words, variable_nb_words)
    return Repeat(
        word, _spelled(word, str.title), at.provider.word_connector, at.provider.sentence_punctuation, *counts
    )


def _paragraph(
    at: Asked,
    nb_sentences: int = 3,
    variable_nb_sentences: bool = True,
    ext_word_list: Any = None,
) -> Learned:
    sentence = at.tracer.node("sentence", ext_word_list=ext_word_list)
    return Repeat(
        sentence, sentence, at.provider.word_connector, "", *_counts(nb_sentences, variable_nb_sentences)
    )


def _text(at: Asked, max_nb_chars: int = 200, ext_word_list: Any = None) -> Learned | None:
    if max_nb_chars < 5:
        return None
    joint = at.provider.word_connector
    name = "word" if max_nb_chars < 25 else "sentence" if max_nb_chars < 100 else "paragraph"
    piece = at.tracer.node(name, ext_word_list=ext_word_list)
    if name != "word":
        return Filled(piece, piece, joint if name == "sentence" else "\n", "", max_nb_chars)
    capital = _spelled(piece, lambda word: word[:1].upper() + word[1:])
    return Filled(piece, capital, joint, at.provider.sentence_punctuation, max_nb_chars)


# -- passwords --------------------------------------------------------------------------------------------


def _password(
    _: Asked,
    length: int = 10,
    special_chars: bool = True,
    digits: bool = True,
    upper_case: bool = True,
    lower_case: bool = True,
) -> Learned | None:
    kinds = [
        letters
        for letters, wanted in (
            ("!@#$%^&*()_+", special_chars),
            ("0123456789", digits),
            (ascii_uppercase, upper_case),
            (ascii_lowercase, lower_case),
        )
        if wanted
    ]
    return Password(tuple(kinds), length) if kinds and length >= len(kinds) else None


_DATES = "faker.providers.date_time.Provider."

RULES: Mapping[str, Rule] = {
    "faker.providers.misc.Provider.md5": _hash(32),
    "faker.providers.misc.Provider.sha1": _hash(40),
    "faker.providers.misc.Provider.sha256": _hash(64),
    "faker.providers.misc.Provider.uuid4": _uuid4,
    "faker.providers.misc.Provider.uuid7": _uuid7,
    "faker.providers.misc.Provider.password": _password,
    "faker.providers.internet.Provider.ipv4": _networks("all"),
    "faker.providers.internet.Provider.ipv4_private": _networks("private"),
    "faker.providers.internet.Provider.ipv4_public": _networks("public"),
    "faker.providers.internet.Provider.ipv6": _ipv6,
    "faker.providers.credit_card.Provider.credit_card_number": _card_number,
    "faker.providers.barcode.Provider.ean": _ean,
    "faker.providers.barcode.Provider.ean8": lambda at, prefixes=(): _ean(at, 8, prefixes),
    "faker.providers.barcode.Provider.ean13": lambda at, prefixes=(): _ean(at, 13, prefixes),
    "faker.providers.barcode.Provider.localized_ean": lambda at, length=13: _ean(
        at, length, at.provider.local_prefixes
    ),
    "faker.providers.barcode.Provider.localized_ean8": _localized_ean(8),
    "faker.providers.barcode.Provider.localized_ean13": _localized_ean(13),
    "faker.providers.barcode.en_US.Provider.ean13": _ean13_of_america,
    "faker.providers.barcode.en_US.Provider.upc_a": _upc_a,
    "faker.providers.bank.Provider.iban": _iban,
    "faker.providers.bank.Provider.aba": _routing,
    "faker.providers.automotive.Provider.vin": _vin,
    "faker.providers.isbn.Provider.isbn13": _isbn("gs1", with_ean=True),
    "faker.providers.isbn.Provider.isbn10": _isbn("isbn10", with_ean=False),
    "faker.providers.sbn.Provider.sbn9": _sbn,
    "faker.providers.geo.Provider.coordinate": _coordinate(half=False),
    "faker.providers.geo.Provider.longitude": _coordinate(half=False),
    "faker.providers.geo.Provider.latitude": _coordinate(half=True),
    "faker.providers.address.en_US.Provider.zipcode_plus4": _zip_plus_4,
    "faker.providers.address.en_US.Provider.postalcode_plus4": _zip_plus_4,
    "faker.providers.lorem.Provider.sentence": _sentence,
    "faker.providers.lorem.Provider.paragraph": _paragraph,
    "faker.providers.lorem.Provider.text": _text,
    f"{_DATES}unix_time": _unix_time,
    **{_DATES + name: _moment(name) for name in _MOMENTS},
}
