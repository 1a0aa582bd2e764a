"""The recipes of ``glue/sql``, with their places filled in."""

from __future__ import annotations

from pathlib import Path
from string import Template

FOLDER = Path(__file__).resolve().parents[2] / "sql"


def recipe(name: str, **places: str) -> str:
    """The recipe's text; a place that is left open is an error."""
    return Template((FOLDER / f"{name}.sql").read_text()).substitute(places)


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.sql"))
