"""Go, JavaScript, Groovy and other C-like text: where strings stand, and what they hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.context import Context
from qcilint.languages import code, code_lexer
from qcilint.locate import Locator
from tests.growth import assert_linear

pytest.importorskip("qcilint.languages.shell")
pytest.importorskip("qcilint.languages.dockerfile")

HOST = "registry.ci.openshift.org"
REF = f"{HOST}/ocp/4.20:cli"


def spans_of(data: bytes) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in Locator([HOST]).locate(data)]


def contexts(language: str, source: str | bytes) -> list[Context]:
    data = source.replace("REF", REF).encode() if isinstance(source, str) else source
    return code.contexts_in(language, data, spans_of(data))


def only(language: str, source: str | bytes) -> Context:
    (found,) = contexts(language, source)
    return found


PLACES = [
    pytest.param("go", 'x := "REF"', ("assignment:x",), id="go-short-declaration"),
    pytest.param("go", 'var image string = "REF"', ("assignment:image",), id="go-typed"),
    pytest.param("go", 'const (\n\tA = "b"\n\tImage   string = "REF"\n)', ("assignment:Image",), id="go-const-block"),
    pytest.param("go", 'a.B = "REF"', ("assignment:a.B",), id="go-field-assignment"),
    pytest.param("go", 'return "REF"', ("return",), id="go-return"),
    pytest.param("go", 'f(a.b, "REF")', ("argument:f",), id="go-argument"),
    pytest.param("go", 'a.b().c(x, "REF", y)', ("argument:c",), id="go-chained-argument"),
    pytest.param("go", 'x := T{Name: "REF"}', ("field:Name",), id="go-field"),
    pytest.param("go", 'T{\n\tAs: []string{"REF"},\n}', ("element", "field:As"), id="go-list-field"),
    pytest.param("go", 'var x = []string{"a", "REF"}', ("element", "assignment:x"), id="go-list"),
    pytest.param("go", 'm := map[string]string{"image": "REF"}', ("dict-value:image",), id="go-map-value"),
    pytest.param("javascript", "const x = 'REF';", ("assignment:x",), id="js-const"),
    pytest.param("javascript", "const x: string = 'REF';", ("assignment:x",), id="ts-typed"),
    pytest.param("javascript", "f({image: 'REF'})", ("field:image",), id="js-field"),
    pytest.param("javascript", "x = {'image': `REF`}", ("dict-value:image",), id="js-quoted-field"),
    pytest.param("javascript", "x = process.env.IMAGE || 'REF'", ("default",), id="js-default"),
    pytest.param("javascript", "x = a ? b : 'REF'", (), id="js-conditional"),
    pytest.param("groovy", "def x = 'REF'", ("assignment:x",), id="groovy-def"),
    pytest.param("groovy", "image 'REF'", ("argument:image",), id="groovy-command"),
    pytest.param("groovy", 'docker.image("REF").inside {}', ("argument:docker.image",), id="groovy-call"),
    pytest.param("groovy", "f(image: 'REF')", ("field:image", "argument:f"), id="groovy-named"),
    pytest.param("code", 'String image = "REF";', ("assignment:image",), id="java"),
    pytest.param("code", 'let x: &\'a str = "REF";', ("assignment:x",), id="rust-lifetime"),
    pytest.param("code", 'static const char *x = "REF";', ("assignment:x",), id="c"),
]


@pytest.mark.parametrize(("language", "source", "labels"), PLACES)
def test_place_of_a_string(language: str, source: str, labels: tuple[str, ...]) -> None:
    found = only(language, source)
    assert (found.where, found.labels, found.language) == ("string", labels, language)
    assert found.whole
    assert found.escapes


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("go", 'strings.HasPrefix(x, "REF")'), ("go", 'strings.TrimPrefix(x, `REF`)'),
        ("go", 'strings.ReplaceAll(x, "REF", "")'),
        ("go", 'strings.Split(x, "REF")'), ("go", 'strings.NewReplacer("REF", "x")'), ("go", 'if x == "REF" {'),
        ("go", 'if "REF" != x {'),
        ("go", 'switch x {\ncase "a", "REF":\n}'), ("go", "regexp.MustCompile(`^REF$`)"), ("go", 'regexp.MatchString("REF", x)'),
        ("go", 'strings.EqualFold(x, "REF")'), ("go", 'm["REF"]'), ("go", 'x := map[string]bool{"REF": true}'),
        ("javascript", "x.startsWith('REF')"), ("javascript", "x === 'REF'"), ("javascript", "['REF'].includes(x)"),
        ("javascript", r"x.match(/registry\.ci\.openshift\.org\/ocp/)"),
        ("javascript", "case 'REF':"), ("javascript", "x = {'REF': 1}"),
        ("groovy", "if (x =~ 'REF') {}"), ("groovy", "x.replaceAll('REF', '')"), ("groovy", "x.contains('REF')"),
        ("code", 'x.equals("a") || x.startsWith("REF")'), ("code", 'x.starts_with("REF")'), ("code", 'x == "REF"'),
    ],
)  # fmt: skip
def test_pattern(language: str, source: str) -> None:
    assert only(language, source).where == "pattern"


@pytest.mark.parametrize(
    ("language", "source", "where"),
    [
        pytest.param("go", "// REF", "comment", id="go-line"),
        pytest.param("go", "/* a\n * REF\n */", "comment", id="go-block"),
        pytest.param("go", '//go:embed x\nvar x = "REF"', "string", id="go-embed"),
        pytest.param("go", "x := '\"' // REF", "comment", id="go-rune"),
        pytest.param("go", 'x := \'"\'; y := "REF"', "string", id="go-rune-then-string"),
        pytest.param("go", "x := '\\''; y := \"// REF\"", "string", id="go-escaped-rune"),
        pytest.param("go", "x := `\n// REF`", "string", id="go-raw"),
        pytest.param("javascript", "x = /[\"'/]/; y = 'REF'", "string", id="js-regex"),
        pytest.param("javascript", "x = a / b; // REF", "comment", id="js-division"),
        pytest.param("javascript", "x = `${a ? `}` : '`'} // REF`", "string", id="js-nested-template"),
        pytest.param("javascript", "<p>FROM REF AS builder</p>", "text", id="jsx"),
        pytest.param("javascript", "<a>https://a.b REF</a>", "text", id="jsx-url"),
        pytest.param("groovy", "#!/usr/bin/env groovy REF", "comment", id="groovy-shebang"),
        pytest.param("groovy", "x = 1 # REF", "text", id="groovy-hash"),
        pytest.param("groovy", "'''\n// REF'''", "string", id="groovy-triple"),
        pytest.param("code", "let c = '\"'; // REF", "comment", id="rust-char"),
        pytest.param("code", "fn f<'a, 'b>(x: &'a str) { g(\"REF\") }", "string", id="rust-lifetimes"),
        pytest.param("code", 'let x = r#"a " REF"#; // b', "string", id="rust-raw"),
        pytest.param("code", '"""\n// REF\n"""', "string", id="java-text-block"),
        pytest.param("code", 'x = "unclosed\n// REF', "comment", id="unclosed"),
        pytest.param("code", "REF", "text", id="bare"),
    ],
)
def test_lexis(language: str, source: str, where: str) -> None:
    assert only(language, source).where == where


