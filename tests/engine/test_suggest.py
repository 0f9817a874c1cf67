from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import datagen_engine as datagen
from datagen_engine import suggest
from datagen_engine.draw.values import COLUMN_TYPES, ColumnType
from datagen_engine.suggestion import _FAKER
from tests.engine.small import schema, table

TABLES = [("customer", "customer_id"), ("orders", "nr"), ("Category", "id")]


@pytest.mark.parametrize(
    ("name", "type", "generator"),
    [
        ("email", "string", {"faker": {"method": "email"}}),
        ("contactEmail", "string", {"faker": {"method": "email"}}),
        ("first name", "string", {"faker": {"method": "first_name"}}),
        ("Postal-Code", "string", {"faker": {"method": "postcode"}}),
        ("id", "int", {"sequence": {}}),
        ("customer_id", "int", {"lookup": {"from": "customer.customer_id"}}),
        ("customerId", "int", {"lookup": {"from": "customer.customer_id"}}),
        ("billing_customer_id", "int", {"lookup": {"from": "customer.customer_id"}}),
        ("order_id", "int", {"lookup": {"from": "orders.nr"}}),
        ("category_key", "int", {"lookup": {"from": "Category.id"}}),
        ("nobody_id", "int", {"sequence": {}}),
    ],
)
def test_what_a_name_says(name: str, type: str, generator: dict[str, Any]) -> None:
    assert suggest(name, tables=TABLES) == {"name": name, "type": type, "generator": generator}


@pytest.mark.parametrize(
    ("name", "type", "kind"),
    [
        ("created_at", "datetime", "datetime_series"),
        ("birthday", "date", "datetime_series"),
        ("is_active", "bool", "choice"),
        ("newsletter", "bool", "choice"),
        ("total_price", "float", "distribution"),
        ("quantity", "int", "distribution"),
        ("age", "int", "distribution"),
        ("discount", "float", "distribution"),
        ("stars", "int", "choice"),
        ("status", "string", "choice"),
        ("weight_kg", "float", "distribution"),
        ("sku", "string", "faker"),
        ("paid", "string", "faker"),  # ends like a key, and is none
        ("turkey", "string", "faker"),
        ("grid", "string", "faker"),
        ("whatever", "string", "faker"),
        ("", "string", "faker"),
    ],
)
def test_what_kind_of_values_a_name_means(name: str, type: str, kind: str) -> None:
    found = suggest(name, tables=TABLES)
    assert (found["type"], list(found["generator"])) == (type, [kind])


def test_its_own_key_is_a_running_number() -> None:
    assert suggest("customer_id", tables=TABLES, table="customer")["generator"] == {"sequence": {}}
    assert "lookup" in suggest("customer_id", tables=TABLES, table="orders")["generator"]


def test_a_type_that_is_given_is_kept() -> None:
    assert suggest("email", "int")["type"] == "int"
    assert suggest("price", "int")["generator"] == suggest("price")["generator"]
    for type in COLUMN_TYPES:
        assert suggest("anything at all", type)["type"] == type


NAMES = (
    "id",
    "user_name",
    "country_code",
    "street_address",
    "phone",
    "iban",
    "uuid",
    "plate",
    "description",
    "price",
    "qty",
    "rate",
    "age",
    "rating",
    "created_at",
    "due_date",
    "is_new",
    "state",
    "tier",
    "duration",
    "code",
    "paid",
    "x",
    "customer_id",
)


@given(
    st.sampled_from(NAMES) | st.from_regex(r"[a-z][a-z_]{0,12}[a-z]", fullmatch=True),
    st.sampled_from(COLUMN_TYPES) | st.none(),
)
def test_what_is_suggested_can_be_drawn(name: str, type: ColumnType | None) -> None:
    column = suggest(name, type, tables=[("customer", "id")], table="t")
    if column["name"] == "id":
        column["name"] = "other"
    tree = schema(table(column, rows=20), table(id="customer"))
    assert [str(p) for p in datagen.check(tree) if p.severity == "error"] == []
    assert datagen.preview(tree, "t", 20).num_rows == 20


@pytest.mark.parametrize("method", sorted({method for _, method in _FAKER}))
def test_every_method_that_is_suggested_is_one(method: str) -> None:
    tree = schema(table({"name": "x", "type": "string", "generator": {"faker": {"method": method}}}, rows=3))
    assert datagen.check(tree) == []
    assert all(datagen.preview(tree, "t")["x"].to_pylist())
