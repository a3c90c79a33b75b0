"""The least that a search in Python takes: list the files of the work tree with git, and read each of them. Nothing is searched.

Run as a script in the folder to look at, by a Python that has qcilint.
"""

from __future__ import annotations

from qcilint.git import git_parts
from qcilint.index import load
from qcilint.scan import CHUNK, Scanner
from qcilint.workers import default_jobs, run


class Reader(Scanner):
    """Reads files as a search does, and looks for nothing."""

    def verdicts(self, *buffer: object, is_text: bool = False) -> list[tuple[int, int]]:  # noqa: ARG002
        """Nothing is to be said of any file."""
        return []


def main() -> None:
    """Read all files that git lists, with all processors."""
    names = [name for part in git_parts(".") for name in part or ()]
    known = load()
    assert known
    reader = Reader(known, follow=False, thorough=False)

    def read(piece: int) -> bytes:
        reader.scan(names, piece * CHUNK, (piece + 1) * CHUNK)
        return b""

    run(read, -(-len(names) // CHUNK), default_jobs())


if __name__ == "__main__":
    main()
