"""Rule files: what is read, what is refused, and that a new migration needs no code."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qcilint.discovery import Target
from qcilint.engine import Linter
from qcilint.facts import Facts
from qcilint.fixes import fix
from qcilint.hosts import host_regex
from qcilint.patterns import match_name, match_paths, match_text
from qcilint.qci import PROXY, REPOSITORY, StreamTag, to_tag
from qcilint.reference import parse_text
from qcilint.ruleset import RuleError, RuleSet, _is_host, load_builtin, parse_rules
from qcilint.source import Source

OTHER = """
id = "EX001"
name = "old-example-registry"
severity = "error"
hosts = ["registry.old.example.com"]
summary = "moved"
why = "It moved."
[[case]]
when = { name = "keep-*" }
note = "stays"
keep = true
[[case]]
when = { where = "from", tag = "*" }
fix = "safe"
to = "registry.new.example.org/{namespace}/{name}:{tag}"
[[case]]
note = "by hand"
"""


def run(texts: dict[str, str], data: bytes, path: str = "Dockerfile") -> bytes:
    linter = Linter(RuleSet(parse_rules(texts)))
    source = Source(path, data, path)
    analysis = linter.analyst.analyse(source, Target(path, "", path))
    assert analysis
    result = linter.judge(analysis, Facts())
    return fix(data, result.findings, lambda new: linter.relint(result, new).findings, linter.analyst.locate, unsafe=False)[0]


def test_another_migration_needs_only_a_rule_file() -> None:
    before = b"FROM registry.old.example.com/team/app:1\nFROM registry.old.example.com/team/keep-me:1\n"
    after = b"FROM registry.new.example.org/team/app:1\nFROM registry.old.example.com/team/keep-me:1\n"
    assert run({"EX001.toml": OTHER}, before) == after


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("hosts = ", "host = "), "unknown key 'host'; did you mean 'hosts'"),
        (('id = "EX001"\n', ""), "'id' is missing"),
        (('severity = "error"', 'severity = "fatal"'), "severity 'fatal' is none of error, warning, note"),
        (('fix = "safe"', 'fix = "sure"'), "fix 'sure' is none of"),
        (('to = "registry.new', 'too = "registry.new'), "unknown key 'too'; did you mean 'to'"),
        (('fix = "safe"\n', ""), "a case has 'to' if and only if"),
        (('note = "by hand"', ""), "needs a 'note'"),
        (("{ name = ", "{ nam = "), "unknown key 'nam'; did you mean 'name'"),
        (('[[case]]\nnote = "by hand"', '[[case]]\nuse = "nothing"'), "no list of cases 'nothing'"),
        (("[[case]]", "[[case]"), "no valid TOML"),
    ],
)
def test_mistakes_are_named(change: tuple[str, str], message: str) -> None:
    with pytest.raises(RuleError, match=r"EX001\.toml: .*") as error:
        parse_rules({"EX001.toml": OTHER.replace(*change)})
    assert message in str(error.value)


def test_two_rules_with_one_id() -> None:
    with pytest.raises(RuleError, match="two rules have the id EX001"):
        parse_rules({"a.toml": OTHER, "b.toml": OTHER})


def test_a_shared_case_takes_the_keys_of_its_use() -> None:
    shared = '[[cases.x]]\nwhen = { name = "a" }\nnote = "n"\n'
    rule = OTHER.replace('[[case]]\nnote = "by hand"', '[[case]]\nuse = "x"\nkeep = true')
    (loaded,) = parse_rules({"_cases.toml": shared, "EX001.toml": rule})
    assert loaded.cases[-1].keep
    assert loaded.cases[-1].when == {"name": ("a",)}


@pytest.mark.parametrize(
    ("pattern", "text", "groups"),
    [
        ("ocp", "ocp", ()),
        ("ocp*", "ocp-arm64", ("-arm64",)),
        ("*-priv", "4.20-priv", ("4.20",)),
        ("a*b*", "a1b2", ("1", "2")),
        ("ocp", "ocp4", None),
        ("", "", ()),
        ("*", "", None),
        ("", "x", None),
        ("{}", "${V}", ()),
        ("release{}*", "release$X", ("",)),
        ("$*NAMESPACE*", "${BUILD_NAMESPACE}", ("{BUILD_", "}")),
        ("*_*", "${MY_NAME}", None),
        ("v[34]*", "v4.1", (".1",)),
        ("v[34]*", "v5.1", None),
        ("a.c", "abc", None),
        ("?", "a", ()),
    ],
)
def test_globs_over_texts(pattern: str, text: str, groups: tuple[str, ...] | None) -> None:
    assert match_text(pattern, parse_text(text.encode())) == groups


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("from", True),
        ("command", True),
        ("command:pull", True),
        ("command:push", False),
        ("command:*", True),
        ("value:*image & kind:*", False),
        ("from & command:pull", True),
    ],
)
def test_globs_over_names(pattern: str, matches: bool) -> None:
    assert match_name(pattern, ("command:pull", "from")) is matches


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("testdata/", "pkg/testdata/a/b.yaml", True),
        ("testdata/", "testdata", False),
        ("testdata/", "mytestdata/a", False),
        ("*_test.go", "pkg/a_test.go", True),
        ("*_test.go", "pkg/a_test.go/b", False),
        ("core-services/x/**", "core-services/x/a/b", True),
        ("core-services/x/**", "a/core-services/x/b", False),
        ("**/test/integration/", "a/test/integration/b", True),
        ("**/test/integration/", "test/integration/b", True),
        ("clusters/**/*rbac*.yaml", "clusters/a/b/my_rbac_x.yaml", True),
        ("clusters/**/*rbac*.yaml", "clusters/my_rbac.yaml", True),
        ("a/*.yaml", "a/b/c.yaml", False),
        ("Dockerfile", "x/Dockerfile", True),
    ],
)
def test_globs_over_paths(pattern: str, path: str, matches: bool) -> None:
    assert match_paths((pattern,), path) is matches


def test_the_templates_of_the_rules_follow_the_published_mapping() -> None:
    image = StreamTag("ocp", "builder", "rhel-9-golang-1.24")
    linter = Linter(load_builtin())
    data = f"FROM registry.ci.openshift.org/{image}\n".encode()
    analysis = linter.analyst.analyse(Source("Dockerfile", data, "Dockerfile"), Target("Dockerfile", "", "Dockerfile"))
    assert analysis
    (finding,) = linter.judge(analysis, Facts()).findings
    assert finding.replacement == f"{PROXY}/{REPOSITORY}:{to_tag(image)}"


HOST = st.lists(
    st.sampled_from(["registry", ".", "build", "01", "-", "ci", "openshift.org", "\\", "[.]", "%2E", "é", "apps", ":5000", "_"]),
    max_size=8,
).map("".join)
PATTERNS = [
    "registry.ci.openshift.org",
    "registry.build*.ci.openshift.org",
    "*.openshift.org",
    "registry*",
    "a*.b*.c",
    "registry:5000",
]


@given(HOST, st.sampled_from(PATTERNS))
@example("registry.build01.ci.openshift.org", "registry.build*.ci.openshift.org")
@example("registry.build.ci.openshift.org", "registry.build*.ci.openshift.org")
@example("registry.ci.openshift.org", "registry*")
def test_a_plain_host_is_what_the_expression_of_its_pattern_says(host: str, pattern: str) -> None:
    assert _is_host(pattern, host) == bool(re.fullmatch(host_regex(pattern), host.encode()))
