"""Names of Dockerfiles: which values they have, where they are mentioned, and that builders and bash agree."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

import dockerfile as buildkit
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qcilint.bindings import Binding, Bindings
from qcilint.languages.dockerfile_bindings import bindings
from qcilint.view import Span
from tests.growth import assert_linear

HOST = "registry.ci.openshift.org"
REF = f"{HOST}/ocp/4.20:cli"
MARKS = {"plain": "", "apart": "~", "other": "!"}


def of(text: str | bytes) -> tuple[bytes, Bindings]:
    data = text.encode() if isinstance(text, str) else text
    return data, bindings(data)


def shown(text: str | bytes) -> list[str]:
    """Each binding as `NAME = value | value < use ~apart !other`, with an `X` before it where it is barred."""
    data, found = of(text)
    lines = []
    for binding in sorted(found.bindings, key=lambda each: each.values):
        values = " | ".join(data[slice(*value)].decode() for value in binding.values)
        uses = [MARKS[use.kind] + data[use.start : use.end].decode() for use in binding.uses]
        lines.append(" ".join([*(["X"] if binding.barred else []), binding.name, "=", values, "<", *uses]).rstrip(" <"))
    return lines


def only(text: str) -> Binding:
    (binding,) = of(text)[1].bindings
    return binding


SCOPES = {
    "an ARG before FROM": (f"ARG R={HOST}\nFROM ${{R}}/ocp/4.20:cli\n", [f"R = {HOST} < ${{R}}"]),
    "a whole image": (f"ARG B={REF}\nFROM $B AS x\n", [f"B = {REF} < $B"]),
    "quoted values": (f"ARG A=\"{HOST}\" B='{HOST}'\n", [f"A = {HOST}", f"B = {HOST}"]),
    "several on one ARG": ("ARG A=a B C='c'\nFROM $A$B$C\n", ["A = a < $A", "C = c < $C"]),
    "one ARG by way of another": ("ARG R=h\nARG B=${R}/i\nFROM $B\n", ["R = h < ${R}", "B = ${R}/i < $B"]),
    "a stage does not see it": ("ARG R=h\nFROM $R\nRUN echo $R\nLABEL a=$R\n", ["R = h < $R"]),
    "until it declares it": ("ARG R=h\nFROM x\nLABEL a=$R\nARG R\nLABEL b=${R}\n", ["R = h < ${R}"]),
    "a default of the stage's own": ("ARG R=h\nFROM $R\nARG R=i\nLABEL a=$R\n", ["R = h < $R", "R = i < $R"]),
    "in the next stage it is the global one": (
        "ARG R=h\nFROM x\nARG R=i\nLABEL a=$R\nFROM x\nARG R\nLABEL b=$R/b\n",
        ["R = h < $R", "R = i < $R"],
    ),
    "every stage that declares it": (
        "ARG R=h\nFROM x\nARG R\nLABEL a=$R\nFROM y\nARG R\nLABEL b=${R}\nFROM z\nLABEL c=$R\n",
        ["R = h < $R ${R}"],
    ),
    "FROM sees no ARG of a stage": ("FROM x\nARG R=h\nFROM $R\n", ["R = h < !$R"]),
    "before it is declared": ("FROM x\nLABEL a=$R\nARG R=h\nLABEL b=${R}\n", ["R = h < ${R}"]),
    "a later ARG": ("ARG R=h\nARG B=$R\nARG R=i\nFROM ${R}\n", ["R = h < $R", "B = $R", "R = i < ${R}"]),
    "an ARG without a value keeps the one before": ("ARG R=h\nARG R\nFROM ${R}\n", ["R = h < ${R}"]),
    "an ARG that reads the same line": ("ARG R=h B=$R\n", ["R = h < $R", "B = $R"]),
    "an ARG that reads the same line, or the line before": ("ARG R=h\nARG R=i B=$R\n", ["R = h | i < $R", "B = $R"]),
    "an empty value is left out": ("ARG R=\nFROM x${R}\n", []),
    "an empty value in quotes": ("ARG R=''\nFROM x${R}\n", []),
    "ENV": (f"FROM x\nENV R={HOST}\nRUN pull $R/ocp/4.20:cli\n", [f"R = {HOST} < $R"]),
    "old ENV": (f"FROM x\nENV R {HOST}\nRUN pull $R\n", [f"R = {HOST} < $R"]),
    "old ENV with several words": ("FROM x\nENV R a b\nRUN pull $R\n", ["R = a b < $R"]),
    "old ENV in quotes": ("FROM x\nENV R 'a b'\n", ["R = a b"]),
    "several on one ENV": ("FROM x\nENV A=a B=b\nRUN x $A $B\n", ["A = a < $A", "B = b < $B"]),
    "an ENV does not see its own line": (
        "FROM x\nENV A=a\nENV A=b B=$A\nLABEL c=${A}\n",
        ["A = a < $A", "A = b < ${A}", "B = $A"],
    ),
    "ENV beats the ARG before it": (
        "FROM x\nARG R=h\nLABEL a=$R\nENV R=i\nLABEL b=${R}\n",
        ["R = h < $R", "R = i < ${R}"],
    ),
    "ENV keeps an ARG": ("FROM x\nARG R=h\nENV R=$R\nLABEL b=${R}\n", ["R = h < $R", "R = $R < ${R}"]),
    "an ARG after ENV: builders differ": ("FROM x\nENV R=h\nARG R=i\nLABEL b=${R}\n", ["R = h | i < ${R}"]),
    "a global ARG after ENV: builders differ": (
        "ARG R=h\nFROM $R\nENV R=i\nARG R\nLABEL b=${R}\n",
        ["R = h | i < $R ${R}"],
    ),
    "ARG without a value after ENV": ("FROM x\nENV R=h\nARG R\nLABEL b=${R}\n", ["R = h < ${R}"]),
    "a stage inherits ENV": ("FROM x AS a\nENV R=h\nFROM y\nRUN $R\nFROM A\nRUN ${R}\n", ["R = h < ${R}"]),
    "a stage inherits ARG": ("FROM x AS a\nARG R=h\nFROM a\nLABEL a=${R}\n", ["R = h < ${R}"]),
    "what a stage sets does not reach back": (
        "FROM x AS a\nENV R=h\nFROM a AS b\nENV R=i\nFROM a\nLABEL a=$R\n",
        ["R = h < $R", "R = i"],
    ),
    "a base that may be any stage": (
        "ARG B=a\nFROM x AS a\nENV R=h\nFROM y AS b\nENV R=i\nFROM $B\nLABEL a=${R}\n",
        ["B = a < $B", "R = h | i < ${R}"],
    ),
    "a base that can be no stage": ("ARG B=a\nFROM x AS a\nENV R=h\nFROM $B/b\nLABEL a=${R}\n", ["B = a < $B", "R = h"]),
    "a default in the base hides no stage": (
        "FROM x AS a\nENV R=h\nFROM ${B:-${C:-y/z}}\nLABEL a=${R}\n",
        ["R = h < ${R}", "B = ${C:-y/z} < ${B:-${C:-y/z}}", "C = y/z < ${C:-y/z}"],
    ),
    "a template: any order": (
        "ARG R=h\n{{ if x }}\nARG R=i\n{{ end }}\nFROM $R\n",
        ["R = h | i < $R"],
    ),
    "lines for cpp: any order": ("#ifdef X\nARG R=h\n#else\nARG R=i\n#endif\nFROM $R\n", ["R = h | i < $R"]),
    "before FROM there is only ARG": ("ENV R=i\nARG R=h\nFROM $R\n", ["R = h < !R $R"]),
}
EXPANSIONS = {
    "default": (f"FROM ${{R:-{HOST}}}/ocp/4.20:cli\n", [f"R = {HOST} < ${{R:-{HOST}}}"]),
    "default of a declared name": ("ARG R\nFROM ${R-h}/a\n", ["R = h < ${R-h}"]),
    "default beside a value": ("ARG R=i\nFROM ${R:-h}/a\n", ["R = i | h < ${R:-h}"]),
    "default in quotes": ('FROM x\nLABEL a=${R:-"h"} b="${S:-\'i\'}"\n', ['R = h < ${R:-"h"}', "S = i < ${S:-'i'}"]),
    "default of a default": ("ARG R=${R:-h}\nFROM $R\n", ["R = ${R:-h} < $R", "R = h < ${R:-h}"]),
    "default in a default": ("ARG A=a\nFROM ${R:-$A/b}\n", ["A = a < $A", "R = $A/b < ${R:-$A/b}"]),
    "without its default it has no value": ("FROM ${R:-h}/$R\n", ["R = h < ${R:-h} !$R"]),
    "an empty value beside a default": ("ARG R=\nFROM ${R:-h}/$R\n", ["R = h < ${R:-h} !$R"]),
    "a default that cannot be read off": ("ARG R=h\nFROM ${R:-a\\b}\n", ["X R = h < ${R:-a\\b}"]),
    "needed": ("ARG R=h\nFROM ${R:?no-$R}\n", ["R = h < ${R:?no-$R} !$R"]),
    "alternative": ("ARG R=h A=a\nFROM ${R:+$A}b${A+c}\n", ["R = h < !${R:+$A}", "A = a < $A !${A+c}"]),
    "apart": (
        "ARG R=h S=s\nFROM a${R#x}${R##*/}${R%$S}${R%%x}${R/a/b}${R//a/$S}\n",
        ["R = h < ~${R#x} ~${R##*/} ~${R%$S} ~${R%%x} ~${R/a/b} ~${R//a/$S}", "S = s < ~$S ~$S"],
    ),
    "single quotes": ("ARG R=h\nFROM x\nARG R\nLABEL a='$R' b=\"'$R'\"\n", ["R = h < !$R $R"]),
    "escape": ('FROM x\nARG R=h\nLABEL a=\\$R b=\\\\$R c="\\$R"\n', ["R = h < !$R $R !$R"]),
    "escape directive": ("# escape=`\nFROM x\nARG R=h\nLABEL a=`$R b=\\$R\n", ["R = h < !$R $R"]),
    "dollars that are none": ("FROM x\nARG R=h\nLABEL a=$ b=$1 c=$$ d=$(R) e=$RR f=${RR}\n", ["R = h"]),
    "a letter that is not ASCII": ("FROM x\nARG R=h\nLABEL a=$R\u00e9\n", ["R = h < !$R"]),
    "unclosed": ("FROM x\nARG R=h\nLABEL a=${R b=$R\n", ["R = h < !${R $R"]),
    "not allowed": ("FROM x\nARG R=h\nLABEL a=${R^} b=${}$R\n", ["R = h < !${R !$R"]),
    "too deep": ("FROM x\nARG R=h\nLABEL a=" + "${A:-" * 40 + "$R" + "}" * 40 + "\n", ["R = h < !$R"]),
    "over two lines": ("ARG R=h\nFROM \\\n  # $R\n  ${R}/a\\\nb\n", ["R = h < ${R}"]),
    "split by a continuation": ("ARG REG=h\nFROM ${RE\\\nG}/a\n", ["X REG = h"]),
    "CRLF and a byte order mark": (b"\xef\xbb\xbfARG R=h\r\nFROM $R\r\n", ["R = h < $R"]),
    "comments": ("# $R\nARG R=h\nFROM x\nARG R\nRUN a \\\n  # $R\n  b\n", ["R = h"]),
}
INSTRUCTIONS = {
    "all that expand": (
        "FROM x\nENV R=h\nADD --chown=$R a$R b\nCOPY --chmod=$R $R /x\nEXPOSE $R\nSTOPSIGNAL $R\nUSER $R\nVOLUME $R [$R]\nWORKDIR /a b $R\nLABEL $R=$R\n",
        ["R = h <" + " $R" * 12],
    ),
    "FROM --platform": ("ARG P=p\nFROM --platform=$P x\n", ["P = p < $P"]),
    "quoted flag": ("FROM x\nARG R=h\nCOPY --chown='$R' a b\n", ["R = h < !$R"]),
    "COPY --from": ("ARG R=h\nFROM x\nCOPY --from=${R}/a /a /b\n", ["R = h < !${R}"]),
    "ADD --from": ("FROM x\nARG R=h\nADD --from=$R /a /b\n", ["R = h < !$R"]),
    "other flags": ("FROM x\nARG R=h\nCOPY --exclude=$R /a /b\nRUN --network=$R x\n", ["R = h < !$R !$R"]),
    "mounts": ("FROM x\nARG R=h\nRUN --mount=type=bind,from=$R,source=${R} x\n", ["R = h < !$R ${R}"]),
    "a secret under the name": ("FROM x\nARG R=h\nRUN --mount=type=secret,id=R,env=R x $R\n", ["R = h < !R $R"]),
    "mount in quotes": ("FROM x\nARG R=h\nRUN --mount='target=$R' x\n", ["R = h < !$R"]),
    "the name of a stage": ("ARG R=h\nFROM x AS $R\n", ["R = h < !$R"]),
    "exec form of COPY": ('FROM x\nARG R=h\nCOPY ["$R", "/a"]\n', ["R = h < $R"]),
    "exec form of COPY with escapes": ('FROM x\nARG R=h\nCOPY ["$R\\n", "/a"]\n', ["R = h < !$R"]),
    "not expanded": ('FROM x\nARG R=h\nMAINTAINER $R\nSHELL ["$R"]\n', ["R = h < !$R !$R"]),
    "unknown instruction": ("FROM x\nARG R=h\nINCLUDE $R R\n", ["R = h < !$R !R"]),
    "ONBUILD": ("ARG R=h\nFROM x\nONBUILD RUN echo ${R} R\n", ["R = h < !${R} !R"]),
    "ONBUILD ARG": ("ARG R=h\nFROM x\nONBUILD ARG R\n", ["X R = h < !R"]),
    "ONBUILD with a heredoc": ("ARG R=h\nFROM x\nONBUILD RUN <<E\n$R\nE\n", ["R = h < !$R"]),
    "heredoc of COPY": ("FROM x\nARG R=h\nCOPY <<A <<B /x/\n'$R' \\$R\nA\n\"${R}\nB\n", ["R = h < $R !$R ${R}"]),
    "quoted heredoc of COPY": ("FROM x\nARG R=h\nCOPY <<'A' /x\n$R\nA\n", ["R = h < !$R"]),
    "predefined": (
        "ARG TARGETARCH=h\nARG http_proxy=h\nFROM $TARGETARCH\n",
        ["X TARGETARCH = h < $TARGETARCH", "X http_proxy = h"],
    ),
    "a name put together": ("FROM x\nARG R=h\nENV A$R=a\n", ["X R = h < $R"]),
    "a quoted name": ("FROM x\nARG R=h\nENV 'R'=a\n", ["X R = h", "X R = a"]),
    "heredoc without an end": ("FROM x\nARG R=h\nRUN <<E\n$R\n", ["X R = h"]),
}
SCRIPTS = {
    "plain": ('ENV R=h\nRUN pull $R/a ${R} "x$R" && echo `echo $R` $(echo $R) ${R:?}', ["R = h < $R ${R} $R $R $R ${R:?}"]),
    "default": ("ARG R=h\nRUN x ${R:-i} ${R:-'j'}", ["X R = h | i < ${R:-i} ${R:-'j'}"]),
    "single quotes and escapes": ("ENV R=h\nRUN bash -c 'echo $R' \\$R ${R}", ["R = h < !$R !$R ${R}"]),
    "apart": (
        "ENV R=h\nRUN echo ${R##*/} ${R:1} ${#R} ${R^} ${R[0]} && echo $R | tee x | cut -d: -f1; [ -z \"$R\" ] || sed s,x,$R, f",
        ["R = h < ~${R##*/} ~${R:1} ~${#R} ~${R^} ~${R[0]} ~$R ~$R ~$R"],
    ),
    "matched": ("ENV R=h\nRUN case $R in a) x;; esac; [[ $R == a ]]; IFS=/ read -r a b <<< $R", ["R = h < ~$R ~$R ~$R"]),
    "a program that cuts": ('ENV R=h\nRUN bash -c "echo $R | cut -c1" && bash -c "pull $R"', ["R = h < ~$R $R"]),
    "named without a dollar": ("ENV R=h\nRUN printenv R; export R; x ${!R} $((R))", ["R = h < !R !R !${!R} !R"]),
    "set by the command": ("ENV R=h\nRUN echo $R; R=i; echo $R", ["R = h < !$R !$R"]),
    "set by the command, other ways": ("ENV R=h\nRUN R+=i x $R; read R; unset R", ["R = h < !$R !R !R"]),
    "other text runs first": ("ENV R=h\nRUN echo $R; . ./env && echo ${R}", ["R = h < $R !${R}"]),
    "assignment alone": ("ENV R=h\nRUN R=i x --R=j", ["R = h"]),
    "comment": ("ENV R=h\nRUN <<E\n# $R R\necho $R # $R\nE", ["R = h < $R"]),
    "heredoc with tabs": ("ENV R=h\nRUN <<-E\n\tpull ${R}\n\tE", ["R = h < ${R}"]),
    "heredocs in a command": ("ENV R=h\nRUN cat <<A > x && cat <<'B' > y\n$R\nA\n${R}\nB", ["R = h < $R !${R}"]),
    "another interpreter": ("ENV R=h\nRUN <<E\n#!/usr/bin/env python3\nos.environ['R'] + '$R'\nE", ["R = h < !R !$R"]),
    "exec form": ('ENV R=h\nRUN ["sh", "-c", "echo $R ${R}"]', ["R = h < !$R !${R}"]),
    "another shell": ('ENV R=h\nSHELL ["powershell"]\nRUN echo $env:R %R%', ["R = h < !R !R"]),
    "not closed": ("ENV R=h\nRUN echo \"$R", ["R = h < !$R"]),
    "over lines": ("ENV R=h\nRUN pull $R/a \\\n  # $R\n && pull \\\n  ${R}", ["R = h < $R ${R}"]),
    "split": ("ENV REG=h\nRUN pull $RE\\\nG/a", ["X REG = h"]),
    "template": ("ENV R=h\nRUN pull {{ R }} ${{ R }}", ["R = h < !R !R"]),
    "CMD sees ENV": ("ENV R=h\nCMD pull $R", ["R = h < $R"]),
    "CMD sees the ENV after it": ("ENV R=h\nCMD pull $R\nENV R=i", ["R = h", "R = i < $R"]),
    "CMD sees no ARG": ("ARG R=h\nCMD pull $R", ["R = h < !$R"]),
    "CMD in the exec form": ('ENV R=h\nCMD ["pull", "$R"]', ["R = h < !$R"]),
    "ENTRYPOINT and HEALTHCHECK": ("ENV R=h\nENTRYPOINT a $R\nHEALTHCHECK --interval=1s CMD b ${R}", ["R = h < $R ${R}"]),
    "CMD of a stage that another builds on": (
        "ENV R=h\nFROM x AS a\nENV R=i\nCMD $R\nFROM a\nENV R=j",
        ["R = h | i | j < !$R"],
    ),
    "CMD of another stage": ("ENV R=h\nFROM y\nCMD $R", ["R = h"]),
}  # fmt: skip
VALUES = {
    "pieces": "ARG R='a'\"b\"\n",
    "a quoted part": 'ARG R=a"b"\n',
    "escape": "ARG R=a\\b\n",
    "escape in quotes": 'ARG R="a\\"b"\n',
    "a doubled escape in quotes": 'ARG R="a\\\\b"\n',
    "dollar in single quotes": "ARG R='$A'\n",
    "taken apart": "ARG A=a\nARG R=${A##*/}\n",
    "positional": "ARG R=$1/b\n",
    "a lone dollar": "ARG R=a$\n",
    "a command": "FROM x\nENV R=$(cmd)\n",
    "old ENV in pieces": "FROM x\nENV R a 'b'\n",
    "a continuation": "ARG R=a\\\nb\n",
    "quote without an end": "ARG R='a\n",
    "a nested word with quotes": 'ARG R="${A:-"b"}"\n',
}


@pytest.mark.parametrize(("text", "expected"), SCOPES.values(), ids=SCOPES)
def test_scopes(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), EXPANSIONS.values(), ids=EXPANSIONS)
def test_expansions(text: str | bytes, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), INSTRUCTIONS.values(), ids=INSTRUCTIONS)
def test_instructions(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), SCRIPTS.values(), ids=SCRIPTS)
def test_scripts(text: str, expected: list[str]) -> None:
    assert shown(f"FROM x\n{text}\n") == expected


@pytest.mark.parametrize("text", VALUES.values(), ids=VALUES)
def test_values_that_cannot_be_read_off(text: str) -> None:
    """Neither the value nor a part of it is given; another value of the name is barred."""
    stage = text if text.startswith("FROM") else f"FROM x\n{text}"
    data, found = of(f"{stage}RUN x ${{R:-other}}\n")
    (binding,) = (each for each in found.bindings if each.name == "R")
    assert [data[slice(*value)] for value in binding.values] == [b"other"]
    assert binding.barred.startswith("line ")


def test_the_line_of_a_value_that_cannot_be_read_off() -> None:
    binding = only("FROM x\n\nARG \\\n  R=a\\b\nRUN x ${R:-c}\n")
    assert binding.barred == "line 4 sets it to a text that cannot be read off"


CAVEATS = {
    "global ARG": ("ARG R=h\nFROM $R\n", "a build argument may override it"),
    "ARG of a stage": (
        "FROM x\nARG R=h\n",
        "a build argument may override it, the base image may set it, what RUN starts may use it",
    ),
    "global ARG that a stage takes over": (
        "ARG R=h\nFROM x\nARG R\n",
        "a build argument may override it, the base image may set it, what RUN starts may use it",
    ),
    "ENV": ("FROM x\nENV R=h\n", "the image keeps it: other programs may use it"),
    "default in FROM": ("FROM ${R:-h}\n", ""),
    "default in a stage": ("FROM x\nUSER ${R:-h}\n", "the base image may set it"),
}


@pytest.mark.parametrize(("text", "expected"), CAVEATS.values(), ids=CAVEATS)
def test_caveats(text: str, expected: str) -> None:
    assert only(text).caveat == expected


NOTES = {
    "part": ("RUN x ${R##*/}", "taken apart with ${R##*/}"),
    "cut": ("RUN echo $R | cut -c1", "given to `cut`"),
    "single quotes in RUN": ("RUN x '$R'", "not expanded by this shell"),
    "single quotes in LABEL": ("LABEL x='$R'", "BuildKit does not expand it in single quotes or behind an escape"),
    "copy from": ("COPY --from=$R /a /b", "BuildKit expands no variables here"),
    "own": ("RUN R=$R x", "the command sets it itself"),
}


@pytest.mark.parametrize(("text", "expected"), NOTES.values(), ids=NOTES)
def test_notes(text: str, expected: str) -> None:
    assert [use.note for use in only(f"FROM x\nENV R=h\n{text}\n").uses] == [expected]


# ── any text ─────────────────────────────────────────────────────────────────────────────────────────────────────


def check(data: bytes) -> None:
    for binding in bindings(data).bindings:
        assert binding.values
        for start, end in binding.values:
            assert 0 <= start < end <= len(data)
        for use in binding.uses:
            assert 0 <= use.start < use.end <= len(data)
            assert binding.name.encode() in data[use.start : use.end]
            assert use.kind in MARKS
            assert bool(use.note) == (use.kind != "plain")
        assert len({(use.start, use.end) for use in binding.uses}) == len(binding.uses)


PIECES = st.sampled_from(
    [
        *(
            "FROM ",
            "FROM x AS a\n",
            "FROM a\n",
            "ARG ",
            "ENV ",
            "RUN ",
            "COPY --from=",
            "LABEL ",
            "CMD ",
            "ONBUILD ",
            "RUN --mount=",
        ),
        *(
            "A=h",
            "A",
            "$A",
            "${A}",
            "${A:-b}",
            "${A:+$B}",
            "${A##*/}",
            "${",
            "}",
            "$",
            "B=$A",
            "'",
            '"',
            "\\",
            "`",
            " ",
            "\n",
            "\\\n",
        ),
        *(
            "<<E",
            "<<-'E'",
            "\nE\n",
            "\t",
            "#",
            "[",
            "]",
            ",",
            "=",
            "/",
            "é",
            "\r\n",
            "; ",
            " | cut ",
            "$(",
            ")",
            "# escape=`\n",
            "\0",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@example("ARG A=h\nFROM a\nARG A\nENV B=$A\nRUN $A'\\\n")
def test_any_dockerfile(text: str) -> None:
    check(text.encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    check(data)
    check(b"ARG A=h\nFROM x\nARG A\nENV B=$A\nRUN " + data)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        pytest.param(lambda n: "FROM x\nARG A=h\nRUN " + "echo $A \\\n" * n, 400, id="one long RUN"),
        pytest.param(lambda n: "FROM x\nENV A=" + "${A:-" * n, 1000, id="nested"),
        pytest.param(lambda n: "FROM x AS q\nENV A=c\n" + "CMD echo $A\n" * n + "ENV A=c\n" * n, 200, id="CMD and ENV"),
        pytest.param(lambda n: "FROM x\nARG A=c\n" + "ONBUILD RUN $A\n" * n + "ARG A=x\n" * n, 200, id="ONBUILD and ARG"),
        pytest.param(lambda n: "".join(f"FROM s{k - 1} AS s{k}\nARG A{k}=x\n" for k in range(n)), 800, id="stages"),
    ],
)
def test_work_is_linear(text: Callable[[int], str], size: int) -> None:
    assert_linear(bindings, lambda n: text(n).encode(), size)
    far = b"# " + b"a" * 10_000_000 + b"\n"
    bindings(far + text(6_000).encode() + b"\n" + far)


# ── BuildKit's parser ────────────────────────────────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(
    [
        *("A=1", "B='x y'", 'C="$A"', "D=${A:-b}", "E=a/b:c@d", "F=", 'G=""', "H=\\\n1", 'I="it\'s"'),
        *("J=a\\ b", "K=x'y'z", "L='$B'", "M=1\\\n2", 'N="a\\"b"', "O=${A#1}"),
    ]
)
UNCLEAR = "JKLMNO"
"""The names above whose value no stretch of the file shows."""


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["ARG", "ENV"]),
    st.lists(WORDS, min_size=1, max_size=6, unique=True),
    st.sampled_from([" ", "  ", " \\\n ", "\t"]),
)
def test_buildkit_sees_the_same_pairs(name: str, pairs: list[str], space: str) -> None:
    """What is given as a value is the one that BuildKit's parser sees, without its quotes."""
    text = f"FROM x\n{name} {space.join(pairs)}\n"
    value = buildkit.parse_string(text)[1].value
    seen = [(each[0], each[2:]) for each in value] if name == "ARG" else list(zip(value[::2], value[1::2], strict=True))
    expected = {(key, text.strip("'\"")) for key, text in seen if key not in UNCLEAR} - {("F", ""), ("G", "")}
    if any(key == "D" for key, _ in seen):
        expected.add(("A", "b"))
    data, found = of(text)
    assert expected == {(binding.name, data[slice(*span)].decode()) for binding in found.bindings for span in binding.values}


