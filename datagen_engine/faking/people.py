"""Columns of a row that tell of the same person, or of the same place.

The columns of a group share their streams: a *role* (`last_name`, `city`) is drawn from a stream of its own,
whichever column asks for it. A person is drawn as faker's `name` is; first name, last name, title, user name
and email are taken from there. (Where user names are made of names in another script, as in China and Japan,
faker's lists do not tell which belongs to which, and they do not agree.) The streams' caller names them by the
group, not by the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.faking.grammar import (
    Alt,
    Digits,
    Node,
    NotCompilable,
    Part,
    Pick,
    Seq,
    Streams,
    Text,
    Token,
    scattered,
)
from datagen_engine.faking.said import Learned
from datagen_engine.faking.trace import Tracer

__all__ = ["Group", "group_kind"]

_OF_A_NAME = ("first_name", "last_name", "prefix", "suffix")
_GENDERS = ("", "_male", "_female", "_nonbinary")
_LOGINS = frozenset(
    {
        "ascii_company_email",
        "ascii_email",
        "ascii_free_email",
        "ascii_safe_email",
        "company_email",
        "email",
        "free_email",
        "safe_email",
        "user_name",
    }
)
_PERSON = frozenset(part + gender for part in ("name", *_OF_A_NAME) for gender in _GENDERS) | _LOGINS

_SAME = {"zipcode": "postcode", "postalcode": "postcode", "administrative_unit": "state"}
_ROLES = frozenset(
    {
        "building_number",
        "city",
        "postcode",
        "secondary_address",
        "state",
        "state_abbr",
        "street_address",
        "street_name",
    }
)
_PLACE = _ROLES | frozenset(_SAME) | {"address", "country", "country_code"}


def group_kind(method: str) -> Literal["person", "place"] | None:
    """Say what the columns of a group tell of, of which one has this method; None where it tells of neither.

    >>> group_kind("email"), group_kind("city"), group_kind("color")
    ('person', 'place', None)
    """
    return "person" if method in _PERSON else "place" if method in _PLACE else None


class Group:
    """Know what the methods of one locale say of one person or place.

    `plain` learns the methods as they are, `fresh` makes tracers of which some methods are then made to say
    what the group says.
    """

    def __init__(self, plain: Tracer, fresh: Callable[[], Tracer]) -> None:
        """Learn nothing yet."""
        self._plain, self._fresh = plain, fresh
        self._people: dict[str, Node] = {}
        self._tracers: dict[str, Tracer] = {}

    def learn(self, method: str, arguments: Mapping[str, Any]) -> Learned:
        """Return what a method says as a part of the group; raises NotCompilable."""
        kind = group_kind(method)
        if kind == "person" and method in _LOGINS:
            return self._login(method, arguments)
        if kind == "person":
            return self._name(method)
        if kind == "place" and not arguments:
            return self._place(method)
        raise NotCompilable("the rest of the group does not know of its arguments")

    def _person(self, gender: str) -> Node:
        if gender not in self._people:
            whole = self._plain.learn(f"name{gender}", {})
            if not isinstance(whole, Node):
                raise NotCompilable("a name that is no text")
            self._people[gender] = _with_roles(whole, _part_of)
        return self._people[gender]

    def _name(self, method: str) -> Learned:
        part, gender = next(
            (part, gender) for part in ("name", *_OF_A_NAME) for gender in _GENDERS if part + gender == method
        )
        # Columns that ask for a woman tell of another person than those that do not say.
        person = self._person(gender)
        said = person if part == "name" else self._taken(person, part)
        return Token(method, said, f"person{gender}")

    def _login(self, method: str, arguments: Mapping[str, Any]) -> Learned:
        """Return a user name made of the person's name, or an address made of that user name.

        The names of companies, of which domains are made, stay anyone's.
        """
        if "user name" not in self._tracers:
            tracer = self._fresh()
            for part in _OF_A_NAME:
                said = Token(part, self._taken(self._person(""), part), "person")
                tracer.given.update({part + gender: said for gender in _GENDERS})
            login = tracer.learn("user_name", {})
            if not isinstance(login, Node):
                raise NotCompilable("a user name that is no text")
            tracer = self._fresh()
            tracer.given["user_name"] = Token("user_name", login, "user_name")
            self._tracers["user name"] = tracer
        tracer = self._tracers["user name"]
        return tracer.given["user_name"] if method == "user_name" else tracer.learn(method, arguments)

    def _place(self, method: str) -> Learned:
        if method in ("country", "country_code"):
            # All else that faker says of a place is said of the locale's own country.
            return self._plain.learn(f"current_{method}", {})
        if "place" not in self._tracers:
            self._tracers["place"] = self._fresh()
            self._tracers["place"].given.update(_states(self._tracers["place"]))
        tracer = self._tracers["place"]
        name = _SAME.get(method, method)
        said = tracer.given.get(name) or tracer.learn(method, {})
        if not isinstance(said, Node):
            raise NotCompilable("a place that is no text")
        return Token(method, _with_roles(said, _of_a_place), name)

    def _taken(self, person: Node, part: str) -> Node:
        """Return what a part of the person's name says, drawn as it is within the name."""

        def own(genders: set[str]) -> Node:
            gender = genders.pop() if len(genders) == 1 else ""
            learned = self._plain.learn(part + gender, {})
            return Token(part, learned if isinstance(learned, Node) else Text(""), part)

        def take(node: Node) -> Node | None:
            if isinstance(node, Token):
                if node.role == part:
                    return node
                inner = take(node.node)
                return None if inner is None else Token(node.name, inner, node.role)
            if isinstance(node, Alt):
                return Alt(
                    tuple(take(branch) or own(_genders(branch)) for branch in node.branches), node.weights
                )
            if isinstance(node, Seq):
                for piece in node.parts:
                    inner = take(piece.node)
                    if inner is not None:
                        return Seq((Part(piece.label, inner),))
            return None

        return take(person) or own(_genders(person))


