"""Prints each failed test of the result files in a folder: suite, name, and the first lines of its message.

Reads what `dotnet test` (*.trx) and pytest (*.xml) leave, so that the end of a long output says what failed.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

TRX = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
MESSAGE_LINES = 6
LINE_LENGTH = 240


def of_dotnet(report: Path) -> Iterator[tuple[str, str]]:
    """Name and message of each failed test of a trx file."""
    for result in ElementTree.parse(report).iter(f"{TRX}UnitTestResult"):
        if result.get("outcome") == "Failed":
            yield result.get("testName", "?"), result.findtext(f".//{TRX}Message", "")


def of_pytest(report: Path) -> Iterator[tuple[str, str]]:
    """Name and message of each failed test, or test that could not be set up, of a JUnit file."""
    for case in ElementTree.parse(report).iter("testcase"):
        for kind in ("failure", "error"):
            for failure in case.iter(kind):
                yield f"{case.get('classname')}.{case.get('name')}", failure.get("message") or failure.text or ""


def main(folder: Path) -> None:
    """Prints the failures of every report in the folder."""
    for reports, read in (("*.trx", of_dotnet), ("*.xml", of_pytest)):
        for report in sorted(folder.glob(reports)):
            try:
                failures = list(read(report))
            except ElementTree.ParseError as unfinished:
                failures = [("the report cannot be read", str(unfinished))]
            for name, message in failures:
                print(f"FAILED {report.stem}: {name}")
                lines = [line for line in message.splitlines() if line.strip()]
                for line in lines[:MESSAGE_LINES]:
                    print(f"    {line[:LINE_LENGTH]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
