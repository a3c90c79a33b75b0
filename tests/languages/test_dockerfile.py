"""Dockerfiles: where references stand, and that the structure is the one that BuildKit sees."""

from __future__ import annotations

import re

import dockerfile as buildkit
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qcilint import languages
from qcilint.context import Context
from qcilint.languages import dockerfile, dockerfile_commands, dockerfile_lines, dockerfile_syntax, dockerfile_words
from qcilint.locate import Locator
from qcilint.ruleset import load_builtin
from qcilint.view import Span, View

HOST = "registry.ci.openshift.org"
OLD = "registry.ci.openshift.org/ocp/4.20:cli"
LOCATOR = Locator([HOST])


def spans_of(data: bytes) -> list[Span]:
    return [(reference.start, reference.end) for reference in LOCATOR.locate(data)]


def contexts(text: str | bytes) -> list[Context]:
    data = text.encode() if isinstance(text, str) else text
    spans = spans_of(data)
    assert spans, "the input must hold a reference"
    return dockerfile.contexts(data, spans)


def shown(text: str | bytes) -> list[str]:
    """Each context as `where label label`, with a `~` before it where it is not whole."""
    return [("" if found.whole else "~") + " ".join((found.where, *found.labels)) for found in contexts(text)]


FROM = {
    "plain": (f"FROM {OLD}\n", ["from"]),
    "no newline at the end": (f"FROM {OLD}", ["from"]),
    "lower case": (f"from {OLD} as builder\n", ["from"]),
    "platform, odd spacing, CRLF": (f"FROM --platform=$P   {OLD}   as  b\r\n", ["from"]),
    "tab before AS": (f"FROM {OLD}\tAS b\n", ["from"]),
    "byte order mark": (b"\xef\xbb\xbfFROM " + OLD.encode(), ["from"]),
    "quoted": (f'FROM "{OLD}"\n', ["from"]),
    "quote without an end": (f'FROM "{OLD}\n', ["~from"]),
    "transport": (f"FROM docker://{OLD}\n", ["from"]),
    "two stages": (f"FROM {OLD} AS a\nFROM {OLD}\n", ["from", "from"]),
    "comment inside the continuation": (f"FROM \\\n# was {OLD}\n  {OLD} \\\n AS b\n", ["comment", "from"]),
    "blank line inside the continuation": (f"FROM \\\n\n  {OLD} \\\n\n AS b\n", ["from"]),
    "continuation right after the image": (f"FROM {OLD}\\\n AS b\n", ["from"]),
    "image split by a continuation": (f"FROM {HOST}/ocp/\\\n4.20:cli\n", ["~from"]),
    "image goes on after a continuation": (f"FROM {OLD}\\\n-x\n", ["~from"]),
    "glued prefix": (f"FROM x{{y}}@{OLD}\n", ["~from"]),
    "hole in the image": (f"FROM {HOST}/ocp/${{V}}:cli\n", ["from"]),
    "default of a variable": (f"FROM ${{BASE:-{OLD}}}\n", ["~from default"]),
    "default is only a part": (f"FROM ${{R:-{HOST}}}/ocp/4.20:cli\n", ["~from"]),
    "alternative of a variable is no default": (f"FROM ${{BASE:+{OLD}}}\n", ["~from"]),
    "stage name, not the image": (f"FROM base AS {HOST}/x\n", ["instruction:from"]),
    "two words are no FROM": (f"FROM {OLD} AS\n", ["instruction:from"]),
    "three words without AS": (f"FROM {OLD} IS b\n", ["instruction:from"]),
    "comment at the end of the line is no comment": (f"FROM {OLD} AS b # {OLD}\n", ["instruction:from"] * 2),
    "an earlier stage beats the image": (f"FROM scratch AS {HOST}\nFROM {HOST}\n", ["instruction:from"] * 2),
    "a later stage does not": (f"FROM {HOST}\nFROM scratch AS {HOST}\n", ["from", "instruction:from"]),
    "value of a flag": (f"FROM --platform={OLD} scratch\n", ["instruction:from"]),
    "form feed before FROM": (f"\fFROM {OLD}\n", ["from"]),
    "line separator in a comment": (f"# \u2028\nFROM {OLD}\n", ["from"]),
    "latin-1": (b"# caf\xe9\nLABEL a=\xe9\nFROM " + OLD.encode(), ["from"]),
    "wide space glues": (f"FROM {OLD}\u00a0AS b\n", ["~instruction:from"]),
    "escape directive": (f"# escape=`\nFROM x\nRUN c:\\\nFROM {OLD}\n", ["from"]),
    "escape after syntax": (f"# syntax=a/b\n# escape=`\nRUN c:\\\nFROM {OLD}\n", ["from"]),
    "a second escape counts for nothing": (f"# escape=`\n# escape=\\\nRUN c:\\\nFROM {OLD}\n", ["from"]),
    "escape after check": (f"# check=skip=all\n# escape=`\nRUN c:\\\nFROM {OLD}\n", ["from"]),
    "escape, capitals and blanks": (f" #  ESCAPE =  `  \nRUN c:\\\nFROM {OLD}\n", ["from"]),
    "backquote continues": (f"# escape=`\nFROM `\n  {OLD}\n", ["from"]),
    "doubled escape does not continue": (f"RUN x \\\\\nFROM {OLD}\n", ["from"]),
    "three escapes do not continue": (f"RUN x \\\\\\\nFROM {OLD}\n", ["from"]),
    "escape, then a form feed": (f"RUN x \\\f\nFROM {OLD}\n", ["from"]),
    "here-string": (f"RUN cat <<<x\nFROM {OLD}\n", ["from"]),
    "shift": (f"RUN echo $((1<<2))\nFROM {OLD}\n", ["from"]),
    "space before the heredoc name": (f"RUN cat << EOF\nFROM {OLD}\n", ["from"]),
    "heredoc in quotes is none": (f'RUN echo "<<EOF"\nFROM {OLD}\n', ["from"]),
    "heredoc in the exec form is none": (f'RUN ["cat", "<<EOF"]\nFROM {OLD}\n', ["from"]),
    "heredoc in CMD is none": (f"CMD cat <<EOF\nFROM {OLD}\n", ["from"]),
    "heredoc ends": (f"RUN <<EOF\nx\nEOF\nFROM {OLD}\n", ["from"]),
    "after a very long instruction": ("RUN a" + " \\\n b" * 3000 + f"\nFROM {OLD}\n", ["from"]),
    "hidden in a template": (f"{{{{ if x }}}}\nFROM {OLD}\n", ["from"]),
    "indented": (f"   FROM {OLD}\n", ["from"]),
    "name split by a continuation": (f"FR\\\nOM {OLD}\n", ["from"]),
    "lone escape on the first line": (f"\\\nFROM {OLD}\n", ["from"]),
    "continuation at the end of the file": (f"FROM {OLD} \\", ["from"]),
    "continuation, then only comments": (f"FROM {OLD} \\\n# x\n\n", ["from"]),
    "no instruction": (f"FORM {OLD}\n", ["~unknown"]),
}
IMAGES = {
    "copy from the image": (f"FROM a\nCOPY --from={OLD} /a /b\n", ["copy-from"]),
    "quoted value": (f'FROM a\nCOPY --from="{OLD}" /a /b\n', ["copy-from"]),
    "after another flag": (f"FROM a\nCOPY --chown=1:1 --from={OLD} /a /b\n", ["copy-from"]),
    "on a line of its own": (f"FROM a\nCOPY \\\n  --from={OLD} \\\n  /a /b\n", ["copy-from"]),
    "split": (f"FROM a\nCOPY --from={HOST}/ocp/\\\n4.20:cli /a /b\n", ["~copy-from"]),
    "variables are not expanded": (f"FROM a\nCOPY --from={HOST}/ocp/${{V}}:cli /a /b\n", ["~copy-from"]),
    "ADD": (f"FROM a\nADD --from={OLD} /a /b\n", ["copy-from"]),
    "ONBUILD COPY": (f"FROM a\nONBUILD COPY --from={OLD} /a /b\n", ["copy-from instruction:onbuild"]),
    "stage, other case": (f"FROM a AS {HOST}\nCOPY --from={HOST.upper()} /a /{OLD}\n", ["instruction:from", "~instruction:copy"]),
    "stage": (f"FROM a AS {HOST}\nCOPY --from={HOST} /a /b\n", ["instruction:from", "instruction:copy"]),
    "stages and images side by side": (
        f"FROM {OLD} AS x\nFROM a\nCOPY --from=X /a /b\nCOPY --from=0 /a /b\nCOPY --from={OLD} /a /b\n",
        ["from", "copy-from"],
    ),
    "a flag after the arguments is none": (f"FROM a\nCOPY /a --from={OLD} /b\n", ["instruction:copy"]),
    "no flag after --": (f"FROM a\nCOPY -- --from={OLD} /b\n", ["instruction:copy"]),
    "another flag": (f"FROM a\nCOPY --chown={OLD} /a /b\n", ["instruction:copy"]),
    "source": (f"FROM a\nADD {OLD} /b\n", ["instruction:add"]),
    "mounts": (
        f'FROM a\nRUN --mount=type=bind,from={OLD},target=/x --mount="type=cache,from={OLD}" t\n',
        ["mount-from", "mount-from"],
    ),
    "mount of the default type": (f"FROM a\nRUN --mount=FROM={OLD},target=/x t\n", ["mount-from"]),
    "CSV quotes": (f"FROM a\nRUN --mount='type=bind,\"from={OLD}\",target=/x' t\n", ["mount-from"]),
    "quotes inside the flag": (f'FROM a\nRUN --mount=type=bind,from="{OLD}",target=/x t\n', ["mount-from"]),
    "mount on a line of its own": (f"FROM a\nRUN --mount=type=bind,\\\nfrom={OLD},\\\ntarget=/x t\n", ["mount-from"]),
    "variable in a mount": (f"FROM a\nRUN --mount=type=bind,from={HOST}/ocp/$V:cli t\n", ["~mount-from"]),
    "secret mounts have no image": (f"FROM a\nRUN --mount=type=secret,from={OLD} t\n", ["instruction:run"]),
    "another key": (f"FROM a\nRUN --mount=type=bind,source={OLD},target=/x t\n", ["~instruction:run"]),
    "stage in a mount": (f"FROM a AS {HOST}\nRUN --mount=from={HOST},target=/x t\n", ["instruction:from", "~instruction:run"]),
    "bad CSV": (f"FROM a\nRUN --mount='type=bind,x\"y,from={OLD}' t\n", ["instruction:run"]),
    "mount in ONBUILD": (f"FROM a\nONBUILD RUN --mount=from={OLD},target=/x t\n", ["mount-from instruction:onbuild"]),
    "quoted word is no flag": (f'FROM a\nCOPY "--from={OLD}" /a /b\n', ["instruction:copy"]),
    "flag quote without an end": (f'FROM a\nCOPY --from="{OLD} /a /b\n', ["instruction:copy"]),
}
VALUES = {
    "ARG": (f"ARG BASE={OLD}\n", ["arg-default arg:BASE"]),
    "ARG in quotes": (f'ARG BASE="{OLD}"\n', ["arg-default arg:BASE"]),
    "ARG in single quotes": (f"ARG BASE='{OLD}'\n", ["arg-default arg:BASE"]),
    "several in one ARG": (f"ARG A=1 B={OLD} C='{OLD}' D\n", ["arg-default arg:B", "arg-default arg:C"]),
    "bare host": (f"ARG R={HOST}\nFROM ${{R}}/ocp/4.20:cli\n", ["arg-default arg:R"]),
    "whole image of a FROM": (f"ARG B={OLD}\nFROM ${{B}}\n", ["arg-default arg:B from-variable"]),
    "unbraced": (f"ARG B={OLD}\nFROM $B AS x\n", ["arg-default arg:B from-variable"]),
    "with a default": (f"ARG B={OLD}\nFROM ${{B:-x}}\n", ["arg-default arg:B from-variable"]),
    "quoted in FROM": (f'ARG B={OLD}\nFROM "$B"\n', ["arg-default arg:B from-variable"]),
    "by way of another ARG": (f"ARG A={OLD}\nARG B=${{A}}\nFROM $B\n", ["arg-default arg:A from-variable"]),
    "part of an image": (f"ARG B={OLD}\nFROM $B-x\n", ["arg-default arg:B"]),
    "whole and part": (f"ARG B={OLD}\nFROM $B\nFROM $B-x\n", ["arg-default arg:B"]),
    "part of another ARG": (f"ARG B={OLD}\nARG C=$B/x\nFROM $B\n", ["arg-default arg:B"]),
    "used in the stage too": (f"ARG B={OLD}\nFROM $B\nARG B\nRUN echo $B\n", ["arg-default arg:B"]),
    "a label may show it": (f"ARG B={OLD}\nFROM $B\nARG B\nLABEL base=$B\n", ["arg-default arg:B from-variable"]),
    "the stage's variable is another": (f"ARG B={OLD}\nFROM $B\nRUN echo $B\n", ["arg-default arg:B from-variable"]),
    "ARG of a stage": (f"FROM x\nARG B={OLD}\nFROM $B\n", ["arg-default arg:B"]),
    "another name": (f"ARG BB={OLD}\nARG B=x\nFROM $B\n", ["arg-default arg:BB"]),
    "default in an ARG": (f"ARG B=${{C:-{OLD}}}\n", ["~arg-default arg:B default"]),
    "transport in an ARG": (f"ARG B=docker://{OLD}\n", ["arg-default arg:B"]),
    "glued": (f"ARG B=x,{OLD}\n", ["~arg-default arg:B"]),
    "split by a continuation": (f"ARG B={HOST}/ocp/\\\n4.20:cli\n", ["~arg-default arg:B"]),
    "three quote runs": (f"ARG B='{HOST}'\"/ocp/4.20\":cli\n", ["~arg-default arg:B"]),
    "many lines": (f"ARG A=1 \\\n    # {OLD}\n    B={OLD}\n", ["comment", "arg-default arg:B"]),
    "ARG without a name": (f"ARG ={OLD}\n", ["instruction:arg"]),
    "ARG without a value": (f"ARG {OLD}\n", ["instruction:arg"]),
    "ENV": (f"FROM a\nENV A={OLD} B='{OLD}'\n", ["env-value", "env-value"]),
    "old ENV": (f"FROM a\nENV A {OLD}\n", ["env-value"]),
    "old ENV, more words": (f"FROM a\nENV A {OLD} x\n", ["~env-value"]),
    "ENV name": (f"FROM a\nENV {OLD} a\n", ["instruction:env"]),
    "ENV list": (f"FROM a\nENV A={OLD},{OLD}\n", ["~env-value", "~env-value"]),
    "ENV in ONBUILD": (f"FROM a\nONBUILD ENV A={OLD}\n", ["env-value instruction:onbuild"]),
    "LABEL": (f'FROM a\nLABEL a.b="{OLD}" c={OLD}\n', ["label-value", "label-value"]),
    "LABEL name": (f"FROM a\nLABEL {HOST}=a\n", ["~instruction:label"]),
    "comment": (f"# FROM {OLD}\nFROM a\n", ["comment"]),
    "comment after a blank": (f"FROM a\n  \t# FROM {OLD}\n", ["comment"]),
    "glued in a comment": (f"# x{{{OLD}}}y\nFROM a\n", ["~comment"]),
    "syntax directive": (f"# syntax={OLD}\nFROM a\n", ["instruction:syntax"]),
    "CMD": (f"FROM a\nCMD podman pull {OLD}\n", ["instruction:cmd"]),
    "CMD in the exec form": (f'FROM a\nCMD ["podman", "pull", "{OLD}"]\n', ["instruction:cmd"]),
    "ONBUILD FROM is not allowed": (f"FROM a\nONBUILD FROM {OLD}\n", ["instruction:onbuild"]),
    "ONBUILD ONBUILD neither": (f"FROM a\nONBUILD ONBUILD COPY --from={OLD} a b\n", ["instruction:onbuild"]),
    "heredocs of COPY": (f"FROM a\nCOPY <<A <<B /x/\nFROM {OLD}\nA\n{OLD}\nB\n", ["heredoc-file", "heredoc-file"]),
    "heredoc of ADD": (f"FROM a\nADD <<-'A' /x\n\t{OLD}\n\tA\nFROM {OLD}\n", ["heredoc-file", "from"]),
    "name of a heredoc file": (f"FROM a\nCOPY <<A /{OLD}\nA\n", ["~instruction:copy"]),
    "heredoc without an end": (f"FROM {OLD}\nRUN cat {OLD} <<A\n{OLD}\nFROM {OLD}\n", ["from"] + ["~unknown"] * 3),
    "exec form": (f'FROM a\nRUN ["podman", "pull", "{OLD}"]\n', ["instruction:run"]),
    "exec form, glued": (f'FROM a\nRUN ["podman", "pull", "x,{OLD},y"]\n', ["~instruction:run"]),
    "exec form over lines": (f'FROM a\nRUN ["podman", \\\n "pull", "{OLD}"]\n', ["instruction:run"]),
    "script for another interpreter": (f"FROM a\nRUN <<E\n#!/usr/bin/perl\n{OLD}\nE\n", ["instruction:run"]),
    "script for another shell": (f'FROM a\nSHELL ["pwsh", "-c"]\nRUN podman pull {OLD}\n', ["instruction:run"]),
    "shell of the base stage": (
        f'FROM a AS b\nSHELL ["pwsh", "-c"]\nFROM B\nRUN podman pull {OLD}\n',
        ["instruction:run"],
    ),
    "backquote escape is for Windows": (f"# escape=`\nFROM a\nRUN podman pull {OLD}\n", ["instruction:run"]),
}


