"""`grader compare`: one pair, a file of pairs, and whatever a file may contain."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli.compare import command


def run(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(command, arguments, input=given)


def record(*arguments: str) -> dict[str, object]:
    result = run("--json", *arguments)
    assert result.exit_code == 0
    return json.loads(result.output)


def test_one_pair_for_people() -> None:
    result = run("2(x+1)", "2x + 2")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "answer:    2*(x + 1)",
        "reference: 2*x + 2",
        "equal (proved)",
        "equal as rational functions: random points modulo 2 primes of 61 bits",
    ]


def test_an_unreadable_pair_shows_the_place_and_is_no_failure() -> None:
    result = run("x + + )", "x")
    assert result.exit_code == 0
    assert result.output.splitlines()[-2:] == ["x + + )", "      ^"]


@pytest.mark.parametrize(
    ("answer", "reference", "verdict"),
    [
        ("3,14", "3.14", "equal"),
        ("1,000", "1000", "unreadable"),
        ("(1, 2)", "(1, 4/2)", "equal"),
        ("{2, 1, 1}", "{1, 2}", "equal"),
        ("{1, 2}", "{1, 3}", "different"),
        ("(1, 2)", "(2, 1)", "different"),
        ("(1, 2)", "1", "different"),
        ("[[1,2],[3,4]]", "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "equal"),
        ("[1, 2]", "(1, 2)", "undecided"),
        ("z = 7", "7", "undecided"),
        ("z = 7", "8", "different"),
        ("log(x^2)", "2 log(x)", "undecided"),
    ],
)
def test_verdicts(answer: str, reference: str, verdict: str) -> None:
    assert record(answer, reference)["verdict"] == verdict


def test_domains_and_tolerances() -> None:
    assert record("sqrt(x^2)", "x", "--domain", "x=positive")["verdict"] == "equal"
    assert record("10.1", "10", "--rtol", "0.02")["verdict"] == "equal"
    assert record("10.1", "10", "--atol", "0.01")["verdict"] == "different"


def test_each_line_gives_a_line() -> None:
    lines = [
        '{"answer": "2x", "reference": "x + x"}',
        "not json",
        "",
        "[1, 2]",
        '{"answer": "x"}',
        '{"answer": 1.50, "reference": "3/2"}',
        '{"answer": "sqrt(x^2)", "reference": "x", "domain": {"x": "positive"}}',
        '{"answer": "x", "reference": "x", "domain": {"x": "strange"}}',
        '{"answer": "\\ud800", "reference": "x"}',
        '{"answer": null, "reference": []}',
        "[" * 5_000,
        '{"answer": "' + "9" * 5_000 + '", "reference": "x"}',
    ]
    result = run("--jsonl", "-", given="\n".join(lines))
    assert result.exit_code == 0
    records = [json.loads(line) for line in result.output.splitlines()]
    assert [r["verdict"] for r in records] == [
        "equal", "unreadable", "unreadable", "unreadable", "equal", "equal",
        "unreadable", "unreadable", "unreadable", "unreadable", "unreadable",
    ]  # fmt: skip
    assert all(r.get("message") for r in records if r["verdict"] == "unreadable")


def test_bytes_that_are_no_text_give_a_line(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"answer": "x", "reference": "x"}\n\xff\xfe\x00\n')
    records = [json.loads(line) for line in run("--jsonl", str(file)).output.splitlines()]
    assert [r["verdict"] for r in records] == ["equal", "unreadable"]


def test_wrong_use_fails() -> None:
    assert run("x").exit_code != 0
    assert run("x", "y", "--jsonl", "-").exit_code != 0
    assert run("x", "y", "--domain", "x=odd").exit_code != 0
    assert run("x", "y", "--rtol", "many").exit_code != 0
    assert run("--jsonl", "/nowhere/at/all").exit_code == 1


def test_terminal_escapes_are_shown_not_sent() -> None:
    result = run("x\x1b[2Jy\u202e", "x")
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
