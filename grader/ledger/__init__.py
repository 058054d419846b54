"""All that is known of the grading of an exam, append-only, in one SQLite file.

Automatic scores, people's decisions, releases: each row belongs to an act, with who, when and why. What holds is a
view over the rows, as of any act.
"""

from grader.ledger.decisions import answer_digest, decided_for
from grader.ledger.faults import Damaged
from grader.ledger.lock import only_writer, user
from grader.ledger.rows import Act, Decision, Entry, Judged, Kind, Placed, Standing
from grader.ledger.store import NOW, Ledger
from grader.ledger.writing import Writer

__all__ = [
    "NOW",
    "Act",
    "Damaged",
    "Decision",
    "Entry",
    "Judged",
    "Kind",
    "Ledger",
    "Placed",
    "Standing",
    "Writer",
    "answer_digest",
    "decided_for",
    "only_writer",
    "user",
]
