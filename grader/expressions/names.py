"""How a name is written: letters, accents and an index, in plain, unicode or LaTeX form.

One rule decides when two spellings are one name: rewrite the accent as a suffix (ŷ, \\hat{y},
y_hat -> yhat), then drop braces and underscores, except between digits (x₁, x_1, x_{1} -> x1;
b1_2 is not b12). That is the fold. The
spelling given back is the scope's own; without one, the letters, an underscore and the index.
"""

import re
from dataclasses import dataclass

from grader.expressions.glyphs import ACCENTS, GREEK, GREEK_NAMES

_ACCENT_COMMANDS: dict[str, str] = {
    **dict.fromkeys(("hat", "widehat"), "hat"),
    **dict.fromkeys(("bar", "overline"), "bar"),
    **dict.fromkeys(("tilde", "widetilde"), "tilde"),
    "dot": "dot",
    "vec": "",
}
_UPRIGHT = frozenset(
    [
        "mathrm",
        "mathbf",
        "mathit",
        "mathsf",
        "mathbb",
        "mathcal",
        "boldsymbol",
        "bm",
        "text",
        "textbf",
        "textit",
        "textrm",
        "operatorname",
        "mathop",
        "rm",
    ]
)
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:(?<=operatorname)\*)?")
_INDEX_TEXT = re.compile(r"-?\d+|[A-Za-z0-9]+(,[A-Za-z0-9]+)*")
_PLAIN_INDEX = re.compile(r"_(\d+(?:_\d+)*|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)")
_NESTED = re.compile(
    r"_\{\s*([A-Za-z][A-Za-z0-9]*)_(?:\{([A-Za-z0-9]+)\}|([A-Za-z0-9]+(?:_[A-Za-z0-9]+)*))\s*\}"
)
_NUMBERED = re.compile(r"([^\W\d_]+)(\d+)")
_DIGITS = re.compile(r"\d+(?:_\d+)*")
_SILENT = re.compile(r"(?<!\d)_|_(?!\d)|[{}\s]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One base letter (or Greek or upright name) with its accent and index, up to `end`."""

    base: str
    index: str
    start: int
    end: int

    @property
    def fold(self) -> str:
        return fold(self.base + self.index) if "_" in self.index else self.base + self.index


def fold(name: str) -> str:
    """The form under which spellings are compared."""
    return _SILENT.sub("", name)


def joined(units: list[Unit]) -> str:
    """The spelling given back for a name nobody declared, e.g. yhat_2."""
    body = "".join(unit.fold for unit in units[:-1]) + units[-1].base
    index = units[-1].index
    return f"{body}_{braced(index)}" if index else body


def braced(index: str) -> str:
    """An index as it follows the _ of a name: in braces where it is no word."""
    word = len(index) < 2 or _PLAIN_INDEX.fullmatch(f"_{index}")
    return index if word else f"{{{index}}}"


def scan_word(text: str, k: int) -> list[Unit]:
    """The units written side by side from `k`, without spaces between; empty if no letter is there."""
    units: list[Unit] = []
    while (unit := scan_unit(text, k)) is not None:
        units.append(unit)
        k = unit.end
        if text[unit.start] == "\\" and text[k - 1 : k].isalpha() and text[k : k + 1] == " ":
            break  # \pi r: the space ends the command
        if text.startswith("\\text", k):
            break  # x\text{and}: it may be a word
    return units


def scan_unit(text: str, k: int) -> Unit | None:
    """The unit that starts at `k`, or None when no letter does."""
    found = _base(text, k)
    if found is None:
        return None
    base, end = found
    if base[0].isdigit():
        return None
    while text[end : end + 1] in ACCENTS:
        base += ACCENTS[text[end]]
        end += 1
    index, stop = scan_index(text, end)
    head, _, tail = index.partition("_")
    if head in ACCENTS.values():
        base += head
        index, stop = (tail, stop) if tail else scan_index(text, stop)
    if numbered := _NUMBERED.fullmatch(base):  # \mathrm{b1}_2 is b1_2
        base, index = numbered[1], "_".join(filter(None, (numbered[2], index)))
    return Unit(base, index, k, stop)


def _base(text: str, k: int) -> tuple[str, int] | None:
    c = text[k : k + 1]
    if c in GREEK:
        return GREEK[c], k + 1
    if c == "\\":
        return _command_base(text, k)
    return (c, k + 1) if c.isalpha() and c not in "√∂" else None


def _command_base(text: str, k: int) -> tuple[str, int] | None:
    found = _COMMAND.match(text, k)
    if found is None:
        return None
    word, end = found[1], found.end()
    if word in GREEK_NAMES:
        return word.removeprefix("var"), end
    if word in _ACCENT_COMMANDS or word in _UPRIGHT:
        inside, end = _argument(text, end)
        return (inside + _ACCENT_COMMANDS.get(word, ""), end) if inside else None
    return None


def _argument(text: str, k: int) -> tuple[str, int]:
    """The name in {...} (or the single letter) after a command, as plain letters; "" if none."""
    while text[k : k + 1] == " ":
        k += 1
    if text[k : k + 1] != "{":
        found = _base(text, k)
        return found if found is not None else ("", k)
    k += 1
    letters = ""
    while k < len(text) and text[k] != "}":
        if text[k].isdigit() or text[k] == " ":
            letters, k = letters + text[k].strip(), k + 1
            continue
        found = _base(text, k)
        if found is None:
            return "", k
        letters, k = letters + found[0], found[1]
    return (letters, k + 1) if k < len(text) else ("", k)


def scan_index(text: str, k: int) -> tuple[str, int]:
    """The index that starts at `k` and its end; ("", k) when there is none.

    An index that is no name and no number, as in x_{i+1}, is left to the parser.
    """
    digits = _DIGITS.match(text, k)
    if digits:
        return digits[0], digits.end()
    if text[k : k + 1] != "_":
        return "", k
    plain = _PLAIN_INDEX.match(text, k)
    if plain:
        return plain[1], plain.end()
    if text[k + 1 : k + 2] == "{":
        return _braced_index(text, k)
    found = _base(text, k + 1)
    return found if found is not None else ("", k)


def _braced_index(text: str, k: int) -> tuple[str, int]:
    if nested := _NESTED.match(text, k):
        return f"{nested[1]}_{nested[2] or nested[3]}", nested.end()
    close = text.find("}", k)
    inside = text[k + 2 : close].replace(" ", "") if close > 0 else ""
    if not _INDEX_TEXT.fullmatch(inside):
        inside, close = _named_index(text, k + 2)
    return (inside, close + 1) if inside else ("", k)


def _named_index(text: str, k: int) -> tuple[str, int]:
    """An index such as \\alpha or \\text{out}, and the position of its closing brace."""
    found = _base(text, k)
    if found is None or text[found[1] : found[1] + 1] != "}":
        return "", k
    return found