# ── builders ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Builder:
    """A builder's variables, by the rules of the Dockerfile reference; `env_wins`: as Buildah has them."""

    env_wins: bool
    heading: dict[str, str] = field(default_factory=dict)
    stages: dict[str, tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)
    args: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    is_heading: bool = True
    is_clear: bool = True
    """The base of the stage is a stage, or can be none."""
    unclear: set[str] = field(default_factory=set)

    def value(self, text: str) -> str:
        known = self.heading if self.is_heading else {**self.args, **self.env}
        return re.sub(
            r"\$\{(\w+):-(\w+)\}|\$\{?(\w+)\}?",
            lambda match: known.get(match[1]) or match[2] if match[1] else known.get(match[3], ""),
            text,
        )

    def begin(self, base: str, name: str) -> str:
        self.is_heading = True
        image = self.value(base)
        self.is_heading = False
        self.is_clear = image not in self.unclear and (image in self.stages or "$" not in base or "/" in base)
        if not self.is_clear:
            self.unclear.add(name)
        args, env = self.stages.get(image, ({}, {}))
        self.args, self.env = dict(args), dict(env)
        self.stages[name] = (self.args, self.env)
        return image

    def arg(self, name: str, value: str | None) -> None:
        target = self.heading if self.is_heading else self.args
        result = self.value(value) if value is not None else self.heading.get(name)
        if result is not None:
            target[name] = result
            if not self.env_wins:
                self.env.pop(name, None)

    def set_env(self, name: str, value: str) -> None:
        self.env[name] = self.value(value)


