"""The main job: read submissions -> judge -> record -> write reports, and what is built on its record."""

from grader.pipeline.run import Outcomes, Wish, grade_class, stale_decisions
from grader.pipeline.watch import Watch

__all__ = ["Outcomes", "Watch", "Wish", "grade_class", "stale_decisions"]
