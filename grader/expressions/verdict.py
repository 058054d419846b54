"""What judging says."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["equal", "different", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`evidence` is one line a person can repeat; `proved` is false when it rests on samples."""

    status: Status
    evidence: str
    proved: bool

    @property
    def equal(self) -> bool:
        """Whether the answer was found equal."""
        return self.status == "equal"
