"""A small exam, its scores and candidates, made by hand: every outcome, both groups, every sort of figure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from grader.exam import Exam
from grader.gradebook import Result, tally
from grader.report import Dossier
from grader.score import Finding, Outcome, Raw, Reading, Score, Unread, from_unread

FIGURES = {
    "net": {
        "kind": "network",
        "caption": "A linear network with two inputs; biases $b_1$, $b_2$ are not drawn.",
        "nodes": {
            "x1": {"at": [0, 0], "label": "x₁"},
            "x2": {"at": [0, 2], "label": "x₂"},
            "h1": {"at": [1, 0], "label": "h₁"},
            "h2": {"at": [1, 2], "label": "h₂"},
            "y": {"at": [2, 1], "label": "ŷ"},
        },
        "edges": [
            ["x1", "h1", "1"],
            ["x1", "h2", "-2"],
            ["x2", "h1", "3"],
            ["x2", "h2", "0.5"],
            ["h1", "y", "3"],
            ["h2", "y", "-1"],
        ],
    },
    "graph": {
        "kind": "network",
        "caption": "A computational graph with a skip connection and a loop.",
        "shape": "box",
        "nodes": {
            "a": {"at": [0, 0], "label": "a"},
            "conv": {"at": [1, 0], "label": "conv 3×3"},
            "relu": {"at": [2, 0], "label": "ReLU"},
            "sum": {"at": [3, 0], "label": "+"},
        },
        "edges": [
            ["a", "conv"],
            ["conv", "relu"],
            ["relu", "sum"],
            ["a", "sum", "skip"],
            ["relu", "relu", "t−1"],
        ],
    },
    "curves": {
        "kind": "plot",
        "caption": "Error against capacity.",
        "x": "capacity",
        "y": "error",
        "curves": [
            {
                "label": "training error",
                "points": [[0, 5], [1, 3], [2, 1.6], [3, 0.8], [4, 0.5]],
                "dashed": True,
            },
            {
                "label": "generalisation error",
                "points": [[0, 5.4], [1, 3.8], [2, 3], [3, 3.4], [4, 4.6]],
            },
        ],
        "marks": [
            {"at": [0.4, 2], "text": "(1)"},
            {"at": [3.4, 0.7], "to": [3.4, 3.8], "text": "(3) gap"},
        ],
    },
}


def make_exam(**changes: object) -> Exam:
    """The sample exam: 1a 1b 1c, 2a (withheld) 2b, 3a (PhD only); 1 point each but 1b with 2."""
    return Exam.model_validate({**_EXAM, **changes})


_EXAM: dict[str, object] = {
    "exam": "sample-2024",
    "title": "Deep Learning",
    "course": "DL1000",
    "institution": "University of Examples",
    "date": "2024-06-03",
    "minutes": 240,
    "aids": "none",
    "locale": "nb",
    "rules": "Every sub-question weighs the same. State your *assumptions*.",
    "groups": {"msc": "Master's candidates", "phd": "PhD candidates"},
    "scale": {"A": 92, "B": 77, "C": 58, "D": 46, "E": 40, "F": 0},
    "bonus": {"title": "Exercise bonus", "max": 1},
    "figures": FIGURES,
    "sections": {
        "1": {
            "title": "Dense networks",
            "intro": "A linear network with $\\hat{y} = w_1 h_1 + w_2 h_2 + b$ and inputs $x = (3, -1)$.",
            "figures": ["net"],
        },
        "2": {"title": "Convolution and capacity"},
        "3": {"title": "For PhD candidates"},
    },
    "questions": {
        "1a": {
            "title": "Output of a linear network",
            "points": 1,
            "ask": "What is the output $\\hat{y}$ of the network?\n\n| node | value |\n|---|---|\n| $x_1$ | 3 |\n| $x_2$ | -1 |\n",
            "response": {"kind": "numeric", "name": "ŷ"},
        },
        "1b": {
            "title": "Gradient with respect to $g$",
            "points": 2,
            "ask": "Express $\\frac{\\partial e}{\\partial g}$ with the help of $g$ and $y$, for\n\n$$e = \\frac{1}{2}\\sum_{i=1}^{n} (y_i - g_i)^2$$\n",
            "figures": ["net"],
            "response": {"kind": "symbolic", "symbols": ["g", "y"]},
        },
        "1c": {
            "title": "Which are true?",
            "points": 1,
            "ask": "Tick every true statement.",
            "response": {
                "kind": "choice",
                "select": "many",
                "options": {
                    "1": "Dropout is *off* at test time.",
                    "2": "A ReLU is bounded.",
                    "3": "$\\sigma(0) = 1/2$.",
                },
            },
        },
        "2a": {
            "title": "Read off the picture",
            "points": 1,
            "ask": "What does the picture show?",
            "withheld": "The picture is lost.",
            "response": {"kind": "numeric"},
        },
        "2b": {
            "title": "Overfitting",
            "points": 1,
            "ask": "Name three ways to reduce overfitting, and say where the curves show it.",
            "figures": ["curves", "graph"],
            "response": {"kind": "text", "name": 3},
        },
        "3a": {
            "title": "Variational bound",
            "points": 1,
            "ask": "Derive the bound.",
            "groups": ["phd"],
            "response": {"kind": "text"},
        },
    },
}

TEXT_ANSWER = "Use dropout, and more data. <b>Early stopping</b> also helps;\nthe gap between the curves shows it."


def span(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def full(raw: str, latex: str = "") -> Score:
    finding = Finding("key", Fraction(1), "That is right.")
    return Score(
        Outcome.GRADED,
        Fraction(1),
        Reading(raw, latex),
        (finding,),
        "exact identity with SECRET-KEY",
    )


def partial(credit: str = "1/2") -> Score:
    share = Fraction(credit)
    finding = Finding("sign", share, "The sign is turned around: check $y - g$.")
    return Score(
        Outcome.GRADED,
        share,
        Reading("g - y", "\\frac{\\partial e}{\\partial g} = g - y"),
        (finding,),
    )


def wrong() -> Score:
    findings = (
        Finding("tick", Fraction(1, 3), "Statement 1 is true."),
        Finding("wrong-tick", Fraction(-1, 3), "A ReLU has no upper bound."),
    )
    return Score(
        Outcome.GRADED,
        Fraction(0),
        Reading("1, 2"),
        findings,
        notes=("The answer “4” is no option.",),
    )


def review(raw: str = TEXT_ANSWER) -> Score:
    findings = (
        Finding(
            "dropout", Fraction(1, 3), "Dropout counts.", "STAFF-ONLY", (span(raw, "dropout"),)
        ),
        Finding("data", Fraction(1, 3), "More data counts.", "", (span(raw, "more data"),)),
    )
    return Score(Outcome.REVIEW, Fraction(2, 3), Reading(raw), findings, "2 of 3 points found")


def unreadable(raw: str = "36 or <so>") -> Score:
    message = "One number is asked for; write it alone."
    return from_unread(Unread(raw, Outcome.UNREADABLE, message, f"{raw}\n   ^"))


BLANK = Score(Outcome.BLANK, Fraction(0))
FAULT = Score(
    Outcome.ERROR,
    None,
    Reading("{"),
    (Finding("engine-fault", Fraction(0), "We failed."),),
    "KeyError: 'w'",
)

ANSWERS: Mapping[str, Raw] = {
    "1a": "ŷ = 36,0",
    "1b": "g - y",
    "1c": ["1", "2", "4"],
    "2b": TEXT_ANSWER,
    "3a": "By Jensen's inequality.",
}


def scores_with_review() -> dict[str, Score]:
    return {"1a": full("36", "\\hat{y} = 36"), "1b": partial(), "1c": wrong(), "2b": review()}


def make_dossier(
    exam: Exam,
    candidate: str = "1001",
    group: str = "msc",
    scores: Mapping[str, Score] | None = None,
    answers: Mapping[str, Raw] = ANSWERS,
    bonus: str = "0",
    problem: str = "",
) -> Dossier:
    scores = scores_with_review() if scores is None else scores
    result: Result = tally(exam, candidate, group, scores, Decimal(bonus), problem)
    return Dossier(candidate, group, answers, scores, result, problem)