def table(cases: dict[str, tuple[str | bytes, list[str]]]) -> list[object]:
    return [pytest.param(text, expected, id=name) for name, (text, expected) in cases.items()]


@pytest.mark.parametrize(("text", "expected"), table(FROM))
def test_from(text: str | bytes, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), table(IMAGES))
def test_images_in_flags(text: str | bytes, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), table(VALUES))
def test_values_and_other_instructions(text: str | bytes, expected: list[str]) -> None:
    assert shown(text) == expected


def test_every_context_belongs_to_the_text_at_offset_zero() -> None:
    text = f"# {OLD}\nARG A={OLD}\nFROM {OLD}\nLABEL a={OLD}\nCOPY <<E /x\n{OLD}\nE\n{OLD} x\n"
    assert [(context.language, context.region) for context in contexts(text)] == [("dockerfile", 0)] * 6


def test_a_default_without_a_colon() -> None:
    data = f"FROM ${{BASE-{OLD}}}\n".encode()
    start = data.index(OLD.encode())
    (found,) = dockerfile.contexts(data, [(start, start + len(OLD))])
    assert (found.where, found.labels, found.whole) == ("from", ("default",), False)


def test_the_exec_form_is_a_json_string() -> None:
    assert [context.escapes for context in contexts(f'FROM {OLD}\nRUN ["pull", "{OLD}"]\n')] == [False, True]


