"""How findings are shown: one module a format, found here by its name. Nothing here decides anything.

A format is a module `qcilint.output.NAME` with `render(run) -> Iterator[str]`, the lines of the report without their
line ends. It is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from qcilint.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qcilint.output.run import Run


class Format(NamedTuple):
    """What the command line has to know of a format."""

    summary: str
    wants_kept: bool = False
    """It shows every reference, so those in files with nothing to report must be looked at too."""
    is_for_people: bool = False
    """It is read as it stands, so it follows the encoding of the terminal; all others are UTF-8."""


FORMATS = {
    "full": Format("the line with carets, what to do and why not (default)", is_for_people=True),
    "concise": Format("one line a finding, as compilers write it", is_for_people=True),
    "json": Format("one document for programs, with a schema (--json-schema)"),
    "jsonl": Format("one JSON object a line, one line a finding"),
    "sarif": Format("SARIF 2.1.0, for code scanning"),
    "github": Format("annotations of a GitHub workflow run", is_for_people=True),
    "gitlab": Format("GitLab code quality report"),
    "junit": Format("JUnit XML, one test case a rule"),
    "rdjson": Format("reviewdog, with suggestions"),
    "csv": Format("one row for every reference, kept ones too", wants_kept=True),
    "html": Format("one page with charts and a table, for a browser", wants_kept=True),
}
ALIASES = {"text": "full"}


class FormatError(ValueError):
    """A format or a destination that cannot be used; the text says why and what to do."""


def format_name(text: str) -> str:
    """The name of a format as it stands in FORMATS. Raises FormatError, with the name that was probably meant."""
    name = ALIASES.get(text, text)
    if name in FORMATS:
        return name
    from difflib import get_close_matches

    close = get_close_matches(text.lower(), [*FORMATS, *ALIASES], 1)
    raise FormatError(f"unknown format {text!r}; " + (f"did you mean {close[0]!r}?" if close else f"known: {', '.join(FORMATS)}"))


def render(name: str, run: Run) -> Iterator[str]:
    """The lines of a report in a format of FORMATS, without line ends."""
    lines: Iterator[str] = import_module(f"qcilint.output.{name}").render(run)
    return lines
