"""How a person's decision finds the answers it is about."""

from __future__ import annotations

from grader.rubric import Paper
from grader.score import Raw, digest
from grader.scoring import Work


def answer_digest(raw: Raw, prose: bool, context: Raw = None) -> str:
    """Names an answer. In prose neither blanks nor case count; `context` is what it builds on."""
    same = " ".join(raw.split()).casefold() if prose and isinstance(raw, str) else raw
    return digest(same, context)


def decided_for(paper: Paper, work: Work, whose: str) -> str:
    """Names a candidate's answer to a question together with those it builds on, as decisions are kept under.

    What could not be opened is like nothing else: `whose` names the candidate with all that was handed in.
    """
    context: dict[str, Raw] = {key: work.inputs[key] for key in sorted(work.inputs)}
    if work.unopened:
        context["unopened by"] = whose
    prose = paper.exam.questions[work.question].response.kind == "text"
    return answer_digest(work.raw, prose, context or None)
