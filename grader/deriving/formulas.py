"""A chain of named assignments, such as a small network: values of all names, and derivatives of one by another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from grader.deriving.base import NOT_A_NAME, Derivation, Problems, is_name
from grader.deriving.chain import Chain
from grader.expressions import Expression, NotANumber, Scope, Unreadable, number, read

Domain = Literal["real", "positive", "nonnegative", "integer", "complex"]


def _as_domains(value: object) -> object:
    return dict.fromkeys(value, "real") if isinstance(value, list | tuple) else value


class Formulas(Derivation):
    """`steps` are worked out in the order written, each from inputs, symbols, given values and earlier steps.

    Offers every step under its name, and for each name `dA_dB` in `derivatives` the derivative of A by B over all
    ways on which A depends on B. A step that the item also takes as `given` has that value wherever it is used, so
    that a candidate's own forward pass is followed through; it is differentiated as written.
    """

    kind: Literal["formulas"]
    inputs: dict[str, str] = {}
    """Name to number."""
    symbols: Annotated[
        dict[str, Domain],
        BeforeValidator(_as_domains, json_schema_input_type=dict[str, Domain] | list[str]),
    ] = {}
    """Names that stay in the values."""
    steps: dict[str, str] = Field(min_length=1)
    derivatives: tuple[str, ...] = ()

    def problems(self, name: str, given: frozenset[str]) -> Problems:
        found = [*self._unfit_names(given), *self._unfit_inputs(), *self._unfit_steps(given)]
        found = found or [*self._unfit_derivatives(given)]
        if not found and not given:
            found = [*self._without_value(name)]
        yield from found

    def _unfit_names(self, given: frozenset[str]) -> Problems:
        seen: dict[str, str] = dict.fromkeys(given, "given")
        groups = {"inputs": [*self.inputs], "symbols": [*self.symbols], "steps": [*self.steps]}
        for group, names in groups.items():
            for name in names:
                if not is_name(name):
                    yield (group, name), f"{name!r} {NOT_A_NAME}"
                if name in seen and not (group == "steps" and seen[name] == "given"):
                    yield (group, name), f"{name} stands under `{seen[name]}:` already; keep one"
                seen[name] = group

    def _unfit_inputs(self) -> Problems:
        for name, text in self.inputs.items():
            try:
                number(read(text))
            except (Unreadable, NotANumber) as problem:
                hint = "; a name that keeps no value stands under `symbols:`"
                yield ("inputs", name), f"{text!r} is no number: {problem}{hint}"

    def _unfit_steps(self, given: frozenset[str]) -> Problems:
        above = given | self.inputs.keys() | self.symbols.keys()
        for name, text in self.steps.items():
            try:
                formula = read(text, self._scope(given))
            except Unreadable as problem:
                yield ("steps", name), f"{text!r} cannot be read: {problem.message}"
            else:
                below = ", ".join(sorted(formula.names() - above))
                if below:
                    yield ("steps", name), f"{below} is not known yet; a step uses what is above it"
                if formula.is_relation():
                    yield ("steps", name), f"write only what {name} is, not {text!r}"
            above |= {name}

    def _unfit_derivatives(self, given: frozenset[str]) -> Problems:
        chain = self._chain(dict.fromkeys(given))
        for place, derivative in enumerate(self.derivatives):
            if derivative in {*self.steps, *self.inputs, *self.symbols, *given}:
                yield ("derivatives", place), f"{derivative} is the name of something else here"
            elif self._ends(derivative, chain) is None:
                message = f"{derivative!r} is no derivative dA_dB of a step A by a B that it uses"
                yield ("derivatives", place), message

    def _without_value(self, name: str) -> Problems:
        """Values that are none, such as a division by zero or the slope of relu at 0."""
        try:
            values = self.values(name, {})
        except Unreadable as problem:
            yield ("steps",), f"a value cannot be worked out: {problem.message}"
            return
        for key, value in values.items():
            if value.is_number():
                try:
                    number(value)
                except NotANumber as problem:
                    place = ("steps", key) if key in self.steps else ("derivatives",)
                    yield place, f"{key} has no value: {problem}"

    def names(self, name: str, given: frozenset[str]) -> tuple[str, ...]:
        return tuple(step for step in self.steps if step not in given) + self.derivatives

    def free_symbols(self) -> frozenset[str]:
        return frozenset(self.symbols)

    def follows(self) -> bool:
        return True

    def values(self, name: str, given: Mapping[str, Any]) -> dict[str, Expression]:
        chain = self._chain(given)
        found = {step: chain.values[step] for step in self.steps if step not in given}
        for derivative in self.derivatives:
            ends = self._ends(derivative, chain)
            assert ends is not None  # noqa: S101 - `problems` has looked at it
            found[derivative] = chain.derivative(*ends)
        return found

    def _chain(self, given: Mapping[str, Any]) -> Chain:
        scope = self._scope(frozenset(given))
        return Chain(
            {step: read(text, scope) for step, text in self.steps.items()},
            {name: read(text) for name, text in self.inputs.items()},
            {name: value for name, value in given.items() if isinstance(value, Expression)},
        )

    def _scope(self, given: frozenset[str]) -> Scope:
        """What formulas may use."""
        names = dict.fromkeys([*sorted(given), *self.inputs, *self.steps], "real")
        symbols: dict[str, str] = {**names, **self.symbols}
        return Scope.of(symbols)

    def _ends(self, derivative: str, chain: Chain) -> tuple[str, str] | None:
        """A and B of dA_dB; None where there is no such step, or it does not depend on B."""
        return next((e for e in _splits(derivative) if chain.depends(*e)), None)


def _splits(derivative: str) -> Iterator[tuple[str, str]]:
    """Every reading of `dA_dB`; names may hold `_d` themselves."""
    at = derivative.find("_d")
    while derivative.startswith("d") and at > 0:
        yield derivative[1:at], derivative[at + 2 :]
        at = derivative.find("_d", at + 1)
