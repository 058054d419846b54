"""Reading the edges of a graph from text: `S-A, S→B`, `S -> A, B`, `(S, A)`, or a table of 0 and 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import chain

from grader.checkers.base import Misread
from grader.checkers.labels import Labels, clip
from grader.expressions import Unreadable

MAX_TOKENS = 20_000
MAX_EDGES = 5_000

Edge = tuple[str, str]

_ONES = frozenset({"1", "x", "✓", "✔", "yes", "true", "ja"})
_NOUGHTS = frozenset({"", "0", ".", "-", "–", "·", "no", "false", "nei", "nein"})


class Sign(Enum):
    NODE = auto()
    TO = auto()
    FROM = auto()
    BOTH = auto()
    COMMA = auto()
    OPEN = auto()
    CLOSE = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Token:
    sign: Sign
    text: str
    at: int


_SIGNS: tuple[tuple[Sign, str], ...] = (
    (Sign.BOTH, r"<[-–—=]+>|[↔⇔⟷]"),
    (Sign.TO, r"[-–—=]+>|[→⇒⟶↦➔➝]|\\(?:long)?(?:right)?arrow\b|\\to\b"),
    (Sign.FROM, r"<[-–—=]+|[←⇐⟵]"),
    (Sign.TO, r"[-–—−:>]+|\b(?:to|til|nach|zu)\b"),
    (Sign.COMMA, r",|&|\b(?:and|og|und)\b"),
    (Sign.STOP, r"[;\n|]+"),
    (Sign.OPEN, r"[(\[{]"),
    (Sign.CLOSE, r"[)\]}]"),
)
_SIGN = re.compile(
    "|".join(f"(?P<s{n}>{pattern})" for n, (_, pattern) in enumerate(_SIGNS)), re.IGNORECASE
)
_RANGE = re.compile(
    r"(?P<stem>[^\W\d]+_?)(?P<first>\d{1,4})\s*,?\s*(?:\.{2,}|…)\s*,?\s*(?P=stem)?(?P<last>\d{1,4})(?!\w)"
)
MAX_RANGE = 100
"""Nodes that `x1..x3` may stand for."""
_BLANK = re.compile(r"[ \t\r$\"“”`]+|[•*]\s")
_WORD = re.compile(r"[^\s,;|()\[\]{}<>→←↔⇒:–—-]+")


def read_edges(text: str, nodes: Labels) -> list[Edge]:
    """Every edge in the order it is written.

    Raises:
        Unreadable: with what to write instead.
    """
    edges: list[Edge] = []
    for statement in _statements(_tokens(text, nodes), text):
        edges += _edges_of(statement, text)
        if len(edges) > MAX_EDGES:
            raise Misread(f"The answer has more than {MAX_EDGES:,} edges.")
    return edges


def _tokens(text: str, nodes: Labels) -> Iterator[Token]:
    spelled = _node_pattern(nodes)
    at = count = 0
    while at < len(text):
        count += 1
        if count > MAX_TOKENS:
            raise Misread(
                f"The answer is too long; at most {MAX_TOKENS:,} names and arrows are read."
            )
        if blank := _BLANK.match(text, at):
            at = blank.end()
        elif span := _RANGE.match(text, at):
            yield from _range(span, nodes, text, at)
            at = span.end()
        elif (node := spelled.match(text, at)) and (id_ := nodes.find(node.group())) is not None:
            yield Token(Sign.NODE, id_, at)
            at = node.end()
        elif sign := _SIGN.match(text, at):
            yield Token(_SIGNS[int(str(sign.lastgroup)[1:])][0], sign.group(), at)
            at = sign.end()
        else:
            word = _WORD.match(text, at)
            piece = word.group() if word else text[at]
            yield from _name(piece, nodes, text, at)
            at += len(piece)


def _range(span: re.Match[str], nodes: Labels, text: str, at: int) -> Iterator[Token]:
    """The nodes of `x1..x3`: x1, x2 and x3."""
    first, last = int(span["first"]), int(span["last"])
    if not 0 < last - first < MAX_RANGE:
        raise Unreadable("Write every node of this range by its name.", text, at)
    for number in range(first, last + 1):
        name = f"{span['stem']}{number}"
        id_ = nodes.find(name)
        if id_ is None:
            raise Unreadable(nodes.explain(name), text, at)
        if number > first:
            yield Token(Sign.COMMA, ",", at)
        yield Token(Sign.NODE, id_, at)


def _name(piece: str, nodes: Labels, text: str, at: int) -> Iterator[Token]:
    """A node spelled loosely, or two single-letter nodes written together (`SA`)."""
    if (id_ := nodes.find(piece)) is not None:
        yield Token(Sign.NODE, id_, at)
        return
    pair = [nodes.find(letter) for letter in piece] if nodes.short and len(piece) == 2 else []
    if not pair or None in pair:
        raise Unreadable(nodes.explain(piece), text, at)
    yield Token(Sign.NODE, str(pair[0]), at)
    yield Token(Sign.TO, "", at + 1)
    yield Token(Sign.NODE, str(pair[1]), at + 1)


def _node_pattern(nodes: Labels) -> re.Pattern[str]:
    """Any known spelling of a node, the longest first, not inside a longer word."""
    spellings = sorted(
        {*nodes.texts, *nodes.texts.values(), *nodes.folded}, key=lambda s: (-len(s), s)
    )
    known = "|".join(re.escape(spelling) for spelling in spellings if spelling)
    return re.compile(rf"(?:{known})(?!\w)", re.IGNORECASE)


def _statements(tokens: Iterator[Token], text: str) -> Iterator[list[Token]]:
    """Tokens up to each stop; a line that ends with a comma goes on, and pairs in brackets stand alone."""
    statement: list[Token] = []
    for token in tokens:
        ends = token.sign is Sign.STOP
        if (
            ends
            and "\n" in token.text
            and statement
            and statement[-1].sign in (Sign.COMMA, Sign.TO, Sign.OPEN)
        ):
            continue
        if ends:
            yield from _unbracketed(statement, text)
            statement = []
        else:
            statement.append(token)
    yield from _unbracketed(statement, text)


def _unbracketed(statement: list[Token], text: str) -> Iterator[list[Token]]:
    """Split `(S, A), (S, B)` into its pairs; brackets around groups next to an arrow only group."""
    if any(token.sign in (Sign.TO, Sign.FROM, Sign.BOTH) for token in statement):
        yield [token for token in statement if token.sign not in (Sign.OPEN, Sign.CLOSE)]
        return
    inner: list[Token] = []
    depth = 0
    for token in statement:
        if token.sign is Sign.OPEN:
            inner, depth = [], depth + 1
        elif token.sign is Sign.CLOSE:
            depth -= 1
            if inner:
                yield _as_pair(inner, text)
            inner = []
        elif depth or token.sign is Sign.NODE:
            inner.append(token)
    if inner:
        raise Unreadable(
            f"{inner[0].text} stands without an edge; write such as `S -> A`.", text, inner[0].at
        )


def _as_pair(inner: list[Token], text: str) -> list[Token]:
    names = [token for token in inner if token.sign is Sign.NODE]
    if len(names) != 2:
        at = inner[0].at
        raise Unreadable("Brackets hold the two nodes of one edge, such as (S, A).", text, at)
    return [names[0], Token(Sign.TO, "", names[1].at), names[1]]


@dataclass(slots=True)
class _Group:
    """Nodes between two arrows, and the arrow in front of them."""

    sign: Sign = Sign.TO
    nodes: list[str] = field(default_factory=list)


def _edges_of(statement: list[Token], text: str) -> Iterator[Edge]:
    groups = [_Group()]
    for token in statement:
        if token.sign is Sign.NODE:
            groups[-1].nodes.append(token.text)
        elif token.sign is not Sign.COMMA:
            if not groups[-1].nodes:
                raise Unreadable("There is no node before this sign.", text, token.at)
            groups.append(_Group(token.sign))
    if not statement:
        return
    if len(groups) == 1 and groups[0].nodes:
        message = f"{groups[0].nodes[0]} stands without an edge; write such as `S -> A`."
        raise Unreadable(message, text, statement[0].at)
    yield from chain.from_iterable(_links(groups))


def _links(groups: Sequence[_Group]) -> Iterator[Iterator[Edge]]:
    """`a, b -> c, d` joins all; in `S -> A, S -> B` the last of the middle nodes begins the next edge."""
    layered = len(groups[0].nodes) > 1
    sources = groups[0].nodes
    for number, group in enumerate(groups[1:], start=1):
        last = number == len(groups) - 1
        if last or layered or len(group.nodes) == 1:
            yield _join(sources, group.nodes, group.sign)
            sources = group.nodes
        else:
            yield _join(sources, group.nodes[:-1], group.sign)
            sources = group.nodes[-1:]


def _join(left: Sequence[str], right: Sequence[str], sign: Sign) -> Iterator[Edge]:
    for one in left:
        for other in right:
            if sign is not Sign.FROM:
                yield one, other
            if sign is not Sign.TO:
                yield other, one


def read_table(
    rows: Sequence[Sequence[str]], find: Callable[[str], str | None]
) -> list[Edge] | None:
    """Edges of a table of 0 and 1 with a header row: a 1 in row i and column k is the edge i → k.

    None if this is no such table.
    """
    rows = [row for row in rows if any(cell.strip() for cell in row) and not _is_rule(row)]
    if len(rows) < 2:
        return None
    columns = [find(cell) for cell in rows[0] if cell.strip()]
    named = len(rows[1]) == len(columns) + 1
    if not columns or None in columns or (not named and len(rows) != len(columns) + 1):
        return None
    edges: list[Edge] = []
    for number, row in enumerate(rows[1:]):
        source = find(row[0]) if named else columns[number]
        cells = [_cell(cell) for cell in row[named:]]
        if source is None or None in cells or len(cells) != len(columns):
            return None
        edges += [(source, str(columns[n])) for n, cell in enumerate(cells) if cell]
    return edges


def _is_rule(row: Sequence[str]) -> bool:
    return all(re.fullmatch(r"\s*:?-{2,}:?\s*", cell) for cell in row)


def _cell(text: str) -> bool | None:
    mark = text.strip().casefold()
    if mark in _ONES:
        return True
    return False if mark in _NOUGHTS else None


def table_rows(text: str) -> list[list[str]]:
    """Lines of a text as cells, split at `|`, tabs, commas or blanks."""
    rows = []
    for line in text.splitlines():
        bare = line.strip()
        if "|" in bare:
            rows.append(bare.strip("|").split("|"))
        elif "\t" in line:
            rows.append(line.rstrip().split("\t"))
        elif "," in bare or ";" in bare:
            rows.append(re.split(r"[,;]", bare))
        else:
            rows.append(bare.split())
    return rows


def unknown(text: str, nodes: Labels) -> Misread:
    return Misread(nodes.explain(clip(text)))
