"""Grammars over texts: what a provider's method can say and how often, drawn on whole arrays.

A grammar is a tree. Its leaves are weighted word lists and patterns of single characters; sequences put
parts together and alternatives choose among them. Every leaf has a stream of its own, named by its path in
the tree, so that a row's text is a function of the streams and the row's number alone.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = [
    "Alt",
    "Digits",
    "Node",
    "NotCompilable",
    "Part",
    "Pattern",
    "Pick",
    "Seq",
    "Streams",
    "Text",
    "Token",
    "fixed_width_array",
    "scattered",
]

Streams: TypeAlias = Callable[[str], Stream]
"""Give the stream of one purpose."""

_MOST_OF_A_TABLE = 1 << 16
_MOST_OF_A_HASH = 1 << 32
_ALPHABETS = {"d": "0123456789", "x": "0123456789abcdef", "X": "0123456789ABCDEF"}


class NotCompilable(Exception):
    """Say that a method cannot be turned into a grammar; the message says why."""


class Node(ABC):
    """Base of the parts of a grammar."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Return how many texts there can be, counting two ways to the same text as two."""

    @abstractmethod
    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""

    @abstractmethod
    def mapped(self, change: Callable[[str], str]) -> Node:
        """Return the grammar of the changed texts; `change` works on each character by itself."""

    @abstractmethod
    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield where a text of this grammar can end that begins at `start` (some more than once)."""

    @property
    def width(self) -> int | None:
        """Return the number of bytes of every text, None where they differ."""
        return None

    def accepts(self, text: str) -> bool:
        """Say whether the grammar can say a text.

        >>> Seq((Part("0", Pick(("Ann", "Bo"))), Part("1", Pattern((("-",), tuple("01")))))).accepts("Bo-1")
        True
        """
        return any(end == len(text) for end in self.ends(text, 0))


@dataclass(frozen=True)
class Text(Node):
    """Say one text, always."""

    text: str

    @property
    def size(self) -> int:
        """Return one."""
        return 1

    @property
    def width(self) -> int:
        """Return the number of bytes."""
        return len(self.text.encode())

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return the text for each row."""
        return Values.coded(np.zeros(len(rows), dtype=np.int32), pa.array([self.text]))

    def mapped(self, change: Callable[[str], str]) -> Text:
        """Change the text."""
        return Text(change(self.text))

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of the text, where it stands there."""
        if text.startswith(self.text, start):
            yield start + len(self.text)


@dataclass(frozen=True)
class Pick(Node):
    """Say one of some words, by weight (without weights: each as often as the others).

    >>> Pick(("a", "b"), (1.0, 3.0)).shares.tolist()
    [0.25, 0.75]
    """

    words: tuple[str, ...]
    weights: tuple[float, ...] | None = None

    @cached_property
    def _hash(self) -> int:
        return hash((self.words, self.weights))

    def __hash__(self) -> int:
        return self._hash  # asked for often, and the list of words may be long

    @property
    def size(self) -> int:
        """Return the number of words."""
        return len(self.words)

    @cached_property
    def width(self) -> int | None:
        """Return the number of bytes of each word, where they agree."""
        widths = {len(word.encode()) for word in self.words}
        return widths.pop() if len(widths) == 1 else None

    @cached_property
    def characters(self) -> frozenset[str]:
        """Return the characters that occur."""
        return frozenset().union(*self.words)

    @cached_property
    def shares(self) -> Array:
        """Return the share of each word."""
        weights = (
            np.ones(len(self.words)) if self.weights is None else np.asarray(self.weights, dtype=np.float64)
        )
        return weights / weights.sum()

    @cached_property
    def _dictionary(self) -> tuple[pa.Array, Array | None]:
        """Return each word once, and which of them each place means (None: the one of that place)."""
        places: dict[str, int] = {}
        codes = [places.setdefault(word, len(places)) for word in self.words]
        array = pa.array(list(places), type=pa.string())
        return array, None if len(places) == len(codes) else np.array(codes, dtype=np.int32)

    @cached_property
    def _guide(self) -> Guide:
        return Guide(self.shares)

    @cached_property
    def _known(self) -> tuple[frozenset[str], tuple[int, ...]]:
        return frozenset(self.words), tuple(sorted({len(word) for word in self.words}))

    def codes(self, rows: Rows, streams: Streams, path: str) -> Array:
        """Return the place of a word for each row."""
        stream = streams(path)
        if self.weights is None:
            return stream.below(len(self.words), rows)
        return self._guide.ppf(stream.uniform(rows))

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one word a row."""
        return self.spelled(self.codes(rows, streams, path))

    def spelled(self, codes: Array) -> Values:
        """Return the words at these places of the list."""
        words, meaning = self._dictionary
        return Values.coded(codes if meaning is None else meaning[codes], words)

    def mapped(self, change: Callable[[str], str]) -> Pick:
        """Change every word."""
        return Pick(tuple(change(word) for word in self.words), self.weights)

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of each word that stands there."""
        words, lengths = self._known
        for length in lengths:
            if text[start : start + length] in words and start + length <= len(text):
                yield start + length


@dataclass(frozen=True)
class Pattern(Node):
    """Say one character after the other, each one of a few, all as often as each other.

    A slot is the tuple of what can stand there: single ASCII characters, or one text that always does.

    >>> Pattern((tuple("01"), ("-",), tuple("ab"))).size
    4
    """

    slots: tuple[tuple[str, ...], ...]

    @cached_property
    def _hash(self) -> int:
        return hash(self.slots)

    def __hash__(self) -> int:
        return self._hash  # asked for often

    @cached_property
    def size(self) -> int:
        """Return the number of texts."""
        return math.prod(len(slot) for slot in self.slots)

    @cached_property
    def width(self) -> int:
        """Return the number of bytes of each text."""
        return sum(len(slot[0].encode()) for slot in self.slots)

    @cached_property
    def _plan(self) -> tuple[bytes, list[list[tuple[slice | list[int], Array]]]]:
        """Return the constant bytes, and for each hash the tables of bytes that it chooses from."""
        constant = bytearray()
        hashes: list[list[tuple[slice | list[int], Array]]] = []
        chunk: list[tuple[int, tuple[str, ...]]] = []
        room = 1

        def close() -> None:
            nonlocal room
            if not chunk:
                return
            rows = np.zeros((1, 0), dtype=np.uint8)
            for _, slot in chunk:
                options = np.frombuffer("".join(slot).encode(), dtype=np.uint8)
                rows = np.column_stack([np.repeat(rows, len(slot), axis=0), np.tile(options, len(rows))])
            places = [place for place, _ in chunk]
            whole = places == list(range(places[0], places[0] + len(places)))
            if not hashes or room * len(rows) > _MOST_OF_A_HASH:
                hashes.append([])
                room = 1
            room *= len(rows)
            hashes[-1].append(
                (slice(places[0], places[-1] + 1) if whole else places, np.ascontiguousarray(rows))
            )
            chunk.clear()

        for slot in self.slots:
            if len(slot) > 1:
                if math.prod(len(s) for _, s in chunk) * len(slot) > _MOST_OF_A_TABLE:
                    close()
                chunk.append((len(constant), slot))
            constant += slot[0].encode()
        close()
        return bytes(constant), hashes

    def matrix(self, rows: Rows, streams: Streams, path: str) -> Array:
        """Return the bytes of one text a row: uint8, rows × width."""
        constant, hashes = self._plan
        out = np.empty((len(rows), len(constant)), dtype=np.uint8)
        out[:] = np.frombuffer(constant, dtype=np.uint8)
        for number, tables in enumerate(hashes):
            rest = streams(f"{path}#{number}").below(math.prod(len(t) for _, t in tables), rows)
            for places, table in tables[:-1]:
                rest, code = np.divmod(rest, len(table))
                out[:, places] = table[code]
            places, table = tables[-1]
            out[:, places] = table[rest]
        return out

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""
        return Values.plain(fixed_width_array(self.matrix(rows, streams, path)))

    def mapped(self, change: Callable[[str], str]) -> Node:
        """Change every character."""
        parts: list[Part] = []
        slots: list[tuple[str, ...]] = []
        for place, slot in enumerate(self.slots):
            options = tuple(change(option) for option in slot)
            if len(set(options)) == 1:
                slots.append((options[0],))
            elif all(len(option) == 1 and option.isascii() for option in options):
                slots.append(options)
            else:
                parts += [Part(f"m{place}", Pattern(tuple(slots))), Part(f"w{place}", Pick(options))]
                slots = []
        tail = Pattern(tuple(slots))
        return Seq((*parts, Part("m", tail))) if parts else tail

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of the text, where one stands there."""
        for slot in self.slots:
            if len(slot) == 1:
                if not text.startswith(slot[0], start):
                    return
                start += len(slot[0])
            elif start < len(text) and text[start] in slot:
                start += 1
            else:
                return
        yield start


