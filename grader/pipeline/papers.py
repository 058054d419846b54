"""Exams and rubrics as the ledger keeps them: text files, loaded in the way that those of the workspace are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.engine.version import engine_digest
from grader.errors import AuthorError, GraderError
from grader.ledger import NOW, Act, Kind, Ledger
from grader.loading.workspace import Workspace
from grader.rubric import Paper

_ANCHOR = re.compile(r"(?:^|[\s\[{,])&\w")
_BLOCK_START = re.compile(r"^(?= {0,2}[^\s#])", re.MULTILINE)
"""What begins so far to the left is no part of the item before."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An exam with its rubric, and the text of just those files that it was loaded from, by path in the workspace."""

    paper: Paper
    files: Mapping[str, str]


def nothing_else() -> None:
    """What is done early where nothing is."""


def load_paper(
    place: Workspace, ledger: Ledger, exam: str, otherwise: Callable[[], None] = nothing_else
) -> Loaded:
    """The exam and rubric of a workspace.

    Those that this version has graded with before are known to be consistent. `otherwise` is called early when they
    are others.

    Raises:
        AuthorError: with every problem of both files.
    """
    try:
        files = place.files(exam)
    except (GraderError, OSError):
        place.paper(exam)  # which says all that is wrong
        raise
    before = _used_before(ledger)
    if before != files:
        otherwise()
    return Loaded(paper_from(files, exam, _known_good(before, files, exam)), files)


def still(place: Workspace, ledger: Ledger, loaded: Loaded) -> Loaded:
    """What was loaded, or what stands there now: while a run waited for another, somebody may have edited it."""
    exam = loaded.paper.exam.exam
    return loaded if place.files(exam) == loaded.files else load_paper(place, ledger, exam)


def _used_before(ledger: Ledger) -> dict[str, str]:
    """The files of the paper that this version of the engine last graded with."""
    engine = engine_digest()
    used = (act.paper for act in reversed(ledger.acts()) if act.paper and act.engine == engine)
    name = next(used, "")
    return ledger.paper(name) if name else {}


def _known_good(
    before: Mapping[str, str], now: Mapping[str, str], exam: str
) -> Callable[[str], bool]:
    """Tells items of which it is known that they fit their questions: those that stand as they stood."""
    if before and before == now:
        return lambda _: True
    rubric = f"rubrics/{exam}.yaml"
    if rubric not in before or {**before, rubric: ""} != {**now, rubric: ""}:
        return lambda _: False
    old, new = (_blocks(files[rubric]) for files in (before, now))
    return {key for key, block in new.items() if old.get(key) == block}.__contains__


def _blocks(rubric: str) -> dict[str, str]:
    """The text of each item by its name, without reading the YAML; nothing where one may stand for another's."""
    if _ANCHOR.search(rubric):
        return {}
    found: dict[str, str] = {}
    for block in _BLOCK_START.split(rubric):
        name = block.partition(":")[0].strip(" \"'")
        found[name] = found.get(name, "") + block
    return found


def paper_from(
    files: Mapping[str, str], exam: str, known_good: Callable[[str], bool] = lambda _: False
) -> Paper:
    """A paper from the text of its files, by path. Items that are `known_good` are not held against their questions.

    Raises:
        AuthorError: they are no exam and rubric, or this version reads them otherwise than the one they were for.
    """
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        return Workspace(Path(folder)).paper(exam, known_good)


def last_paper(ledger: Ledger, upto: int = NOW) -> str:
    """The name of the paper in force as of an act; empty where nothing was graded."""
    return next((act.paper for act in reversed(ledger.acts(upto)) if act.paper), "")


def paper_as_of(ledger: Ledger, exam: str, upto: int = NOW) -> Paper:
    """The exam and rubric in force as of an act.

    Raises:
        AuthorError: nothing was graded by then.
    """
    name = last_paper(ledger, upto)
    if not name:
        raise nothing_graded(exam)
    return paper_from(ledger.paper(name), exam)


def nothing_graded(exam: str) -> AuthorError:
    """What is said where a ledger is needed and there is none, or nothing in it."""
    return AuthorError(
        f"nothing of {exam!r} has been graded here yet; run `grader grade {exam}` first"
    )


def named_act(ledger: Ledger, written: str) -> Act:
    """The act that people mean: `release 2`, an act's number, or (the first digits of) a rubric's digest, its last act.

    Raises:
        AuthorError: there is none, or several.
    """
    acts = ledger.acts()
    word, _, number = written.strip().lower().rpartition(" ")
    if word.strip() == "release":
        return release_act(ledger, number)
    if written.isdecimal() and 0 < int(written) <= len(acts):
        return acts[int(written) - 1]
    rubrics = ledger.papers()
    meant = {rubric for rubric in rubrics.values() if rubric.startswith(written) and written}
    found = [act for act in acts if rubrics.get(act.paper) in meant]
    if len(meant) == 1 and found:
        return found[-1]
    known = ", ".join(dict.fromkeys(rubrics.values())) or "none yet"
    what = "several rubrics begin" if meant else "no rubric begins"
    raise AuthorError(
        f"{what} with {written!r}; the ledger knows the rubrics {known} and acts 1 to {len(acts)}; "
        "write one of these, or 'release N'"
    )


def releases(ledger: Ledger) -> list[Act]:
    """All releases, in order."""
    return [act for act in ledger.acts() if act.kind is Kind.RELEASED]


def release_act(ledger: Ledger, number: str) -> Act:
    """A release by its number, from 1.

    Raises:
        AuthorError: there is none.
    """
    found = releases(ledger)
    if number.isdecimal() and 0 < int(number) <= len(found):
        return found[int(number) - 1]
    known = f"there are releases 1 to {len(found)}" if found else "nothing has been released yet"
    raise AuthorError(f"there is no release {number}; {known}")


def refuse_cut_off(ledger: Ledger, exam: str) -> None:
    """Marks count only once a run has come to its end: of one that was cut off some are old and some are new.

    Raises:
        AuthorError: the last run that graded the class did not.
    """
    found = ledger.cut_off()
    if found is not None:
        message = (
            f"grading has not come to its end (act {found[0]} was cut off, or is still under way); "
            f"run `grader grade {exam}` first, which goes on with it"
        )
        raise AuthorError(message)
