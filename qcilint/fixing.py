"""Fixes linted files in memory: what `--fix`, a campaign and the examples of rules have in common."""

from __future__ import annotations

from qcilint.edits import FixError
from qcilint.fixes import fix
from qcilint.records import NamedTuple
from qcilint.results import FileResult
from qcilint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qcilint.engine import Linter
    from qcilint.findings import Finding


class Fixed(NamedTuple):
    """A file after its fix."""

    data: bytes
    done: list[Finding]
    """The findings that were fixed."""
    left: FileResult
    """What is to be said of `data`; the file as it was where nothing was fixed."""


def fixed(linter: Linter, file: FileResult, *, unsafe: bool) -> Fixed:
    """The fix of a file. Raises FixError where the result does not hold up."""
    left = file

    def relint(data: bytes) -> list[Finding]:
        nonlocal left
        left = linter.relint(file, data)
        return left.findings

    data, done = fix(file.source.data, file.findings, relint, linter.analyst.locate, unsafe=unsafe, language=file.language)
    return Fixed(data, done, left)


def fixed_files(linter: Linter, files: Sequence[FileResult]) -> Iterator[tuple[int, Fixed | FixError]]:
    """The files that have a fix of the level that is wanted there, by their number: each fixed, or why it is not.

    Raises WorkerError.
    """
    wanted = [number for number, file in enumerate(files) if any(each.fixable(unsafe=file.unsafe) for each in file.findings)]
    from qcilint.spread import share

    def work(start: int, stop: int) -> list[tuple[int, _Packed | str]]:
        return [(number, _packed(files[number], _tried(linter, files[number]))) for number in wanted[start:stop]]

    for number, packed in share(work, len(wanted), linter.processes):
        yield number, FixError(packed) if isinstance(packed, str) else _unpacked(files[number], packed)


def _tried(linter: Linter, file: FileResult) -> Fixed | FixError:
    try:
        return fixed(linter, file, unsafe=file.unsafe)
    except FixError as error:
        return error


_Packed = tuple[bytes, list[int], "list[Finding]", str, bool]


def _packed(file: FileResult, outcome: Fixed | FixError) -> _Packed | str:
    """An outcome without what the other process has: the facts of the repository, and the findings themselves."""
    if isinstance(outcome, FixError):
        return str(outcome)
    places = {id(finding): place for place, finding in enumerate(file.findings)}
    done = [places[id(finding)] for finding in outcome.done]
    return outcome.data, done, outcome.left.findings, outcome.left.language, outcome.left.unsafe


def _unpacked(file: FileResult, packed: _Packed) -> Fixed:
    data, done, findings, language, unsafe = packed
    source = Source(file.source.path, data, file.source.repo_path)
    changed = file.changed and file.changed.moved(file.source.data, data)
    return Fixed(
        data, [file.findings[place] for place in done], FileResult(source, language, findings, file.facts, unsafe, changed)
    )
