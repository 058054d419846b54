"""Rows, each of which belongs to one of given options."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from grader.checkers.base import (
    Checker,
    Conventions,
    Credit,
    Misconception,
    Misread,
    Place,
    Response,
    Tools,
    is_blank,
)
from grader.checkers.labels import MAX_PIECE, Labels, clip, cut
from grader.checkers.numeric import Texts
from grader.score import FULL, NOTHING, Answer, Finding, Raw, Reading, Score, graded, show

_SEPARATOR = re.compile(r"[\n,;|]+")
_LINK = re.compile(
    r"\s*(?:<?-{1,9}>|<?={1,9}>|[→⇒↦↔⇔←]|[-–—:=.)]|\s(?:is|to|er|til|ist|zu)\s|\s)\s*"
)

Pair = tuple[str, str]


class MatchingResponse(Response):
    """Rows and options, each with an id and a text."""

    kind: Literal["matching"]
    rows: dict[str, str] = Field(min_length=1)
    options: dict[str, str] = Field(min_length=1)
    reuse: bool = True

    @cached_property
    def row_labels(self) -> Labels:
        return Labels.of("row", self.rows)

    @cached_property
    def option_labels(self) -> Labels:
        return Labels.of("option", self.options)

    @model_validator(mode="after")
    def _labels_differ(self) -> MatchingResponse:
        for clash in (*self.row_labels.clashes(), *self.option_labels.clashes()):
            raise ValueError(clash)
        return self

    def interpret(self, raw: Raw, conventions: Conventions) -> Answer:
        pairs, notes = self._read(raw)
        value: dict[str, str] = {}
        for row, option in pairs:
            if value.setdefault(row, option) != option:
                given = f"{self.row_labels.shown(row)} is matched to {value[row]} and to {option}"
                raise Misread(f"{given}; write one of them.")
        value = {row: value[row] for row in self.rows if row in value}
        reading = ", ".join(f"{row} → {option}" for row, option in value.items())
        return Answer(raw, value, Reading(reading), self, notes)

    def _read(self, raw: Raw) -> tuple[list[Pair], tuple[str, ...]]:
        if isinstance(raw, str):
            return self._read_text(raw)
        if isinstance(raw, Mapping):
            entered = ((row, option) for row, option in raw.items() if not is_blank(option))
            return [self._pair(row, option) for row, option in entered], ()
        entries = list(raw or ())
        if all(isinstance(entry, str) for entry in entries):
            texts = [str(entry) for entry in entries]
            if not any(self._one_pair(text) for text in texts):
                return self._in_order(texts)
            return [pair for text in texts if text.strip() for pair in self._read_text(text)[0]], ()
        return [self._pair_of(entry) for entry in entries if not is_blank(entry)], ()

    def _pair_of(self, entry: Raw) -> Pair:
        if isinstance(entry, str) and (pair := self._one_pair(entry)):
            return pair
        if isinstance(entry, Mapping) and len(entry) == 1:
            return self._pair(*next(iter(entry.items())))
        if not isinstance(entry, str | Mapping) and entry is not None and len(entry) == 2:
            return self._pair(show(entry[0]), entry[1])
        raise Misread(f"Write each pair as `{self._sample}`.")

    def _pair(self, row: str, option: Raw) -> Pair:
        if not isinstance(option, str):
            raise Misread(f"Write one option for {clip(row)}, not several.")
        found_row = self.row_labels.find_loosely(row)
        found_option = self.option_labels.find_loosely(option)
        if found_row is None:
            raise Misread(self.row_labels.explain(row))
        if found_option is None:
            raise Misread(self.option_labels.explain(option))
        return found_row, found_option

    def _read_text(self, text: str) -> tuple[list[Pair], tuple[str, ...]]:
        options = self._bare_options(text)
        if options is not None:
            return self._in_order(options)
        return cut(text, _SEPARATOR, self._piece, self._whole, self._explain), ()

    def _bare_options(self, text: str) -> list[str] | None:
        """The options, where exactly one for each row is listed and no row is named."""
        pieces = [piece for piece in re.split(r"[\n,;]+", text) if piece.strip()]
        if len(pieces) == 1:
            pieces = self.option_labels.spelled(text) or pieces
        if len(pieces) != len(self.rows) or any(self._one_pair(piece) for piece in pieces):
            return None
        return pieces if all(self.option_labels.find(piece) for piece in pieces) else None

    def _in_order(self, options: Iterable[str]) -> tuple[list[Pair], tuple[str, ...]]:
        entered = list(options)
        if len(entered) != len(self.rows):
            count = f"{len(entered)} options for {len(self.rows)} rows"
            raise Misread(f"There are {count}; write each pair as `{self._sample}`.")
        pairs = zip(self.rows, entered, strict=True)
        found = [self._pair(row, option) for row, option in pairs if not is_blank(option)]
        return found, ("The rows were not named; the options were taken in the order of the rows.",)

    def _one_pair(self, piece: str) -> Pair | None:
        """`1-C`, `1 → C`, `1C`, or either side written out; also `C → 1` where that can mean one thing only."""
        if len(piece) > MAX_PIECE:
            return None
        turned: Pair | None = None
        for link in _LINK.finditer(piece):
            left, right = piece[: link.start()], piece[link.end() :]
            row, option = self.row_labels.find(left), self.option_labels.find_loosely(right)
            if row is not None and option is not None:
                return row, option
            option, row = self.option_labels.find(left), self.row_labels.find(right)
            if row is not None and option is not None:
                turned = turned or (row, option)
        return turned or self._glued(piece)

    def _glued(self, piece: str) -> Pair | None:
        """`1C`: an id of a row followed by an id of an option."""
        text = piece.strip()
        splits = [(text[:at], text[at:]) for at in range(1, min(len(text), 12))]
        found = [
            (row, option)
            for left, right in splits
            if (row := self.row_labels.find(left)) and (option := self.option_labels.find(right))
        ]
        return found[0] if len(set(found)) == 1 else None

    def _whole(self, piece: str) -> list[Pair] | None:
        pair = self._one_pair(piece)
        return None if pair is None else [pair]

    def _piece(self, piece: str) -> list[Pair] | None:
        """One pair, or several between blanks: `1C 2D`, `1 C 2 D`, `1-C 2-D`."""
        words = piece.split()
        if len(words) > 1:
            pairs = [self._one_pair(word) for word in words]
            if None not in pairs:
                return [pair for pair in pairs if pair is not None]
        if len(words) > 2 and len(words) % 2 == 0:
            rows = [self.row_labels.find(word) for word in words[::2]]
            options = [self.option_labels.find(word) for word in words[1::2]]
            if None not in (*rows, *options):
                return [(str(row), str(option)) for row, option in zip(rows, options, strict=True)]
        return self._whole(piece) or ([] if self._is_open(piece) else None)

    def _is_open(self, piece: str) -> bool:
        """A row with nothing behind it: `3:` or `3 -`."""
        return self.row_labels.find(piece) is not None and not piece.strip()[-1:].isalnum()

    def _explain(self, piece: str) -> str:
        piece = piece[:MAX_PIECE]
        for link in _LINK.finditer(piece):
            if self.row_labels.find(piece[: link.start()]) is not None:
                return self.option_labels.explain(piece[link.end() :])
            if self.option_labels.find(piece[link.end() :]) is not None:
                return self.row_labels.explain(piece[: link.start()])
        return f"“{clip(piece)}” is no pair; write one such as `{self._sample}`."

    @property
    def _sample(self) -> str:
        return f"{next(iter(self.rows))} → {next(iter(self.options))}"

    def describe(self) -> str:
        once = "" if self.reuse else " Each option belongs to one row at most."
        rows, options = ", ".join(self.rows), ", ".join(self.options)
        return f"Match each of {rows} to one of {options}, one pair per line such as `{self._sample}`.{once}"

    def warnings(self, answer: Answer) -> tuple[str, ...]:
        found = [f"{row} is not matched." for row in self.rows if row not in answer.value]
        if not self.reuse:
            used = Counter(answer.value.values())
            found += [
                f"{option} is used {count} times; each option belongs to one row at most."
                for option, count in used.items()
                if count > 1
            ]
        return tuple(found)

    def value_of(self, answer: Answer, part: str) -> Any:
        return answer.value.get(part) if part else answer.value


class MatchingMisconception(Misconception):
    """Rows matched wrongly; matches when all named rows are."""

    when: dict[str, str] = Field(min_length=1)


Options = Annotated[Texts, Field(min_length=1)]


class Matching(Checker):
    """Counts the rows that are matched as in the key."""

    kind: Literal["matching"]
    key: dict[str, Options] = Field(min_length=1)
    scoring: Literal["per-row", "all-or-nothing"] = "per-row"
    wrong: Credit = NOTHING
    misconceptions: dict[str, MatchingMisconception] = {}

    def check(self, answer: Answer, tools: Tools) -> Score:
        value: Mapping[str, str] = answer.value
        right = [row for row, options in self.key.items() if value.get(row) in options]
        evidence = f"{len(right)} of {len(self.key)} rows are right"
        if len(right) == len(self.key):
            return graded(FULL, answer, [Finding("key", FULL, "Every row is right.")], evidence)
        for name, misconception in self.misconceptions.items():
            if all(value.get(row) == option for row, option in misconception.when.items()):
                finding = Finding(name, misconception.credit, misconception.say)
                return graded(misconception.credit, answer, [finding], evidence)
        findings = list(self._rows(value))
        if self.scoring == "all-or-nothing":
            every = Finding("no-match", NOTHING, "Every row must be right.", evidence)
            return graded(NOTHING, answer, [every, *findings], evidence)
        credit = sum((finding.credit for finding in findings), NOTHING)
        return graded(max(NOTHING, credit), answer, findings, evidence)

    def _rows(self, value: Mapping[str, str]) -> Iterator[Finding]:
        partial = self.scoring == "per-row"
        share = Fraction(1, len(self.key)) if partial else NOTHING
        cost = self.wrong if partial else NOTHING
        for row, options in self.key.items():
            chosen, staff = value.get(row), f"key: {' or '.join(options)}"
            if chosen is None:
                yield Finding("open-row", NOTHING, f"{row} is not matched.", staff)
            elif chosen in options:
                yield Finding(f"row.{row}", share, f"{row} → {chosen} is right.")
            else:
                yield Finding("wrong-row", -cost, f"{row} → {chosen} is not right.", staff)

    def problems(self, response: Response, given: frozenset[str]) -> Iterator[tuple[Place, str]]:
        assert isinstance(response, MatchingResponse)  # noqa: S101 - the loader has matched the kinds
        for row in response.rows.keys() - self.key.keys():
            yield ("key",), f"row {row!r} of the exam has no option here"
        places: list[tuple[Place, str, tuple[str, ...]]] = [
            (("key", row), row, options) for row, options in self.key.items()
        ]
        for name, misconception in self.misconceptions.items():
            place: Place = ("misconceptions", name, "when")
            places += [
                ((*place, row), row, (option,)) for row, option in misconception.when.items()
            ]
            if all(option in self.key.get(row, ()) for row, option in misconception.when.items()):
                yield place, "this is part of the key"
        for inner, row, options in places:
            if row not in response.rows:
                yield inner, f"the exam has no row {row!r}; it has {', '.join(response.rows)}"
            for option in options:
                if option not in response.options:
                    known = ", ".join(response.options)
                    yield inner, f"the exam has no option {option!r}; it has {known}"

    def reference(self, response: Response, given: Mapping[str, Any]) -> Any:
        rows = {row: options[0] for row, options in self.key.items()}
        return {**rows, "": rows}

    def model_answer(self, response: Response, given: Mapping[str, Any]) -> Raw:
        return {row: options[0] for row, options in self.key.items()}

    def criteria(self) -> frozenset[str]:
        rows = {f"row.{row}" for row in self.key}
        return frozenset({"key", "no-match", "open-row", "wrong-row", *rows, *self.misconceptions})
