"""Documentation: fences, sessions, links, code, prose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.context import Context
from qcilint.languages import markdown
from qcilint.locate import Locator
from tests.growth import assert_linear

pytest.importorskip("qcilint.languages.shell")
pytest.importorskip("qcilint.languages.dockerfile")
pytest.importorskip("qcilint.languages.yaml")
pytest.importorskip("qcilint.languages.json")

HOST = "registry.ci.openshift.org"
REF = f"{HOST}/ocp/4.20:cli"


def spans_of(data: bytes) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in Locator([HOST]).locate(data)]


def contexts(source: str | bytes) -> list[Context]:
    data = source.replace("REF", REF).encode() if isinstance(source, str) else source
    return markdown.contexts(data, spans_of(data))


def wheres(source: str) -> list[str]:
    return [found.where for found in contexts(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("Pull REF.", ["prose"], id="prose"),
        pytest.param("Pull `REF` now", ["inline-code"], id="inline-code"),
        pytest.param("Run ``docker pull `x` REF`` now", ["inline-code"], id="inline-code-double"),
        pytest.param("A ` tick and REF", ["prose"], id="single-tick"),
        pytest.param("a `b\nREF c` d", ["inline-code"], id="inline-code-over-lines"),
        pytest.param("[REF](https://REF)", ["link-text", "link-url"], id="link"),
        pytest.param("[a](https://REF 'REF')", ["link-url", "prose"], id="link-title"),
        pytest.param("[`REF`](https://a.b)", ["link-text"], id="code-in-link"),
        pytest.param("[![REF](a.png)](https://REF)", ["link-text", "link-url"], id="image-in-link"),
        pytest.param("[REF][a]\n\n[a]: https://REF", ["link-text", "link-url"], id="reference-link"),
        pytest.param("[REF] and (REF)", ["prose", "prose"], id="brackets"),
        pytest.param("<https://REF>", ["link-url"], id="autolink"),
        pytest.param("see https://REF for", ["link-url"], id="bare-url"),
        pytest.param('<a href="https://REF">REF</a>', ["link-url", "prose"], id="html-link"),
        pytest.param("a <!-- REF --> REF", ["html-comment", "prose"], id="html-comment"),
        pytest.param(
            "<!--\n\nREF\n\n```sh\ndocker pull REF\n```\n-->\nREF", ["html-comment", "html-comment", "prose"], id="comment-block"
        ),
        pytest.param("# Use REF", ["heading"], id="heading"),
        pytest.param("Use REF\n===\n", ["heading"], id="setext-heading"),
        pytest.param("- a REF\n- b", ["prose"], id="list"),
        pytest.param("> a REF", ["prose"], id="quote"),
        pytest.param("| a | REF |\n|---|---|", ["prose"], id="table"),
        pytest.param("trailing REF  \nnext", ["prose"], id="hard-break"),
        pytest.param("“docker pull REF”", ["prose"], id="typographic-quotes"),
        pytest.param("---\nimage: REF\n---\nREF", ["value:image", "prose"], id="front-matter"),
        pytest.param("---\nREF", ["prose"], id="rule-is-no-front-matter"),
    ],
)
def test_inline(source: str, expected: list[str]) -> None:
    assert wheres(source) == expected


FENCES = [
    pytest.param("```dockerfile\nFROM REF AS b\n```", ["from"], id="dockerfile"),
    pytest.param("```Dockerfile title=x\nFROM REF\n```", ["from"], id="capitals-and-attributes"),
    pytest.param("```{.bash}\ndocker pull REF\n```", ["command:pull"], id="braced-info"),
    pytest.param("~~~yaml\nspec:\n  image: REF\n~~~", ["value:spec.image"], id="tildes"),
    pytest.param("````yaml\na: |\n  ```\nb: REF\n````\nREF", ["value:b", "prose"], id="longer-fence"),
    pytest.param("```bash\n~~~\ndocker pull REF\n```\nREF", ["command:pull", "prose"], id="other-fence-inside"),
    pytest.param('```json\n{"image": "REF"}\n```', ["value:image"], id="json"),
    pytest.param("```python\nx == 'REF'\n```", ["pattern"], id="python"),
    pytest.param('```go\nx := "REF"\n```', ["string"], id="go"),
    pytest.param("```diff\n-FROM REF\n```", ["fence"], id="diff"),
    pytest.param("```text\ndocker pull REF\n```", ["fence"], id="text"),
    pytest.param("```output\nFROM REF\n```", ["fence"], id="output"),
    pytest.param("```sh\ndocker pull REF", ["command:pull"], id="unclosed"),
    pytest.param("```\nFROM REF AS b\n```", ["from"], id="guess-dockerfile"),
    pytest.param("```\nspec:\n  image: REF\n```", ["value:spec.image"], id="guess-yaml"),
    pytest.param("```yaml\n# the build\nFROM REF AS b\nRUN x\n```", ["from"], id="mislabelled-dockerfile"),
    pytest.param('```sh\n{"image": "REF"}\n```', ["fence"], id="mislabelled-json"),
    pytest.param("```make\n$ make update\ndocker pull REF\n```", ["fence"], id="session-of-make"),
    pytest.param("```make\nmake update\ndocker pull REF\n```", ["command:pull"], id="commands-of-make"),
    pytest.param('```\n{"image": "REF"}\n```', ["value:image"], id="guess-json"),
    pytest.param("```\npodman pull \\\n  REF\n```", ["command:pull"], id="guess-command"),
    pytest.param("```\nsudo podman pull REF\nREF\n```", ["command:pull", "fence"], id="guess-command-and-output"),
    pytest.param("```\nName: REF\nMedia Type: x\n```", ["fence"], id="guess-nothing"),
    pytest.param("```\nREF\n```", ["fence"], id="bare"),
    pytest.param("1. a\n\n   ```sh\n   docker pull REF\n   ```\n\nREF", ["command:pull", "prose"], id="in-list"),
    pytest.param("- ```dockerfile\n  FROM REF\n  ```\n", ["from"], id="on-list-item"),
    pytest.param("> ```dockerfile\n> FROM REF\n> ```\n> REF", ["from", "prose"], id="in-quote"),
    pytest.param("> ```dockerfile\n> FROM REF\n\nREF", ["from", "prose"], id="quote-ends"),
    pytest.param("> - ```yaml\n>   a:\n>     b: REF\n>   ```", ["value:a.b"], id="in-list-in-quote"),
    pytest.param("a\n\n    $ docker pull REF\n\nREF", ["command:pull", "prose"], id="indented-code"),
    pytest.param("a\n\n    spec:\n      image: REF", ["value:spec.image"], id="indented-yaml"),
    pytest.param("a\n\n\tREF", ["indented-code"], id="tab-indented-code"),
    pytest.param("- a\n\n    b REF", ["prose"], id="paragraph-of-a-list"),
    pytest.param("- a\n\n      docker pull REF", ["command:pull"], id="indented-code-in-list"),
    pytest.param("a\n    REF", ["prose"], id="lazy-continuation"),
    pytest.param("{{< highlight bash >}}\ndocker pull REF\n{{< / highlight >}}\nREF", ["command:pull", "prose"], id="hugo"),
    pytest.param('{{% highlight "yaml" %}}\na: REF\n{{% /highlight %}}\nREF', ["value:a", "prose"], id="hugo-markdown"),
    pytest.param(
        ".. code-block:: bash\n   :linenos:\n\n   docker pull REF\n\nREF", ["command:pull", "prose"], id="rst-directive"
    ),
    pytest.param("Do this::\n\n  docker pull REF\n\nREF", ["command:pull", "prose"], id="rst-literal"),
    pytest.param("Title\n~~~~~\n\ndocker pull REF", ["prose"], id="rst-heading"),
    pytest.param("[source,bash]\n----\ndocker pull REF\n----\nREF", ["command:pull", "prose"], id="asciidoc"),
    pytest.param("a\n\n----\nREF\n----", ["prose"], id="rule"),
    pytest.param("\\begin{verbatim}\n$ docker pull REF\n\\end{verbatim}\nREF", ["command:pull", "prose"], id="latex"),
    pytest.param("\\texttt{REF}", ["prose"], id="latex-text"),
]


@pytest.mark.parametrize(("source", "expected"), FENCES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_code(source: str, expected: list[str], line_end: str) -> None:
    assert wheres(source.replace("\n", line_end)) == expected


@pytest.mark.parametrize("info", ["bash", "console", "", "sh", "terminal", "shell-session"])
def test_session(info: str) -> None:
    source = f"```{info}\n$ docker pull REF\nPulling REF\n$ podman run \\\n  REF true\nREF\n[user@host ~]$ docker push REF\n```"
    found = contexts(source)
    assert [context.where for context in found] == ["command:pull", "fence", "command:run", "fence", "command:push"]
    assert ["output" in context.labels for context in found] == [False, True, False, True, False]
    assert found[0].labels[:2] == ("fence", "markdown")


def test_each_command_of_a_session_is_read_by_itself() -> None:
    assert wheres("```\n$ echo 'it is\n$ docker pull REF\n```") == ["command:pull"]


def test_more_prompt() -> None:
    assert wheres("```console\n$ podman run \\\n> REF\n> x\n```") == ["command:run"]


def test_root_prompt_and_comment() -> None:
    assert wheres("```console\n# docker pull REF\nREF\n```") == ["command:pull", "fence"]
    assert wheres("```bash\n# docker pull REF\n```") == ["comment"]
    assert wheres("```\n# the image\ndocker pull REF\n```") == ["command:pull"]


def test_offset_of_a_dockerfile() -> None:
    (found,) = contexts("é\n\n```dockerfile\nFROM REF\n```")
    assert found.region == len("é\n\n```dockerfile\n".encode())
    assert found.labels == ("fence", "markdown")


def test_labels_of_inline_code_in_links_and_headings() -> None:
    assert contexts("[`REF`](x)")[0].labels == ("inline-code",)
    assert contexts("# `REF`")[0].labels == ("inline-code",)


@pytest.mark.parametrize(
    ("source", "whole"),
    [
        ("REF.", True), ("(REF)", True), ("**REF**", True), ("`REF`", True), ("docker://REF", True), ("“REF”", True),
        ("a REF, b", True),
        ("REF=quay.io/a/b:c", False), ("quay.io/a=REF", False), ("REF,b", False), ("image=REF", True), ("REF:", True),
    ],
)  # fmt: skip
def test_whole(source: str, whole: bool) -> None:
    assert contexts(source)[0].whole == whole


def test_bom() -> None:
    assert [found.where for found in contexts(b"\xef\xbb\xbf# " + REF.encode() + b"\n\n\xff `" + REF.encode() + b"`")] == [
        "prose",
        "inline-code",
    ]


@pytest.mark.parametrize(
    "unit",
    [
        f"{REF} ",
        f"`{REF}` ",
        f"[{REF}](x) ",
        "[",
        "`",
        "``` ",
        "](",
        "<!--",
        "<",
        "> ",
        "- ",
        f"\n```\n{REF}\n```\n",
        f"\n$ docker pull {REF}\n",
        "\n    a",
        " ",
        "::\n",
        "\n---",
    ],
)
def test_linear_time(unit: str) -> None:
    def made(n: int) -> bytes:
        return unit.encode() * n + REF.encode()

    assert_linear(contexts, made, 500)
    far = b"a" * 4_000_000
    data = far + b" " + made(300_000 // len(unit)) + b" " + far
    assert len(contexts(data)) == len(spans_of(data))


PIECES = [
    "`",
    "```",
    "~~~",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "- ",
    "1. ",
    REF,
    "$ ",
    "docker pull ",
    "[",
    "](",
    ")",
    "<!--",
    "-->",
    "bash",
    "yaml",
    "---",
    "::",
    "# ",
    "\\",
    "\r",
    "\t",
    "é",
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_never_raises_on_source(pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    assert len(contexts(data)) == len(spans_of(data))


@settings(deadline=None)
@given(st.binary(max_size=120), st.lists(st.integers(0, 120), max_size=8, unique=True))
def test_never_raises_on_bytes(data: bytes, cuts: list[int]) -> None:
    ordered = sorted(cuts)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert len(markdown.contexts(data, spans)) == len(spans)