VIEWS = {
    "one line": (f"RUN  x {OLD} \n", "shell", f"x {OLD} "),
    "continued": (f"RUN a && \\\n  # c\n\n  x \\\n    {OLD} \\\n && b\n", "shell", f"a &&   x     {OLD}  && b"),
    "CRLF": (f"RUN x \\\r\n  {OLD}\r\n", "shell", f"x   {OLD}"),
    "after flags": (f"RUN --network=none \\\n --mount=type=cache,target=/x x {OLD}\n", "shell", f"x {OLD}"),
    "ONBUILD": (f"ONBUILD \\\n RUN x {OLD}\n", "shell", f"x {OLD}"),
    "reference split": (f"RUN x {HOST}/ocp/\\\n4.20:cli\n", "shell", f"x {OLD}"),
    "script": (f"RUN <<E\nx {OLD}\ny\nE\nRUN z\n", "shell", f"x {OLD}\ny\n"),
    "script, tabs dropped": (f"RUN <<-E\n\t\tx\n\t {OLD}\n\tE\n", "shell", f"x\n {OLD}\n"),
    "script, shebang": (f"RUN <<E\n#!/bin/bash -e\n{OLD}\nE\n", "shell", f"#!/bin/bash -e\n{OLD}\n"),
    "script, Python": (f"RUN <<E\n#!/usr/bin/env -S python3 -u\n{OLD}\nE\n", "python", f"#!/usr/bin/env -S python3 -u\n{OLD}\n"),
    "command with heredocs": (
        f"RUN cat <<A 3<<-B \\\r\n && x\r\n1\r\nA\r\n{OLD}\n\tB\nRUN z\n",
        "shell",
        f"cat <<A 3<<-B  && x\n1\r\nA\n{OLD}\nB\n",
    ),
    "shell of the stage": (f'SHELL ["/bin/bash", "-c"]\nRUN x {OLD}\n', "shell", f"x {OLD}"),
    "shell ends with its stage": (f'SHELL ["pwsh"]\nFROM b\nRUN x {OLD}\n', "shell", f"x {OLD}"),
    "not the exec form": (f"RUN ['x', '{OLD}']\n", "shell", f"['x', '{OLD}']"),
}


