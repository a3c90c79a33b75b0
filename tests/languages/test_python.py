"""Python: where its strings stand, and what they hold."""

from __future__ import annotations

import io
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.context import Context
from qcilint.languages import code, code_lexer, python
from qcilint.locate import Locator
from tests.growth import assert_linear

pytest.importorskip("qcilint.languages.shell")
pytest.importorskip("qcilint.languages.dockerfile")

HOST = "registry.ci.openshift.org"
REF = f"{HOST}/ocp/4.20:cli"


def spans_of(data: bytes) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in Locator([HOST]).locate(data)]


def contexts(source: str | bytes) -> list[Context]:
    data = source.replace("REF", REF).encode() if isinstance(source, str) else source
    return python.contexts(data, spans_of(data))


def only(source: str | bytes) -> Context:
    (found,) = contexts(source)
    return found


STRINGS = [
    pytest.param('X = "REF"', "string", ("assignment:X",), id="assignment"),
    pytest.param('self.x: str = "REF"', "string", ("assignment:self.x",), id="annotated"),
    pytest.param('data["image"] = "REF"', "string", ("dict-value:image",), id="item-assignment"),
    pytest.param('f(1, "REF")', "string", ("argument:f",), id="argument"),
    pytest.param('a.b.f(image="REF")', "string", ("keyword:image", "argument:a.b.f"), id="keyword"),
    pytest.param('def f(x="REF"):\n    pass', "string", ("default", "parameter:x"), id="default"),
    pytest.param('def f():\n    return "REF"', "string", ("return",), id="return"),
    pytest.param('X = ["REF", 1]', "string", ("element", "assignment:X"), id="list"),
    pytest.param('X = {"image": "REF"}', "string", ("dict-value:image", "assignment:X"), id="dict-value"),
    pytest.param('x = y or "REF"', "string", ("default", "assignment:x"), id="or"),
    pytest.param('os.getenv("IMAGE", "REF")', "string", ("argument:os.getenv", "default"), id="getenv-default"),
    pytest.param('for i in ["REF"]:\n    pass', "string", ("element", "loop:i"), id="loop"),
    pytest.param('class C:\n    @d("REF")\n    def f(): pass', "string", ("argument:d",), id="decorator-in-class"),
    pytest.param('@d("REF")\nclass C:\n    pass', "string", ("argument:d",), id="decorator"),
    pytest.param('x = ("REF" if y else None)', "string", ("assignment:x",), id="conditional"),
    pytest.param('requests.get("docker://REF")', "string", ("argument:requests.get",), id="http-get"),
    pytest.param('X = dedent("""REF""")', "string", ("argument:dedent", "assignment:X"), id="transparent-call"),
]


@pytest.mark.parametrize(("source", "where", "labels"), STRINGS)
def test_place_of_a_string(source: str, where: str, labels: tuple[str, ...]) -> None:
    found = only(source)
    assert (found.where, found.labels) == (where, labels)
    assert found.whole
    assert found.escapes


@pytest.mark.parametrize(
    "source",
    [
        'x == "REF"', '"REF" != x', 'x in ("REF", "b")', '"REF" in x', '"REF" not in x', 'x.startswith("REF")',
        'x.endswith(("a", "REF"))', 'x.replace("REF", "")', 're.sub(r"REF", "", x)', 're.compile("REF")', 'x.split("REF")',
        '"REF".split(":")', 'd["REF"]', 'del d["REF"]', 'd.get("REF")', '{"REF": 1}', '"REF"[3:]', 'x.find("REF")',
        'match x:\n    case "REF":\n        pass', 'self.assertEqual("REF", x)', 'x.removeprefix("REF")', 'x.strip("REF")',
        'if ["a", "REF"].index(x):\n    pass',
    ],
)  # fmt: skip
def test_pattern(source: str) -> None:
    assert only(source).where == "pattern"


