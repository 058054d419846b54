"""Programs: read and repaired as pasted, run in the jail beside a reference, judged criterion by criterion.

| module | what lives there |
|---|---|
| `repair.py`, `notebook.py` | pasted text, notebooks -> source |
| `response.py` | the form of the answer: entry, template, what may be imported |
| `sourcefile.py` | a file of the rubric's folder, read when the rubric is loaded |
| `inputs.py` | what a program is tried with, as an author writes it |
| `script.py` | an author's lines of calls -> steps for the jail |
| `static.py` | what the syntax tree shows without running |
| `criterion.py` | what an author writes: criteria, tolerances, limits, known wrong programs |
| `drawing.py` | inputs -> numbers, from a seed |
| `proofreading.py` | what does not fit together in an item |
| `trials.py` | criteria -> cases of one job, results -> verdicts |
| `running.py` | programs -> jobs; what a stopped run means |
| `comparing.py` | whether two values are the same, and where they are not |
| `feedback.py` | the first failing case in words |
| `judging.py` | one answer through the jail -> its score |
| `checker.py` | the configuration, and the checker |
"""

from grader.checkers.code.checker import Code
from grader.checkers.code.response import CodeResponse, looks_like_code

__all__ = ["Code", "CodeResponse", "looks_like_code"]