@dataclass(frozen=True)
class Digits(Node):
    """Say a whole number of some ascending runs of numbers, each number as often as the others.

    It is padded to `places` characters on the left, with `fill` (0, or nothing for spaces); `base` is d, x
    or X. A padded number is not negative.
    """

    runs: tuple[range, ...]
    fill: str = ""
    places: int = 0
    base: str = "d"

    @cached_property
    def size(self) -> int:
        """Return the number of numbers."""
        return sum(len(run) for run in self.runs)

    @cached_property
    def _lengths(self) -> set[int]:
        return {len(self.spell(number)) for run in self.runs for number in (run[0], run[-1])}

    @property
    def width(self) -> int | None:
        """Return the number of digits, where all numbers have as many."""
        return next(iter(self._lengths)) if len(self._lengths) == 1 else None

    def spell(self, number: int) -> str:
        """Write one of the numbers.

        >>> Digits((range(100),), "0", 3).spell(7)
        '007'
        """
        return format(number, f"{self.fill}{self.places or ''}{self.base}")

    def numbers(self, rows: Rows, streams: Streams, path: str) -> Array:
        """Return one number a row, int64."""
        place = streams(path).below(self.size, rows)
        if len(self.runs) == 1:
            run = self.runs[0]
            return place * run.step + run.start
        before = np.cumsum([0] + [len(run) for run in self.runs])
        which = np.searchsorted(before, place, side="right") - 1
        starts, steps = (np.array([getattr(run, name) for run in self.runs]) for name in ("start", "step"))
        return (place - before[which]) * steps[which] + starts[which]

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return the text of one number a row."""
        numbers = self.numbers(rows, streams, path)
        fixed = self.fill == "0" and self.width is not None
        if self.base == "d" and not fixed:
            texts = pa.array(numbers).cast(pa.string())
        else:
            matrix = np.empty((len(rows), max(self._lengths)), dtype=np.uint8)
            alphabet = np.frombuffer(_ALPHABETS[self.base].encode(), dtype=np.uint8)
            for place in range(matrix.shape[1] - 1, -1, -1):
                numbers, digit = np.divmod(numbers, len(alphabet))
                matrix[:, place] = alphabet[digit]
            texts = fixed_width_array(matrix)
            if not fixed:
                texts = pc.utf8_lpad(pc.utf8_ltrim(texts, characters="0"), 1, "0")
        if self.places and not fixed:
            texts = pc.utf8_lpad(texts, self.places, self.fill or " ")
        return Values.plain(texts)

    def mapped(self, change: Callable[[str], str]) -> Node:
        """Return itself where digits stay what they are, else the list of the changed numbers."""
        alphabet = _ALPHABETS[self.base] + (" " if self.places and not self.fill else "") + "-"
        if change(alphabet) == alphabet:
            return self
        if self.size > _MOST_OF_A_TABLE:
            raise NotCompilable("too many numbers to change one by one")
        return Pick(tuple(change(self.spell(number)) for run in self.runs for number in run))

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of each number that stands there."""
        for end in range(start + 1, min(len(text), start + max(self._lengths)) + 1):
            try:
                number = int(text[start:end], 10 if self.base == "d" else 16)
            except ValueError:
                continue
            if any(number in run for run in self.runs) and self.spell(number) == text[start:end]:
                yield end