def random_dockerfile(rng: random.Random) -> list[tuple[str, str, str | None]]:
    def text() -> str:
        name = rng.choice("ABC")
        return rng.choice(
            [
                "v1",
                "v2",
                "v3",
                f"${name}",
                f"x-${{{name}}}",
                f"${{{name}:-d{rng.randrange(3)}}}",
                f"${{{name}}}-${rng.choice('ABC')}",
            ]
        )

    steps: list[tuple[str, str, str | None]] = [
        ("ARG", rng.choice("ABC"), rng.choice([text(), text(), None])) for _ in range(rng.randrange(4))
    ]
    for stage in range(rng.randrange(1, 4)):
        base = rng.choice(
            ["image/a", f"s{rng.randrange(3)}", f"s{rng.randrange(3)}", f"i/{text()}", f"s${{{rng.choice('ABC')}}}"]
        )
        steps.append(("FROM", base, f"s{stage}"))
        for _ in range(rng.randrange(6)):
            kind = rng.choice(["ARG", "ENV", "LABEL"])
            steps.append((kind, rng.choice("ABC"), text() if kind != "ARG" else rng.choice([text(), None])))
    return steps


def readings(data: bytes, span: Span, found: Bindings, depth: int = 0) -> set[str] | None:
    """Everything that a stretch of the file may read as; None where a name in it is not known."""
    if depth > 12:
        return None
    inside = [(use, each) for each in found.bindings for use in each.uses if span[0] <= use.start and use.end <= span[1]]
    results, at = {""}, span[0]
    for use, binding in sorted(inside, key=lambda item: (item[0].start, -item[0].end)):
        if use.start < at:
            continue
        if binding.barred or any(each.kind == "other" for each in binding.uses):
            return None  # nothing is done with such a name
        options = [readings(data, value, found, depth + 1) for value in binding.values]
        if any(option is None for option in options):
            return None
        before = _without_variables(data[at : use.start])
        results = {a + before + b for a in results for option in options if option for b in option}
        at = use.end
    return {result + _without_variables(data[at : span[1]]) for result in results}


