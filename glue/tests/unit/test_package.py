"""The package as it is shipped."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

GLUE = Path(__file__).resolve().parents[2]


def test_every_module_is_imported_from_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "cdc.zip"
    modules = sorted((GLUE / "cdc").rglob("*.py"))
    with zipfile.ZipFile(archive, "w") as package:
        for module in modules:
            package.write(module, module.relative_to(GLUE))
    dotted = [".".join(module.relative_to(GLUE).with_suffix("").parts) for module in modules]
    names = ", ".join(name.removesuffix(".__init__") for name in dotted)
    program = f"import sys; sys.path.insert(0, {str(archive)!r}); import {names}; print(cdc.run.run.__file__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip().startswith(str(archive))
