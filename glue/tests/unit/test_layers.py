"""The package's layers know only what lies below them, and no file is long."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "cdc"
LAYERS = [
    "errors",
    "events",
    "model",
    "storage",
    "spark",
    "config",
    "raw",
    "changes",
    "tables",
    "state",
    "run",
    "commands",
]
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" and path.parent != PACKAGE)


def imported(path: Path) -> set[str]:
    """The layers of this package that a module names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module == "cdc":
            names += [f"cdc.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("cdc.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_its_own_layer_and_those_below(path: Path) -> None:
    own = LAYERS.index(path.relative_to(PACKAGE).parts[0])
    assert {name for name in imported(path) if LAYERS.index(name) > own} == set()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_longer_than_250_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 250


def test_only_the_job_itself_may_know_of_awsglue() -> None:
    assert [path for path in PACKAGE.rglob("*.py") if "awsglue" in path.read_text()] == []