def _without_variables(text: bytes) -> str:
    """Literal text; a variable in it has no value in the file."""
    return re.sub(r"\$\{?\w+\}?", "", text.decode())


@pytest.mark.parametrize("env_wins", [False, True], ids=["BuildKit", "Buildah"])
def test_what_a_builder_puts_in_is_one_of_the_values(env_wins: bool) -> None:
    """In random Dockerfiles, the value that a builder puts in is among those that the bindings lead to."""
    rng = random.Random(20)
    checked = exact = 0
    for _ in range(1500):
        builder, lines, expected = Builder(env_wins), [], []
        for kind, name, value in random_dockerfile(rng):
            if kind == "FROM":
                lines.append(f"FROM {name} AS {value}")
                expected.append((len(lines) - 1, name, builder.begin(name, value or "")))
            elif kind == "LABEL":
                lines.append(f"LABEL l={value}")
                if builder.is_clear:
                    expected.append((len(lines) - 1, value or "", builder.value(value or "")))
            else:
                lines.append(f"{kind} {name}" + ("" if value is None else f"={value}"))
                builder.arg(name, value) if kind == "ARG" else builder.set_env(name, value or "")
        data = "\n".join(lines).encode()
        found = bindings(data)
        for line, text, result in expected:
            start = data.index(text.encode(), sum(len(each) + 1 for each in lines[:line]) + 5)
            options = readings(data, (start, start + len(text)), found)
            if options is not None:
                assert result in options, (data.decode(), line, text, options)
                checked += "$" in text
                exact += "$" in text and options == {result}
    assert checked > 1000
    assert exact > checked / 2


