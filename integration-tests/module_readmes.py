"""Writes the tables of inputs and outputs of each module's README from its .tf files, or tells which are out of date.

Usage: ``python integration-tests/module_readmes.py`` writes them; with ``--check`` nothing is written, and the exit
code is 1 if a README is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MODULES = Path(__file__).parent.parent / "modules"

_BLOCK = re.compile(r'^(variable|output) "([^"]+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_HEREDOC = re.compile(r"<<-(\w+)\n(.*?)\n\s*\1", re.DOTALL)
_OPENS, _CLOSES = "{[(", "}])"


@dataclass(frozen=True)
class Block:
    """A variable or an output.

    Attributes:
        default: As it is written; None where there is none.
    """

    kind: str
    name: str
    description: str
    type: str
    default: str | None


def blocks(text: str) -> Iterator[Block]:
    """The variables and outputs of a .tf file, in its order."""
    for kind, name, body in _BLOCK.findall(text):
        yield Block(kind, name, _description(body), _value(body, "type") or "", _value(body, "default"))


def readme(module: Path) -> str:
    """The README of a module as it ought to be; what is not between its headings Inputs and Outputs stays."""
    found = [block for name in ("variables.tf", "outputs.tf") for block in blocks((module / name).read_text())]
    inputs = [
        f"| `{item.name}` | {item.description} | {_code(item.type)} | {_default(item)} |"
        for item in found
        if item.kind == "variable"
    ]
    outputs = [f"| `{item.name}` | {item.description} |" for item in found if item.kind == "output"]
    tables = {
        "Inputs": ["| name | meaning | type | default |", "|---|---|---|---|", *inputs],
        "Outputs": ["| name | meaning |", "|---|---|", *outputs],
    }
    text = (module / "README.md").read_text()
    for heading, lines in tables.items():
        part = re.compile(rf"^## {heading}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
        if part.search(text) is None:
            raise SystemExit(f"{module}/README.md has no heading '## {heading}'.")
        written = "\n".join([f"## {heading}", "", *lines, "", ""])
        text = part.sub(lambda _, written=written: written, text)
    return text.rstrip("\n") + "\n"


def _description(body: str) -> str:
    text = _value(body, "description") or ""
    if (heredoc := _HEREDOC.match(text)) is not None:
        return " ".join(heredoc[2].split()).replace("|", "\\|")
    return text.strip('"').replace('\\"', '"').replace("|", "\\|")


def _value(body: str, attribute: str) -> str | None:
    """What an attribute of a block is, as it is written."""
    start = re.search(rf"^  {attribute} +?= ?", body, re.MULTILINE)
    if start is None:
        return None
    rest = body[start.end() :].lstrip(" ")
    if (heredoc := _HEREDOC.match(rest)) is not None:
        return heredoc[0]
    taken, depth = [], 0
    for line in rest.split("\n"):
        taken.append(line)
        bare = re.sub(r'"(\\.|[^"\\])*"', "", line)
        depth += sum(bare.count(sign) for sign in _OPENS) - sum(bare.count(sign) for sign in _CLOSES)
        if depth <= 0:
            break
    return "\n".join(taken)


def _default(block: Block) -> str:
    return "required" if block.default is None else _code(block.default)


def _code(text: str) -> str:
    """A value on one line; a table has no other."""
    line = re.sub(r"\s+", " ", re.sub(r"\n\s*(?=[})\]])", " ", re.sub(r"(?<![{(\[,])\n\s*(?![})\]])", ", ", text)))
    line = re.sub(r",\s*(?=[})\]])", " ", line)
    return f"`{line}`".replace("|", "\\|")


def main() -> None:
    """Writes or checks all modules that have a README."""
    stale = []
    for path in sorted(MODULES.glob("*/README.md")):
        wanted = readme(path.parent)
        if wanted != path.read_text():
            stale.append(path)
            if "--check" not in sys.argv:
                path.write_text(wanted)
    if stale and "--check" in sys.argv:
        names = ", ".join(str(path.relative_to(MODULES.parent)) for path in stale)
        raise SystemExit(f"Out of date: {names}. Run: make readmes")


if __name__ == "__main__":
    main()
