"""Reports: one page per candidate, and the page, table and document of a class."""

from grader.report.class_files import REPORTERS, Reporter, write_class
from grader.report.dossier import Dossier, ItemKey, item_keys
from grader.report.student import MADE_BY, StudentReport, stand_in

__all__ = [
    "MADE_BY",
    "REPORTERS",
    "Dossier",
    "ItemKey",
    "Reporter",
    "StudentReport",
    "item_keys",
    "stand_in",
    "write_class",
]
