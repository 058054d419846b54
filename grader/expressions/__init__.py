"""Reading and judging mathematical answers.

`read` turns text into an `Expression` (or raises `Unreadable`), `equivalent` and `close` judge two
of them. Nothing here evaluates text: a grammar of its own reads it, budgets bound it.
"""

from grader.expressions.deciding import equivalent
from grader.expressions.expression import Expression
from grader.expressions.lists import Listing, read_list
from grader.expressions.numbers import close, number
from grader.expressions.polynomial import Monomial, terms
from grader.expressions.reading import read
from grader.expressions.scope import Scope
from grader.expressions.unreadable import NotANumber, Unreadable
from grader.expressions.verdict import Verdict

__all__ = [
    "Expression",
    "Listing",
    "Monomial",
    "NotANumber",
    "Scope",
    "Unreadable",
    "Verdict",
    "close",
    "equivalent",
    "number",
    "read",
    "read_list",
    "terms",
]
