"""Work that one judgement may do, counted in steps so that the verdict does not depend on the machine."""

from grader.expressions.limits import DIGITS_LADDER, GUARD_DIGITS, MAX_LOOP_STEPS
from grader.expressions.tree import Node, height_and_size
from grader.expressions.unreadable import Undefined

_USUAL_DIGITS = DIGITS_LADDER[0] + GUARD_DIGITS


class BudgetSpent(ArithmeticError):
    """The work that is allowed has been done."""


class OverBudget(BudgetSpent):
    """More work than a judgement may do."""


class PlaceSpent(BudgetSpent, Undefined):
    """More work than one place may take: there, the value stays unknown."""


class Budget:
    """Steps that are left."""

    def __init__(self, steps: int = MAX_LOOP_STEPS) -> None:
        self.left = steps
        self.floor = 0
        self._sizes: dict[int, tuple[Node, int]] = {}

    def size(self, node: Node) -> int:
        """How many parts a tree has, counted once."""
        known = self._sizes.get(id(node))
        if known is None:
            known = self._sizes[id(node)] = node, height_and_size(node)[1]
        return known[1]

    def spend(self, steps: int, digits: int = _USUAL_DIGITS) -> None:
        """Take `steps` at a working precision; many digits cost by their square.

        Raises `Undefined` where a share is used up, `OverBudget` where the whole is.
        """
        times = max(1, digits // _USUAL_DIGITS)
        cost = steps * times * times
        if self.left - cost < self.floor:
            if self.floor:
                raise PlaceSpent("more work than one place may take")
            raise OverBudget(f"more than {MAX_LOOP_STEPS} steps")
        self.left -= cost

    def begin_place(self, steps: int) -> None:
        """Allow only `steps` of what is left, until `end_place`."""
        self.floor = max(0, self.left - steps)

    def end_place(self) -> None:
        """Allow all that is left again."""
        self.floor = 0
