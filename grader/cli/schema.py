"""`grader schema`: JSON Schemas from the models."""

from __future__ import annotations

from pathlib import Path

import click

import grader.checkers  # registers the answer kinds  # noqa: F401
from grader.loading.schema import SCHEMAS, schema_text


@click.command("schema")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write one file each there (default: print).",
)
@click.argument("name", required=False, type=click.Choice(sorted(SCHEMAS)))
def command(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of NAME (exam, rubric or submission), or write all of them to a folder."""
    names = [name] if name else sorted(SCHEMAS)
    if out is None and name is None:
        out = Path("schemas")
    for one in names:
        if out is None:
            click.echo(schema_text(one), nl=False)
        else:
            out.mkdir(parents=True, exist_ok=True)
            path = out / f"{one}.schema.json"
            path.write_text(schema_text(one), encoding="utf-8", newline="\n")
            click.echo(f"Wrote {path}")
