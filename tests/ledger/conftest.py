"""Running the command line, as the tests of its verbs do."""

from tests.cli.conftest import run

__all__ = ["run"]
