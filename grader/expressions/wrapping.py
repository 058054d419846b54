"""Words around an answer: \\boxed{9}, "The answer is 9", "Thus $x = 9$.", and declared units behind it.

Only what cannot be mistaken is taken off, and only when the text as a whole could not be read; with
a word such as "not" anywhere, nothing is, unless the text ends in "Final answer: 9".
"""

import re

from grader.expressions.commands import IN_TEXT
from grader.expressions.limits import MAX_CHARACTERS, MAX_LIST_CHARACTERS

_NEGATIONS = re.compile(
    r"\b(?:no|not|never|neither|nor|isn't|aren't|can't|cannot|don't|doesn't|wrong|false|except|unless"
    r"|ikke|ingen|aldri|feil|galt|unntatt|nicht|kein\w*|nie|niemals|falsch|außer|ausser)\b",
    re.IGNORECASE,
)
_ANSWER = r"(?:answers?|solutions?|results?|svaret|svar|løsningen|løsning|resultatet|antwort|lösung|ergebnis|resultat)"
_LINKS = r"(?:is|are|equals|er|blir|ist|lautet|sind)"
_SAID = re.compile(
    rf"(?:[^\W\d_]+[,']?\s+)*?[*_]*(?:[^\W\d_]+\s+)?{_ANSWER}[*_]*(?:\s*:\s*|\s+{_LINKS}\s*:?\s+|\s+)",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)", re.DOTALL)
_WORDS = re.compile(r"(?:[^\W\d_]|[\s,.;:*'’-])*")
_INTRODUCES = re.compile(
    rf"(?:^|.*[:]|.*\b(?:{_ANSWER}|{_LINKS}|therefore|thus|hence|so|that|get|gets|obtain|find|have|gives|be"
    r"|altså|dermed|får|at|also|somit|daher|dass|ergibt))\s*",
    re.IGNORECASE | re.DOTALL,
)
_CONCLUDES = re.compile(
    rf"[\s.,;]*(?:{_LINKS}\s+(?:the|our|my|die|das|unsere|vårt|mitt)?\s*(?:final\s+)?{_ANSWER}[\s.]*)?",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"final\s+answer[*_]*\s*(?::|\bis\b)[*_\s]*(?:(?:the|my|our)\s+final\s+answer\s+is\s*:?\s*"
    r"|the\s+(?:largest|greatest|smallest|least|minimum|maximum|only)\s+(?:\$[^\W\d_]\$|[^\W\d_])\s+is\s+)?"
    r"(?:\$(?P<formula>[^$]+)\$|\\\((?P<inline>.+?)\\\)|(?P<number>[-+−]?\d+(?:\.\d+)?))"
    r"(?:[\s.]*I hope (?:it|this) is correct)?[\s.]*",
    re.IGNORECASE,
)
_FINAL_WORDS, _LONGEST_FINAL = "final answer", 300
_PERCENT_AFTER = re.compile(
    r"(\\boxed\s*\{[^{}]*\d)(\s*\}[\s$]*)"
    r"(\\?%|(?:percent|pct|prosent|prozent)(?![A-Za-z])|\\text\{\s*(?:percent|pct|prosent|prozent)\s*\})"
)
_UNIT = re.compile(
    r"\\(?:text|mathrm|textrm|textbf)\s*\{\s*([A-Za-z]{2,}(?:\s[A-Za-z]+)?)\s*\}[\s$.]*$"
)
_LEADS = re.compile(r"\s*(?:[^\W\d_]+[\s,:]+)*[^\W\d_]{2,}[\s,:$]+")
_STOPS = "}$. \n"
_BOX = "\\boxed"


def percent_inside(text: str) -> str:
    """The text with a percent sign that follows a box moved into it; as long as before."""
    return _PERCENT_AFTER.sub(r"\1\3\2", text) if _BOX in text else text


