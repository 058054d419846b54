"""The report on one candidate."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from grader.exam import Exam
from grader.report import ItemKey, StudentReport
from grader.score import Finding, Outcome, Raw, Reading, Score
from tests.report.sample import (
    ANSWERS,
    BLANK,
    FAULT,
    TEXT_ANSWER,
    full,
    make_dossier,
    make_exam,
    partial,
    review,
    scores_with_review,
    span,
    unreadable,
)

ATTACK = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})
KEYS = {
    "1a": ItemKey("36-IS-RIGHT", "$3 \\cdot 9$ and so on", "The printed key is wrong."),
    "2b": ItemKey(None, "Any three.", ""),
}


class Outline(HTMLParser):
    """Checks that elements are closed in order; collects ids, links and the elements seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        values = dict(attrs)
        self.ids += [found] if (found := values.get("id")) else []
        self.targets += [values[name] or "" for name in ("href", "src") if name in values]
        assert not any(name.startswith("on") for name in values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam()


@pytest.fixture(scope="module")
def report(exam: Exam) -> StudentReport:
    return StudentReport(exam, KEYS, with_key=False)


def question(page: str, key: str) -> str:
    """The HTML of one question."""
    found = re.search(rf'<article [^>]*id="q-{re.escape(key)}".*?</article>', page, re.DOTALL)
    assert found
    return found.group()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def render(
    report: StudentReport, exam: Exam, key: str, score: Score, raw: Raw = "x", group: str = "msc"
) -> str:
    scores = {**scores_with_review(), key: score}
    return question(
        report.render(
            make_dossier(exam, group=group, scores=scores, answers={**ANSWERS, key: raw})
        ),
        key,
    )


def test_page_is_well_formed_and_stands_alone(exam: Exam, report: StudentReport) -> None:
    outline = Outline(report.render(make_dossier(exam)))
    assert len(outline.ids) == len(set(outline.ids))
    assert not outline.seen & {"script", "img", "link", "iframe", "object", "base", "form"}
    assert all(target.startswith("#") and target[1:] in outline.ids for target in outline.targets)
    assert {"header", "main", "nav", "footer", "svg", "math", "article"} <= outline.seen


def test_page_names_no_other_address(exam: Exam, report: StudentReport) -> None:
    page = report.render(make_dossier(exam))
    assert "http" not in page
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_accessible_frame(exam: Exam, report: StudentReport) -> None:
    page = report.render(make_dossier(exam))
    assert '<html lang="en">' in page
    assert '<a class="skip" href="#content">' in page
    assert 'name="viewport"' in page
    assert page.count("<h1>") == 1


def test_total_is_a_range_while_an_answer_waits(exam: Exam, report: StudentReport) -> None:
    text = words(report.render(make_dossier(exam)))
    assert "Total 2 to 3 of 5 points" in text
    assert "1 answer waits for a person" in text
    assert "Grade E to C still open" in text


def test_total_percentage_and_grade_when_complete(exam: Exam, report: StudentReport) -> None:
    scores = {**scores_with_review(), "2b": full("x")}
    text = words(report.render(make_dossier(exam, scores=scores, bonus="0.5")))
    assert "Total 3 of 5 points 60 %" in text
    assert "Grade C 70 % with the bonus" in text
    assert "still open" not in text


def test_shown_percentage_never_reaches_a_limit_that_the_points_do_not(
    exam: Exam, report: StudentReport
) -> None:
    scores = {key: full("x") for key in exam.asked("msc")}
    scores["1b"] = Score(Outcome.GRADED, Fraction("0.799"))
    text = words(report.render(make_dossier(exam, scores=scores)))
    assert "4.6 of 5 points 92 %" in text
    scores["1b"] = Score(Outcome.GRADED, Fraction("0.797"))
    text = words(report.render(make_dossier(exam, scores=scores)))
    assert "4.59 of 5 points 91.8 %" in text


@pytest.mark.parametrize(
    ("score", "says"),
    [
        (full("36"), "✓ Full credit 1 of 1 point"),
        (partial(), "◐ Partial credit 0.5 of 1 point"),
        (replace(partial("0"), findings=()), "✗ No credit 0 of 1 point"),
        (BLANK, "– Not answered 0 of 1 point"),
        (review(), "… Waiting for a person 0 to 1 of 1 point"),
        (unreadable(), "… Could not be read 0 to 1 of 1 point"),
        (FAULT, "… Our fault 0 to 1 of 1 point"),
    ],
)
def test_every_outcome_is_said_in_words(
    exam: Exam, report: StudentReport, score: Score, says: str
) -> None:
    assert says in words(render(report, exam, "1a", score, TEXT_ANSWER))


def test_reading_is_mathematics(exam: Exam, report: StudentReport) -> None:
    html = render(report, exam, "1a", full("36", "\\hat{y} = 36"), "ŷ = 36,0")
    reading = html.split("How it was read")[1]
    assert "<math" in reading
    assert "<mn>36</mn>" in reading
    assert '<pre class="entered">ŷ = 36,0</pre>' in html


def test_reading_as_entered_is_not_repeated(exam: Exam, report: StudentReport) -> None:
    assert "How it was read" not in render(report, exam, "1a", full("36"), " 36 ")


def test_findings_say_what_gave_and_what_cost(exam: Exam, report: StudentReport) -> None:
    findings = (
        Finding("a", Fraction(3, 4), "Right idea with $x^2$."),
        Finding("b", Fraction(-1, 4), "A sign is lost."),
        Finding("c", Fraction(0), "Judged with your own result of 1a."),
        Finding("silent", Fraction(0)),
    )
    html = render(report, exam, "1b", Score(Outcome.GRADED, Fraction(1, 2), findings=findings))
    text = words(html)
    assert "+1.5 Right idea with x 2" in text
    assert "−0.5 A sign is lost." in text
    assert "Judged with your own result" in text
    assert "silent" not in text


def test_no_credit_is_never_left_unexplained(exam: Exam, report: StudentReport) -> None:
    html = render(report, exam, "1a", Score(Outcome.GRADED, Fraction(0)))
    assert "not one of the answers that earn credit" in html


def test_unreadable_shows_the_place(exam: Exam, report: StudentReport) -> None:
    html = render(report, exam, "1a", unreadable(), "36 or <so>")
    assert '<pre class="excerpt">36 or &lt;so&gt;\n   ^</pre>' in html
    assert "not been counted as wrong" in html


def test_review_highlights_the_words_it_rests_on(exam: Exam, report: StudentReport) -> None:
    html = render(report, exam, "2b", review(), TEXT_ANSWER)
    assert '<mark data-n="1">dropout</mark>' in html
    assert '<mark data-n="2">more data</mark>' in html
    assert "&lt;b&gt;Early stopping&lt;/b&gt;" in html
    assert "a proposal, the person decides" in html
    assert "STAFF-ONLY" not in html


def test_overlapping_marks_are_cut_and_numbered(exam: Exam, report: StudentReport) -> None:
    raw = "one two three"
    findings = (
        Finding("a", Fraction(0), "a", spans=(span(raw, "one two"),)),
        Finding("b", Fraction(0), "b", spans=(span(raw, "two three"), (50, 60))),
    )
    html = render(report, exam, "2b", Score(Outcome.REVIEW, None, findings=findings), raw)
    assert (
        '<mark data-n="1">one </mark><mark data-n="1,2">two</mark><mark data-n="2"> three</mark></pre>'
        in html
    )


def test_a_person_who_decided_otherwise_is_not_contradicted(
    exam: Exam, report: StudentReport
) -> None:
    decided = replace(
        review(), outcome=Outcome.GRADED, credit=Fraction(1), by="ta", notes=("Well argued.",)
    )
    html = render(report, exam, "2b", decided, TEXT_ANSWER)
    assert "A person has read this answer" in html
    assert "Well argued." in html
    assert "+0.33" not in html


def test_nested_answers_become_lists(exam: Exam, report: StudentReport) -> None:
    html = render(report, exam, "1a", full("x", "x"), {"b<": "-16", "w": ["1", None]})
    assert "<dt>b&lt;</dt>" in html
    assert '<ol class="entered">' in html
    assert "nothing" in html


def test_answers_to_other_groups_questions_are_said_to_be_ignored(
    exam: Exam, report: StudentReport
) -> None:
    text = words(question(report.render(make_dossier(exam)), "3a"))
    assert "only for: PhD candidates" in text
    assert "By Jensen" in text
    assert "It was not read" in text


def test_withheld_questions_say_why(exam: Exam, report: StudentReport) -> None:
    assert "The picture is lost." in words(question(report.render(make_dossier(exam)), "2a"))


def test_options_are_listed(exam: Exam, report: StudentReport) -> None:
    assert "<dt>2</dt><dd>A ReLU is bounded.</dd>" in question(
        report.render(make_dossier(exam)), "1c"
    )


def test_figures_are_drawn_once_and_named(exam: Exam, report: StudentReport) -> None:
    page = report.render(make_dossier(exam))
    assert page.count('<svg id="figure-net"') == 1
    assert '<a href="#figure-net">figure 1</a>' in question(page, "1b")
    assert '<title id="figure-net-title">A linear network' in page
    assert "x₁ to h₁ (1)" in page
    assert "training error (dashed)" in page


@pytest.mark.parametrize("key", ["1a", "2b", "3a"])
def test_candidate_text_is_escaped(exam: Exam, report: StudentReport, key: str) -> None:
    findings = (Finding(ATTACK, Fraction(1, 2), ATTACK, spans=((0, 3), (2, 9))),)
    score = Score(Outcome.REVIEW, None, Reading(ATTACK), findings, ATTACK, notes=(ATTACK,))
    for raw in (ATTACK, {ATTACK: [ATTACK, {ATTACK: ATTACK}]}):
        dossier = make_dossier(
            exam, scores={**scores_with_review(), key: score}, answers={**ANSWERS, key: raw}
        )
        outline = Outline(report.render(dossier))
        assert not outline.seen & {"script", "img"}


def test_latex_of_a_reading_cannot_leave_the_formula(exam: Exam, report: StudentReport) -> None:
    for latex in (
        "\\text{</mtext></math><script>alert(1)</script>}",
        "\\href{javascript:alert(1)}{x}",
        "\\style{background:url(http://x)}{x}",
        "\\text{&#x3C;script&#x3E;}",
        '\\class{x" onclick="alert(1)}{y}',
        "{" * 3000,
        "\\frac{",
    ):
        html = render(report, exam, "1a", full("x", latex))
        outline = Outline(html)
        assert not outline.seen & {"script", "a"}
        assert not outline.targets


def test_ids_and_problems_are_escaped(exam: Exam, report: StudentReport) -> None:
    outline = Outline(
        report.render(make_dossier(exam, candidate=ATTACK, scores={}, problem=ATTACK))
    )
    assert "script" not in outline.seen


def test_authors_html_is_text() -> None:
    exam = make_exam(rules=ATTACK, title=ATTACK)
    outline = Outline(StudentReport(exam, None, with_key=False).render(make_dossier(exam)))
    assert not outline.seen & {"script", "img"}


def test_characters_no_page_can_hold_are_replaced(exam: Exam, report: StudentReport) -> None:
    raw = "a\x00b\x1b[31m\ud800\u202ec"
    page = report.render(make_dossier(exam, answers={**ANSWERS, "1a": raw}))
    page.encode("utf-8")
    assert "a␀b␛[31m��c" in page


def test_very_long_answers_are_cut(exam: Exam, report: StudentReport) -> None:
    html = render(report, exam, "1a", unreadable(), "x" * 1_000_000)
    assert len(html) < 40_000
    assert "980,000 more characters" in html


def test_the_key_is_shown_only_when_asked_for(exam: Exam, report: StudentReport) -> None:
    secrets = ("36-IS-RIGHT", "The printed key is wrong.", "Any three.", "SECRET-KEY")
    page = report.render(make_dossier(exam))
    assert not any(secret in page for secret in secrets)
    keyed = StudentReport(exam, KEYS, with_key=True).render(make_dossier(exam))
    assert all(secret in keyed for secret in secrets)
    Outline(keyed)


def test_an_unreadable_file_is_said_first(exam: Exam, report: StudentReport) -> None:
    page = report.render(make_dossier(exam, scores={}, problem="7.yaml:3:1: close the bracket"))
    text = words(page)
    assert "7.yaml:3:1: close the bracket" in text
    assert "Total 0 to 5 of 5 points" in text
    assert "<article" not in page


def test_same_dossier_same_bytes(exam: Exam, report: StudentReport) -> None:
    first = report.render(make_dossier(exam))
    report.render(make_dossier(exam, candidate="1002", group="phd", scores={"1a": BLANK}))
    assert report.render(make_dossier(exam)) == first
    assert (
        StudentReport(make_exam(), KEYS, with_key=False).render(make_dossier(make_exam())) == first
    )


def test_equal_texts_of_different_shape_are_not_confused(exam: Exam, report: StudentReport) -> None:
    score = full("x", "x")
    assert '<ol class="entered">' in render(report, exam, "1a", score, ["1"])
    assert "[&#39;1&#39;]" in render(report, exam, "1a", score, "['1']")


def test_findings_about_a_part_name_it() -> None:
    questions = dict(make_exam().model_dump()["questions"])
    questions["1a"]["response"] = {
        "kind": "parts",
        "parts": {
            "b": {"kind": "numeric", "title": "Bias $b$"},
            "pick": {"kind": "choice", "options": {"x": "first", "y": "second"}},
        },
    }
    exam = make_exam(questions=questions)
    findings = (
        Finding("b.key", Fraction(1, 2), "Correct."),
        Finding("pick.key", Fraction(1, 2), "Correct."),
    )
    html = render(
        StudentReport(exam, None, with_key=False),
        exam,
        "1a",
        Score(Outcome.GRADED, Fraction(1), findings=findings),
    )
    assert re.search(r"<b>Bias <math.*?</math>:</b> Correct\.", html)
    assert "<b>pick:</b> Correct." in html
    assert "<h4>Options</h4>" in html
    assert "<dt>x</dt><dd>first</dd>" in html
