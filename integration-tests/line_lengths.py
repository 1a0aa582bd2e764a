"""Says which lines are longer than a limit, as `file:line: N characters`, and fails when there is one.

The files come on standard input, separated by NUL; the limit is the argument. Counts characters, not bytes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path


def longer(file: Path, limit: int) -> Iterator[str]:
    """Each line of the file that is over the limit, where it is and how long."""
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if len(line) > limit:
            yield f"{file}:{number}: {len(line)} characters, and at most {limit} are allowed: break the line"


if __name__ == "__main__":
    names = [name for name in sys.stdin.read().split("\0") if name]
    if not names:
        sys.exit("No files were named on standard input: nothing was checked.")
    found = [text for name in names if Path(name).exists() for text in longer(Path(name), int(sys.argv[1]))]
    if found:
        print("\n".join(found))
        sys.exit(1)