@pytest.mark.parametrize(("text", "language", "inner"), [pytest.param(*case, id=name) for name, case in VIEWS.items()])
def test_the_text_that_a_script_is_read_from(monkeypatch: pytest.MonkeyPatch, text: str, language: str, inner: str) -> None:
    seen: list[tuple[str, bytes, list[bytes | None], list[str]]] = []

    def record(language: str, view: View, spans: list[Span], outer: list[Context]) -> list[Context]:
        places = [view.inward(span) for span in spans]
        held = [view.text[slice(*place)] if place else None for place in places]
        seen.append((language, view.text, held, [context.where for context in outer]))
        return list(outer)

    monkeypatch.setattr(languages, "nested", record)
    data = f"FROM a\n{text}".encode()
    spans = spans_of(data)
    dockerfile.contexts(data, spans)
    assert seen == [(language, inner.encode(), [data[slice(*spans[0])]], ["run"])]


SCRIPTS = {
    "one line": (f"RUN podman pull {OLD}\n", ["command:pull"]),
    "continued": (f"RUN a && \\\n  # {OLD}\n\n  podman pull \\\n    {OLD} && b\n", ["comment", "command:pull"]),
    "verb on the line before, CRLF": (f"RUN podman pull \\\r\n  {OLD}\r\n", ["command:pull"]),
    "after flags": (f"RUN --mount=type=cache,target=/x podman pull {OLD}\n", ["command:pull"]),
    "ONBUILD": (f"ONBUILD RUN podman pull {OLD}\n", ["command:pull"]),
    "script": (f"RUN <<EOF\npodman pull {OLD}\nEOF\nFROM {OLD}\n", ["command:pull", "from"]),
    "FROM in a script": (f"RUN <<EOF\nFROM {OLD}\nEOF\n", ["argument:FROM"]),
    "script with a shebang": (f"RUN <<EOF\n#!/usr/bin/env bash\npodman pull {OLD}\nEOF\n", ["command:pull"]),
    "indented script": (f"RUN <<-EOF\n\tpodman pull {OLD}\n\tEOF\n", ["command:pull"]),
    "command with a heredoc": (f"RUN bash <<EOF\npodman pull {OLD}\nEOF\nRUN podman pull {OLD}\n", ["command:pull"] * 2),
    "data in a heredoc": (f"RUN cat > /x <<EOF && podman pull {OLD}\n{OLD}\nEOF\n", ["command:pull", "heredoc:cat"]),
    "pattern": (f'RUN sed -i "s|{OLD}|x|" f\n', ["pattern"]),
    "test is no exec form": (f"RUN [ -f x ] && podman pull {OLD}\n", ["command:pull"]),
    "escape after a comment": (f"# c\n# escape=`\nRUN podman pull \\\n{OLD}\nFROM {OLD}\n", ["command:pull", "from"]),
}


