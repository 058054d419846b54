"""What a question declares: its symbols, functions and spellings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DOMAINS = ("real", "positive", "nonnegative", "integer", "complex")

Pairs = Mapping[str, str] | Iterable[str | tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an answer may use. Hashable, so readings can be cached.

    symbols: (name, domain), domain one of real, positive, nonnegative, integer, complex.
    functions: (name, built-in it stands for, or "" for an abstract function).
    aliases: (spelling, canonical name); a spelling may be any notation, such as b^{[1]}_2.
    decimal_comma: 3,14 is a number (locales nb and de); then 3.14 is one too.
    open: names that are not declared are read as real symbols, and f(...), g(...), h(...) as
    abstract functions. A run of letters that is no known name is then a product of its letters
    when it has at most three, otherwise one name.
    units: what may stand behind the answer, plain or in \\text{...}, and is left out.
    """

    symbols: tuple[tuple[str, str], ...] = ()
    functions: tuple[tuple[str, str], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    decimal_comma: bool = False
    open: bool = False
    units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, domain in self.symbols:
            if domain not in DOMAINS:
                raise ValueError(
                    f"the domain of {name} is {domain!r}; write one of {', '.join(DOMAINS)}"
                )

    @classmethod
    def of(
        cls,
        symbols: Pairs = (),
        functions: Pairs = (),
        aliases: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        *,
        decimal_comma: bool = False,
        open: bool = False,
        units: Iterable[str] = (),
    ) -> "Scope":
        """Build from mappings or lists: bare symbols are real, bare functions abstract."""
        return cls(
            _pairs(symbols, "real"),
            _pairs(functions, ""),
            _pairs(aliases, ""),
            decimal_comma,
            open,
            tuple(units),
        )

    def merged(self, other: "Scope") -> "Scope":
        """Both scopes' declarations; where they disagree, this one's."""
        if other == self:
            return self
        return Scope(
            _union(self.symbols, other.symbols),
            _union(self.functions, other.functions),
            _union(self.aliases, other.aliases),
            self.decimal_comma,
            self.open or other.open,
            tuple(dict.fromkeys((*self.units, *other.units))),
        )

    def domains(self) -> dict[str, str]:
        """Symbol to domain."""
        return dict(self.symbols)


def _pairs(given: Pairs, default: str) -> tuple[tuple[str, str], ...]:
    if isinstance(given, Mapping):
        return tuple(given.items())
    return tuple((item, default) if isinstance(item, str) else item for item in given)


def _union(
    first: tuple[tuple[str, str], ...], second: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    return tuple({**dict(second), **dict(first)}.items())


EMPTY = Scope()