@pytest.mark.parametrize(
    ("source", "concatenated"),
    [
        pytest.param('x = "REF" + y', True, id="plus"),
        pytest.param('x = y + "REF"', True, id="plus-right"),
        pytest.param('x = "a" "REF"', True, id="implicit"),
        pytest.param('x = ("REF"\n     ":latest")', True, id="implicit-lines"),
        pytest.param('x += "REF"', True, id="augmented"),
        pytest.param('x = os.path.join("REF", y)', True, id="path-join"),
        pytest.param('x = "/".join(["REF", y])', True, id="join"),
        pytest.param('x = Path("a") / "REF"', True, id="path-operator"),
        pytest.param('x = f"{y("REF")}"'.replace('y("REF")', "y + 'REF'"), True, id="inside-f-string"),
        pytest.param('x = ["REF"] + y', False, id="list-plus"),
    ],
)
def test_concatenated(source: str, concatenated: bool) -> None:
    found = only(source)
    assert ("concatenated" in found.labels) == concatenated
    assert found.whole != concatenated


def test_split_literal_is_never_one_reference() -> None:
    found = only(f'x = "{HOST}/" "ocp/4.20:cli"')
    assert not found.whole
    assert "concatenated" in found.labels


@pytest.mark.parametrize(
    "source",
    [
        f'"{HOST}/%s/%s:%s" % (a, b, c)',
        f'"{HOST}/%s:%s" % (repo, tag)',
        f'"{HOST}/{{}}/{{}}:{{}}".format(a, b, c)',
        f'f"{HOST}/{{ns}}/{{n}}:{{t!r:>3}}"',
        f'rf"{HOST}/{{ns}}/n:{{t}}"',
    ],
)
def test_formatted(source: str) -> None:
    found = only(f"x = {source}")
    assert (found.where, found.whole) == ("string", True)
    assert found.labels == ("formatted", "assignment:x")


def test_doubled_braces_are_not_part_of_the_reference() -> None:
    found = only('x = f"{{REF}}"')
    assert (found.where, found.whole) == ("string", False)


@pytest.mark.parametrize(
    ("source", "escapes"),
    [('x = b"REF"', True), ('x = r"REF"', False), ('x = u"REF"', True), ('x = """REF"""', True), ("x = Rb'''REF'''", False)],
)
def test_prefixes(source: str, escapes: bool) -> None:
    found = only(source)
    assert (found.where, found.whole, found.escapes) == ("string", True, escapes)


def test_reference_before_a_regular_expression() -> None:
    assert not only(r'x = r"REF\d"').whole


def test_escaped_reference() -> None:
    found = only(f'x = "{HOST}\\x2focp/4.20:cli"')
    assert (found.where, found.escapes, found.whole) == ("string", True, True)


@pytest.mark.parametrize("source", ['"""Say REF."""', 'def f():\n    """REF"""', 'class C:\n    """a\n\n    REF\n    """'])
def test_docstring(source: str) -> None:
    assert only(source).where == "docstring"


def test_comments() -> None:
    source = '# "REF"\nx = 1  # podman pull REF\ny = "# REF"\n'
    assert [found.where for found in contexts(source)] == ["comment", "comment", "string"]


# Texts in strings