@pytest.mark.parametrize(("text", "expected"), table(SCRIPTS))
def test_scripts(text: str, expected: list[str]) -> None:
    pytest.importorskip("qcilint.languages.shell")
    found = contexts("FROM a\n" + text if not text.startswith("#") else text)
    assert [context.where for context in found] == expected
    assert {context.region for context in found} == {0}
    assert all("run" in context.labels and "dockerfile" in context.labels for context in found if context.language == "shell")


def test_a_python_script_is_python() -> None:
    pytest.importorskip("qcilint.languages.python")
    (found,) = contexts(f'FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimage = "{OLD}"\nEOF\n')
    assert (found.language, found.where, found.region) == ("python", "string", 0)
    assert {"run", "dockerfile"} <= set(found.labels)


def test_the_text_of_an_instruction_holds_no_continuations_and_no_comments() -> None:
    source = dockerfile_syntax.parse(b"FROM a\nRUN x \\\r\n # c\n\n  y\\\n z\n")
    run = source.instructions[1]
    assert run.view.text == b"RUN x   y z"
    assert run.view.inward((source.text.index(b"y"), source.text.index(b"y") + 1)) == (8, 9)


# BuildKit's own parser

STRUCTURES = {
    "empty instruction": "FROM\n",
    "stages": "FROM a AS b\nFROM b\nCOPY --from=b /x /y\n",
    "platform and CRLF": "FROM --platform=$P   a   as  b\r\nRUN x\r\n",
    "byte order mark": "\ufeffFROM a\nRUN x\n",
    "byte order mark and comment": "\ufeff# c\nFROM a\n",
    "byte order mark and escape": "\ufeff# escape=`\nFROM a`\n AS b\n",
    "comment in a continuation": "FROM \\\n# was x\n  a \\\n AS b\nRUN y\n",
    "indented comment in a continuation": "RUN a \\\n   # c\n b\n",
    "blank lines in a continuation": "RUN a \\\n\n \t\n b\nFROM c\n",
    "CRLF blank line in a continuation": "RUN a \\\r\n\r\n b\r\nFROM c\r\n",
    "image split": "FROM a/\\\nb:1\nRUN c\n",
    "blanks after the escape": "RUN a \\  \t\n b\nFROM c\n",
    "doubled escape": "RUN a \\\\\nFROM b\n",
    "tripled escape": "RUN a \\\\\\\nFROM b\n",
    "doubled escape ends the image": "FROM a\\\\\nRUN b\n",
    "escape and form feed": "RUN a \\\f\nFROM b\n",
    "escape and no-break space": "RUN a \\\u00a0\nFROM b\n",
    "escape and carriage returns": "RUN a \\\r\r\nFROM b\nRUN \\\r \nFROM c\n",
    "lone escape first": "\\\nFROM a\n",
    "lone escape between": "FROM a\n\\\n\\\nRUN x\n",
    "name split": "FR\\\nOM a\n",
    "continuation at the end": "FROM a\nRUN x \\",
    "continuation at the end, newline": "FROM a\nRUN x \\\n",
    "continuation at the end, comments": "FROM a\nRUN x \\\n# c\n\n# d\n",
    "escape directive": "# escape=`\nFROM a\nRUN c:\\\nFROM b `\n AS x\n",
    "escape directive, backslash": "# escape=\\\nFROM a\\\n:1\n",
    "escape after syntax": "# syntax=docker/dockerfile:1\n# escape=`\nRUN c:\\\nFROM b\n",
    "escape, capitals": "#ESCAPE=`\nRUN c:\\\nFROM b\n",
    "escape, blanks": "  #   escape  =  `  \nRUN c:\\\nFROM b\n",
    "escape after a comment": "# c\n# escape=`\nRUN c \\\nFROM b\nFROM d\n",
    "escape after a blank line": "\n# escape=`\nRUN c \\\nFROM b\nFROM d\n",
    "escape after an unknown directive": "# a=b\n# escape=`\nRUN c \\\nFROM b\nFROM d\n",
    "escape after an instruction": "FROM x\n# escape=`\nRUN c \\\nFROM b\n",
    "script": "RUN <<EOF\nFROM a\nEOF\nFROM b\n",
    "script, CRLF": "RUN <<EOF\r\nFROM a\r\nEOF\r\nFROM b\r\n",
    "quoted names": "RUN <<'A' <<\"B\" <<\\C <<D'E'\nA\nB\nC\nDE\nFROM b\n",
    "quoted name with a blank": "RUN cat <<'A B'\nFROM a\nA B\nFROM b\n",
    "tabs dropped": "RUN <<-EOF\n\tFROM a\n\tEOF\nFROM b\n",
    "tabs kept": "RUN <<EOF\n\tEOF\nFROM a\nEOF\nFROM b\n",
    "numbered": "RUN cat 3<<EOF\nFROM a\nEOF\nFROM b\n",
    "files": "COPY <<A <<B /x/\nFROM a\nA\nFROM b\nB\nFROM c\n",
    "ADD": "ADD <<A /x\nFROM a\nA\nFROM c\n",
    "ONBUILD heredoc": "ONBUILD RUN <<A\nFROM a\nA\nONBUILD COPY <<A /x\nFROM b\nA\nFROM c\n",
    "no heredoc in CMD": "CMD cat <<EOF\nFROM a\n",
    "no heredoc in ONBUILD CMD": "ONBUILD CMD cat <<EOF\nFROM a\n",
    "no heredoc in ENV": "ENV A=<<EOF\nFROM a\n",
    "here-string": "RUN cat <<<EOF\nFROM a\n",
    "shift": "RUN echo $((1<<2)) $[1 <<2]\nEOF\nFROM a\n2]\nFROM b\n",
    "blank before the name": "RUN cat << EOF\nFROM a\nEOF\nFROM b\n",
    "glued before": "RUN cat x<<EOF\nFROM a\nEOF\nFROM b\n",
    "glued after": "RUN (cat <<EOF)\nFROM a\nEOF)\nFROM b\n",
    "in quotes": 'RUN echo "<<EOF" \'<<EOF\' "a <<EOF b"\nFROM a\n',
    "escaped blank": "RUN echo a\\ <<EOF\nFROM a\n",
    "quote without an end": "RUN echo it's <<EOF\nFROM a\nEOF\nFROM b\n",
    "exec form": 'RUN ["cat", "<<EOF"]\nFROM a\nCOPY ["<<EOF", "/x"]\nFROM b\n',
    "exec form with text after it": 'RUN ["cat"] <<EOF\nFROM a\nEOF\nFROM b\n',
    "not quite the exec form": "RUN ['cat', <<EOF ]\nFROM a\nEOF\nFROM b\n",
    "heredoc after flags": "RUN --mount=type=cache,target=/x <<EOF\nFROM a\nEOF\nFROM b\n",
    "heredoc on a continuation": "RUN cat \\\n  <<EOF \\\n  -\nFROM a\nEOF\nFROM b\n",
    "heredoc word split": "RUN cat <\\\n<EOF\nFROM a\nEOF\nFROM b\n",
    "heredoc in a comment of a continuation": "RUN a \\\n# <<EOF\n b\nFROM a\n",
    "parameter default": "RUN echo ${x:-y} <<EOF\nFROM a\nEOF\nFROM b\n",
    "parameter slice": "RUN echo ${x:0:3} <<EOF\nFROM a\nEOF\nFROM b\n",
    "parameter length": "RUN echo ${#x} <<EOF\nFROM a\nEOF\nFROM b\n",
    "process number": "RUN echo $${#x} <<EOF\nFROM a\nEOF\nFROM b\n",
    "name that ends in a backslash": "# escape=`\nRUN cat <<EOF\\\nFROM a\nEOF\nFROM b\n",
    "parameter case": 'RUN echo "${x^^}" <<EOF\nFROM a\nEOF\nFROM b\n',
    "escape char of heredocs stays a backslash": "# escape=`\nRUN a\\ <<EOF\nFROM a\n",
    "line separator": "# \u2028\u2029\x85\nFROM a\nLABEL x=\u2028\nFROM b\n",
    "form feed and vertical tab": "\f\vFROM a\nRUN\fx\nFROM\vb\n",
    "separator controls": "\x1cFROM a\n\x1d\x1e\nFROM b\n",
    "wide space first": "\u3000FROM a\n\u00a0\n\u2003# c\nFROM b\n",
    "wide space in a continuation": "RUN a \\\n\u3000\n\u2003# c\n b\nFROM c\n",
    "lone carriage returns": "FROM a\rRUN x\nFROM b\n",
    "quoted flag": "COPY --from='a b' --x=\"c d\" /x /y\nFROM z\n",
    "unknown words": "{{ if x }}\nFROM a\n{% endif %}\n",
    "instruction named comment": "COMMENT a\nFROM b\n",
    "many lines": "RUN a" + " \\\n# c\n\n b" * 1500 + "\nFROM b\n",
}


