"""Making grammars small: what means the same, said with fewer and faster parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from datagen_engine.faking.grammar import Alt, Digits, Node, Part, Pattern, Pick, Seq, Text, Token

__all__ = ["MOST_WORDS", "alt", "compact", "pick", "seq", "words_of"]

MOST_WORDS = 65_536
"""Texts that are kept as one list of words, drawn as codes into it, rather than put together for each row."""

_MOST_WORDS_WITHIN = 4_096


def pick(words: Sequence[str], weights: Sequence[float] | None = None) -> Pick | Text:
    """Make the choice of one of some words: each word once, in order of text, none without weight.

    The order is that of the text and not that of the list, for faker keeps some of its lists as sets.

    >>> pick(["b", "a", "b"], None)
    Pick(words=('a', 'b'), weights=(1.0, 2.0))
    >>> pick(["a"])
    Text(text='a')
    """
    total: dict[str, float] = {}
    for word, weight in zip(words, weights or (1.0,) * len(words), strict=True):
        if weight > 0:
            total[word] = total.get(word, 0.0) + weight
    ordered = tuple(sorted(total))
    if len(ordered) == 1:
        return Text(ordered[0])
    shares = tuple(total[word] for word in ordered)
    return Pick(ordered, None if len(set(shares)) == 1 else shares)


def seq(parts: Iterable[Part]) -> Node:
    """Put parts one after the other; constant neighbours become one, and a sequence within is laid flat.

    >>> seq([Part("0", Text("a")), Part("1", Text("b"))])
    Text(text='ab')
    """
    flat: list[Part] = []
    for part in parts:
        if isinstance(part.node, Seq):
            flat += [Part(f"{part.label}.{inner.label}", inner.node) for inner in part.node.parts]
        else:
            flat.append(part)
    out: list[Part] = []
    for part in flat:
        if isinstance(part.node, Text):
            if not part.node.text:
                continue
            if out and isinstance(out[-1].node, Text):
                out[-1] = Part("", Text(out[-1].node.text + part.node.text))
                continue
            part = Part("", part.node)
        out.append(part)
    if len(out) == 1 and isinstance(out[0].node, Text):
        return out[0].node
    return Seq(tuple(out)) if out else Text("")


def alt(branches: Iterable[tuple[float, Node]], label: str = "=") -> Node:
    """Make the choice among some grammars; equal ones count as one, and what they share is said once.

    `label` names the choice of a text that several branches differ in, should there be one.

    >>> alt([(1, Text("a")), (3, Text("b"))])
    Pick(words=('a', 'b'), weights=(1.0, 3.0))
    """
    total: dict[Node, float] = {}
    for weight, branch in branches:
        if isinstance(branch, Alt):
            whole = sum(branch.weights)
            inner = [(weight * w / whole, b) for w, b in zip(branch.weights, branch.branches, strict=True)]
        else:
            inner = [(weight, branch)]
        for w, b in inner:
            if w > 0:
                total[b] = total.get(b, 0.0) + w
    total = _factored(total, label)
    if len(total) == 1:
        return next(iter(total))
    merged: list[tuple[float, Node]] = []
    listed: list[tuple[float, Text | Pick]] = []
    for branch, weight in total.items():
        if isinstance(branch, Text | Pick):
            listed.append((weight, branch))
        else:
            merged.append((weight, branch))
    if listed:
        words, weights = _mixture(listed)
        one = pick(words, weights)
        if not merged:
            return one
        merged.append((sum(weight for weight, _ in listed), one))
    return Alt(tuple(b for _, b in merged), tuple(w for w, _ in merged))


def _mixture(branches: Iterable[tuple[float, Node]]) -> tuple[list[str], list[float]]:
    words: list[str] = []
    weights: list[float] = []
    for weight, branch in branches:
        own, shares = words_of(branch)
        words += own
        weights += [weight * share for share in shares]
    return words, weights


def _factored(branches: dict[Node, float], label: str) -> dict[Node, float]:
    """Say once what sequences share that differ in one constant text only."""
    by_rest: dict[tuple[object, ...], list[tuple[Seq, float, int]]] = {}
    for branch, weight in branches.items():
        if isinstance(branch, Seq):
            parts = [(part.label, hash(part.node)) for part in branch.parts]  # told apart again below
            for place, part in enumerate(branch.parts):
                if isinstance(part.node, Text):
                    rest = (place, *parts[:place], None, *parts[place + 1 :])
                    by_rest.setdefault(rest, []).append((branch, weight, place))
    out = dict(branches)
    for group in sorted(by_rest.values(), key=len, reverse=True):
        left = [(branch, weight, place) for branch, weight, place in group if branch in out]
        if len(left) < 2:
            continue
        model, _, place = left[0]
        around = (model.parts[:place], model.parts[place + 1 :])
        here = [one for one in left if (one[0].parts[:place], one[0].parts[place + 1 :]) == around]
        for branch, _, _ in here:
            del out[branch]
        differing = pick([_text(b, place) for b, _, _ in here], [w for _, w, _ in here])
        shared = seq((*model.parts[:place], Part(label, differing), *model.parts[place + 1 :]))
        out[shared] = out.get(shared, 0.0) + sum(weight for _, weight, _ in here)
    return out


def _text(branch: Seq, place: int) -> str:
    node = branch.parts[place].node
    assert isinstance(node, Text)
    return node.text


def words_of(node: Node) -> tuple[list[str], list[float]]:
    """List the texts of a small grammar and the share of each; a text may stand there twice.

    >>> words_of(Seq((Part("0", Pick(("a", "b"))), Part("1", Text("!")))))
    (['a!', 'b!'], [0.5, 0.5])
    """
    if isinstance(node, Text):
        return [node.text], [1.0]
    if isinstance(node, Pick):
        return list(node.words), node.shares.tolist()
    if isinstance(node, Pattern):
        return ["".join(letters) for letters in product(*node.slots)], [1.0 / node.size] * node.size
    if isinstance(node, Digits):
        return [node.spell(number) for run in node.runs for number in run], [1.0 / node.size] * node.size
    if isinstance(node, Token):
        return words_of(node.node)
    if isinstance(node, Alt):
        whole = sum(node.weights)
        return _mixture((w / whole, b) for w, b in zip(node.weights, node.branches, strict=True))
    assert isinstance(node, Seq)
    words, shares = [""], [1.0]
    for part in node.parts:
        own, own_shares = words_of(part.node)
        words = [a + b for a in words for b in own]
        shares = [a * b for a in shares for b in own_shares]
    return words, shares


def _can_be_listed(node: Node) -> bool:
    """Say whether every part of a grammar is drawn by itself, so that its texts can be listed."""
    if isinstance(node, Token):
        return node.role is None and _can_be_listed(node.node)
    if isinstance(node, Seq):
        labels = [part.label for part in node.parts if not isinstance(part.node, Text)]
        return len(set(labels)) == len(labels) and all(_can_be_listed(part.node) for part in node.parts)
    if isinstance(node, Alt):
        return all(_can_be_listed(branch) for branch in node.branches)
    return isinstance(node, Text | Pick | Pattern | Digits)


def compact(node: Node, most: int = MOST_WORDS) -> Node:
    """Make a grammar fast to draw; what it says, and how often, stays.

    A small grammar becomes a list of words, neighbours of fixed width one pattern, and a constant beside a
    list of words part of each word. Tokens with a role keep their streams and stand as they are.

    >>> compact(Seq((Part("0", Pick(("a", "b"))), Part("1", Text("!")))))
    Pick(words=('a!', 'b!'), weights=None)
    """
    if not isinstance(node, Text | Pick) and node.size <= most and _can_be_listed(node):
        return pick(*words_of(node))
    if isinstance(node, Token):
        return compact(node.node, most) if node.role is None else node
    if isinstance(node, Alt):
        return alt(
            (w, compact(b, _MOST_WORDS_WITHIN)) for w, b in zip(node.weights, node.branches, strict=True)
        )
    if not isinstance(node, Seq):
        return node
    flat = seq(Part(part.label, compact(part.node, _MOST_WORDS_WITHIN)) for part in node.parts)
    if not isinstance(flat, Seq):
        return flat
    labels = [part.label for part in flat.parts]
    alone = {label for label in labels if labels.count(label) == 1}
    return seq(_with_constants(_with_patterns(flat.parts, alone), alone))


def _slots(node: Node) -> tuple[tuple[str, ...], ...] | None:
    """Return a node as slots of a pattern, None where it is not one."""
    if isinstance(node, Pattern):
        return node.slots
    if isinstance(node, Text):
        return ((node.text,),)
    if (
        isinstance(node, Pick)
        and node.weights is None
        and all(len(w) == 1 and w.isascii() for w in node.words)
    ):
        return (node.words,)
    if (
        isinstance(node, Digits)
        and node.fill == "0"
        and node.base == "d"
        and node.runs == (range(10**node.places),)
    ):
        return (tuple("0123456789"),) * node.places
    return None


def _with_patterns(parts: Iterable[Part], alone: set[str]) -> list[Part]:
    """Put neighbours that are patterns together."""
    out: list[Part] = []
    for part in parts:
        slots = _slots(part.node)
        if isinstance(part.node, Text) and not (out and isinstance(out[-1].node, Pattern)):
            slots = None  # a constant alone is no pattern; it may become part of a word
        if slots is None or (part.label not in alone and not isinstance(part.node, Text)):
            out.append(part)
            continue
        if out and isinstance(out[-1].node, Pattern) and out[-1].label in alone:
            out[-1] = Part(out[-1].label, Pattern(out[-1].node.slots + slots))
        else:
            before: tuple[tuple[str, ...], ...] = ()
            if out and isinstance(out[-1].node, Text):
                before = ((out[-1].node.text,),)
                out.pop()
            out.append(Part(part.label, Pattern(before + slots)))
    return out


def _with_constants(parts: Iterable[Part], alone: set[str]) -> list[Part]:
    """Put constants into the words beside them, and small lists of words together."""
    out: list[Part] = []
    for part in parts:
        last = out[-1] if out else None
        if (
            last is not None
            and isinstance(last.node, Text | Pick)
            and isinstance(part.node, Text | Pick)
            and last.node.size * part.node.size <= max(_MOST_WORDS_WITHIN, last.node.size, part.node.size)
            and all(p.label in alone or isinstance(p.node, Text) for p in (last, part))
        ):
            label = part.label if isinstance(last.node, Text) else last.label
            out[-1] = Part(label, pick(*words_of(Seq((last, part)))))
        else:
            out.append(part)
    return out