COMMANDS = [
    pytest.param('os.system("docker pull REF")', "command:pull", id="system"),
    pytest.param('subprocess.run("podman run --rm REF true", shell=True)', "command:run", id="run"),
    pytest.param('cmd = f"{tool} {verb} REF"', "", id="unknown-verb"),
    pytest.param('cmd = f"podman pull --authfile={path} REF"', "command:pull", id="f-string"),
    pytest.param(f'cmd = f"podman pull {HOST}/ocp/{{version}}:cli"', "command:pull", id="f-string-reference"),
    pytest.param('cmd = """set -e\npodman pull \\\\\n  REF\n"""', "command:pull", id="script-escaped-continuation"),
    pytest.param('cmd = """set -e\npodman pull \\\n  REF\n"""', "command:pull", id="script-line-joined"),
    pytest.param('cmd = "set -e\\npodman pull REF\\n"', "command:pull", id="escaped-newline"),
    pytest.param('cmd = ("podman pull "\n       "REF " "-q")', "command:pull", id="concatenated"),
    pytest.param('cmd = "podman pull " + "REF"', "command:pull", id="added"),
    pytest.param('subprocess.run(["podman", "pull", "REF"])', "command:pull", id="vector"),
    pytest.param('subprocess.run(["podman", "run", "-v", volume, "REF", "sh"])', "command:run", id="vector-variable"),
    pytest.param('subprocess.run(("podman", "pull", "REF") + extra)', "command:pull", id="vector-open-ended"),
    pytest.param('run("podman", "pull", "REF")', "command:pull", id="vector-arguments"),
    pytest.param('sh(" ".join(["podman", "pull", "REF"]))', "command:pull", id="vector-joined"),
    pytest.param('subprocess.run(["bash", "-c", "podman pull REF"])', "command:pull", id="shell-in-vector"),
    pytest.param('subprocess.run([tool, "pull", "REF"])', "", id="vector-unknown-tool"),
    pytest.param('subprocess.run(["docker", "push", "REF"])', "command:push", id="vector-push"),
    pytest.param('subprocess.run("podman pull REF".split())', "command:pull", id="split"),
    pytest.param('subprocess.run(shlex.split("podman pull REF"))', "command:pull", id="shlex"),
    pytest.param('print("docker pull REF")', "", id="printed"),
    pytest.param('log.error("docker pull REF")', "", id="logged"),
    pytest.param('raise ValueError("docker pull REF")', "", id="raised"),
    pytest.param('p.add_argument("--image", help="docker pull REF")', "", id="help"),
    pytest.param('USAGE = "docker pull REF"', "", id="usage"),
    pytest.param('x = "docker pull REF failed"', "", id="sentence"),
    pytest.param('x = "Run docker pull REF"', "", id="instruction"),
    pytest.param('x = """Usage of this tool:\n\n  docker pull REF\n"""', "", id="help-text"),
    pytest.param('"docker pull REF"', "", id="docstring"),
    pytest.param('x = "see REF for more"', "", id="prose"),
]


@pytest.mark.parametrize(("source", "where"), COMMANDS)
def test_command_in_a_string(source: str, where: str) -> None:
    found = only(source)
    if where:
        assert found.where == where
        assert found.whole
        assert {"string", "python"} <= set(found.labels)
    else:
        assert not found.where.startswith("command:")


def test_glued_text_is_seen_in_a_command() -> None:
    assert not only('cmd = "podman pull REF" + suffix').whole
    assert not only('cmd = "podman pull REF" "-x86"').whole


def test_assignment_in_a_string() -> None:
    assert only('env = "IMAGE=REF"').where == "assignment:IMAGE"


def test_dockerfile_in_a_string() -> None:
    found = contexts('D = """\nFROM REF AS b\nCOPY --from=REF /a /a\n"""\n')
    assert [context.where for context in found] == ["from", "copy-from"]
    assert found[0].region == 7
    assert "assignment:D" in found[0].labels


def test_sentence_is_no_dockerfile() -> None:
    assert only('x = "FROM REF we build everything"').where == "string"


def test_documents_in_strings() -> None:
    pytest.importorskip("qcilint.languages.json")
    assert only('x = \'{"image": "REF"}\'').where == "value:image"
    pytest.importorskip("qcilint.languages.yaml")
    assert only('x = """apiVersion: v1\nkind: Pod\nspec:\n  image: REF\n"""').where == "value:spec.image"
    assert only('x = "image: REF"').where == "string"


# Encodings, line ends, old Python


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbfx = 'REF'\n", id="bom"),
        pytest.param(b"# -*- coding: latin-1 -*-\ny = '\xe9'; x = 'REF'\n", id="latin-1"),
        pytest.param("y = '\U0001f600é'; x = 'REF'\n".encode(), id="utf-8"),
        pytest.param(b"y = '\xff'\nx = 'REF'\n", id="undeclared"),
        pytest.param(b"import a\n\x0cx = 'REF'\n", id="form-feed"),
        pytest.param(b"\x0cimport a\nx = 'REF'\n", id="form-feed-first"),
        pytest.param(b"import a\r\n\x0cx = 'REF'\r\n", id="crlf"),
        pytest.param(b"import a\rx = 'REF'\r", id="cr"),
        pytest.param(b"import a; x = 'REF'", id="no-final-newline"),
        pytest.param(b"\xe9\xe8 = 1\nx = 'REF'\n", id="name"),
    ],
)
def test_bytes(data: bytes) -> None:
    found = only(data.replace(b"REF", REF.encode()))
    assert (found.where, found.labels, found.whole) == ("string", ("assignment:x",), True)


