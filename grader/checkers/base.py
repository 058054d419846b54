"""What every answer kind is made of: a `Response` that reads answers and a `Checker` that judges them.

The response stands in the exam file and may be given to candidates; the checker stands in the rubric
and may not. Both are their own validated configuration: frozen pydantic models whose fields are what
the author writes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import core_schema

from grader.expressions import NotANumber, Unreadable
from grader.score import FULL, NOTHING, Answer, Finding, Outcome, Raw, Score, Unread, as_raw

MAX_ANSWER_CHARACTERS = 100_000
BLANKS = frozenset({"", "-", "--", "–", "—", "?", "n/a", "N/A"})
COMMA_LOCALES = frozenset(
    {"nb", "nn", "no", "da", "sv", "de", "fr", "nl", "fi", "es", "it", "pt", "pl"}
)


class Model(BaseModel):
    """Base of everything an author writes: unknown fields are errors, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def parse_credit(value: object) -> Fraction:
    """`1/3`, `0.25` or `25 %` as an exact fraction.

    Raises:
        ValueError: with what to write instead.
    """
    text = str(value).strip()
    try:
        credit = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"write a credit such as 1/2, 0.25 or 1, not {text!r}") from None
    return credit


_CREDIT_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9./% ]+$"}]}
Share = Annotated[
    Fraction,
    BeforeValidator(parse_credit),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(_CREDIT_SCHEMA),
]
"""A fraction of an item, any sign: `1/3`, `0.25`, `-1/4`."""
Credit = Annotated[Share, Field(ge=0, le=1)]
"""A share between 0 and 1."""

ExtraAnswers = Literal["first", "count", "review"]
"""More answers than asked for: only the `first` ones are read, all `count`, or a person looks (`review`)."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """How an exam's answers are read: the locale's decimal sign and what extra answers mean."""

    locale: str = "en"
    extra_answers: ExtraAnswers = "count"

    @property
    def decimal_comma(self) -> bool:
        return self.locale.split("-")[0].split("_")[0] in COMMA_LOCALES


class Misread(Exception):
    """Raised inside `Response.interpret` for an answer that cannot be read; becomes an `Unread`."""

    def __init__(self, message: str, excerpt: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.excerpt = excerpt


@dataclass(frozen=True, slots=True)
class Kind:
    """One answer kind: its name and its two halves."""

    name: str
    response: type[Response]
    checker: type[Checker]


KINDS: dict[str, Kind] = {}
"""Every known kind by name; filled by `grader.checkers` and by plug-ins."""


@dataclass(frozen=True, slots=True)
class OfKind:
    """Marks a field that holds a response or a checker of any registered kind, told apart by its `kind`.

    The union is built when a model is first used (`defer_build`), so kinds may contain kinds.
    """

    half: Literal["response", "checker"]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        choices = {
            name: handler.generate_schema(getattr(kind, self.half)) for name, kind in KINDS.items()
        }
        return core_schema.tagged_union_schema(choices, discriminator="kind")


class Response(Model, ABC):
    """The form in which an answer comes: all that reading it needs, nothing about right or wrong."""

    kind: str

    def read(self, raw: Raw, conventions: Conventions) -> Answer | Unread:
        """Read an answer as entered. Never raises for a bad answer."""
        if is_blank(raw):
            return Unread(raw, Outcome.BLANK)
        size = count_characters(raw)
        if size > MAX_ANSWER_CHARACTERS:
            message = (
                f"The answer has {size:,} characters; at most {MAX_ANSWER_CHARACTERS:,} are read."
            )
            return Unread(raw, Outcome.UNREADABLE, message)
        try:
            return self.interpret(raw, conventions)
        except (Misread, Unreadable) as problem:
            return Unread(raw, Outcome.UNREADABLE, problem.message, problem.excerpt)

    @abstractmethod
    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        """Read an answer that is not blank.

        Raises:
            Misread, Unreadable: the answer cannot be read, with what to write instead.
        """

    @abstractmethod
    def describe(self) -> str:
        """One sentence for the candidate: how to write the answer."""

    def value_of(self, answer: Answer, part: str) -> Any:
        """What another item may take from this answer; with `part`, from one part of it. None if there is nothing."""
        return None if part else answer.value

    def part_names(self) -> tuple[str, ...]:
        """The parts that another item may take values from."""
        return ()

    def unseen(self, answer: Answer, part: str) -> bool:
        """Whether what another item would take from this answer was handed in but could not be read."""
        return False

    def same(self, first: Answer, second: Answer) -> bool:
        """Whether two answers in this form say the same."""
        return bool(first.value == second.value)

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        """Formats and limits that a readable answer does not keep (sentences, words, missing fields)."""
        return ()


@dataclass(frozen=True, slots=True)
class Tools:
    """All that a check may use beside the answer.

    `given` holds values taken from other answers, by the name the item gives them. A checker does not know
    whether they are the official ones or the candidate's own: it is asked once with each.
    """

    seed: int = 0
    given: Mapping[str, Any] = field(default_factory=dict)
    trust_code: bool = False
    """Whether programs may run where the machine cannot confine them."""


Place = tuple[str | int, ...]
"""A path into the author's YAML below the item, for messages with line and column."""