@dataclass(frozen=True)
class Part:
    """Stand in a sequence under a label; two parts of one label are drawn from the same streams."""

    label: str
    node: Node


@dataclass(frozen=True)
class Seq(Node):
    """Say one part after the other."""

    parts: tuple[Part, ...]

    @cached_property
    def _hash(self) -> int:
        return hash(self.parts)

    def __hash__(self) -> int:
        return self._hash  # asked for often

    @cached_property
    def size(self) -> int:
        """Return the product of the sizes of what is drawn independently."""
        return math.prod({p.label: p.node.size for p in self.parts if not isinstance(p.node, Text)}.values())

    @cached_property
    def width(self) -> int | None:
        """Return the sum of the widths, where all are known."""
        widths = [part.node.width for part in self.parts]
        return None if None in widths else sum(width or 0 for width in widths)

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return the parts of each row put together."""
        pieces = []
        for part in self.parts:
            if isinstance(part.node, Text):
                pieces.append(pa.scalar(part.node.text))
            else:
                pieces.append(part.node.draw(rows, streams, f"{path}.{part.label}").text())
        if not any(isinstance(piece, pa.Array) for piece in pieces):
            return Text("".join(piece.as_py() for piece in pieces)).draw(rows, streams, path)
        return Values.plain(pc.binary_join_element_wise(*pieces, ""))

    def mapped(self, change: Callable[[str], str]) -> Seq:
        """Change every part."""
        return Seq(tuple(Part(part.label, part.node.mapped(change)) for part in self.parts))

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the ends of the last part."""
        reached = {start}
        for part in self.parts:
            reached = {end for begin in reached for end in part.node.ends(text, begin)}
        yield from reached


