"""What functions of other languages are called here."""

from __future__ import annotations

__all__ = ["ELSEWHERE"]

_ONE_ROW = "an expression sees one row; a target or a rule looks at a whole column"
_PURE = "a row depends on schema, seed and row number alone; use a generator for chance, a constant for today"
_CONDITIONAL = "write `a if condition else b`"
_DAYS_BETWEEN = "use days_between(start, end)"
_LENGTH = "use length(text)"
_POWER = "write `x ** 2`"
_SUBSTR = "use substr(text, start, count)"

# In lower case, so that any spelling finds it.
ELSEWHERE = {
    "len": _LENGTH, "char_length": _LENGTH, "str": "use text(x)", "to_string": "use text(x)",
    "float": "use number(text)", "to_number": "use number(text)", "int": "use floor(x) or round(x)",
    "trunc": "use floor(x)", "ceiling": "use ceil(x)", "bool": "compare, like `x != 0`",
    "ln": "use log(x), the natural logarithm", "pow": _POWER, "power": _POWER, "square": _POWER,
    "least": "use min(…)", "greatest": "use max(…)", "nvl": "use coalesce(…)", "ifnull": "use coalesce(…)",
    "isnull": "use is_null(x)", "isna": "use is_null(x)", "notnull": "write `x != null`",
    "nullif": "write `null if a == b else a`", "if": _CONDITIONAL, "iif": _CONDITIONAL, "where": _CONDITIONAL,
    "case": _CONDITIONAL, "substring": _SUBSTR, "mid": _SUBSTR, "strip": "use trim(text)",
    "lpad": "use pad(text, width, fill)", "zfill": 'use pad(text, width, "0")',
    "startswith": "use starts_with(text, part)", "endswith": "use ends_with(text, part)",
    "datediff": _DAYS_BETWEEN, "date_diff": _DAYS_BETWEEN, "timedelta": "use days(n), hours(n) or minutes(n)",
    "weekday": "use dow(time), where Monday is 0", "dayofweek": "use dow(time), where Monday is 0",
    "now": _PURE, "today": _PURE, "rand": _PURE, "random": _PURE, "uuid": _PURE,
    "sum": _ONE_ROW, "avg": _ONE_ROW, "mean": _ONE_ROW, "count": _ONE_ROW, "std": _ONE_ROW,
}  # fmt: skip
