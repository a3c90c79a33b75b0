"""What a Dockerfile runs, as a script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcilint.scripts.dockerfiles import commands
from tests.growth import assert_linear

CASES = {
    "paths": (
        "COPY deploy /m\nRUN sed -n 1p /m/a.yaml '/m' /mm /x/m s|/m|x|",
        "\nsed -n 1p deploy/a.yaml 'deploy' /mm /x/m s|/m|x|",
    ),
    "a file": ("COPY deploy/a.yaml /m/\nRUN sed p /m/a.yaml /m/b.yaml", "\nsed p deploy/a.yaml deploy/b.yaml"),
    "a working directory": ("WORKDIR /w\nWORKDIR x\nADD a b\nRUN sed p b/c /w/x/b/c ./b/c", "\n\n\nsed p a/c a/c a/c"),
    "of a stage": ("COPY a /b\nFROM x\nWORKDIR /w\nCOPY --from=0 /b/c d\nRUN sed p /w/d", "\n\n\n\nsed p a/c"),
    "of an image": ("COPY . .\nCOPY --from=x /b /b\nRUN sed p /b", "\n\nsed p /b"),
    "variables": ("COPY a /b\nENV A=/b/c B='x y'\nENV C /b\nARG D=1\nARG E\nRUN sed p", "\nA=a/c; B='x y'\nC=a\nD?=1\nE\nsed p"),
    "lines": ("COPY a b\nRUN --mount=type=x \\\n  sed \\\n# c\n\n  p", "\n\\\nsed \\\n\\\n\\\n  p"),
    "lines that end otherwise": ("COPY a b\r\nRUN sed \\\r\n p\r\n", "\nsed \\\n p"),
    "with backticks": ("# escape=`\nCOPY a b\nRUN sed `\n  p", "\n\nsed \\\n  p"),
    "a list": ('COPY ["a", "/b"]\nRUN ["sed", "s x ü ", "/b"]', "\nsed 's x ü ' a"),
    "documents": ("COPY a /b\nRUN <<E\nsed p /b\nE\nCOPY <<E /c\nsed p /b\nE", "\n<<E\nsed p a\n\n\n\n"),
    "nothing copied": ("RUN sed p x", ""),
    "nothing looked at": ("COPY . .\nRUN make", ""),
}


@pytest.mark.parametrize(("dockerfile", "script"), CASES.values(), ids=CASES)
def test_commands(dockerfile: str, script: str) -> None:
    assert commands(dockerfile.encode()).decode() == script


@given(
    st.lists(
        st.sampled_from(
            ["COPY a b", 'ADD ["a"]', "COPY", "WORKDIR", "ENV a", "RUN sed \\", "# x", "", "RUN [1]", "RUN <<E", "E", "ARG"]
        ),
        max_size=12,
    )
)
def test_lines_stay(lines: list[str]) -> None:
    text = "\n".join(["COPY . /w", "RUN sed p", *lines])
    assert commands(text.encode()).count(b"\n") == len(text.splitlines()) - 1


def test_time() -> None:
    assert_linear(commands, lambda size: b"COPY a /b\n" * 300 + b"RUN sed p /b/x \\\n  y\n" * size, 200)