@dataclass(frozen=True)
class Alt(Node):
    """Say one of some grammars, by weight."""

    branches: tuple[Node, ...]
    weights: tuple[float, ...]

    @cached_property
    def _hash(self) -> int:
        return hash((self.branches, self.weights))

    def __hash__(self) -> int:
        return self._hash  # asked for often

    @cached_property
    def size(self) -> int:
        """Return the sum of the sizes."""
        return sum(branch.size for branch in self.branches)

    @cached_property
    def width(self) -> int | None:
        """Return the width of all branches, where they agree."""
        widths = {branch.width for branch in self.branches}
        return widths.pop() if len(widths) == 1 else None

    @cached_property
    def _guide(self) -> Guide:
        return Guide(np.asarray(self.weights, dtype=np.float64))

    def which(self, rows: Rows, streams: Streams, path: str) -> Array:
        """Return the number of the branch that each row takes."""
        return self._guide.ppf(streams(f"{path}?").uniform(rows))

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return the text of the branch that each row takes."""
        return scattered(
            self.which(rows, streams, path),
            rows,
            lambda branch, some: self.branches[branch].draw(some, streams, f"{path}/{branch}"),
        )

    def mapped(self, change: Callable[[str], str]) -> Alt:
        """Change every branch."""
        return Alt(tuple(branch.mapped(change) for branch in self.branches), self.weights)

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the ends of every branch."""
        for branch in self.branches:
            yield from branch.ends(text, start)


@dataclass(frozen=True)
class Token(Node):
    """Say what a method says by the name that faker's templates call it: `{{last_name}}`.

    With a `role`, its streams are named by that instead of by the path, so that every column of a group that
    says the same thing draws the same.
    """

    name: str
    node: Node
    role: str | None = None

    @property
    def size(self) -> int:
        """Return the size of what stands behind the name."""
        return self.node.size

    @property
    def width(self) -> int | None:
        """Return the width of what stands behind the name."""
        return self.node.width

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return what stands behind the name."""
        return self.node.draw(rows, streams, path if self.role is None else self.role)

    def mapped(self, change: Callable[[str], str]) -> Token:
        """Change what stands behind the name."""
        return Token(self.name, self.node.mapped(change), self.role)

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the ends of what stands behind the name."""
        return self.node.ends(text, start)


def fixed_width_array(matrix: Array) -> pa.Array:
    """Make an Arrow string array from the UTF-8 bytes of texts of one width: uint8, rows × width.

    >>> fixed_width_array(np.frombuffer(b"abcd", dtype=np.uint8).reshape(2, 2)).to_pylist()
    ['ab', 'cd']
    """
    rows, width = matrix.shape
    offsets = (
        np.arange(0, (rows + 1) * width, width, dtype=np.int32)
        if width
        else np.zeros(rows + 1, dtype=np.int32)
    )
    return pa.StringArray.from_buffers(
        rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix))
    )


def scattered(which: Array, rows: Rows, draw: Callable[[int, Rows], Values]) -> Values:
    """Draw each row from the kind that `which` says (0 …), all rows of a kind at once; texts.

    >>> from datagen_engine.draw.rows import Rows
    >>> def names(kind, some): return Values.of("string", [f"{kind}{n}" for n in some.numbers()])
    >>> scattered(np.array([1, 0, 1]), Rows.run(5, 8), names).to_list()
    ['15', '06', '17']
    """
    counts = np.bincount(which) if len(which) else np.zeros(1, dtype=np.int64)
    present = np.flatnonzero(counts).tolist()
    if len(present) <= 1:
        return draw(present[0] if present else 0, rows)
    order = np.argsort(which.astype(np.int16) if len(counts) < 1 << 15 else which, kind="stable")
    numbers = rows.numbers()[order]
    pieces: list[Values] = []
    start = 0
    for kind in present:
        stop = start + int(counts[kind])
        pieces.append(draw(kind, Rows.listed(numbers[start:stop])))
        start = stop
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return Values.join(pieces).take(back)