Seen = list[tuple[str, int, int, str | None]]


def seen_here(data: bytes) -> Seen | None:
    """Name, first and last line of each instruction, and the image of each FROM."""
    source = dockerfile_syntax.parse(data)
    if source.unclosed is not None:
        return None
    found: Seen = []
    for instruction in source.instructions:
        text = instruction.view.text
        image = dockerfile_commands.from_image(text, instruction.command)[0] if instruction.command.name == "from" else None
        value = text[slice(*image)].decode("utf-8", "replace") if image else None
        found.append((instruction.command.name, instruction.first + 1, instruction.last + 1, value))
    return found


def seen_by_buildkit(text: str) -> Seen | None:
    try:
        commands = buildkit.parse_string(text)
    except buildkit.GoParseError:
        return None
    return [
        ((command.cmd or "").lower(), command.start_line, command.end_line, buildkit_image(command.cmd, command.value))
        for command in commands
    ]


def buildkit_image(name: str | None, words: tuple[str, ...]) -> str | None:
    """The image of a FROM; the rules for `AS` are not in BuildKit's parser but in its `parseFrom`."""
    if (name or "").lower() != "from":
        return None
    if len(words) == 3 and words[1].lower() == "as" and re.fullmatch(r"[a-z][a-z0-9_.-]*", words[2].lower()):
        return words[0]
    return words[0] if len(words) == 1 else None


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in STRUCTURES.items()])
def test_structure_equals_that_of_buildkit(text: str) -> None:
    theirs = seen_by_buildkit(text)
    assert theirs is not None, "BuildKit must accept the input, or nothing is compared"
    assert seen_here(text.encode()) == theirs


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            b"# check=skip=all\n# escape=`\nRUN c:\\\nFROM a\n", [("run", 3, 3, None), ("from", 4, 4, "a")], id="check directive"
        ),
        pytest.param(b"# \xe9\nLABEL a=\xff\nFROM a\n", [("label", 2, 2, None), ("from", 3, 3, "a")], id="latin-1"),
        pytest.param(b"RUN ${x%y} ${x/a/b} <<E\nFROM a\nE\nFROM b\n", [("run", 1, 3, None), ("from", 4, 4, "b")], id="modifiers"),
    ],
)
def test_structure_where_the_binding_is_behind(data: bytes, expected: Seen) -> None:
    """The binding holds BuildKit 0.12, which knows no `check` and fewer `${}` modifiers, and it takes only text."""
    assert seen_here(data) == expected
    assert seen_by_buildkit(data.decode("latin-1")) != expected or not data.isascii()


