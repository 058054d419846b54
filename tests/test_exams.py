"""The five shipped exams: complete, consistent, and fair to a perfect and a blank candidate."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from markupsafe import escape

from grader.gradebook import tally
from grader.ledger import Act, Kind, Ledger
from grader.loading.workspace import Workspace
from grader.pipeline import Wish, grade_class
from grader.pipeline.pages import page_path
from grader.pipeline.state import State
from grader.report import Dossier, StudentReport
from grader.review import apply_sheet
from grader.rubric import Paper
from grader.score import FULL, Outcome, Raw, Score
from grader.scoring import Scorer
from grader.submission import Handed, natural
from tests.conftest import handed_in

ROOT = Path(__file__).parents[1]
PLACE = Workspace(ROOT)
QUESTIONS = {
    "in5400-2018": 23,
    "in5400-2019": 24,
    "in5400-2021": 26,
    "in5400-2022": 26,
    "fau-dl-2021": 32,
}
PHD_ONLY = {
    "in5400-2018": {"6c", "7c"},
    "in5400-2019": {"2f", "3b"},
    "in5400-2021": {"13a", "13b"},
    "in5400-2022": {"12a", "12b"},
    "fau-dl-2021": set(),
}
WITHHELD = {"in5400-2018": {"2a", "7a"}}
EXAMS = sorted(QUESTIONS)
FEWEST_CANDIDATES = 12


@cache
def paper(exam: str) -> Paper:
    return PLACE.paper(exam)


@cache
def handed(exam: str) -> tuple[Handed, ...]:
    return tuple(handed_in(PLACE.submissions(exam), paper(exam).exam))


_KEPT: list[TemporaryDirectory[str]] = []


@cache
def graded(exam: str) -> tuple[Path, State]:
    """The shipped class, graded once: the folder of reports, and what its ledger says."""
    _KEPT.append(TemporaryDirectory())
    out = Path(_KEPT[-1].name)
    ledger = Ledger(out / "ledger.sqlite")
    act = Act(Kind.GRADED, "", "2024-01-01")
    files = PLACE.files(exam)
    grade_class(paper(exam), files, PLACE.submissions(exam), ledger, act, Wish(out, workers=1))
    return out, State(ledger, paper(exam))


@cache
def marked(exam: str) -> dict[str, dict[str, Score]]:
    _, state = graded(exam)
    return {one.result.candidate: one.scores for one in state.candidates()}


def last_group(exam: str) -> str:
    """The group that is asked everything."""
    return list(paper(exam).exam.groups)[-1]


@pytest.mark.parametrize("exam", EXAMS)
def test_every_sub_question_is_there(exam: str) -> None:
    questions = paper(exam).exam.questions
    assert len(questions) == QUESTIONS[exam]
    assert {key for key, question in questions.items() if question.groups} == PHD_ONLY[exam]
    assert {key for key, question in questions.items() if question.withheld} == WITHHELD.get(
        exam, set()
    )
    assert list(questions) == sorted(questions, key=natural)


def test_points_are_as_printed() -> None:
    for exam in EXAMS:
        points = {key: question.points for key, question in paper(exam).exam.questions.items()}
        if exam != "fau-dl-2021":
            assert set(points.values()) == {1}
            continue
        by_exercise = {
            n: sum(p for key, p in points.items() if key.startswith(f"{n}.")) for n in range(1, 8)
        }
        assert by_exercise == {1: 8, 2: 10, 3: 7, 4: 12, 5: Decimal("9.5"), 6: 6, 7: Decimal("7.5")}
        bonus = paper(exam).exam.bonus
        assert bonus is not None
        assert bonus.max == 6


@pytest.mark.parametrize("exam", EXAMS)
def test_a_perfect_candidate_gets_full_credit_on_every_decided_item(exam: str) -> None:
    """Handed in: the key where the key is an answer, the first full example elsewhere."""
    answers: dict[str, Raw] = {}
    for key, item in paper(exam).rubric.items.items():
        question = paper(exam).exam.questions[key]
        model = item.check.model_answer(question.response, paper(exam).official_given(key))
        full = [e.answer for e in item.examples if e.credit == FULL and not e.answers]
        answers[key] = model if model is not None else next(iter(full), None)
    scores = Scorer(paper(exam)).score(answers, last_group(exam))
    decided = {
        k: score.credit for k, score in scores.items() if score.outcome.decided and answers[k]
    }
    assert set(decided.values()) == {FULL}, {k: v for k, v in decided.items() if v != FULL}
    assert len(decided) >= 5
    waiting = {key: score for key, score in scores.items() if not score.outcome.decided}
    assert {score.outcome for score in waiting.values()} <= {Outcome.REVIEW}
    assert all(score.most == FULL for score in waiting.values())


@pytest.mark.parametrize("exam", EXAMS)
def test_a_blank_candidate_gets_no_points_and_nothing_raises(exam: str) -> None:
    group = last_group(exam)
    scores = Scorer(paper(exam)).score({}, group)
    assert {score.outcome for score in scores.values()} == {Outcome.BLANK}
    result = tally(paper(exam).exam, "0", group, scores)
    assert result.complete
    assert result.points == 0
    assert result.grade == list(paper(exam).exam.scale)[-1]


@pytest.mark.parametrize("exam", EXAMS)
def test_shipped_candidates_use_every_outcome_but_ours(exam: str) -> None:
    assert len(handed(exam)) >= FEWEST_CANDIDATES
    outcomes = {score.outcome for scores in marked(exam).values() for score in scores.values()}
    assert outcomes == {Outcome.GRADED, Outcome.BLANK, Outcome.UNREADABLE, Outcome.REVIEW}
    found = {
        finding.id
        for scores in marked(exam).values()
        for score in scores.values()
        for finding in score.findings
    }
    assert any(name.endswith("follow-through") for name in found)
    assert any(one.failed for one in handed(exam)), "one file is broken"
    folders = [path for path in PLACE.submissions(exam).iterdir() if path.is_dir()]
    assert len(folders) >= 2
    if PHD_ONLY[exam]:
        assert any(one.group == "phd" for one in handed(exam))
        assert any(
            one.group != "phd" and PHD_ONLY[exam] & one.answers.keys() for one in handed(exam)
        )


@pytest.mark.parametrize("exam", EXAMS)
def test_answers_to_questions_of_another_group_are_ignored(exam: str) -> None:
    for one in handed(exam):
        if one.group != "phd":
            assert not PHD_ONLY[exam] & marked(exam)[one.candidate].keys()


@pytest.mark.parametrize("exam", EXAMS)
def test_every_item_has_examples_and_a_solution(exam: str) -> None:
    for key, item in paper(exam).rubric.items.items():
        if key not in WITHHELD.get(exam, set()):
            assert len(item.examples) >= 3, key
            assert item.solution, key


def test_errata_are_stated() -> None:
    for exam, key in [
        ("in5400-2022", "5b"),
        ("in5400-2022", "6a"),
        ("fau-dl-2021", "1.5"),
        ("fau-dl-2021", "1.7"),
    ]:
        assert paper(exam).item(key).erratum, (exam, key)


def test_the_shipped_review_applies_without_refusals(tmp_path: Path) -> None:
    exam = "fau-dl-2021"
    _, state = graded(exam)
    known = {
        (key, placed.answer)
        for one in state.candidates()
        if not one.handed.failed
        for key, placed in one.standing.scores.items()
    }
    sheet = PLACE.submissions(exam) / "_review.yaml"
    decisions, refused = apply_sheet(
        sheet, "_review.yaml", paper(exam), known, {}, by=str, at="2024-01-01"
    )
    assert not refused
    assert len(decisions) >= 20
    ledger = state.ledger.copy_to(tmp_path / "ledger.sqlite")
    with ledger.writing(Act(Kind.DECIDED, "KL", "2024-01-01")) as writer:
        writer.decisions(decisions)
    complete = [one.result.complete for one in State(ledger, paper(exam)).candidates()]
    ledger.close()
    assert complete.count(True) >= 8
    assert complete.count(False) >= 2


def test_reading_needs_no_rubric() -> None:
    """What `grader check` loads holds no key: the exam file names no field of any checker."""
    for exam in EXAMS:
        text = (ROOT / "exams" / f"{exam}.yaml").read_text(encoding="utf-8")
        for field in (
            "misconceptions:",
            "rtol:",
            "accept:",
            "key:",
            "solution:",
            "examples:",
            "credit:",
        ):
            assert field not in text, (exam, field)


@pytest.mark.parametrize("exam", EXAMS)
def test_reports_without_the_key_hold_nothing_meant_for_staff(exam: str) -> None:
    out, _ = graded(exam)
    scored = 0
    for candidate, scores in marked(exam).items():
        page = page_path(out, candidate).read_text(encoding="utf-8")
        for score in scores.values():
            for finding in score.findings:
                if finding.staff.startswith("key:") or "to judge by" in finding.staff:
                    scored += 1
                    assert finding.staff not in page, (candidate, finding.id)
                    assert str(escape(finding.staff)) not in page, (candidate, finding.id)
    assert scored >= 3


def test_a_form_that_could_not_be_read_shows_no_key_of_another() -> None:
    """In 2018 2c a readable wrong size beside an unreadable side."""
    answers = {"2c": {"side": "3 + )", "size": "(99, 98)"}}
    exam = paper("in5400-2018")
    scores = Scorer(exam).score(answers, "msc")
    result = tally(exam.exam, "1", "msc", scores)
    page = StudentReport(exam.exam, None, with_key=False).render(
        Dossier("1", "msc", answers, scores, result)
    )
    assert "key:" not in page
    assert "(12, 12)" not in page
