"""`grader compare A B`: are two expressions the same, and how was it decided?"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import click

from grader.cli import FINE, YOUR_INPUT, safe
from grader.engine.guard import Guard, Overrun
from grader.expressions.comparing import Tolerance, compare_texts
from grader.expressions.scope import DOMAINS

_MAX_LINE = 1_000_000  # characters of one JSON line that are parsed
_PLAIN_CHARACTERS = 120
_COSTLY = re.compile(
    r"\\(?:int|iint|oint|sum|prod)|[∑∏∫!,;&]|det|diff|\d{4}|\^[^+*-]*\^|(?:sum|int|prod)"
)
"""What may cost more than a moment; anything else that is short is judged right here, without a worker."""

Piece = tuple[
    str, str, dict[str, str], Tolerance, int
]  # answer, reference, domains, tolerance, seed


def _tolerance(_: click.Context, parameter: click.Parameter, value: str | None) -> Fraction | None:
    if value is None:
        return None
    try:
        number = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter("write a number such as 0.01 or 1/100", param=parameter) from None
    if number < 0:
        raise click.BadParameter("write a number that is not negative", param=parameter)
    return number


def _domains(
    _: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        name, _sign, domain = value.partition("=")
        if not name or domain not in DOMAINS:
            raise click.BadParameter(
                f"write name=domain with a domain among {', '.join(DOMAINS)}", param=parameter
            )
        found[name.strip()] = domain
    return found


@click.command()
@click.argument("answer", required=False)
@click.argument("reference", required=False)
@click.option("--jsonl", "source", help="Compare the lines of this file ('-' = standard input).")
@click.option(
    "--domain", "domains", multiple=True, callback=_domains, help="x=positive; repeatable."
)
@click.option(
    "--rtol", callback=_tolerance, help="Numbers may differ by this part of the reference."
)
@click.option("--atol", callback=_tolerance, help="Numbers may differ by this much.")
@click.option("--seed", default=0, show_default=True, help="Chooses the points that are tried.")
@click.option("--json", "as_json", is_flag=True, help="Write one line of JSON.")
def command(
    answer: str | None,
    reference: str | None,
    source: str | None,
    domains: dict[str, str],
    rtol: Fraction | None,
    atol: Fraction | None,
    seed: int,
    as_json: bool,
) -> int:
    """Say whether ANSWER and REFERENCE mean the same, and how that was decided.

    With --jsonl, each line is {"answer": ..., "reference": ..., "domain": {"x": "positive"}}
    (domain may be left out) and each gives one line of JSON. The exit status
    is 1 where a line is no such object; it does not tell the verdict.
    """
    tolerance = Tolerance(rtol, atol)
    if source is not None:
        if answer is not None:
            raise click.UsageError("Give either two expressions or --jsonl, not both.")
        try:
            with click.open_file(source, "rb") as lines, Guard(_record) as guard:
                bad = False
                for record in _records(lines, guard, domains, tolerance, seed):
                    bad |= "answer_reading" not in record
                    click.echo(json.dumps(record))
        except OSError as error:
            raise click.ClickException(f"{safe(source)}: {error.strerror}") from None
        return YOUR_INPUT if bad else FINE
    if answer is None or reference is None:
        raise click.UsageError("Give two expressions, or a file with --jsonl.")
    with Guard(_record) as guard:
        record = _guarded(guard, (answer, reference, domains, tolerance, seed))
    click.echo(json.dumps(record) if as_json else _shown(record))
    return FINE


def _records(
    lines: Iterable[bytes],
    guard: Guard[Piece, dict[str, Any]],
    domains: Mapping[str, str],
    tolerance: Tolerance,
    seed: int,
) -> Iterator[dict[str, Any]]:
    """One record for each line that is not blank; a bad line gives a record that says why."""
    for line in lines:
        if not line.strip():
            continue
        try:
            pair = _pair(line)
        except ValueError as error:
            yield {"verdict": "unreadable", "evidence": "", "proved": False, "message": str(error)}
            continue
        yield _guarded(guard, (pair[0], pair[1], {**domains, **pair[2]}, tolerance, seed))


def _guarded(guard: Guard[Piece, dict[str, Any]], piece: Piece) -> dict[str, Any]:
    """The comparison, in a worker that can be stopped unless both texts are short and plain."""
    if all(len(text) <= _PLAIN_CHARACTERS and not _COSTLY.search(text) for text in piece[:2]):
        return _record(piece)
    try:
        return guard.one(piece)
    except Overrun as stop:
        readings = {"answer_reading": None, "reference_reading": None}
        return {"verdict": "undecided", "evidence": f"stopped: {stop}", "proved": False, **readings}


def _record(piece: Piece) -> dict[str, Any]:
    """The comparison as what one line of JSON holds."""
    answer, reference, domains, tolerance, seed = piece
    found = compare_texts(answer, reference, domains=domains, tolerance=tolerance, seed=seed)
    record: dict[str, Any] = {
        "verdict": found.status,
        "evidence": found.evidence,
        "proved": found.proved,
        "answer_reading": found.answer_reading,
        "reference_reading": found.reference_reading,
    }
    if found.problem is not None:
        record |= {"message": found.problem.message, "excerpt": found.problem.excerpt}
    return record


def _pair(line: bytes) -> tuple[str, str, dict[str, str]]:
    """Answer, reference and domains of one line. Raises ValueError with what to write instead."""
    text = line.decode("utf-8-sig", errors="replace")
    if len(text) > _MAX_LINE:
        raise ValueError(f"this line is too long: write at most {_MAX_LINE} characters")
    try:
        # numbers keep their text: 1.50 is not 1.5 here
        entry = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this line is no JSON: {error}") from None
    if not isinstance(entry, dict):
        raise ValueError('this line is no object: write {"answer": ..., "reference": ...}')
    answer, reference = entry.get("answer"), entry.get("reference")
    if not isinstance(answer, str) or not isinstance(reference, str):
        raise ValueError('write {"answer": ..., "reference": ...} with two strings')
    domains = entry.get("domain") or {}
    if not isinstance(domains, dict) or not all(
        isinstance(domain, str) and domain in DOMAINS for domain in domains.values()
    ):
        raise ValueError(f"write domain as {{name: one of {', '.join(DOMAINS)}}}")
    return answer, reference, domains


def _shown(record: Mapping[str, Any]) -> str:
    """A record for people."""
    lines = []
    for side in ("answer", "reference"):
        reading = record.get(f"{side}_reading")
        lines.append(f"{side + ':':<11}{'(unreadable)' if reading is None else safe(reading)}")
    lines.append(f"{record['verdict']}{' (proved)' if record['proved'] else ''}")
    if record["evidence"]:
        lines.append(safe(record["evidence"]))
    if "excerpt" in record:
        lines.append(safe(record["excerpt"]))
    return "\n".join(lines)
