"""Which names shell texts bind, and what is done with their values; bash is the oracle."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.bindings import Binding, Bindings
from qcilint.languages.shell_bindings import bindings
from tests.languages.shell_scripts import Script, possible, random_script

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
RUNS = 400


def names(script: str) -> dict[str, list[Binding]]:
    found: dict[str, list[Binding]] = {}
    for binding in bindings(script.encode()).bindings:
        found.setdefault(binding.name, []).append(binding)
    return found


def one(script: str, name: str = "R") -> Binding:
    (binding,) = names(script)[name]
    return binding


def values(script: str, binding: Binding) -> list[str]:
    return [script.encode()[start:end].decode() for start, end in binding.values]


def uses(script: str, binding: Binding, kind: str = "plain") -> list[str]:
    return [script.encode()[use.start : use.end].decode() for use in binding.uses if use.kind == kind]


def ids(table: Iterable[str]) -> list[str]:
    return [script.replace("\n", "⏎") for script in table]


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────

CERTAIN: dict[str, tuple[list[str], list[str]]] = {
    "R=a.b/c\npull $R": (["a.b/c"], ["$R"]),
    "R='a b'; pull \"${R}\"": (["a b"], ["${R}"]),
    'R="a/${TAG}"\npull ${R}': (["a/${TAG}"], ["${R}"]),
    "R=a/$(tag)\npull $R": (["a/$(tag)"], ["$R"]),
    "R=a/{{ tag }}\npull $R": (["a/{{ tag }}"], ["$R"]),
    'R=""a\npull $R': (["a"], ["$R"]),
    "R=a\r\npull $R\r\n": (["a"], ["$R"]),
    "readonly R=a; pull $R": (["a"], ["$R"]),
    "declare -r R='a'; pull $R": (["a"], ["$R"]),
    'typeset "R=a"; pull $R': (["a"], ["$R"]),
    "R=a && pull $R": (["a"], ["$R"]),
    "set -e; true && R=a && pull $R": (["a"], ["$R"]),
    "R=a\nR=b\npull $R": (["a", "b"], ["$R"]),
    "if x; then R=a; else R=b; fi\npull $R": (["a", "b"], ["$R"]),
    "if x; then R=a; elif y; then R=b; else R=c; fi\npull $R": (["a", "b", "c"], ["$R"]),
    "if x; then R=a; else exit 1; fi\npull $R": (["a"], ["$R"]),
    "case $x in\na) R=a ;;\n*) R=b ;;\nesac\npull $R": (["a", "b"], ["$R"]),
    "case $x in\na) R=a ;;\n(b|*) echo no; exit 1 ;;\nesac\npull $R": (["a"], ["$R"]),
    "f() { if x; then R=a; else return; fi\npull $R; }": (["a"], ["$R"]),
    "for i in a; do if x; then R=a; else continue; fi\npull $R; done": (["a"], ["$R"]),
    "{ R=a; }\npull $R": (["a"], ["$R"]),
    "( R=a; pull $R )": (["a"], ["$R"]),
    "x=$(R=a; pull $R)": (["a"], ["$R"]),
    "f() { R=a; }\nf\npull $R": (["a"], ["$R"]),
    "f() { pull $R; }\nR=a\nf": (["a"], ["$R"]),
    "R=a\nf() { pull $R; }": (["a"], ["$R"]),
    "f() { local R=a; pull $R; }": (["a"], ["$R"]),
    "R=(a 'b' \"c\")\npull \"${R[@]}\" ${R[2]} $R": (["a", "b", "c"], ["${R[@]}", "${R[2]}", "$R"]),
    "R=(\n  a # $R\n  b\n)\npull \"${R[@]}\"": (["a", "b"], ["${R[@]}"]),
    "R=(a)\nR+=(b c)\npull \"${R[@]}\"": (["a", "b", "c"], ["${R[@]}"]),
    "declare -a R=(a b)\nx=(\"${R[@]}\" c)": (["a", "b"], ["${R[@]}"]),
    "for R in a 'b' \"c/$x\"; do pull $R; done": (["a", "b", "c/$x"], ["$R"]),
    'for R in "${A[@]}"; do pull $R; done': (["${A[@]}"], ["$R"]),
    "for R in $LIST; do pull $R; done": (["$LIST"], ["$R"]),
    "for R in a b\ndo\npull $R\ndone": (["a", "b"], ["$R"]),
    "R='a b'\nfor i in $R; do :; done": (["a", "b"], ["$R"]),
    'R="a \\\n  b"\nfor i in $R; do :; done': (["a", "b"], ["$R"]),
    'R="a\nb ${x}/c"\nfor i in $R; do :; done': (["a", "b", "${x}/c"], ["$R"]),
    "R='a b'\nx=($R)": (["a", "b"], ["$R"]),
    "R=a\ncat <<EOF\nimage: $R/${R}\nEOF": (["a"], ["$R", "${R}"]),
    "R=a\noc apply -f - <<< \"$R\"": (["a"], ["$R"]),
    'R=a\nbash -c "pull $R/x"': (["a"], ["$R"]),
    'R=a\nssh host "pull \\"$R\\""': (["a"], ["$R"]),
    'R=a\necho "$(pull "$R")"': (["a"], ["$R"]),
    "R=a\npull `x $R`": (["a"], ["$R"]),
    "R=a\npull ${X:-$R}": (["a"], ["$R"]),
    "R=a\npull ${R:?unset} ${R:-b}": (["a", "b"], ["${R:?unset}", "${R:-b}"]),
    "R=a\npodman inspect $R | grep x": (["a"], ["$R"]),
    "R=a\nx=$(podman create $R)": (["a"], ["$R"]),
    "R=a\necho $R | tee log": (["a"], ["$R"]),
    "R=a # $R ${R##x}\n# R=b\npull $R": (["a"], ["$R"]),
    "R=a\npull $Rx ${RX} $R": (["a"], ["$R"]),
}  # fmt: skip


@pytest.mark.parametrize("script", CERTAIN, ids=ids(CERTAIN))
def test_values_and_uses(script: str) -> None:
    binding = one(script)
    expected, plain = CERTAIN[script]
    assert (values(script, binding), uses(script, binding)) == (expected, plain)
    assert (binding.barred, binding.caveat) == ("", "")
    assert len(binding.uses) == len(plain)


NEUTRAL = [
    '[ -z "$R" ] && exit', 'test -n "${R:-}"', '[[ -n $R && -z ${R} ]]', '[ "$R" ]', '[ "$R" = "" ]', "[[ '' != $R ]]",
    ': "$R"', ": ${R:?}", "echo ${R:+set}", "echo ${R+set}", "R=$R", 'R="${R}"', "echo ${#R[@]}", "echo ${!R[@]}",
    "# $R", "awk '{ print $R }' file", "jq '$R' file", "cat <<'EOF'\n$R\nEOF", "cat <<EOF\n\\$R\nEOF", "echo {{ $R }}", "[[ -v R ]]",
]  # fmt: skip


@pytest.mark.parametrize("mention", NEUTRAL, ids=ids(NEUTRAL))
def test_what_does_not_depend_on_the_text_is_no_use(mention: str) -> None:
    script = f"R=a\n{mention}\n"
    binding = one(script)
    assert binding.uses == ()
    assert (values(script, binding), binding.barred, binding.caveat) == (["a"], "", "")


APART = {
    "echo ${R##*/}": "taken apart with ${R##*/}",
    'x="${R%%:*}"': "taken apart with ${R%%:*}",
    "pull ${R/a/b}": "taken apart with ${R/a/b}",
    "pull ${R:0:5}": "taken apart with ${R:0:5}",
    "pull ${R^^}": "taken apart with ${R^^}",
    "pull ${R@Q}": "taken apart with ${R@Q}",
    "echo ${#R}": "its length is taken",
    'x=$(echo "$R" | cut -d: -f2)': "split by `cut -d: -f2`",
    "echo $R | awk -F/ '{ print $1 }'": "split by `awk -F/ '{ print $1 }'`",
    "printf %s $R | tr / -": "split by `tr / -`",
    'sed "s/:.*//" <<< "$R"': 'split by `sed "s/:.*//"`',
    "cut -d/ -f1 <<< $R": "split by `cut -d/ -f1`",
    'cat <<< "$R" | cut -c3': "split by `cut -c3`",
    'IFS=/ read -r a b <<< "$R"': "split by `IFS=/ read -r a b`",
    'echo "$R" | sed s/a/b/ | tee x': "split by `sed s/a/b/`",
    "basename $R": "taken apart by `basename`",
    "[[ $R == a* ]]": "compared in `[[`",
    "[[ $R =~ a.* ]]": "compared in `[[`",
    '[ "$R" = b ]': "compared in `[`",
    "test $R != b": "compared in `test`",
    "case $R in a) ;; esac": "compared in `case`",
    'case x in "$R") ;; esac': "compared in `case`",
    "grep -q $R file": "matched against by `grep`",
    'expr "$R" : a': "matched against by `expr`",
    "echo ${X#$R}": "a pattern in ${X#$R}",
    'bash -c "[[ $R == a ]]"': "compared in `[[`",
    'bash -c "echo $R | cut -c3"': "split by `cut -c3`",
}


@pytest.mark.parametrize("mention", APART, ids=ids(APART))
def test_taken_apart(mention: str) -> None:
    binding = one(f"R=a\n{mention}\n")
    assert [(use.kind, use.note) for use in binding.uses] == [("apart", APART[mention])]


OTHER = {
    "sh -c 'pull $R'": "in single quotes, where another program may read it",
    "trap 'rm $R' EXIT": "in single quotes, where another program may read it",
    'bash -c "pull \\$R"': "behind a backslash, where another program may read it",
    "envsubst '$R' < x": "in single quotes, where another program may read it",
    "bash <<'EOF'\npull $R\nEOF": "in a here-document that a shell reads",
    "pull ${X[$R]}": "not expanded here, or in a subscript",
    "pull ${X[R]}": "a subscript",
    "pull $$R": "not expanded here, or in a subscript",
    "echo $((R + 1))": "in a calculation",
    "echo $(( $R + 1 ))": "in a calculation",
    "let x=1-R": "in a calculation",
    "pull > $R": "names a file",
    'x="${R[@]}"': "all its elements in one text",
    'pull "${R[*]}"': "all its elements in one text",
    'sed -i "s|x|$R|" file': "stands in the program or the arguments of `sed`",
    "awk -v x=$R 1 file": "stands in the program or the arguments of `awk`",
    'jq --arg x "$R" . file': "stands in the program or the arguments of `jq`",
    "[ $R/x = b ]": "compared in `[`",
    "echo $R/x:y | cut -d: -f2": "split by `cut -d: -f2`",
    "echo $R | xargs pull": "given to `xargs`",
    'read -r x <<< "$R"': "given to `read`",
    "echo $R | while read -r x; do :; done": "given to `read`",
    "while read -r x; do :; done <<< $R": "given to the commands before it",
    "x=$(echo $R)": "its text is taken from the output of a command",
    "{ echo $R; } | sort": "its text is taken from the output of a command",
    "f() { echo $R; }\nx=$(f)": "its text is taken from the output of a command",
    "g() { echo $R; }\nf() { g; }\nx=$(f)": "its text is taken from the output of a command",
    "python3 -c \"print('$R')\"": "stands in a python program",
    'bash -c "x=$R"': "put into a variable of a nested script",
    'bash -c "pull \\"$R\\"/x"': "quotes of a nested script stand beside it",
    "pull $R\\/x": "backslashes stand beside it",
}


@pytest.mark.parametrize("mention", OTHER, ids=ids(OTHER))
def test_other_uses(mention: str) -> None:
    binding = one(f"R=a\n{mention}\n")
    assert [(use.kind, use.note) for use in binding.uses] == [("other", OTHER[mention])]


def test_a_list_used_as_one_text_is_another_use() -> None:
    script = 'R="a b"\nfor i in $R; do :; done\necho "$R"\n'
    binding = one(script)
    assert (values(script, binding), uses(script, binding), uses(script, binding, "other")) == (["a", "b"], ["$R"], ["$R"])


@pytest.mark.parametrize("script", ["IFS=,\nR=a,b\nfor i in $R; do :; done", 'R="a $(x) b"\nfor i in $R; do :; done'])
def test_a_list_whose_words_cannot_be_told(script: str) -> None:
    binding = one(script)
    assert (len(binding.values), [use.kind for use in binding.uses]) == (1, ["other"])


# ── what bars, what makes it unsafe ──────────────────────────────────────────────────────────────────────────────

BARRED = {
    "R=$(x)": "line 2 sets it to the output of a command",
    "R=`x`/y": "line 2 sets it to the output of a command",
    "R=$((1 + 1))": "line 2 sets it to the result of a calculation",
    "R=\"b\"'c'": "line 2 sets it to a text in several quotes",
    'R="$X"/b': "line 2 sets it to a text in several quotes",
    "R=b\\ c": "line 2 sets it to a text with backslashes",
    'R="b\\"c"': "line 2 sets it to a text with backslashes",
    'R="b\\\nc"': "line 2 sets it to a text of several lines",
    'R="b\\\nc d"\nfor i in $R; do :; done': "line 2 sets it to a text of several lines",
    "R=$'b\\nc'": "line 2 sets it to a text with backslashes",
    "R+=b": "line 2 appends to it",
    "R=$R/b": "line 2 sets it to a text made from its own value",
    "R=${R%/}": "line 2 sets it to a text made from its own value",
    'R=("${R[@]}" b)': "line 2 sets it to a text made from its own value",
    "R=([0]=b)": "line 2 sets it to a list with keys",
    "R=(*.sh)": "line 2 sets it to what a pattern stands for",
    "declare -A R=()": "line 2 makes it an associative array",
    "declare -i R": "line 2 makes it a number",
    "declare -n R=X": "line 2 makes it another name of a variable",
    "declare -n X=R": "line 2 gives it another name",
    "declare -n X=$1": "line 2 gives a variable another name",
    "read -r R": "line 2 reads it from an input",
    "IFS=/ read -ra R <<< x": "line 2 reads it from an input",
    "while read -p x R; do :; done": "line 2 reads it from an input",
    "mapfile -t R < x": "line 2 reads it from an input",
    "readarray -d , R": "line 2 reads it from an input",
    "getopts ab: R": "line 2 sets it with `getopts`",
    "printf -v R x": "line 2 sets it with `printf -v`",
    "let R=1": "line 2 sets it to the result of a calculation",
    "((R++))": "line 2 sets it to the result of a calculation",
    "for R in {1..3}; do :; done": "line 2 sets it to what a pattern stands for",
    "for R in $(x); do :; done": "line 2 sets it to the output of a command",
    "for R; do :; done": "line 2 sets it to the arguments",
    "R=b make": "line 2 gives it to the environment of one command",
    "env R=b make": "line 2 gives it to the environment of one command",
    "pull ${!X}": "line 2 reads a variable by a name that is put together",
    'eval "pull \\$$X"': "line 2 reads a variable by a name that is put together",
    "eval 'R=b'": "line 2 names it in a text that `eval` runs",
    "trap 'R=b' EXIT": "line 2 names it in a text that `trap` runs",
    'f() { printf -v "$1" x; }; f R': "line 2 sets variables whose names are put together, and this name is passed on",
    'f() { declare -g "$1=x"; }; f R=b': "line 2 sets variables whose names are put together, and this name is passed on",
    ": ${R:=$(x)}": "line 2 sets it to the output of a command",
    'echo "': "its quotes, brackets or blocks do not close",
    "fi": "its quotes, brackets or blocks do not close",
    "{": "its quotes, brackets or blocks do not close",
}  # fmt: skip


@pytest.mark.parametrize("line", BARRED, ids=ids(BARRED))
def test_what_bars_a_name(line: str) -> None:
    assert one(f"R=a\n{line}\npull $R").barred == BARRED[line]


CAVEATS = {
    "R=${R:-a}\npull $R": "the environment may override it",
    ': "${R:=a}"\npull $R': "the environment may override it",
    "pull ${R:-a}": "the environment may override it",
    "if x; then R=a; fi\npull $R": "the environment may set it where line 2 uses it",
    "[ -n \"$R\" ] || R=a\npull $R": "the environment may set it where line 2 uses it",
    "if x; then R=a; else return; fi\npull $R": "the environment may set it where line 2 uses it",
    "if x; then R=a; exit; elif y; then R=b; else z; fi\npull $R": "the environment may set it where line 2 uses it",
    "case $x in a) R=a ;& b) z ;; *) R=b ;; esac\npull $R": "the environment may set it where line 2 uses it",
    "f() { if x; then R=a; else break; fi; pull $R; }": "the environment may set it where line 1 uses it",
    "for i in x; do R=a; done\npull $R": "the environment may set it where line 2 uses it",
    "( R=a )\npull $R": "the environment may set it where line 2 uses it",
    "f() { R=a; }\nf | x\npull $R": "the environment may set it where line 3 uses it",
    "R=a &\npull $R": "the environment may set it where line 2 uses it",
    "R=a | x\npull $R": "the environment may set it where line 2 uses it",
    "( f() { R=a; }; )\nf\npull $R": "the environment may set it where line 3 uses it",
    "f() { local R=a; }\nf\ng() { pull $R; }": "the environment may set it where line 3 uses it",
    "pull $R\nR=a": "the environment may set it where line 1 uses it",
    "f() { pull $R; }\nf\nR=a": "the environment may set it where line 1 uses it",
    "f() { local R\nif x; then R=a; fi\npull $R; }": "it may be empty in line 3",
    "R=\nif x; then R=a; fi\npull $R": "line 1 sets it to nothing",
    "R=''\nR=a\npull $R": "line 1 sets it to nothing",
    "R=a\nunset R\npull $R": "line 2 unsets it",
    "R=(a b)\npull ${R[2]}": "line 2 may use an element that is not there",
    "R=(a b)\npull ${R[$i]}": "line 2 may use an element that is not there",
    "export R=a\npull $R": "exported: other programs may use it",
    "R=a\nexport X R\npull $R": "exported: other programs may use it",
    "declare -rx R=a\npull $R": "exported: other programs may use it",
    "R=a\nR=$R make\npull $R": "exported: other programs may use it",
    "set -a\nR=a\npull $R": "exported: other programs may use it",
    "set -eu -o allexport\nR=a\npull $R": "exported: other programs may use it",
    "#!/bin/bash -ea\nR=a\npull $R": "exported: other programs may use it",
    "R=a\nsource x.sh\npull $R": "a file that is sourced here may use it",
    "R=a\n. ./x.sh\npull $R": "a file that is sourced here may use it",
    'R=a\neval "$x"\npull $R': "line 2 runs code that is put together",
    "R=a\nexport $(cat x)\npull $R": "line 2 sets variables whose names are put together",
    "R=a\nf() { local R; pull $R; }\nf\ng() { pull $R; }": "line 2 makes it local",
}  # fmt: skip


@pytest.mark.parametrize("script", CAVEATS, ids=ids(CAVEATS))
def test_caveats(script: str) -> None:
    binding = one(script)
    assert (binding.caveat, binding.barred) == (CAVEATS[script], "")
    assert set(values(script, binding)) <= {"a", "b"}


def test_caveats_stand_side_by_side() -> None:
    assert one("export R=${R:-a}\n. x\npull $R").caveat == (
        "exported: other programs may use it; a file that is sourced here may use it; the environment may override it"
    )


# ── scopes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def scopes(script: str, name: str = "R") -> list[tuple[list[str], list[str]]]:
    return [(values(script, binding), uses(script, binding)) for binding in names(script).get(name, [])]


SCOPES = {
    "two functions": ("f() { local R=a; pull $R; }\ng() { local R=b; push ${R}; }", [(["a"], ["$R"]), (["b"], ["${R}"])]),
    "a function and the top": ("R=a\npull $R\ng() { local R=b; push ${R}; }", [(["a"], ["$R"]), (["b"], ["${R}"])]),
    "a callee sees it": ("f() { local R=a; h; }\nh() { pull $R; }\nR=b", [(["a", "b"], ["$R"])]),
    "mentioned before it is local": (
        "f() { pull ${R}; local R=a; pull $R; }\ng() { local R=b; }",
        [(["a", "b"], ["${R}", "$R"])],
    ),
    "local in a branch": ("f() { if x; then local R=a; fi; pull $R; }\nR=b", [(["a", "b"], ["$R"])]),
    "takes the outer value": ("R=a\nf() { local R=${R:-b}; pull $R; }", [(["a", "b"], ["$R"])]),
    "declared and set": ("f() { local R; R=a; pull $R; }\nR=b", [(["a"], ["$R"]), (["b"], [])]),
    "declare is local, too": ("f() { declare R=a; pull $R; }\nR=b", [(["a"], ["$R"]), (["b"], [])]),
    "declare -g is not": ("f() { declare -g R=a; pull $R; }\nR=b", [(["a", "b"], ["$R"])]),
    "a mention in quotes": ("f() { local R=a; }\nR=b\nsh -c 'x $R'", [(["a", "b"], [])]),
    "two loops": ("for R in a; do pull $R; done\nfor R in b; do push ${R}; done", [(["a"], ["$R"]), (["b"], ["${R}"])]),
    "after the loops": ("for R in a; do :; done\nfor R in b; do :; done\npull $R", [(["a", "b"], ["$R"])]),
    "a loop in a loop": ("for R in a; do for R in b; do :; done; pull $R; done", [(["a", "b"], ["$R"])]),
    "a loop and a setting": ("for R in a; do :; done\nR=c\nfor R in b; do pull $R; done", [(["a", "c", "b"], ["$R"])]),
    "a function made in a loop": ("for R in a; do f() { pull $R; }; done\nfor R in b; do f; done", [(["a", "b"], ["$R"])]),
    "a function in a loop": ("f() { pull $R; }\nfor R in a; do f; done\nfor R in b; do f; done", [(["a", "b"], ["$R"])]),
}


@pytest.mark.parametrize("case", SCOPES)
def test_scopes(case: str) -> None:
    script, expected = SCOPES[case]
    assert scopes(script) == expected


# ── arguments of functions ───────────────────────────────────────────────────────────────────────────────────────

BODY = 'f() { pull "h/$1"; }\n'
ARGUMENTS = {
    BODY + "f a\nf 'b'": (["a", "b"], ["$1"]),
    BODY + 'if ! f "$X/a"; then exit; fi': (["$X/a"], ["$1"]),
    BODY + "x=$(f a); f b | tee x; retry && time f c": (["a", "b", "c"], ["$1"]),
    BODY + "X=a\nf $X": (["$X"], ["$1"]),
    "function f { pull ${1}; }\nf a": (["a"], ["${1}"]),
    "function f() {\n  pull ${1:-d}\n}\nf a": (["d", "a"], ["${1:-d}"]),
    "f() ( pull $1 )\nf a": (["a"], ["$1"]),
    "f() { pull $1; }\ng() { f a; }\ng": (["a"], ["$1"]),
    BODY + "podman f x; echo f; f a # f": (["a"], ["$1"]),
    BODY + "awk '{ print $1 }' x; f a": (["a"], ["$1"]),
}


@pytest.mark.parametrize("script", ARGUMENTS, ids=ids(ARGUMENTS))
def test_arguments(script: str) -> None:
    binding = one(script, "1")
    assert (values(script, binding), uses(script, binding)) == ARGUMENTS[script]
    assert (binding.barred, binding.caveat) == ("", "")


def test_each_argument_is_a_name() -> None:
    script = "f() { pull $2/${1} ${10}; }\nf a b c d e f g h i j\n"
    assert {name: values(script, found[0]) for name, found in names(script).items()} == {"2": ["b"], "1": ["a"], "10": ["j"]}


def test_all_arguments() -> None:
    script = 'f() { for i in "$@"; do pull $i; done; }\nf a b\nf c\n'
    assert (values(script, one(script, "@")), values(script, one(script, "i"))) == (["a", "b", "c"], ["$@"])


@pytest.mark.parametrize(("use", "kind"), [('"$@"', "plain"), ('"$*"', "other"), ('"${@:2}"', "other"), ("x$@", "other")])
def test_uses_of_all_arguments(use: str, kind: str) -> None:
    assert [found.kind for found in one(f"f() {{ pull {use}; }}\nf a", "@").uses] == [kind]


NO_ARGUMENTS = {
    BODY + "f a\nf $(x)": "line 3 calls the function with words that cannot be counted",
    BODY + 'f a\nf "$(x)"': "a call passes the output of a command",
    BODY + "f a\nf *.x": "line 3 calls the function with words that cannot be counted",
    BODY + "f a\nf $X": "line 3 calls the function with words that cannot be counted",
    BODY + "f a\nX='b c'\nf $X": "line 4 calls the function with words that cannot be counted",
    BODY + "f a\nif x; then X=b; fi\nf $X": "line 4 calls the function with words that cannot be counted",
    BODY + 'f a\nf "$@"': "line 3 calls the function with words that cannot be counted",
    BODY + 'f a\nf "b"c': "a call passes a text in several quotes",
    "f a\n" + BODY: "line 1 calls the function before it is defined",
    "f() { pull $1; shift; }\nf a": "line 1 shifts the arguments",
    "f() { set -- x; pull $1; }\nf a": "line 1 sets the arguments",
    "f() { set x; pull $1; }\nf a": "line 1 sets the arguments",
    "f() { while getopts a o; do :; done; pull $1; }\nf a": "line 1 reads the arguments with `getopts`",
    "f() { for i; do :; done; pull $1; }\nf a": "line 1 loops over the arguments",
    'f() { pull $1; x "$@"; }\nf a': "line 1 passes all arguments on",
    "f() { eval 'pull $1'; pull $1; }\nf a": "line 1 names the arguments in a text that `eval` runs",
    'f() { eval "pull \\$1"; pull $1; }\nf a': "line 1 names the arguments in a text that `eval` runs",
    'f() { pull $1; f "$1"; }\nf a': "line 1 passes it on to the function itself",
    BODY + "f a\nexport -f f": "line 3 hands the function on",
    BODY + 'f a\nssh h "$(declare -f f); f b"': "line 3 hands the function on",
    BODY + "f a\ntrap 'f b' EXIT": "line 3 may call it in another way",
    BODY + "f a\neval f b": "line 3 may call it in another way",
    BODY + "f a\n. x\nretry_it f b": "line 4 may call it in another way",
    BODY + 'f a\nr() { "$@"; }\nr f b': "line 4 may call it in another way",
    BODY + 'f a\nr() { "$@"; }\nr "$@"': "line 4 runs a command whose name cannot be read off",
    BODY + "f a\nX=f\n$X b": "line 3 may call it in another way",
    BODY + 'f a\n"$@"': "line 3 runs a command whose name cannot be read off",
    BODY + "f a\n$1 b": "line 3 runs a command whose name cannot be read off",
    BODY + "f a\nfi": "its quotes, brackets or blocks do not close",
}


@pytest.mark.parametrize("script", NO_ARGUMENTS, ids=ids(NO_ARGUMENTS))
def test_arguments_that_cannot_be_known(script: str) -> None:
    assert one(script, "1").barred == NO_ARGUMENTS[script]


ARGUMENT_CAVEATS = {
    BODY + "f a\nf": "line 3 calls the function without this argument",
    BODY + "f a\nf ''": "line 3 passes nothing",
    BODY + "f a\n. x": "a file that is sourced here may use it",
    "f() { pull ${1:-d}; }": "the function is not called here",
    "pull ${1:-d}": "an argument of the script may override it",
}


@pytest.mark.parametrize("script", ARGUMENT_CAVEATS, ids=ids(ARGUMENT_CAVEATS))
def test_caveats_of_arguments(script: str) -> None:
    assert (one(script, "1").caveat, one(script, "1").barred) == (ARGUMENT_CAVEATS[script], "")


# ── joins ────────────────────────────────────────────────────────────────────────────────────────────────────────

JOINS: dict[str, list[list[str]]] = {
    'pull "$R"/x:y': [["$R", "/x:y"]],
    'pull --from="${R}"/x': [["${R}", "/x"]],
    'X="$R"/x': [["$R", "/x"]],
    "pull docker://$R'/x'": [["docker://", "$R", "/x"]],
    'echo \'{"a": "\'"$R"/x\'"}\'': [["$R", "/x"]],
    'pull "$R"/"$(x)":{{ y }}': [["$R", "/", "$(x)", ":", "{{ y }}"]],
    'X=("$R"/x)': [["$R", "/x"]],
    'pull "$R/x"': [],
    'echo "image: "$R': [],
    'pull --from="$R/x"': [],
    'pull "a"/b': [],
}


@pytest.mark.parametrize("line", JOINS, ids=ids(JOINS))
def test_texts_that_quotes_divide(line: str) -> None:
    script = f"R=a\n{line}\n".encode()
    joins = bindings(script).joins
    assert [[script[start:end].decode() for start, end in join.pieces] for join in joins] == JOINS[line]
    assert all((join.start, join.end) == (join.pieces[0][0], join.pieces[-1][1]) for join in joins)


# ── any text ─────────────────────────────────────────────────────────────────────────────────────────────────────


def check(text: bytes, found: Bindings) -> None:
    for binding in found.bindings:
        assert binding.values
        for start, end in binding.values:
            assert 0 <= start < end <= len(text)
        for use in binding.uses:
            assert 0 <= use.start < use.end <= len(text)
            assert use.kind in ("plain", "apart", "other")
            assert bool(use.note) == (use.kind != "plain")
            mention = text[use.start : use.end]
            assert binding.name.encode() in mention or (binding.name == "@" and b"*" in mention)
        assert len(set(binding.uses)) == len(binding.uses)
    for join in found.joins:
        assert all(join.start <= start <= end <= join.end for start, end in join.pieces)


FRAGMENTS = (
    "R=a ~$R ~${R} ~${R:-b} ~${R##*/}~${R[@]} ~${!R} ~$1 ~$@ ~\"~'~`~$(~$((~) ~((~))~{ ~} ~f() ~function ~function f ~f a ~if ~then ~else ~fi ~"
    "for R in ~do ~done ~case x in ~a) ~*) ~esac ~local R=~export R ~read R ~eval ~trap ~| ~|| ~&& ~& ~; ~\n~<<E\n~E\n~<<'E'\n~<<< ~"
    "[[ ~ ]] ~R+=b ~(a b)~\\~\\\n~# ~R ~declare -A ~{{~}}~cut ~echo ~bash -c ~shift ~set -- ~select ~coproc ~\r\n~é~\0"
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS.split("~")), max_size=25))
def test_shell_like_text_never_raises(fragments: list[str]) -> None:
    text = "".join(fragments).encode()
    check(text, bindings(text))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_never_raise(text: bytes) -> None:
    check(text, bindings(text))


@pytest.mark.parametrize(
    "text",
    ["R=a\n" * 3000, "$R R=a;" * 3000, "f() { f $1; };" * 2000, "{ " * 9000, "( R=a;" * 4000, "${R:-" * 4000, "R=$(" * 4000,
     "case x in " + "a) R=1 ;; " * 3000 + "*) R=2 ;; esac; $R", "if x; then R=a; else " * 2000, "echo $R | " * 3000 + "R=a",
     "[ " + "$R " * 4000 + "]; R=a", "for R in a; do $R; done;" * 1500, "R=a; f " + "$R " * 5000 + "; f() { $1 $2; }",
     "".join(f"f{n}() {{ f{n + 1} $R; }};" for n in range(1500)) + "R=a", "bash -c \"$R " * 500, "R=\"a " + "b\\\n " * 5000 + '"; for i in $R; do :; done'],
    ids=lambda text: text[:20].replace("\n", "⏎"),
)  # fmt: skip
def test_long_texts_end(text: str) -> None:
    check(text.encode(), bindings(text.encode()))


# ── bash ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bash(text: str) -> list[str]:
    """The lines that bash prints, without any variable in its environment."""
    command = ["bash", "--norc", "-c", text]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, timeout=30, check=False)
    return done.stdout.decode().split("\n")


def printed(script: Script) -> list[tuple[int, str]]:
    pairs = [line.partition(":") for line in bash(script.text)]
    return [(int(number), text.removeprefix(" ")) for number, colon, text in pairs if colon and number.isdigit()]


@needs_bash
@pytest.mark.parametrize("flavour", ["plain", "wild"])
def test_bash_prints_what_the_values_say(flavour: str) -> None:
    """Each `echo` prints one of the texts that the bindings allow; most of them are decided."""
    count = decided = 0
    for seed in range(RUNS):
        script = random_script(seed, wild=flavour == "wild")
        found = bindings(script.text.encode())
        for number, text in printed(script):
            allowed = possible(script.text.encode(), found, script.words[number])
            count += 1
            if allowed is not None:
                decided += 1
                assert text in allowed, (seed, number, script.text)
    assert decided > count * 0.2 > 100


@needs_bash
def test_a_value_reaches_bash_only_through_its_uses() -> None:
    """Where all values of a name change, what changes is what its uses print, and nothing else."""
    changed = 0
    for seed in range(RUNS):
        script = random_script(seed, wild=False, compares=False)
        data = script.text.encode()
        found = bindings(data)
        for binding in found.bindings:
            literal = all(b"$" not in data[start:end] for start, end in binding.values)
            if not literal or binding.barred or not binding.uses or any(use.kind != "plain" for use in binding.uses):
                continue
            text = data
            for _, end in sorted(set(binding.values), reverse=True):
                text = text[:end] + b"Z9" + text[end:]
            before = printed(script)
            after = printed(Script(text.decode(), script.words))
            assert [(number, line.replace("Z9", "")) for number, line in after] == before, (seed, binding.name, script.text)
            for number, line in after:
                if "Z9" in line:
                    assert script.rests_on(found, script.words[number], binding), (seed, binding.name, number, script.text)
                    changed += 1
    assert changed > 100
