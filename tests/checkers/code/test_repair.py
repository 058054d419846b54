"""Pasted text becomes a program, and a program stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checkers.base import Misread
from grader.checkers.code.repair import as_source, parse, repair
from grader.checkers.code.response import put
from tests.checkers.strategies import RAWS, STEADY

BODY = "def f(x):\n    return x + 1"


def alone(text: str) -> str:
    return text


def repaired(text: str) -> str:
    return repair(text, alone)[0]


def notes(text: str) -> str:
    return "\n".join(repair(text, alone)[1])


def cell(source: Any, **fields: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source, **fields}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("    def f(x):\n        return x + 1", ""),
        ("\n\n  def f(x):\n      return x + 1\n\n", ""),
        ("\t\tdef f(x):\n\t\t    return x + 1", ""),
        (f"```\n{BODY}\n```", "between ```"),
        (f"```python\n{BODY}\n```\n", "between ```"),
        (f"~~~py\n{BODY}\n~~~", "between ```"),
        (f"Here is my answer:\n\n```python\n{BODY}\n```\nIt adds 1.", "between ```"),
        (f"```python\n{BODY}", "between ```"),
        (">>> def f(x):\n...     return x + 1\n...\n>>> ", "prompts"),
        ("In [3]: def f(x):\n    return x + 1", "notebook"),
        ("In [3]: def f(x):\n   ...:     return x + 1\n   ...: ", "notebook"),
        ("%matplotlib inline\ndef f(x):\n    return x + 1", "notebook"),
        ("!pip install numpy\n%load_ext x\n%%time\ndef f(x):\n    return x + 1", "notebook"),
        ("np.exp?\ndef f(x):\n    return x + 1", "notebook"),
        ("?np.exp\ndef f(x):\n    return x + 1", "notebook"),
        ("def f(x):\n    return x + 1\nOut[4]: <function f at 0x7>", "notebook"),
        ("def f(x):\n\u00a0\u00a0\u00a0\u00a0return x\u00a0+ 1", "Typographic"),
        ("\ufeffdef f(x):\n    return\u2003x + 1", "Typographic"),
        ("def f(x):\n    return x +\u200b 1", "Typographic"),
    ],
)
def test_what_is_around_a_program_is_taken_off(text: str, note: str) -> None:
    source = repaired(text)
    assert [line.rstrip() for line in source.strip("\n").split("\n")] == BODY.split("\n")
    assert note in notes(text)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("x = “a”", 'x = "a"'),
        ("x = ‘a’", "x = 'a'"),
        ("x = a – b", "x = a - b"),
        ("x = a − b", "x = a - b"),
        ("x = a × b", "x = a * b"),
        ("x = a[…]", "x = a[...]"),
    ],
)
def test_signs_of_word_processors(text: str, source: str) -> None:
    assert repaired(text) == source
    assert "Typographic" in notes(text)


@pytest.mark.parametrize(
    "text",
    [
        'x = "“quoted”"',
        "# – a dash\nx = 1",
        's = """\n```\nf(1)\n```\n"""\nx = 2',
        'def f(x):\n    """\n    ```\n    f(1)\n    ```\n    """\n    return x',
        's = """\n>>> f(1)\n"""',
        "x = (a\n% b)",
        's = """\n%time\n!pip\n"""',
        's = "a\u00a0b"',
        'if x:\n\ty = "a\tb"\nelse:\n    y = 1',
        's = """\n\ta\n    b\n   \n"""',
        "...\nx = 1",
        "... \nx = 1\n... ",
        "x = {}\n{}",
        "{'a': 1}",
        '{"cells": 3}',
    ],
)
def test_python_stays_as_it_is(text: str) -> None:
    assert repair(text, alone) == (text, ())


STATEMENTS = st.sampled_from(
    [
        "x = 1",
        "s = '“–”'",
        "s = '''\n    a\n\tb\n  \n'''",
        "s = '''\n```\nx\n```\n'''",
        "if x:\n\ty = '\t'",
        "if x:\n    y = 2",
        "def f(a):\n  return a",
        "...",
        "# %time",
        "(a\n  % b)",
        "",
        "@d\nclass A: pass",
        "In[3]",
        "x = {}",
        "return",
        "s = '\u00a0'",
    ]
)


@STEADY
@given(st.lists(STATEMENTS, min_size=1, max_size=6).map("\n".join))
def test_any_python_stays_as_it_is(text: str) -> None:
    assert parse(text, (0, 0))[1] is None
    assert repair(text, alone) == (text.strip("\n"), ())


@STEADY
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "```",
                "\n",
                ">>> ",
                "... ",
                "%x",
                "!x",
                "In [1]:",
                "\t",
                "  ",
                "x",
                "=",
                "“",
                "{",
                '"',
                "é",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_text_can_be_repaired_and_repairing_twice_is_once(text: str) -> None:
    once = repaired(text)
    if parse(once, (0, 0))[1] is None:
        assert repaired(once) == once.strip("\n")


@pytest.mark.parametrize(
    "notebook",
    [
        {"nbformat": 4, "cells": [cell(["def f(x):\n", "    return x + 1"])]},
        {"nbformat": 4, "cells": [cell("def f(x):\n    return x + 1")]},
        {
            "nbformat": 4,
            "cells": [
                {"cell_type": "markdown", "source": "# not code"},
                cell("%matplotlib inline\n!pip install x"),
                cell("def f(x):\n    return x + 1"),
                {"cell_type": "raw", "source": "x = = 1"},
            ],
        },
        {
            "nbformat": 3,
            "worksheets": [
                {"cells": [{"cell_type": "code", "input": ["def f(x):\n", "    return x + 1"]}]}
            ],
        },
        {
            "nbformat": 2,
            "worksheets": [
                {"cells": [{"cell_type": "code", "input": "def f(x):\n    return x + 1"}]}
            ],
        },
        {"nbformat": 4, "cells": [3, None, cell("def f(x):\n    return x + 1")], "metadata": True},
        {"nbformat": 4, "cells": [cell(None), cell("def f(x):\n    return x + 1")]},
    ],
)
def test_notebooks_of_every_version(notebook: dict[str, Any]) -> None:
    text = json.dumps(notebook, indent=1)
    assert repaired(text).strip() == BODY
    assert "A notebook" in notes(text)


def test_the_cells_of_a_notebook_keep_their_order() -> None:
    text = json.dumps({"cells": [cell("x = 1"), cell("y = x"), cell("x = 2")]})
    assert repaired(text) == "x = 1\n\ny = x\n\nx = 2"
    assert "3 code cells" in notes(text)


def test_a_notebook_without_code_is_an_empty_program() -> None:
    assert repaired(json.dumps({"cells": [{"cell_type": "markdown", "source": "x"}]})) == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": [',
        "{",
        '{"cells": {"cell_type": "code"}}',
        "{" * 10_000,
        '{"a":' * 10_000,
        '{"cells": [], "n": ' + "9" * 5_000 + "}",
        '{"worksheets": 3}',
        '{"cells": [{"cell_type": "code", "source": {"a": 1}}]}',
        '{"cells": [{"cell_type": "code", "source": "\\ud800"}]}',
    ],
)
def test_a_broken_notebook_is_read_as_far_as_it_goes(text: str) -> None:
    source, _ = repair(text, alone)
    assert isinstance(source, str)


def test_a_margin_that_fits_the_given_program() -> None:
    given = "class A:\n    def f(self, x):\n        {{answer}}\n        return y\n"

    def filled(text: str) -> str:
        return put(given, text)

    for text in (
        "y = x\ny = y + 1",
        "        y = x\n        y = y + 1",
        "y = x\n        y = y + 1",
        "\ty = x\n\ty = y + 1",
    ):
        source, _ = repair(text, filled)
        assert source == "y = x\ny = y + 1"
        assert parse(filled(source), (0, 0))[1] is None


@STEADY
@given(RAWS)
def test_anything_is_a_text_or_misread(raw: Any) -> None:
    try:
        text = as_source(raw)
    except Misread:
        return
    assert "\r" not in text


def test_lists_are_lines() -> None:
    assert as_source(["def f(x):", None, "    return x"]) == "def f(x):\n\n    return x"
    assert as_source("a\r\nb\rc") == "a\nb\nc"
    for raw in ({"a": "b"}, [["a"]], None):
        with pytest.raises(Misread):
            as_source(raw)
