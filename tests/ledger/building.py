"""A ledger that tests fill by hand, without grading anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path

from grader.ledger import Act, Decision, Entry, Judged, Kind, Ledger, Placed, Standing
from grader.score import Outcome, Score
from grader.submission import Handed

ONE = Score(Outcome.GRADED, Fraction(1), evidence="equal")


def act(reason: str = "", at: str = "2026-01-01T00:00:00+00:00", kind: Kind = Kind.GRADED) -> Act:
    return Act(kind, "kari", at, reason, "paper", "engine")


def decision(answer: str = "a1", credit: str = "1/2", comment: str = "nearly") -> Decision:
    return Decision("1a", answer, "item", Fraction(credit), comment, "kari", "2026-01-02")


def judged(work: str, score: Score = ONE) -> Judged:
    return Judged(work, "1a", "item", "answer", "engine", "", score)


def standing(candidate: str, entry: int, score: int, made_from: str = "m") -> Standing:
    scores = {"1a": Placed(score, "a1", "said")}
    return Standing(candidate, "msc", (entry,), scores, "0", made_from, "i", settled=True)


def filled(path: Path, candidates: int = 3) -> Ledger:
    """Each candidate has an entry, a score and a standing with its own number, all of act 1; act 2 decided."""
    ledger = Ledger(path)
    with ledger.writing(act("first")) as writer:
        writer.begin("kept")
        writer.paper("paper", "rubric", {"1a": "item"}, {"exams/small.yaml": "exam: small\n"})
        for number in range(1, candidates + 1):
            name = f"c{number}"
            handed = Handed(name, "msc", {"1a": str(number)})
            entry = writer.entry(Entry(f"{name}.yaml", f"bytes {number}", "r", handed), name)
            score = writer.judged(judged(f"{number:032x}"))
            writer.standing(standing(name, entry, score))
        writer.end()
    with ledger.writing(act("second", kind=Kind.DECIDED)) as writer:
        writer.decisions([decision()])
    return ledger


def damage(path: Path, statement: str, *values: object) -> None:
    """Change rows behind the ledger's back, as a failing disk may."""
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        for _, text in triggers:
            connection.execute(text)