FRAGMENTS = st.sampled_from(
    [
        *("FROM a", "FROM a AS b", "RUN x ", "COPY --from=x ", "ADD ", "ENV A", "ONBUILD ", "CMD ", "E\n", "\tE\n", "E\r\n"),
        *("\n", "\n\n", " ", "\t", "\f", "\v", "\r\n", "\\\n", "\\ \n", "\\\\\n", "\\\r\n", "\\", "`\n", "# c\n", "#"),
        *("<<E", "<<-E", "<<'E'", '<<"E"', "<<\\E", "3<<E", "<<<", "<<", "$((1<<2))", "(cat <<E)\n", "x <<E && y", "<<E'F'"),
        *("'", '"', "$", "${x:-y}", "${x:0:3}", "${x^^}", "${#x}", "[", "]", '["a"]', '["a", "<<E"]'),
        *("--x=1 ", '--m="a b" ', "-- "),
        *("# escape=`\n", "# syntax=z\n", "# ESCAPE = \\\n", "\u2028", "\u00a0", "\u0085", "é", "\x1c", "E", "F"),
    ]
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(FRAGMENTS, max_size=14), st.sampled_from(["", "\nE\nE\nFROM z\n"]))
def test_structure_of_random_text_equals_that_of_buildkit(fragments: list[str], tail: str) -> None:
    text = "".join(fragments) + tail
    theirs = seen_by_buildkit(text)
    if theirs is not None:
        assert seen_here(text.encode()) == theirs