def test_struct_tag() -> None:
    found = only("go", 'type T struct {\n\tImage string `json:"image" default:"REF"`\n}')
    assert (found.where, found.labels, found.whole, found.escapes) == ("string", ("struct-tag",), True, False)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("go", f'x := "{HOST}/" + ns'),
        ("go", 'x := ns + "REF"'),
        ("go", 'x += "REF"'),
        ("go", 'path.Join("REF", x)'),
        ("go", 'strings.Join([]string{"REF", x}, "/")'),
        ("javascript", "['REF', x].join('/')"),
        ("code", 'x = "REF" ":latest";'),
    ],
)
def test_concatenated(language: str, source: str) -> None:
    found = only(language, source)
    assert "concatenated" in found.labels
    assert not found.whole


@pytest.mark.parametrize(
    ("language", "source", "formatted"),
    [
        ("go", f'fmt.Sprintf("{HOST}/%s/%s:%s", a, b, c)', True),
        ("go", 'fmt.Sprintf("REF", a)', False),
        ("go", f'f("{HOST}/%s/%s:%s")', False),
        ("javascript", f"x = `{HOST}/${{a}}/b:c`", True),
        ("groovy", f'x = "{HOST}/${{a}}/b:c"', True),
        ("groovy", f"x = '{HOST}/${{a}}/b:c'", False),
    ],
)
def test_formatted(language: str, source: str, formatted: bool) -> None:
    found = only(language, source)
    assert ("formatted" in found.labels) == formatted
    assert found.whole


def test_escaped_reference() -> None:
    found = only("go", f'x := "{HOST}\\u002focp/4.20:cli"')
    assert (found.where, found.whole, found.escapes) == ("string", True, True)


