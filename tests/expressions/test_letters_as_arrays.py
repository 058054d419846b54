"""Undeclared letters that stand for vectors and matrices: the order of their products counts."""

import pytest

from grader.expressions import Scope, equivalent, read
from grader.expressions.arraynames import unmarked, written_bold
from grader.expressions.comparing import compare_texts

from .building import OPEN, t

EQUAL = [
    (r"\mathbf{W}\mathbf{x}+\mathbf{b}", r"\mathbf b+\mathbf W\mathbf x"),
    (r"\mathbf{A}(\mathbf{B}+\mathbf{C})", r"\mathbf{A}\mathbf{B}+\mathbf{A}\mathbf{C}"),
    (r"\mathbf{A}\mathbf{A}", r"\mathbf{A}^2"),
    (r"\vec v t + \vec r", r"\vec r + t\vec v"),
    (r"\vec a\cdot\vec b", r"\vec b\cdot\vec a"),
    (r"\vec a\times\vec b", r"\vec{a}\times\vec{b}"),
    (r"2\times\vec a", r"\vec a + \vec a"),
    (r"\mathbf{w}-\eta(\mathbf{g}+\lambda\mathbf w)", r"(1-\eta\lambda)\mathbf{w}-\eta\mathbf{g}"),
    (r"\|\mathbf{y}-\mathbf{X}\mathbf{w}\|^2", r"\|\mathbf{X}\mathbf{w}-\mathbf{y}\|^2"),
    (r"\vec F = m\vec a", r"\vec a m = \vec F"),
    (r"\mathbf A\mathbf x = \mathbf b", r"2\mathbf A\mathbf x = 2\mathbf b"),
    (r"\sum_{i=1}^n \alpha_i\mathbf{x}_i", r"\sum_{i=1}^n \mathbf{x}_i\alpha_i"),
    (r"\mathbf{x}", "x"),
    ("tr(AB)", "tr(BA)"),
    (r"\mathrm{tr}(ABC)", r"\mathrm{tr}(CAB)"),
    ("(AB)^T", "B^T A^T"),
    ("AB", "BA"),  # nothing says that they are no numbers
]
NOT_EQUAL = [
    (r"\mathbf{A}\mathbf{B}", r"\mathbf{B}\mathbf{A}"),
    (r"\mathbf A\mathbf B", r"\mathbf B\mathbf A"),
    ("AB", r"\mathbf{B}\mathbf{A}"),
    (r"\boldsymbol{W}\boldsymbol{x}", r"\boldsymbol{x}\boldsymbol{W}"),
    (r"W\mathbf{x}", r"\mathbf{x}W"),
    (r"\mathbf{W}_2\mathbf{W}_1\mathbf{x}", r"\mathbf{W}_1\mathbf{W}_2\mathbf{x}"),
    (r"\sigma(\mathbf{W}\mathbf{x})", r"\sigma(\mathbf{x}\mathbf{W})"),
    (r"(\mathbf A+\mathbf B)^2", r"\mathbf A^2+2\mathbf A\mathbf B+\mathbf B^2"),
    (r"(\mathbf A\mathbf B, 1)", r"(\mathbf B\mathbf A, 1)"),
    (r"\{\mathbf A\mathbf B, 1\}", r"\{\mathbf B\mathbf A, 1\}"),
    (r"\mathbf A\mathbf B = \mathbf C", r"\mathbf B\mathbf A = \mathbf C"),
    (r"\sum_{i=1}^n \mathbf{A}_i\mathbf{B}_i", r"\sum_{i=1}^n \mathbf{B}_i\mathbf{A}_i"),
    (r"\sum_{i=1}^n \mathbf{x}_i\mathbf{x}_i^T", r"\sum_{i=1}^n \mathbf{x}_i^T\mathbf{x}_i"),
    (r"\vec a\times\vec b", r"\vec b\times\vec a"),
    (r"\vec a\times\vec b", r"\vec a\cdot\vec b"),
    (r"\mathrm{tr}(ABC)", r"\mathrm{tr}(ACB)"),
    ("A^T B^T", "B^T A^T"),
    ("AB + A^T", "BA + A^T"),
    ("tr(A A^{-1})", "3"),  # holds where matrices have three rows
    ("(X^T X)^{-1}X^T y", "X^T y (X^T X)^{-1}"),
]
UNDECIDED = [
    (r"\vec a\times\vec b", r"-\vec b\times\vec a"),
    (r"\mathbf{W}\mathbf{x}", r"\mathbf{x}\mathbf{W}"),
]


def status(answer: str, reference: str, **domains: str) -> str:
    """The verdict, checked to be the same the other way around."""
    found = {
        compare_texts(a, b, domains=domains, seed=0).status
        for a, b in ((answer, reference), (reference, answer))
    }
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize(("answer", "reference"), EQUAL)
def test_equal(answer: str, reference: str) -> None:
    assert status(answer, reference) == "equal"


@pytest.mark.parametrize(("answer", "reference"), NOT_EQUAL)
def test_not_equal(answer: str, reference: str) -> None:
    assert status(answer, reference) in {"different", "undecided"}


@pytest.mark.parametrize(("answer", "reference"), UNDECIDED)
def test_what_the_letters_are_is_not_guessed(answer: str, reference: str) -> None:
    assert status(answer, reference) == "undecided"


def test_declared_letters_are_what_they_are_declared_to_be() -> None:
    assert status(r"\mathbf{A}\mathbf{B}", r"\mathbf{B}\mathbf{A}", A="real", B="real") == "equal"
    scope = Scope.of(["A", "B"])
    pair = (read(text, scope) for text in (r"\mathbf{A}\mathbf{B}", r"\mathbf{B}\mathbf{A}"))
    assert equivalent(*pair).proved


def test_the_names_written_bold() -> None:
    text = r"\mathbf{W}_1 x + \boldsymbol\theta - \vec{v} + \mathrm{c} + \mathbf{1}"
    assert {"W_1", "theta", "v"} <= written_bold(text)
    assert not written_bold(text) & {"x", "c", "1"}


def test_the_evidence_shows_what_was_written() -> None:
    found = compare_texts("det(AB)", "det(BA)", domains={})
    assert "but det(A*B) may differ" in found.evidence
    assert unmarked(t("det(A*B)")) == read("det(A*B)", OPEN).core