class Checker(Model, ABC):
    """How an answer of one kind is judged."""

    kind: str

    @abstractmethod
    def check(self, answer: Answer, tools: Tools) -> Score:
        """Judge an answer that was read. Same answer, seed and rubric: the same score. Never raises for a bad answer."""

    @abstractmethod
    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        """What does not fit together: keys that cannot be read, unknown options. `given` are the names taken from elsewhere."""

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        """The official value other items may take, computed from official given values; None where there is none."""
        return None

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        """An answer that must get full credit, as a candidate would enter it; None where the key is no such answer."""
        return None

    def criteria(self) -> frozenset[str]:
        """Ids of every finding this checker can report; an example's `shows` names some of them."""
        return frozenset()

    def seconds(self) -> float:
        """Wall time that running an answer may take beside the judging itself."""
        return 0.0

    def names_misconceptions(self) -> bool:
        """Whether any known wrong answer is named."""
        return bool(getattr(self, "misconceptions", None))

    def undecidable(self) -> bool:
        """Whether a person decides every answer that is not blank."""
        return False


def attempt(checker: Checker, answer: Answer, tools: Tools) -> Score | None:
    """The score with a candidate's own given values; None where those give the key no value (a division by their 0)."""
    try:
        return checker.check(answer, tools)
    except (Misread, Unreadable, NotANumber):
        return None


def hold(score: Score, most: Fraction, why: str) -> Score:
    """A score that a person looks at, because what it builds on could not be read: it may still become more."""
    if score.credit is None or score.most >= most:
        return score
    finding = Finding("waits", NOTHING, why)
    outcome = Outcome.REVIEW if score.outcome.decided else score.outcome
    return replace(score, outcome=outcome, most=most, findings=(finding, *score.findings))


def better(first: Score, second: Score) -> Score:
    """The score that is kinder to the candidate; the first where they are equal."""
    rank = (second.most, second.credit or NOTHING, second.least)
    return second if rank > (first.most, first.credit or NOTHING, first.least) else first


RawAnswer = Annotated[
    Any,
    BeforeValidator(as_raw),
    WithJsonSchema(
        {
            "description": "An answer as entered: text, a list, or a mapping.",
            "type": ["string", "number", "boolean", "null", "array", "object"],
        }
    ),
]

AnyResponse = Annotated[Response, OfKind("response")]
AnyChecker = Annotated[Checker, OfKind("checker")]


class Misconception(Model):
    """A known wrong answer: what it looks like, the credit it keeps and one sentence for the candidate."""

    credit: Credit
    say: str


class Accepted(Model):
    """A further right value, with the credit it gets and why it is accepted."""

    value: Any
    credit: Credit = FULL
    say: str = ""


def lift(value: object, outer: type[BaseModel], into: str) -> object:
    """Move the fields that `outer` does not have one level down, so that YAML can write both side by side."""
    if not isinstance(value, Mapping) or into in value:
        return value
    own = {key: item for key, item in value.items() if key in outer.model_fields}
    return {**own, into: {key: item for key, item in value.items() if key not in own}}


def is_blank(raw: Raw) -> bool:
    """Nothing was entered: empty text, a dash, or lists and mappings of such."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return raw.strip() in BLANKS
    values = raw.values() if isinstance(raw, Mapping) else raw
    return all(is_blank(value) for value in values)


def count_characters(raw: Raw) -> int:
    """Characters of all texts in an answer."""
    if raw is None:
        return 0
    if isinstance(raw, str):
        return len(raw)
    if isinstance(raw, Mapping):
        return sum(len(key) + count_characters(value) for key, value in raw.items())
    return sum(count_characters(value) for value in raw)


def as_text(raw: Raw, what: str = "one line of text") -> str:
    """The answer as one text.

    Raises:
        Misread: it is a list or a mapping.
    """
    if isinstance(raw, str):
        return raw.strip()
    raise Misread(f"Write {what}, not a {'mapping' if isinstance(raw, Mapping) else 'list'}.")
