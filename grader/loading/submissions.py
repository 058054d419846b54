"""A file or folder in the submissions -> what a candidate handed in. One bad file never stops the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from grader.checkers.base import is_blank
from grader.checkers.code import notebook
from grader.errors import AuthorError, Problem, SubmissionError
from grader.exam import Exam
from grader.loading.models import build, nearest
from grader.loading.text import read_text
from grader.loading.yaml import load_yaml
from grader.score import Raw
from grader.submission import Handed, Submission

YAML_ENDINGS = (".yaml", ".yml")
NOTEBOOK_ENDING = ".ipynb"
ANSWER_ENDINGS = (".txt", ".md", ".py", ".tex", NOTEBOOK_ENDING, *YAML_ENDINGS)
LINK = "is a link and was not followed; hand in the file itself"
MAX_FILES = 500
"""Files in one candidate's folder."""
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def read_entry(path: Path, root: Path, exam: Exam) -> Handed:
    """One file or folder. Whatever is wrong with it, a candidate comes back."""
    shown = str(path.relative_to(root)) if path.is_relative_to(root) else path.name
    candidate = identifier(path)
    try:
        if path.is_symlink():
            raise SubmissionError(Problem(shown, 0, 0, LINK))
        if path.is_dir():
            handed = _read_candidate_folder(path, exam)
        elif path.suffix.lower() in YAML_ENDINGS:
            handed = _read_file(path, shown)
        else:
            message = f"is no submission; hand in a {candidate}.yaml or a folder {candidate}/"
            raise SubmissionError(Problem(shown, 0, 0, message))
        return _check_names(handed, exam, shown)
    except SubmissionError as failure:
        why = "; ".join(str(problem) for problem in failure.problems)
        return Handed(candidate, problems=failure.problems, failed=why, nameless=True)
    except OSError as failure:
        problem = Problem(
            shown, 0, 0, f"cannot be opened: {failure.strerror or type(failure).__name__}"
        )
        return Handed(candidate, problems=(problem,), failed=str(problem), nameless=True)


def identifier(path: Path) -> str:
    """A candidate's identifier from a file name, when the file itself does not tell."""
    stem = path.name if path.is_dir() else path.stem
    return UNSAFE.sub("-", stem).strip(".-")[:64] or "unnamed"


def _read_file(path: Path, shown: str) -> Handed:
    document = load_yaml(path, shown)
    submission, problems = build(Submission, document)
    if submission is None:
        raise SubmissionError(problems)
    return Handed(
        submission.candidate, submission.group, submission.answers, problems=document.warnings
    )


def files_in(folder: Path) -> list[Path]:
    """What a candidate's folder holds, by name; names that begin with `_` or `.` do not count."""
    return sorted(file for file in folder.iterdir() if not file.name.startswith(("_", ".")))


def _read_candidate_folder(path: Path, exam: Exam) -> Handed:
    handed = Handed(identifier(path))
    answers: dict[str, Raw] = {}
    unread: dict[str, str] = {}
    problems: list[Problem] = []
    files = files_in(path)
    if len(files) > MAX_FILES:
        message = f"the folder holds {len(files)} files; at most {MAX_FILES} are read"
        raise SubmissionError(Problem(path.name, 0, 0, message))
    for file in files:
        shown = f"{path.name}/{file.name}"
        if file.is_symlink():
            problems.append(Problem(shown, 0, 0, LINK))
            unread[file.stem] = "This file is a link to somewhere else and was not followed."
        elif file.name in ("answers.yaml", "answers.yml"):
            given, group = _read_answers(file, shown, handed.candidate, problems)
            handed = replace(handed, group=group)
            _add(answers, unread, given, shown, problems)
        elif file.is_file() and file.suffix.lower() in ANSWER_ENDINGS:
            _read_answer(file, shown, answers, unread, problems)
        else:
            message = f"cannot be read as an answer; hand in a file {', '.join(ANSWER_ENDINGS)}"
            problems.append(Problem(shown, 0, 0, message))
            unread[file.stem] = f"{file.name} {message}."
    meant = {question_named(name, exam): why for name, why in unread.items()}
    return replace(
        handed,
        answers=answers,
        unread={question: why for question, why in meant.items() if question},
        problems=tuple(problems),
    )


def _read_answers(
    file: Path, shown: str, candidate: str, problems: list[Problem]
) -> tuple[dict[str, Raw], str]:
    """`answers.yaml` of a folder; the candidate may be left out of it."""
    document = load_yaml(file, shown)
    value = document.value
    if isinstance(value, dict) and "candidate" not in value:
        document = replace(document, value={**value, "candidate": candidate})
    submission, found = build(Submission, document)
    if submission is None:
        raise SubmissionError(found)
    if submission.candidate != candidate:
        message = f"says candidate {submission.candidate!r} but lies in the folder {candidate!r}; make them agree"
        raise SubmissionError(document.problem(("candidate",), message))
    problems.extend(document.warnings)
    return dict(submission.answers), submission.group


