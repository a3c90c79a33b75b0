"""Which comments suppress, and what they are about."""

from __future__ import annotations

import pytest

from qcilint.directives import find
from qcilint.filetypes import language_of
from qcilint.source import Source

D = "qcilint: ignore[QCI102] why"


def lines_of(path: str, text: str) -> list[list[int]]:
    """The lines that each comment of a text is about."""
    source = Source(path, text.encode(), path)
    found = find(source, language_of(path, source.data))
    return [sorted({line for lines in each.lines for line in lines}) for each in found]


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        pytest.param("x.sh", f"podman pull x # {D}\ny\n", [[1]], id="shell, behind"),
        pytest.param("x.sh", f"# {D}\npodman pull x\ny\n", [[2]], id="shell, above"),
        pytest.param("x.sh", f"# {D}\npodman pull \\\n  x\ny\n", [[2, 3]], id="shell, above a command in two lines"),
        pytest.param("x.sh", f"podman pull \\\n  x # {D}\ny\n", [[1, 2]], id="shell, behind a command in two lines"),
        pytest.param("x.sh", f"# {D}\n# {D}\nx\n", [[3], [3]], id="one above the other"),
        pytest.param("x.sh", f"# {D}\n# more\nx\n", [[2]], id="a comment below is a line like others"),
        pytest.param("x.sh", f"echo '# {D}'\n", [], id="shell, a string"),
        pytest.param("x.sh", f"cat <<EOF\n# {D}\nEOF\n", [], id="shell, a heredoc"),
        pytest.param("x.sh", f"# see {D}\nx\n", [], id="a mention"),
        pytest.param("x.sh", f"x # write # {D}\ny\n", [], id="a mention with its mark"),
        pytest.param("x.sh", f"# write # {D}\ny\n", [], id="a mention with its mark, alone"),
        pytest.param("x.go", f"x /* y */ // {D}\n", [[1]], id="behind a comment that is closed"),
        pytest.param("x.py", f"x = 1  # {D}  # noqa\n", [[1]], id="in front of another"),
        pytest.param("x.sh", "# qcilint: ignored[QCI102]\nx\n", [], id="another word"),
        pytest.param("x.sh", f"#{D}\nx\n", [[2]], id="no blank"),
        pytest.param("x.sh", f"# {D}", [[1]], id="the last line"),
        pytest.param("Dockerfile", f"# {D}\nFROM x\nFROM y\n", [[2]], id="Dockerfile"),
        pytest.param("Dockerfile", f"RUN a && \\\n  # {D}\n  b && \\\n  c\n", [[3]], id="Dockerfile, within an instruction"),
        pytest.param("Dockerfile", f"# {D}\nRUN a && \\\n  b\n", [[2, 3]], id="Dockerfile, above an instruction"),
        pytest.param("Dockerfile", f"FROM x # {D}\n", [], id="Dockerfile, behind: no comment there"),
        pytest.param("Makefile", f"a:\n\tpodman pull x # {D}\n", [[2]], id="make"),
        pytest.param("x.yaml", f"a: b # {D}\nc: d\n", [[1]], id="YAML, behind"),
        pytest.param("x.yaml", f"# {D}\na: b\nc: d\n", [[2]], id="YAML, above"),
        pytest.param("x.yaml", f"a: '# {D}'\n", [], id="YAML, a string"),
        pytest.param("x.yaml", f"a: |  # {D}\n  x\n\n  y\nb: c\n", [[1, 2, 3, 4]], id="YAML, a block scalar at its key"),
        pytest.param("x.yaml", f"# {D}\na: >-\n  x\nb: c\n", [[2, 3]], id="YAML, above a block scalar"),
        pytest.param("x.yaml", f"- b: |  # {D}\n    x\n  c: d\n", [[1, 2]], id="YAML, a block scalar in a list"),
        pytest.param("x.yaml", f"- |  # {D}\n  x\n- y\n", [[1, 2]], id="YAML, a block scalar as an item"),
        pytest.param("x.yaml", f"run: |\n  podman pull x # {D}\n  y\n", [[2]], id="YAML, a shell comment"),
        pytest.param("x.py", f"a = 'b'  # {D}\n", [[1]], id="Python"),
        pytest.param("x.py", f"a = '# {D}'\n'''\n# {D}\n'''\n", [], id="Python, strings"),
        pytest.param("x.go", f"a := 1 // {D}\n/* {D} */\nb\n", [[1], [3]], id="Go"),
        pytest.param("x.go", f'a := "// {D}"\n', [], id="Go, a string"),
        pytest.param("x.md", f"text <!-- {D} -->\n", [[1]], id="Markdown"),
        pytest.param("x.md", f"<!-- {D} -->\n```sh\nx\ny\n```\nz\n", [[2, 3, 4]], id="Markdown, above a fence"),
        pytest.param("x.md", f"`<!-- {D} -->`\n", [], id="Markdown, code"),
        pytest.param("x.adoc", f"// {D}\nx\n", [[2]], id="AsciiDoc"),
        pytest.param("x.rst", f".. {D}\nx\n", [[2]], id="reStructuredText"),
        pytest.param("x.ini", f"; {D}\na = b\n", [[2]], id="ini"),
        pytest.param("x.toml", f"a = 'b' # {D}\nc = '# {D}'\n", [[1]], id="TOML"),
        pytest.param("x.sql", f"-- {D}\nx\n", [[2]], id="SQL"),
        pytest.param("x.html", f"<!-- {D} -->\nx\n", [[2]], id="HTML"),
        pytest.param("x.json", f'{{"a": "// {D}"}}', [], id="JSON"),
    ],
)
def test_what_a_comment_is_about(path: str, text: str, lines: list[list[int]]) -> None:
    assert lines_of(path, text) == lines
    assert lines_of(path, text.replace("\n", "\r\n")) == lines


@pytest.mark.parametrize(
    ("comment", "ids", "reason"),
    [
        ("# qcilint: ignore[QCI102] why not", ("QCI102",), "why not"),
        ("# qcilint: ignore[QCI102, push-to-proxy]: why", ("QCI102", "push-to-proxy"), "why"),
        ("# qcilint:ignore[QCI102]", ("QCI102",), ""),
        ("# qcilint: ignore[]", (), ""),
        ("# qcilint: ignore because", None, "because"),
        ("# qcilint: ignore[QCI102] why  # noqa", ("QCI102",), "why"),
        ("// qcilint: ignore[QCI102] why", ("QCI102",), "why"),
        ("/* qcilint: ignore[QCI102] why */", ("QCI102",), "why"),
        ("<!-- qcilint: ignore[QCI102] why -->", ("QCI102",), "why"),
    ],
)
def test_the_words_of_a_comment(comment: str, ids: tuple[str, ...] | None, reason: str) -> None:
    (directive,) = find(Source("x.txt", f"{comment}\nx\n".encode(), "x.txt"), "text")
    assert (directive.ids, directive.reason) == (ids, reason)
    assert directive.end == len(comment.removesuffix("  # noqa"))


@pytest.mark.parametrize(
    ("above", "is_at_top"),
    [("", True), ("#!/bin/sh\n\n# Copyright\n", True), ("\ufeff# x\n", True), ("---\n", True), ("set -e\n", False)],
)
def test_what_may_stand_above_a_comment_about_the_file(above: str, is_at_top: bool) -> None:
    text = f"{above}# qcilint: ignore-file[QCI102] why\n".encode()
    (directive,) = find(Source("x.sh", text, "x.sh"), "shell")
    assert (directive.of_file, directive.is_at_top) == (True, is_at_top)
