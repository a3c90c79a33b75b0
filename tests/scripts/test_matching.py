"""Scripts whose sed, grep, awk, perl, cut or tr works on an edited line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.scripts.changes import Change, Held
from qcilint.scripts.matching import held
from tests.growth import assert_linear

OLD = b"FROM registry.ci.openshift.org/ocp/builder:rhel-9-golang-1.22-openshift-4.20 AS builder"
NEW = b"FROM quay-proxy.ci.openshift.org/openshift/ci:ocp_builder_rhel-9-golang-1.22-openshift-4.20 AS builder"
OLD_BASE = b"FROM registry.ci.openshift.org/ocp/4.20:base"
NEW_BASE = b"FROM quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_base"
YAML_OLD = b"    image: registry.ci.openshift.org/ci/tool:latest"
YAML_NEW = b"    image: quay-proxy.ci.openshift.org/openshift/ci:ci_tool_latest"
CHANGES = [
    Change("Dockerfile", OLD, NEW),
    Change("Dockerfile", OLD_BASE, NEW_BASE),
    Change("images/Dockerfile", OLD, NEW),
    Change("Dockerfile.rhel", OLD_BASE, NEW_BASE),
    Change("deploy/d.yaml", YAML_OLD, YAML_NEW),
]

HOLDS = [
    "grep -rl openshift . | xargs sed -i 's|/ocp/builder:|/x:|'",
    "git grep -l openshift | xargs sed -i -e 's|/ocp/builder:|/x:|'",
    # sed
    r"sed -E 's#ocp/[0-9.]+:#ocp/4.21:#' Dockerfile",
    'sed "s|/ocp/4.20:|/ocp/$V:|" Dockerfile > x',
    "sed -i 's|^FROM registry.*builder.*|FROM x|' images/Dockerfile",
    "sed -i 's|registry.ci.*/ocp/4|mirror/4|' Dockerfile",
    "sed 's|image: .*ci/tool:latest|image: x|' deploy/d.yaml",
    r"sed 's/ocp\/builder/x/' Dockerfile",
    r"sed -e 's,@a@,b,' -e '\,ocp/builder,d' Dockerfile",
    "sed -n '/ocp\\/builder/p' Dockerfile",
    "sed '/^ENV/d; s#/ocp/#/x/#' Dockerfile",
    "sed -ri.bak 's#/(ocp|origin)/#/x/#g' Dockerfile",
    "sed -i '' -e 's#/ocp/#/x/#' Dockerfile",
    r"sed 's#\(ocp\)/[0-9]\{1,2\}\.[0-9]*:#\1/x:#' Dockerfile",
    "sed 's#ocp/[[:digit:].]\\+:#x#' Dockerfile",
    'sed "s#/ocp/$OLD:#/ocp/$NEW:#" Dockerfile',
    'sed "s#^FROM $OLD#FROM $NEW#" Dockerfile',
    "sed -E 's#:([^ ]+)#:v-\\1#' Dockerfile",
    "sed 's|builder:|tool:|' < Dockerfile > Dockerfile.new",
    "sed 's|builder:|tool:|' Dockerfile.rhel images/Dockerfile",
    "sed 's|ocp/builder:|x|' ${ROOT}/Dockerfile",
    "sed 's|ocp/builder:|x|' ../images/Dockerfile",
    "sed 's|ocp/builder:|x|' ./images/Dock*",
    "cd images && sed 's|ocp/builder:|x|' Dockerfile",
    "sed -E 's|ocp/[0-9]+(\\.[0-9]+)*:|x|' Dockerfile",
    "sed -E 's|ocp/(a\\|b|x' Dockerfile; grep -E '((ocp/4)' Dockerfile",
    "cat Dockerfile | sed 's|ocp/builder:|x|'",
    "sed \\\n  -e 's|@a@|b|' \\\n  -e 's|ocp/builder:|x|' \\\n  Dockerfile",
    "sed -i '\n  s|@a@|b|\n  s|ocp/builder:|x|\n' Dockerfile",
    "find . -name 'Dockerfile*' | xargs sed -i 's#ocp/builder:#x#'",
    "find . -name 'Dockerfile*' -print0 | xargs -0 -n1 sed -i 's#ocp/builder:#x#'",
    "find . -name 'Dockerfile*' -exec sed -i 's#ocp/builder:#x#' {} +",
    "git ls-files '*Dockerfile' | xargs sed -i 's#ocp/builder:#x#'",
    "for f in Dockerfile*; do sed -i 's#ocp/4.20:#x#' $f; done",
    "for f in $(find . -name Dockerfile); do\n  sed -i 's#ocp/builder:#x#' \"${f}\"\ndone",
    "find . -name Dockerfile | while read -r f; do sed -i 's#ocp/builder:#x#' \"$f\"; done",
    "FILE=images/Dockerfile\nsed -i 's#ocp/builder:#x#' \"$FILE\"",
    "bash -c \"sed -i 's#ocp/builder:#x#' Dockerfile\"",
    # grep
    "grep 'ocp/builder:' Dockerfile",
    'grep -q "registry.ci" Dockerfile || exit 1',
    "if ! grep -Fq ocp/builder: Dockerfile; then exit 1; fi",
    "grep -v -e registry.ci -e foo Dockerfile",
    "fgrep 'ocp/4.20:' Dockerfile",
    "egrep 'ocp/(4|5)\\.' Dockerfile",
    "grep -P 'ocp/\\d+\\.\\d+:' Dockerfile",
    "grep -P 'ocp/\\Kbuilder' Dockerfile",
    "V=$(grep -oP 'ocp/[^:]+' Dockerfile)",
    "V=\"$(grep -o ':[^ ]*' Dockerfile | head -1)\"",
    "V=`grep -w registry Dockerfile`",
    'grep "FROM $IMAGE" Dockerfile',
    # fields
    "grep ^FROM Dockerfile | cut -d: -f2",
    "grep ^FROM Dockerfile | awk '{print $2}' | cut -d/ -f1",
    "awk -F: '/^FROM/ {print $2}' Dockerfile",
    "awk '/^FROM/ {print $2}' Dockerfile | awk -F/ '{print $NF}'",
    "awk '/ocp\\/builder/ {print $2}' Dockerfile",
    "awk '$2 ~ /^registry/ {print $2}' Dockerfile",
    "awk '{gsub(/openshift/, \"x\"); print}' Dockerfile",
    "awk '/^FROM/ {split($2, a, \":\"); print a[2]}' Dockerfile",
    "awk 'BEGIN {FS=\"/\"} /^FROM/ {print $2}' Dockerfile",
    "awk 'index($2, \"org/ocp/\") {print}' Dockerfile",
    "awk -v p=org/ocp '$0 ~ p {print $2}' Dockerfile",
    "awk -v image=\"$1\" '$2 == image' Dockerfile",
    "awk '/^FROM/ {print substr($2, 27)}' Dockerfile",
    "awk '/^FROM/ {print substr($2, 1, 8)}' Dockerfile",
    "awk '$2 != \"registry.ci.openshift.org/ocp/4.20:base\"' Dockerfile",
    "csplit -z Dockerfile '/ocp.*builder:/' '{*}'",
    "yq -o json . deploy/d.yaml | jq --arg a b .spec.image | cut -d: -f2",
    'OLD=/ocp/\nsed -i "s|$OLD|x|" Dockerfile',
    'OLD=LABEL\nread -r OLD\nsed -i "s|$OLD|x|" Dockerfile',
    "csplit -s Dockerfile 2 '%4\\.20:base%+1'",
    "head -1 Dockerfile | tr ':' '\\n'",
    "cat Dockerfile | grep FROM | tr -d /",
    "cut -c1-30 Dockerfile",
    # perl
    "perl -pi -e 's{ocp/builder:}{x}g' Dockerfile",
    "perl -i -pe 's/registry\\.ci/x/' Dockerfile",
    "perl -ne 'print if m#/ocp/#' Dockerfile",
    "perl -0777pe 's!/ocp/!/x/!' Dockerfile",
    "perl -pe 's/(\\w+):/$1-/' Dockerfile",
    "sd ocp/4.20 ocp/4.21 Dockerfile",
    "sd -s 'ocp/4.20:' x Dockerfile",
    "find . -name Dockerfile | xargs rpl ocp/builder x",
    "yq '.spec.containers[0].image' deploy/d.yaml | cut -d: -f2",
    "oc get x; yq .spec < deploy/d.yaml | grep ci/tool",
    "grep ^FROM Dockerfile | rev | cut -d: -f1 | rev",
    "awk '/^FROM/ {print $2}' Dockerfile | xargs basename",
    # ed, ex and vim
    "ed -s Dockerfile <<'EOF'\n/ocp\\/4.20:base/s/base/cli/\nw\nq\nEOF",
    "ed Dockerfile <<EOF\n,s|/ocp/4.20|/ocp/$V|g\nw\nEOF",
    "printf '%s\\n' '/ocp.4.20:base/d' w q | ed -s Dockerfile",
    "echo -e ',s#/ocp/#/okd/#g\\nw' | ed Dockerfile",
    "ed -s Dockerfile <<< $',s|/ocp/|/okd/|g\\nw'",
    "cat <<EOF | ed -s Dockerfile\n$a\nRUN x\n.\ng/ocp.builder/s/builder:/tool:/\nw\nEOF",
    "F=Dockerfile\nex $F <<EOF\n%s|/ocp/|/okd/|\nwq\nEOF",
    "ex -s -c '%s#/ocp/#/okd/#g' -c x Dockerfile",
    "ex -sc '/ocp\\/builder/d|x' Dockerfile",
    "vim -es -u NONE -c '%s/org.ocp.4/x/' -c wq Dockerfile",
    "vim -es '+%s/org.ocp.4/x/' +wq Dockerfile",
    "vi -c ':%s!ocp/4.20!x' -c ':wq' Dockerfile",
    "nvim --headless -c 'silent! g/ocp\\/\\d.20/normal dd' -c wq Dockerfile",
    "vim -c '%s#\\v(ocp)/(\\d+)#x#' -c 'v/registry.ci/d' -c wq Dockerfile",
    "vim -c '%s#ocp/\\zs\\d\\{-1,}#x#' -c wq Dockerfile",
]

DOES_NOT_HOLD = [
    "grep -rl openshift . | xargs sed -i 's|registry.ci.openshift.org|quay.io|'",
    "grep -rl openshift . | xargs sed -i 's|/ocp/other:|/x:|'",
    "grep ^FROM Dockerfile",
    "grep -c FROM Dockerfile",
    "grep FROM Dockerfile | awk '{print $2}'",
    "grep FROM Dockerfile | cut -d' ' -f2",
    "grep ^ARG Dockerfile | cut -d= -f2 | tr -d :",
    "awk '{print $1}' Dockerfile | cut -d/ -f1",
    "awk -F: '/version:/ {print $2}' Dockerfile",
    "awk '$1 == \"ARG\" {print $2}' Dockerfile | cut -d: -f1",
    "awk -v stage=\"$1\" '$4 == stage {print $2}' Dockerfile",
    "awk -v p=org/ocp '$1 ~ p' Dockerfile",
    "awk -v p=org/ocp '/^ARG/ {print p}' Dockerfile",
    "awk '/^FROM/ {print substr($0, 6), substr($1, 2, 2)}' Dockerfile",
    "awk 'index($1, \"org/ocp/\") {print}' other",
    "TAB=$'\\t'\nsed -i \"s|${TAB}|  |g\" Dockerfile",
    'OLD=LABEL\nsed -i "s|$OLD|x|; /${OLD}/d" Dockerfile',
    "FILE=x.yaml\nsed -i 's|/ocp/|x|' $FILE",
    "csplit -z Dockerfile '/^FROM/' '{*}'",
    "csplit other '/ocp.*builder:/'; cat Dockerfile",
    "grep 'ocp/builder:' Containerfile",
    "grep 'ocp/builder:' other/Dockerfile",
    "sed 's|ocp/builder:|x|' $1",
    "sed 's|ocp/builder:|x|' images/*.yaml",
    "sed 's/ AS builder/ AS b/' Dockerfile",
    "sed 's/^FROM .*/FROM scratch/' Dockerfile",
    "sed 's/^FROM \\(.*\\) AS/FROM --platform=x \\1 AS/' Dockerfile",
    "sed 's/^/# /' Dockerfile",
    "sed 's/openshift-4.20/openshift-4.21/' Dockerfile",
    "sed '/^ENV/s|registry.ci|x|' Dockerfile",
    "sed '/^FROM/d' Dockerfile",
    "sed -i '/^FROM/a RUN x ocp/builder:' Dockerfile",
    "sed 's|VERSION=.*|VERSION=x|' Dockerfile",
    "sed -e s,org/openshift/release,org/ocp/builder, < Dockerfile > x",
    'sed "s|@IMAGE@|$IMAGE|" Dockerfile',
    'sed "s|{{$K}}|$V|" Dockerfile',
    "# sed 's|ocp/builder:|x|' Dockerfile",
    "echo it is # don't sed 's|ocp/builder:|x|' Dockerfile",
    "grep -e registry.ci -e quay-proxy Dockerfile",
    "cat Dockerfile",
    "echo x > Dockerfile; grep ocp/builder: other",
    "grep ocp/builder: other > Dockerfile",
    "grep Dockerfile ocp/builder:",
    "docker build -f Dockerfile . | grep ocp/builder:",
    "docker build -f Dockerfile . && sed s/a/b/ other",
    "sed -E 's|(abc|x' Dockerfile",
    "perl -pe 's/^FROM/from/' Dockerfile",
    "perl -ne 'print if /^FROM/' Dockerfile",
    "find . -name '*.go' | xargs sed -i 's#ocp/builder:#x#'",
    "for f in *.go; do sed -i 's#ocp/builder:#x#' $f; done",
    "head -1 Dockerfile | tr A-Z a-z",
    "cut -c5- Dockerfile",
    "yq .metadata.name deploy/d.yaml | cut -d: -f2",
    "find . -name Dockerfile | xargs dirname",
    "basename Dockerfile",
    "rev Dockerfile | head -1",
    "sd 'LABEL (.*)' 'LABEL x' Dockerfile",
    "sd ocp/4.20 x other; cat Dockerfile",
    "ed -s x.yaml <<'EOF'\n,s|/ocp/|/okd/|\nw\nEOF\ncat Dockerfile",
    "ed -s Dockerfile <<'EOF'\n/^LABEL/d\nw\nEOF",
    "ed -s Dockerfile <<'EOF'\n$a\nRUN sed s/ocp.4/x/ /ocp/4.20/s/a/b/\n.\nw\nEOF",
    "ed Dockerfile <<'EOF'\n,s/ AS builder/ AS b/\nw\nEOF",
    "vim -es -c '%s/ AS builder/ AS b/|%s!LABEL a!LABEL /ocp/!' -c wq Dockerfile",
    "vim -es -c '%s/ocp.4/x/' -c wq other.txt; cat Dockerfile",
    "vim Dockerfile -c 'v/^FROM/d' -c wq",
    "echo the vi command edits /ocp/4 of Dockerfile",
]


@pytest.mark.parametrize("script", HOLDS, ids=HOLDS)
def test_holds(script: str) -> None:
    assert held("hack/update.sh", f"#!/bin/bash\n{script}\n".encode(), CHANGES)


@pytest.mark.parametrize("script", DOES_NOT_HOLD, ids=DOES_NOT_HOLD)
def test_does_not_hold(script: str) -> None:
    assert held("hack/update.sh", f"#!/bin/bash\n{script}\n".encode(), CHANGES) == []


MAKE = [
    ("variable", "x:\n\tsed -E 's#ocp/[0-9.]+:#ocp/$(V):#' Dockerfile\n", True),
    ("quiet", "x:\n\t@sed 's#ocp/builder:#x#' Dockerfile > y\n", True),
    ("prerequisite", "Dockerfile.b: Dockerfile\n\tsed -e s,org/ocp/builder,org/openshift/release, < $< > $@\n", True),
    ("other namespace", "Dockerfile.b: Dockerfile\n\tsed -e s,org/openshift/release,org/ocp/builder, < $< > $@\n", False),
    ("pattern rule", "%.b: %.rhel\n\tsed -e 's,ocp/4.20:,x,' $< > $@\n", True),
    ("all prerequisites", "a: b Dockerfile\n\tgrep ocp/builder: $^\n", True),
    ("another prerequisite", "a: b Dockerfile\n\tgrep ocp/builder: $<\n", False),
    ("target", "Dockerfile:\n\tsed -i s,ocp/builder:,x, $@\n", True),
    ("shell function", "V := $(shell grep ^FROM Dockerfile | cut -d: -f2)\n", True),
    ("two dollars", "x:\n\tgrep 'builder:.*r$$' Dockerfile\n", True),
    ("loop", "x:\n\tfor f in Dockerfile*; do \\\n\t  sed -i 's#ocp/builder:#x#' $$f; \\\n\tdone\n", True),
    ("awk field", "V = $(shell awk -F: '/^FROM/ {print $$2}' Dockerfile)\n", True),
    ("tool in a variable", "x:\n\t$(SED) -i 's#ocp/builder:#x#' Dockerfile\n", True),
    ("file in a variable", "F := images/Dockerfile\nx:\n\tsed -i 's#ocp/builder:#x#' $(F)\n", True),
    ("under a root", "x:\n\tsed -i 's#ocp/builder:#x#' $(ROOT)/Dockerfile\n", True),
    ("only FROM", "x:\n\tgrep ^FROM Dockerfile\n", False),
    ("inline recipe", "x: Dockerfile ; grep ocp/builder: $<\n", True),
]


@pytest.mark.parametrize(("script", "expected"), [case[1:] for case in MAKE], ids=[case[0] for case in MAKE])
def test_makefile(script: str, expected: bool) -> None:
    assert bool(held("Makefile", script.encode(), CHANGES)) is expected


def test_says_where() -> None:
    script = b"#!/bin/bash\nset -e\nx=$(echo \\\n  a)\nsed -e 's|@a@|b|' \\\n  -e \"s|/ocp/@$OLD:|x|\" images/Dockerfile\n"
    assert held("hack/a.sh", script, CHANGES) == []
    script = script.replace(b"@$OLD:", b"builder:$OLD")
    assert held("hack/a.sh", script, CHANGES) == [Held("images/Dockerfile", "hack/a.sh", 5, "s|/ocp/builder:$OLD|x|")]
    make = b"A = \\\n  b\nx: Dockerfile\n\ttrue\n\tgrep 'ocp/builder:' $<\n"
    assert held("Makefile", make, CHANGES) == [Held("Dockerfile", "Makefile", 5, "ocp/builder:")]


def test_a_loop_over_found_files_holds_every_file() -> None:
    script = b"for f in $(find . -name Dockerfile); do\n  sed -i 's#ocp/builder:#x#' \"${f}\"\ndone\n"
    assert [each.path for each in held("a.sh", script, CHANGES)] == ["Dockerfile", "images/Dockerfile"]


NAMES = [f"images/{name}/Dockerfile" for name in "abcdefghijk"]


@settings(max_examples=60)
@given(st.sets(st.sampled_from(NAMES)), st.sampled_from(["safe", "unsafe"]))
def test_of_many_files_those_with_a_noticed_line_are_told(noticed: set[str], kind: str) -> None:
    changes = [Change(name, OLD_BASE, NEW_BASE, kind) for name in NAMES]
    changes += [Change(name, OLD, NEW, kind) for name in NAMES if name in noticed]
    found = held("hack/update.sh", b"grep -rl openshift images | xargs sed -i 's|/ocp/builder:|/x:|'\n", changes)
    assert [(each.path, each.kind) for each in found] == [(name, kind) for name in NAMES if name in noticed]


def test_yaml_step() -> None:
    script = b"steps:\n- run: sed -i 's#ocp/builder:#x#' Dockerfile\n- run: |\n    grep ocp/builder: images/Dockerfile\n"
    assert [(each.path, each.line) for each in held(".github/workflows/a.yml", script, CHANGES)] == [
        ("Dockerfile", 2),
        ("images/Dockerfile", 4),
    ]


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "a*a*a*a*a*a*b", "(a?){60}b", "a?" * 60 + "a" * 60, "(([a-z]+)*)*=", ".*a.*a.*a.*a.*a.*b"]
)
def test_a_slow_pattern_is_not_run(pattern: str) -> None:
    line = b" " + b"a" * 1_900 + b"!"  # shorter than what is looked at of a line
    held("a.sh", f"grep -E '{pattern}' Dockerfile\n".encode(), [Change("Dockerfile", b"x" + line, b"y" + line)])


@pytest.mark.parametrize(
    "unit",
    ["sed '", "sed $(", 'sed "', "sed (", "sed `", "sed ${", "sed \\\n", "sed 's|@a@|b|' Dockerfile\n", "a  ", "sed {s;/a"],
)
@pytest.mark.parametrize("name", ["a.sh", "Makefile"])
def test_a_long_script_is_read_in_linear_time(unit: str, name: str) -> None:
    def made(n: int) -> bytes:
        return b"sed Dockerfile\n" + unit.encode() * n + b"\n" + (unit.encode() + b"\n") * 2 * n

    assert_linear(lambda script: held(name, script, CHANGES), made, 300)
    far = b"# " + b"a" * 500_000 + b"\n"
    held(name, far + made(1_000) + far, CHANGES)


_PIECES = [
    "sed ", "sed -i ", "grep -o ", "awk -F", "perl -pe ", "cut -d: ", "tr ", "find . -name ", "xargs ", "for f in ", "; do ", "$f", " | ",
    "'", '"', "`", "$(", ")", "${", "}", "\\", "\n", "\t", "#", "s|", "|", "/", "[", "]", "[[:", ":]]", "(", "*", "+", "{1,", "\\(", "\\{", "^",
    "$", "ocp/builder:", "FROM", "registry.ci", " Dockerfile", " images/*", "$<", "x: Dockerfile", " -e ", "<", "<<EOF", "s{", "\\Q", "(?", ",", ";",
]  # fmt: skip


@settings(max_examples=1_000, deadline=None)
@given(
    st.one_of(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join), st.text()),
    st.sampled_from(["Makefile", "hack/a.sh", "é/x.mk"]),
)
def test_never_raises(script: str, name: str) -> None:
    for each in held(name, b"sed 's/a/b/' Dockerfile; " + script.encode(), CHANGES):
        assert each.script == name
    held(name, script.encode(), CHANGES)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["sed ", "grep -E ", "awk ", "perl -pe ", "cut -d", "tr "]),
    st.lists(st.sampled_from(_PIECES), max_size=12),
    st.binary(),
    st.binary(),
)
def test_never_raises_on_lines(tool: str, pieces: list[str], old: bytes, new: bytes) -> None:
    script = f"{tool}'{''.join(pieces).replace(chr(39), '')}' < Dockerfile\n"
    held("a.sh", script.encode(), [Change("Dockerfile", old, new), Change("Dockerfile", OLD, NEW)])
