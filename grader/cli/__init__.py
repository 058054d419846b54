"""The command `grader`. Each verb is a module with a click command named `command`, loaded only when it is used."""

from __future__ import annotations

import importlib
import io
import os
import sys
from pathlib import Path

import click

from grader import __version__
from grader.errors import EngineError, GraderError

FINE, YOUR_INPUT, OUR_FAULT, INTERRUPTED = 0, 1, 3, 130
VERBS = {
    "grade": "Grade a class and write its reports.",
    "try": "Grade one answer and show how it was read and decided.",
    "compare": "Are two expressions the same, and how was it decided?",
    "check": "Check your own answers before handing in (says nothing about right or wrong).",
    "review": "Write what waits for a person to a file, or record the decisions in it.",
    "diff": "Whose marks would move, by how much and why; nothing is recorded.",
    "apply": "Grade what is in the ledger again, on purpose and with a reason.",
    "release": "Freeze what candidates see.",
    "report": "Write reports from the ledger alone.",
    "history": "How a candidate's marks came about.",
    "explain": "What one mark rests on, and how to repeat it.",
    "lint": "Show every problem of an exam and its rubric.",
    "verify": "Hold a rubric to its own examples.",
    "ledger": "Check the record of an exam's grading, or rescue what reads of a damaged one.",
    "sandbox": "Check on this machine what confines submitted code.",
    "schema": "Write JSON Schemas for exam, rubric and submission files.",
}


class Verbs(click.Group):
    """A group whose commands are imported only when they run, so that `grader --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        name = f"{cmd_name}_" if cmd_name == "try" else cmd_name
        command: click.Command = importlib.import_module(f"grader.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Grade exam answers: every mark explained, reproducible, appealable."""


workspace_option = click.option(
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder with exams/, rubrics/, submissions/ and reports/ (default: here).",
)

trust_option = click.option(
    "--trust-code",
    is_flag=True,
    help="Run programs even where this machine cannot confine them. Only for code you trust, such as your own.",
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 the user's input, 3 our fault, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a redirected stream may be unable to say ŷ
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = cli.main(args=arguments, prog_name="grader", standalone_mode=False)
        code = status if isinstance(status, int) else FINE
    except click.ClickException as wrong_use:
        wrong_use.show()
        code = YOUR_INPUT
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has left; what is still to be flushed goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FINE
    except OSError as failure:
        what = f"{failure.filename}: " if failure.filename else ""
        click.echo(safe(f"{what}{failure.strerror or failure}"), err=True)
        code = YOUR_INPUT
    except GraderError as failure:
        for problem in failure.problems:
            click.echo(click.style(safe(str(problem)), fg="red"), err=True)
        code = OUR_FAULT if isinstance(failure, EngineError) else YOUR_INPUT
    except Exception as failure:  # noqa: BLE001 - the last place before the user: say whose fault it is
        import traceback  # only when something broke

        traceback.print_exception(failure)
        click.echo("This is a fault of the grader, not of your files. Please report it.", err=True)
        code = OUR_FAULT
    sys.exit(code)


def safe(text: str) -> str:
    """Text that candidates may have written, without characters that steer a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)