TEXTS = st.one_of(
    st.lists(FRAGMENTS, max_size=14).map("".join),
    st.lists(
        st.sampled_from(["FROM a", "RUN b", "# c", "#", "", " ", "  #", "x", "RUN <<E", "E", "\\", "\\ ", "é", "a\\b"]),
        max_size=8,
    ).map("\n".join),
)
WRITTEN = [example.before for rule in load_builtin().rules for example in rule.examples if "ockerfile" in example.path]
WRITTEN += [*STRUCTURES.values(), *(text for text, _ in FROM.values() if isinstance(text, str))]


def lines_agree(text: str) -> bool:
    """Whether lines are read as dockerfile-parse reads them; it is asked in any case."""
    masked = dockerfile_lines.Lines(text.encode()).masked
    return [*dockerfile_syntax._instruction_lines(masked)] == [*dockerfile_syntax._joined_lines(masked)]


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
def test_lines_are_instructions_where_the_library_says_so(text: str) -> None:
    assert lines_agree(text)
    assert lines_agree(text.replace("\\", ""))


def test_lines_of_examples_are_instructions_where_the_library_says_so() -> None:
    assert len(WRITTEN) > 50
    for text in WRITTEN:
        assert lines_agree(text), text
        assert lines_agree(text.replace("\\", "")), text


@given(
    st.lists(st.sampled_from([*"\\`'\"a $", "é", "\n"]), max_size=8).map(lambda parts: "".join(parts).encode()), st.integers(0, 4)
)
def test_a_word_without_quotes_is_itself(text: bytes, start: int) -> None:
    span = min(start, len(text)), len(text)
    short = dockerfile_words.unquoted(text, *span, b"\\")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dockerfile_words, "_MARKS", (b"",))  # which stands in every text
        long = dockerfile_words.unquoted(text, *span, b"\\")
    assert short.text == long.text
    assert [short.outward(at) for at in range(len(text) + 1)] == [long.outward(at) for at in range(len(text) + 1)]


@given(
    st.lists(st.sampled_from([*" \t\n\v\f\r", "\u2028", "\u00a0", "\u0085", "é", "a", "#", "~", "\x7f", "!"]), max_size=6),
    st.integers(0, 3),
)
def test_white_space_is_that_of_its_expression(parts: list[str], at: int) -> None:
    text = "".join(parts).encode()
    at = min(at, len(text))
    for skip, expression in (
        (dockerfile_words.skip_space, dockerfile_words._LEADING),
        (dockerfile_words.skip_blanks, dockerfile_words._BLANKS),
    ):
        match = expression.match(text, at)
        assert match is not None
        assert skip(text, at) == match.end()


# Robustness

PIECES = st.sampled_from(
    [
        *(b"FROM ", b"COPY --from=", b"RUN --mount=from=", b'RUN ["', b"ONBUILD ", b"ENV A=", b"ARG B=", b"LABEL ", b"SHELL ["),
        *(b"\n", b"\\\n", b"`\n", b"# ", b"# escape=`\n", b"<<E", b"E\n", b"'", b'"', b"${x:-", b"}", b",", b" ", b"=", b"--"),
        *(OLD.encode(), HOST.encode(), b"\xff", b"\r", b"\x00", b"\xc2", b"\xef\xbb\xbf", b"#!/bin/perl\n"),
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=25).map(b"".join), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=5))
@example(b"", [(0, 1)])
@example(b"\xef\xbb\xbf", [(0, 3)])
@example(b"RUN <<E\nE", [(0, 9)])
def test_any_text_and_spans_have_contexts(data: bytes, ranges: list[tuple[int, int]]) -> None:
    pytest.importorskip("qcilint.languages.shell")
    spans, at = [], 0
    for start, length in ranges:
        spans.append((at + start, at + start + length))
        at = spans[-1][1]
    for chosen in (spans, spans_of(data)):
        found = dockerfile.contexts(data, chosen)
        assert len(found) == len(chosen)
        assert all(context.where and context.where not in context.labels for context in found)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_have_a_structure(data: bytes) -> None:
    source = dockerfile_syntax.parse(data)
    firsts = [instruction.first for instruction in source.instructions]
    lasts = [instruction.last for instruction in source.instructions]
    assert all(first <= last for first, last in zip(firsts, lasts, strict=True))
    assert all(last < first for last, first in zip(lasts, firsts[1:], strict=False))
    assert len(source.kinds) == len(source.starts)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\nENV A=" + f"{OLD}," * 20_000, id="one value"),
        pytest.param("FROM a\nCOPY" + f" --from={OLD}" * 20_000 + " a b", id="flags"),
        pytest.param("FROM a\nRUN --mount=type=bind" + f",from={OLD}" * 20_000 + " t", id="fields"),
        pytest.param("FROM a\nLABEL a=b" + "\\\n" * 300_000 + f" c={OLD}", id="continuations"),
        pytest.param("FROM a\nCOPY" + " <<E" * 20_000 + " /x\n" + f"{OLD}\nE\n" * 20_000, id="heredocs"),
    ],
)
def test_long_texts_take_linear_time(text: str) -> None:
    expected = {"env-value", "copy-from", "mount-from", "label-value", "heredoc-file"}
    assert {context.where for context in contexts(text)} <= expected


def test_the_library_joins_few_lines_of_a_long_instruction() -> None:
    """It joins them in quadratic time."""
    lines = dockerfile_lines.Lines(b"RUN a" + b" \\\n b" * 5000 + b"\nFROM c\n").masked
    assert len(lines) == 5002
    assert sum(not line.startswith(b"#") for line in lines) < 1100