# ── bash ─────────────────────────────────────────────────────────────────────────────────────────────────────────

STEPS = [
    *(
        "echo $R/x",
        'echo "a${R}"',
        "echo '$R' ${R}",
        "echo \\$R",
        "echo ${R##*/}",
        "echo a$(echo $R)b `echo $R`",
        "echo $RR ${S}$R",
    ),
    *("for i in $R/a b; do echo $i; done", "# $R", 'test "$R" = x && echo y', "echo $R | cut -d. -f1", "bash -c 'echo $R'"),
    *(
        'bash -c "echo $R"',
        "printenv R",
        "R=z; echo $R",
        "(R=z); echo $R",
        "cat <<E\n$R '$R' \\$R\nE",
        "cat <<'E'\n$R\nE",
        "echo ${R:-d}",
    ),
    *("eval 'echo $R'", "echo $((${#R}+1))", "f() { echo $1; }; f $R", "case $R in v*) echo v;; esac", "a=($R b); echo ${a[0]}"),
    *(
        "read -r R <<< q; echo $R",
        "echo ${!P}",
        "echo ${R/v/w}",
        "echo {$R,b}",
        "echo \"'$R'\"",
        "unset R; echo ${R-e}",
        "x=$R; echo $x",
    ),
]


def run(script: bytes, value: str) -> bytes:
    environment = {"PATH": "/usr/bin:/bin", "R": value, "P": "R"}
    return subprocess.run(["bash", "-c", script], capture_output=True, env=environment, check=False, timeout=20).stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=3))
@example(STEPS[:7])
@example(["echo ${!P}"])
def test_bash_puts_the_value_where_the_uses_are(steps: list[str]) -> None:
    """With the value written in place of the plain uses, bash prints the same; where there are no others, whatever the value is."""
    body = "\n".join(steps)
    data = f"FROM x\nENV R=v1.org P=R\nRUN <<EOT\n{body}\nEOT\n".encode()
    begin = data.index(b"<<EOT\n") + 6
    end = data.index(b"\nEOT\n", begin)
    (binding,) = (each for each in bindings(data).bindings if each.name == "R")
    changed, at = b"", begin
    for use in binding.uses:
        if use.kind == "plain":
            changed += data[at : use.start] + b"v1.org"
            at = use.end
    changed += data[at:end]
    only_plain = all(use.kind == "plain" for use in binding.uses)
    if "${!P}" in body:  # an indirection names only the name of the name
        assert all(use.kind != "plain" for each in bindings(data).bindings if each.name == "P" for use in each.uses)
        return
    expected = run(data[begin:end], "v1.org")
    if all(use.note not in ("the command sets it itself", "named without a $") for use in binding.uses):
        assert run(changed, "v1.org") == expected
    if only_plain:
        assert run(changed, "v2.org") == expected