def _part_of(name: str) -> str | None:
    return next((part for part in _OF_A_NAME for gender in _GENDERS if name == part + gender), None)


def _genders(node: Node) -> set[str]:
    """Return the genders that the names of a grammar's tokens tell."""
    names = {token.name for token in _tokens(node)}
    return {gender for gender in _GENDERS[1:] if any(name.endswith(gender) for name in names)}


def _tokens(node: Node) -> Iterator[Token]:
    if isinstance(node, Token):
        yield node
        yield from _tokens(node.node)
    elif isinstance(node, Alt):
        for branch in node.branches:
            yield from _tokens(branch)
    elif isinstance(node, Seq):
        for part in node.parts:
            yield from _tokens(part.node)


def _with_roles(node: Node, role_of: Callable[[str], str | None]) -> Node:
    """Return a grammar whose tokens have roles; the shape stays, and with it the paths of all else."""
    taken: dict[str, int] = {}

    def walk(node: Node) -> Node:
        if isinstance(node, Token):
            if node.role is not None:
                return node
            role = role_of(node.name)
            if role is not None:
                # The second first name of one text is not the first.
                taken[role] = taken.get(role, 0) + 1
                role = role if taken[role] == 1 else f"{role} {taken[role]}"
                return Token(node.name, walk(node.node), role)
            return Token(node.name, walk(node.node))
        if isinstance(node, Alt):
            branches = []
            before = dict(taken)
            for branch in node.branches:
                taken.clear()
                taken.update(before)
                branches.append(walk(branch))
            return Alt(tuple(branches), node.weights)
        if isinstance(node, Seq):
            return Seq(tuple(Part(part.label, walk(part.node)) for part in node.parts))
        return node

    return walk(node)


# -- places -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Follows(Node):
    """Say the one of some grammars that stands where a list of words in another role was picked."""

    role: str
    branches: tuple[Node, ...]

    @property
    def size(self) -> int:
        """Return the sum of the sizes."""
        return sum(branch.size for branch in self.branches)

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""
        which = streams(self.role).below(len(self.branches), rows)
        return scattered(
            which, rows, lambda number, some: self.branches[number].draw(some, streams, f"{path}/{number}")
        )

    def mapped(self, change: Callable[[str], str]) -> Follows:
        """Change every branch."""
        return Follows(self.role, tuple(branch.mapped(change) for branch in self.branches))

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the ends of every branch."""
        for branch in self.branches:
            yield from branch.ends(text, start)


def _of_a_place(name: str) -> str | None:
    name = _SAME.get(name, name)
    return name if name in _ROLES else None


# Providers whose lists of states and of their short forms stand in the same order, and the short forms that
# have no state in the other list.
_ALIGNED: Mapping[str, frozenset[str]] = {
    "faker.providers.address.en_US": frozenset({"DC"}),
    "faker.providers.address.en_AU": frozenset(),
    "faker.providers.address.it_IT": frozenset(),
}


def _states(tracer: Tracer) -> dict[str, Node]:
    """Return states, short forms and postal codes that agree, where faker's data tell how."""
    provider = tracer.owners.get("state")
    extra = _ALIGNED.get(type(provider).__module__)
    if extra is None:
        return {}
    names = list(getattr(provider, "states", ()))
    short = [one for one in getattr(provider, "states_abbr", ()) if one not in extra]
    if not names or len(names) != len(short):
        return {}  # another faker than this was made for
    state = Token("state", Pick(tuple(names)), "state")
    given: dict[str, Node] = {"state": state, "administrative_unit": state}
    given["state_abbr"] = Token("state_abbr", Pick(tuple(short)), "state")  # the same draw
    codes = getattr(provider, "states_postcode", {})
    if all(one in codes for one in short):
        ranges = tuple(Digits((range(codes[one][0], codes[one][1] + 1),), "0", 5) for one in short)
        for name in ("postcode", "zipcode", "postalcode"):
            given[name] = Token("postcode", Follows("state", ranges), "postcode")
    return {name: node for name, node in given.items() if tracer.has(name)}