@pytest.mark.parametrize(
    ("language", "source", "where"),
    [
        pytest.param("go", 'exec.Command("podman", "pull", "REF").Run()', "command:pull", id="go-exec"),
        pytest.param("go", 'exec.CommandContext(ctx, "podman", "pull", "REF")', "command:pull", id="go-exec-context"),
        pytest.param("go", 'exec.Command("podman", "run", "-v", volume, "REF")', "command:run", id="go-exec-variable"),
        pytest.param("go", 'exec.Command("docker", "push", "REF")', "command:push", id="go-exec-push"),
        pytest.param("go", 'exec.Command("docker", "tag", "REF", target)', "command:tag-source", id="go-exec-tag"),
        pytest.param("go", 'exec.Command(tool, "pull", "REF")', "string", id="go-exec-unknown-tool"),
        pytest.param("go", 'f("podman", "pull", "REF")', "string", id="go-other-call"),
        pytest.param("go", 'x := []string{"podman", "pull", "REF"}', "command:pull", id="go-list"),
        pytest.param("go", 'x := []string{"bash", "-c", "podman pull REF"}', "command:pull", id="go-shell-in-list"),
        pytest.param("go", "script := `set -e\npodman pull REF\n`", "command:pull", id="go-script"),
        pytest.param("go", 'fmt.Println("docker pull REF")', "string", id="go-printed"),
        pytest.param("go", 'fmt.Errorf("docker pull REF")', "string", id="go-error"),
        pytest.param("go", 'cmd := &cobra.Command{Example: "docker pull REF"}', "string", id="go-example"),
        pytest.param("go", "var x = templates.Examples(`docker pull REF`)", "string", id="go-examples"),
        pytest.param("go", 'x := "docker pull REF failed"', "string", id="go-sentence"),
        pytest.param("groovy", 'sh "docker pull REF"', "command:pull", id="groovy-sh"),
        pytest.param("groovy", "sh '''\n  set -e\n  docker pull REF\n'''", "command:pull", id="groovy-script"),
        pytest.param("groovy", "sh(script: 'docker pull REF', returnStdout: true)", "command:pull", id="groovy-named"),
        pytest.param("groovy", "echo 'docker pull REF'", "string", id="groovy-echo"),
        pytest.param("javascript", "exec(`docker pull REF`)", "command:pull", id="js-exec"),
        pytest.param("javascript", "spawn('docker', ['pull', 'REF'])", "string", id="js-split-vector"),
    ],
)
def test_commands(language: str, source: str, where: str) -> None:
    found = only(language, source)
    assert found.where == where
    assert found.whole == (where != "string" or "pull REF" not in source)


def test_dockerfile_in_a_raw_string() -> None:
    first, second = contexts("go", "var d = `FROM REF AS b\r\nCOPY --from=REF /a /a\r\n`\n")
    assert (first.where, first.language, first.escapes, first.region) == ("from", "dockerfile", False, 9)
    assert (second.where, second.labels[:1]) == ("copy-from", ("string",))


def test_dockerfile_in_an_interpreted_string() -> None:
    first, second = contexts("go", 'x := []byte("FROM REF as a\\nFROM REF")')
    assert (first.where, second.where, first.escapes) == ("from", "from", True)


def test_documents_in_strings() -> None:
    pytest.importorskip("qcilint.languages.json")
    assert only("go", 'x := `{"a": {"image": "REF"}}`').where == "value:a.image"
    assert only("go", 'x := `{"REF": {}}`').where == "key"


@pytest.mark.parametrize("language", sorted({"go", "javascript", "groovy", "code", "python", "kotlin"}))
@pytest.mark.parametrize(
    "unit",
    [f'"{REF}", ', f'x["{REF}"] ', f'("{REF}" ', '"\\', "'", "`${", "/*", "(", "{", "/[", "'''\\", 'r#"', "x.", "\\\\", "<'a "],
)
def test_linear_time(language: str, unit: str) -> None:
    def made(n: int) -> bytes:
        return unit.encode() * n + REF.encode()

    assert_linear(lambda data: contexts(language, data), made, 600)  # whole triples of quotes
    far = b"a" * 10_000_000
    data = far + b"; " + made(300_000 // len(unit)) + b" " + far
    assert len(contexts(language, data)) == len(spans_of(data))


PIECES = [
    '"',
    "'",
    "`",
    "${",
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    REF,
    " ",
    "\n",
    "+",
    "/",
    "*",
    "//",
    "\\",
    "#",
    "x",
    "=",
    ",",
    ":",
    ".",
    "case ",
    'r#"',
    "é",
]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["go", "javascript", "groovy", "code", "python"]), st.lists(st.sampled_from(PIECES), max_size=30))
def test_never_raises_on_source(language: str, pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    assert len(contexts(language, data)) == len(spans_of(data))
    at = 0
    for token in code_lexer.tokens(language, data):
        assert at <= token.start < token.end
        at = token.end


@settings(deadline=None)
@given(
    st.sampled_from(["go", "javascript", "groovy", "code"]),
    st.binary(max_size=120),
    st.lists(st.integers(0, 120), max_size=8, unique=True),
)
def test_never_raises_on_bytes(language: str, data: bytes, cuts: list[int]) -> None:
    ordered = sorted(cuts)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert len(code.contexts_in(language, data, spans)) == len(spans)
