"""Programs of Node's that tests ask for a second opinion: installed by npm, and bundled where Node cannot load them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
_PROGRAMS = _HERE.parents[2] / ".local" / "node"
_ESBUILD = "esbuild@0.28.2"


def installed(*packages: str) -> Path:
    """A folder whose ``node_modules`` has the packages, each ``name@version``; skips where npm is missing."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed; it would fetch the program that this test asks")
    folder = _PROGRAMS / "_".join(package.replace("/", "-") for package in packages)
    done = folder / "installed"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        quiet = ["--no-audit", "--no-fund", "--silent"]
        subprocess.run(["npm", "install", "--prefix", str(folder), *quiet, *packages], check=True)
        done.touch()
    return folder


def bundled(script: str, *packages: str) -> Path:
    """A script of this folder and what it imports, as one file that Node runs."""
    folder = installed(*packages, _ESBUILD)
    target = folder / f"{Path(script).stem}.bundle.cjs"
    subprocess.run(
        [
            folder / "node_modules" / ".bin" / "esbuild",
            _HERE / script,
            "--bundle",
            "--platform=node",
            "--log-level=error",
            f"--outfile={target}",
        ],
        check=True,
        env={**os.environ, "NODE_PATH": str(folder / "node_modules")},
    )
    return target
