"""The coverage-guided engine of `bench/fuzz_reader.py`: run by it, in an environment that has atheris.

python bench/parts/fuzzing/under_atheris.py RESULT INPUTS [flags of libFuzzer...]
"""

import json
import os
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["grader.expressions"]):
    from parts.fuzzing.target import Target


def main() -> None:
    result, inputs, *flags = sys.argv[1:]
    target = Target(int(inputs))

    def one_input(data: bytes) -> None:
        target.check(data.decode("utf-8", errors="replace"))
        if target.findings.inputs == target.planned:
            Path(result).write_text(json.dumps(target.findings.as_dict()), encoding="utf-8")
            os._exit(0)  # libFuzzer does not return

    atheris.Setup([sys.argv[0], *flags], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