def _read_answer(
    file: Path, shown: str, answers: dict[str, Raw], unread: dict[str, str], problems: list[Problem]
) -> None:
    """One file with one answer; when it cannot be read, only that question waits."""
    try:
        if file.suffix.lower() in YAML_ENDINGS:
            document = load_yaml(file, shown)
            value, warnings = document.value, document.warnings
        else:
            text = read_text(file, shown)
            value, warnings = text.text.strip("\n"), text.warnings
            if file.suffix.lower() == NOTEBOOK_ENDING:
                value = _from_notebook(value, shown)
    except SubmissionError as failure:
        problems.extend(failure.problems)
        unread[file.stem] = "; ".join(problem.message for problem in failure.problems)
        return
    problems.extend(warnings)
    _add(answers, unread, {file.stem: value}, shown, problems)


def _from_notebook(text: str, shown: str) -> str:
    """A notebook's cells as Markdown; what its code has put out is no part of the answer.

    Raises:
        SubmissionError: it is no notebook.
    """
    cells = notebook.cells(text)
    if cells is None:
        raise SubmissionError(
            Problem(shown, 0, 0, "is no notebook; save it again as .ipynb, or hand in a .py file")
        )
    return notebook.as_markdown(cells)


def _add(
    answers: dict[str, Raw],
    unread: dict[str, str],
    given: dict[str, Raw],
    shown: str,
    problems: list[Problem],
) -> None:
    """Add answers; a question answered in two places is left to a person."""
    for key, value in given.items():
        if key in answers or key in unread:
            unread[key] = "There are two answers to this question in the folder."
            problems.append(
                Problem(shown, 0, 0, f"question {key} is answered a second time here; keep one")
            )
        else:
            answers[key] = value


def _check_names(handed: Handed, exam: Exam, shown: str) -> Handed:
    """Unknown questions are named and left out; an unknown group leaves the candidate to a person."""
    group = next((g for g in exam.groups if g.casefold() == handed.group.casefold()), "")
    if handed.group and not group:
        message = f"there is no group {handed.group!r}; groups are {', '.join(exam.groups)}"
        problem = Problem(shown, 0, 0, message)
        group = exam.default_group
        return replace(
            handed, group=group, problems=(*handed.problems, problem), failed=str(problem)
        )
    answers, unread, problems = dict[str, Raw](), dict(handed.unread), list(handed.problems)
    for key, value in handed.answers.items():
        question = question_named(key, exam)
        if question is None:
            hint = nearest(key, exam.questions)
            message = f"there is no question {key!r}{hint}; the answer was left out"
            problems.append(Problem(shown, 0, 0, message))
        elif question in answers:
            unread[question] = "There are two answers to this question."
            message = f"question {question} is answered a second time as {key!r}; keep one"
            problems.append(Problem(shown, 0, 0, message))
        else:
            answers[question] = value
            if question != key:
                message = f"{key!r} was read as question {question}"
                problems.append(Problem(shown, 0, 0, message, "warning"))
    group = group or exam.default_group
    problems += _of_other_groups(answers, group, exam, shown)
    return replace(handed, group=group, answers=answers, unread=unread, problems=tuple(problems))


def _of_other_groups(
    answers: Mapping[str, Raw], group: str, exam: Exam, shown: str
) -> Iterator[Problem]:
    """Answers that do not count, in case a candidate forgot to say the group."""
    for key, value in answers.items():
        groups = exam.questions[key].groups
        if groups and group not in groups and not is_blank(value):
            message = f"question {key} is not asked of {group} and is not counted; is the group {groups[0]}?"
            yield Problem(shown, 0, 0, message, "warning")


def question_named(written: str, exam: Exam) -> str | None:
    """The question that a key or a file name means: `1A`, `1.a` and `Q1a` are `1a`. None if there is no such one."""
    if written in exam.questions:
        return written
    found = [key for key in exam.questions if _loose(key) == _loose(written)]
    return found[0] if len(found) == 1 else None


def _loose(name: str) -> str:
    """An id without what people add to it: capitals, dots, `question`, and the `(1)` of a second download."""
    squeezed = re.sub(r"[\s_-]|\.(?!\d)|(?<!\d)\.", "", name.casefold())
    return re.sub(r"^(q|question|task|oppgave|aufgabe)(?=\d)|\(\d+\)$", "", squeezed)


def read_bonus(folder: Path, exam: Exam) -> dict[str, str]:
    """Bonus points by candidate from `_bonus.yaml`, which staff write; empty where there is none.

    Raises:
        AuthorError: the file cannot be read or the exam has no bonus.
    """
    path = folder / "_bonus.yaml"
    if not path.exists():
        return {}
    try:
        document = load_yaml(path, path.name, by_staff=True)
    except SubmissionError as failure:
        raise AuthorError(failure.problems) from None
    if exam.bonus is None:
        raise AuthorError(
            document.problem((), "the exam has no `bonus:`; add it there or remove this file")
        )
    if not isinstance(document.value, dict):
        raise AuthorError(document.problem((), "write `candidate: points` lines"))
    problems = [
        document.problem((key,), f"write points from 0 to {exam.bonus.max} for {key}")
        for key, value in document.value.items()
        if not isinstance(value, str)
        or not re.fullmatch(r"\d+(\.\d+)?", value)
        or float(value) > exam.bonus.max
    ]
    if problems:
        raise AuthorError(problems)
    return {key: str(value) for key, value in document.value.items()}
