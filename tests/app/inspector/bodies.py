"""Random values of every shape: what a form must be able to show, right or wrong."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from datagen_app.inspector.shape import Shape, body_way, new_part

_TEXTS = st.sampled_from(["a", "web", "5", "true", "two words", "2024-01-05", "ä–ö", '"quoted"'])
_SCALARS = st.one_of(
    _TEXTS, st.integers(-99, 99), st.sampled_from([0.5, 1e-3, 2.0]), st.booleans(), st.none()
)
_SAID: dict[str, st.SearchStrategy[Any]] = {
    "weights": st.lists(st.sampled_from([0, 1, 2.5, 0.1]), min_size=1, max_size=5).filter(any),
    "weights rule": st.sampled_from(["uniform", "zipf@1.2", "head_tail@{0.8,1}"]),
    "instant": st.sampled_from(["2024-03-01", "2024-06-30T12:00:00Z", "2024-09-01T08:30:00+02:00"]),
    "frequency": st.sampled_from(["D", "h", "15min", "W-MON", "2H"]),
    "pattern": st.sampled_from(["[a-z]+", r"\d{3}"]),
    "faker method": st.sampled_from(["name", "email", "city"]),
    "locale": st.sampled_from(["de_DE", "en_GB"]),
}
_NAMED: dict[str, list[str]] = {
    "table": ["customer", "promotion"],
    "column": ["id", "time"],
    "attribute": ["customer.name", "order.total", "customer.customer_id"],
    "column or attribute": ["id", "customer.name"],
    "column of a child": ["total", "all"],
}


def bodies(shape: Shape, depth: int = 2) -> st.SearchStrategy[Any]:
    """Return random values of a shape: of the right kind everywhere, not always right together."""
    if shape.says in _SAID:
        return _SAID[shape.says]
    if shape.refers and shape.kind == "reference":
        return st.sampled_from(_NAMED.get(shape.refers, ["title", "starts", "lift"]))
    match shape.kind:
        case "code":
            return st.sampled_from(["1 + 2", "id * 2", "coalesce(id, 0)", "id > 3"])
        case "text":
            return _TEXTS
        case "any":
            return _SCALARS
        case "flag":
            return st.booleans()
        case "word":
            return st.sampled_from(shape.words)
        case "number":
            return _numbers(shape)
        case "list":
            least, most = (2, 2) if shape.says == "ends" or shape.most == 2 else (1, 3)
            return st.lists(bodies(shape.item, depth - 1), min_size=least, max_size=most)
        case "map":
            keys = _NAMED["column"] if shape.key_refers else ["a", "b", "1"]
            return st.dictionaries(st.sampled_from(keys), bodies(shape.item, depth - 1), max_size=2)
        case "either":
            return st.one_of([bodies(option, depth - 1) for option in shape.options])
        case "part":
            return _parts(shape, depth)
    if shape.flat is not None:
        return _flat(shape, depth)
    return _objects(shape, depth)


def _numbers(shape: Shape) -> st.SearchStrategy[Any]:
    if shape.whole:
        return st.integers(0, 99)
    if shape.says == "share":
        return st.sampled_from([0, 0.25, 0.5, 1])
    return st.one_of(st.integers(1, 9), st.sampled_from([0.25, 1.5, 2.0, 12.125]))


def _objects(shape: Shape, depth: int) -> st.SearchStrategy[Any]:
    required = {key: bodies(inner, depth) for key, inner in shape.fields.items() if inner.required}
    optional = {
        key: bodies(inner, depth - 1)
        for key, inner in shape.fields.items()
        if not inner.required and (depth > 0 or inner.kind not in ("object", "part", "list", "map", "either"))
    }
    return st.fixed_dictionaries(required, optional=optional)


def _flat(shape: Shape, depth: int) -> st.SearchStrategy[Any]:
    rest = {key: inner for key, inner in shape.fields.items() if key not in ("type", "params")}

    def whole(word: str) -> st.SearchStrategy[Any]:
        params = shape.language.body("distribution", word)
        assert params is not None
        required = {k: bodies(v, depth - 1) for k, v in rest.items() if v.required}
        optional = {k: bodies(v, depth - 1) for k, v in rest.items() if not v.required}
        made = {"type": st.just(word), "params": bodies(params, depth - 1), **required}
        return st.fixed_dictionaries(made, optional=optional)

    return st.sampled_from(sorted(shape.language.parts["distribution"])).flatmap(whole)


def _parts(shape: Shape, depth: int) -> st.SearchStrategy[Any]:
    family = shape.family
    assert family is not None
    words = sorted(shape.language.parts[family.noun])
    if depth <= 0:  # the simplest, so that it ends
        words = {"generator": ["sequence"], "distribution": ["normal"]}.get(family.noun, words[:1])

    def whole(word: str) -> st.SearchStrategy[Any]:
        body = shape.language.body(family.noun, word)
        assert body is not None
        assert body_way(family, word) is not None
        return bodies(body, depth - 1).map(lambda made: new_part(family, word, made))

    return st.sampled_from(words).flatmap(whole)
