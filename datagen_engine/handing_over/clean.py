"""A schema without what belongs to other tools: no `x-` keys."""

from __future__ import annotations

import json
from typing import Any

from datagen_engine.write.manifest import USERS_OWN_KEYS

__all__ = ["clean_json", "without_remarks"]


def without_remarks(value: Any, *, own_keys: bool = False) -> Any:
    """Return a schema's tree without `x-` keys; in maps whose keys are the user's own every key stays.

    Examples
    --------
    >>> without_remarks({"metadata": {"name": "a", "x-layout": {}}, "mapping": {"x-1": 2}})
    {'metadata': {'name': 'a'}, 'mapping': {'x-1': 2}}
    """
    if isinstance(value, dict):
        return {
            key: without_remarks(item, own_keys=key in USERS_OWN_KEYS)
            for key, item in value.items()
            if own_keys or not key.startswith("x-")
        }
    if isinstance(value, list):
        return [without_remarks(item) for item in value]
    return value


def clean_json(tree: Any) -> str:
    """Return a schema as JSON text without `x-` keys."""
    return json.dumps(without_remarks(tree), indent=2, ensure_ascii=False) + "\n"