@pytest.mark.parametrize(
    ("source", "labels"),
    [
        pytest.param('print "REF"', ("argument:print",), id="print-statement"),
        pytest.param('x = `y`\nx = "REF"', ("assignment:x",), id="backticks"),
        pytest.param('{% if a %}\nx = "REF"\n{% endif %}', ("assignment:x",), id="template"),
        pytest.param('if a:\n\tx = 1\n        x = "REF"', ("assignment:x",), id="tabs"),
        pytest.param('exec "a"\nf(image="REF")', ("keyword:image", "argument:f"), id="exec-statement"),
    ],
)
def test_what_libcst_refuses(source: str, labels: tuple[str, ...]) -> None:
    found = only(source)
    assert (found.where, found.labels, found.whole) == ("string", labels, True)


def test_fallback_agrees_on_simple_places() -> None:
    for source in ('x == "REF"', 'x in ("REF", "b")', 'x.startswith("REF")', '{"REF": 1}', 'd["REF"]', '"REF".split(":")'):
        data = source.replace("REF", REF).encode()
        assert [found.where for found in code.contexts_in("python", data, spans_of(data))] == ["pattern"], source
    for source in ('x = "REF" + y', 'x = "a" "REF"', 'x = ("REF"\n  "b")', '"/".join(["REF", y])', 'os.path.join("REF", y)'):
        data = source.replace("REF", REF).encode()
        (found,) = code.contexts_in("python", data, spans_of(data))
        assert not found.whole, source
        assert "concatenated" in found.labels, source


def test_large_file_is_read_as_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python, "MAX_SIZE", 10)
    monkeypatch.setattr(python, "_Strings", None)
    found = contexts('# REF\nx = "REF"\n')
    assert [context.where for context in found] == ["comment", "string"]


def test_deep_expression_does_not_raise() -> None:
    source = "x = " + "(" * 3000 + '"REF"' + ")" * 3000
    assert only(source).where == "string"
    assert not only("x = " + "a + " * 5000 + '"REF"').whole


def test_many_references_in_linear_time() -> None:
    def made(n: int) -> bytes:
        return b"x = [\n" + b'    "%s",\n' % REF.encode() * n + b"]\n"

    assert_linear(contexts, made, 200)
    far = b"# " + b"a" * 10_000_000 + b"\n"
    assert {found.where for found in contexts(far + made(20_000) + far)} == {"string"}


SOURCES = [
    'a = "x" \'y\' """z"\n""" # c "d"\n',
    "b = rb'\\'' + f'{a}' if 1 else u\"\\\"\" # it's\n",
    "def f(): return '''it''s'''\n",
    "x = 'a\\\nb'\ny = r'\\\\'\n",
]


@pytest.mark.parametrize("source", SOURCES)
def test_lexer_agrees_with_tokenize(source: str) -> None:
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    wanted = {
        (token.type == tokenize.COMMENT, lines[token.start[0] - 1] + token.start[1], lines[token.end[0] - 1] + token.end[1])
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type in (tokenize.STRING, tokenize.COMMENT)
    }
    found = {
        (token.kind == "comment", token.start, token.end)
        for token in code_lexer.tokens("python", source.encode())
        if token.kind in ("string", "comment")
    }
    assert wanted <= found


@settings(deadline=None)
@given(st.binary(max_size=120), st.lists(st.integers(0, 120), max_size=8, unique=True))
def test_never_raises_on_bytes(data: bytes, cuts: list[int]) -> None:
    ordered = sorted(cuts)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert len(python.contexts(data, spans)) == len(spans)


PIECES = [
    '"',
    "'",
    '"""',
    "f'",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    REF,
    " ",
    "\n",
    "+",
    "%",
    "\\",
    "#",
    "x",
    "=",
    ",",
    "def ",
    ":",
    "\x0c",
    "in",
    "é",
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_never_raises_on_source(pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    spans = spans_of(data)
    assert len(python.contexts(data, spans)) == len(spans)
