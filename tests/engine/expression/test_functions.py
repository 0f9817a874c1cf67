from __future__ import annotations

import subprocess
import sys

import pytest

from datagen_engine.draw.values import Values
from datagen_engine.expression import FUNCTIONS, Function, check, evaluate, parse
from datagen_engine.expression.functions import ELSEWHERE


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_example_is_true(function: Function) -> None:
    expression = parse(function.example)
    assert f"{function.name}(" in function.example
    assert check(expression, {})[1] == []
    assert evaluate(expression, dict[str, Values]().__getitem__, 2).values.to_list() == [True, True]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_function_says_what_it_does(function: Function) -> None:
    assert function.signature.startswith(f"{function.name}(")
    assert function.help.endswith(".")


def test_the_table_holds_what_the_language_promises() -> None:
    promised = (
        "abs round floor ceil min max clip log exp sqrt coalesce concat lower upper year month day hour dow "
        "days hours minutes days_between"
    )
    assert set(promised.split()) <= set(FUNCTIONS)


def test_names_of_other_languages_lead_to_something_else() -> None:
    assert not set(ELSEWHERE) & set(FUNCTIONS)


def test_parsing_and_checking_need_no_numpy() -> None:
    script = (
        "import sys\n"
        "from datagen_engine.expression import FUNCTIONS, Facts, check, parse\n"
        "known = {'x': Facts('float'), 's': Facts('string')}\n"
        "code = 'concat(upper(s), round(x, 2)) if year(\"2024-03-01\") > x else s'\n"
        "assert check(parse(code), known)[1] == []\n"
        "assert [f.signature + f.help + f.example for f in FUNCTIONS.values()]\n"
        "heavy = {'numpy', 'pyarrow', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