def is_wrapped(text: str) -> bool:
    """Whether words lead up to a formula that is set apart, so that they are no product of letters."""
    if len(text) > MAX_CHARACTERS:
        return False
    if _BOX in text:
        boxes = _boxes(text)
        lead = text[: text.find(_BOX)]
        return (
            len(boxes) == 1
            and _LEADS.fullmatch(lead) is not None
            and not text[boxes[0][1] :].strip(_STOPS)
        )
    if ":" in text and (said := _SAID.match(text)) and ":" in said[0]:
        return not _NEGATIONS.search(text)
    return "$" in text[1:] and _LEADS.match(text) is not None and _formula(text) is not None


def wrapped(text: str) -> tuple[int, int] | None:
    """Where the answer itself stands within words, None where that is not certain."""
    if len(text) > MAX_LIST_CHARACTERS:
        return None
    boxes = _boxes(text)
    if boxes:
        contents = {text[start:end].strip() for start, end in boxes}
        if len(contents) == 1:
            return boxes[-1]
    if len(text) > MAX_CHARACTERS:
        return _concluded(text)
    return _concluded(text) or _introduced(text)


def _concluded(text: str) -> tuple[int, int] | None:
    """What a long answer ends in: "Final answer: $9$." with nothing after it."""
    start = text.lower().rfind(_FINAL_WORDS, max(0, len(text) - _LONGEST_FINAL))
    outer = text.lower().rfind(_FINAL_WORDS, max(0, start - len(_FINAL_WORDS) - 20), start)
    found = start >= 0 and (
        _FINAL.fullmatch(text, start) or (outer >= 0 and _FINAL.fullmatch(text, outer))
    )
    return found.span(found.lastgroup or 0) if found else None


def _boxes(text: str) -> list[tuple[int, int]]:
    """What each \\boxed{...} holds; one that is never closed ends with the text."""
    found: list[tuple[int, int]] = []
    k = text.find(_BOX)
    while k >= 0:
        start = text.find("{", k)
        if start < 0 or text[k + len(_BOX) : start].strip():
            break
        end = _closing(text, start)
        found.append((start + 1, end))
        k = text.find(_BOX, end)
    return found


def _closing(text: str, start: int) -> int:
    depth = 0
    for k in range(start, len(text)):
        if text[k - 1] != "\\":
            depth += (text[k] == "{") - (text[k] == "}")
        if depth == 0:
            return k
    return len(text.rstrip("$ \n"))


def _introduced(text: str) -> tuple[int, int] | None:
    """The formula after "the answer is", or the only one between dollar signs."""
    if _NEGATIONS.search(text):
        return None
    found = _formula(text)
    if found is not None:
        return found
    said = _SAID.match(text)
    return (said.end(), len(text)) if said else None


def _formula(text: str) -> tuple[int, int] | None:
    """The only formula between dollar signs, where words lead up to it."""
    formulas = [*_FORMULA.finditer(text)]
    if len(formulas) != 1 or _NEGATIONS.search(text):
        return None
    before, after = text[: formulas[0].start()], text[formulas[0].end() :]
    spoken = _WORDS.fullmatch(before) and _INTRODUCES.fullmatch(before)
    if not spoken or not _CONCLUDES.fullmatch(after):
        return None
    return formulas[0].span(formulas[0].lastindex or 0)


def unit_behind(text: str) -> str:
    """What may be a unit behind an answer, as in 3 \\text{meters}; "" where there is none."""
    found = _UNIT.search(text)
    return found[1] if found and found[1] not in IN_TEXT else ""


def without_unit(text: str, end: int, units: tuple[str, ...]) -> int:
    """The end of the answer before one of the declared units, plain or in \\text{...}."""
    for unit in sorted(units, key=len, reverse=True):
        written = re.escape(unit)
        found = re.search(
            rf"(?:(?<=[\d\s)}}$])|\\[,;: ])(?:\s|~|\\[,;: ])*(?:\\(?:text|mathrm|textrm|textbf)\s*\{{\s*{written}\s*\}}|{written})\$?$",
            text[max(0, end - len(unit) - 60) : end],
        )
        if found:
            return end - len(found[0])
    return end
