"""Files that are no scripts, and read other files of the repository: Dockerfiles, programs of tools, expectations."""

from __future__ import annotations

from . import Entry, Repo, repo, told
from .watched import BASE, BUILDER, FROM, NEW, POD, SCRIPT, TEXT, free, held

IMAGE, PROXY = "§/ocp/4.21:cli", "¤:ocp_4.21_cli"
PLAIN = "FROM quay.io/a/b:c\n"
EDIT = "sed -i 's|ocp/4.21:cli|x|'"
DOCKERFILES = (
    ("a folder", "COPY clusters /m\nRUN {edit} /m/op.yaml\n"),
    ("all of a folder", "COPY clusters/ /m/\nRUN {edit} /m/*\n"),
    ("files", "COPY clusters/op.yaml clusters/x.yaml /m/\nRUN {edit} /m/*.yaml\n"),
    ("a file of another name", "COPY clusters/op.yaml /m/y.yaml\nRUN {edit} /m/y.yaml\n"),
    ("a file beside", "WORKDIR /w\nCOPY clusters/op.yaml .\nRUN {edit} op.yaml\n"),
    ("everything", "WORKDIR /w\nCOPY . .\nRUN cd x && {edit} /w/clusters/op.yaml\n"),
    ("everything, and its folder", "COPY . /w\nRUN cd /w/clusters && {edit} op.yaml\n"),
    ("what another stage copied", "COPY . /src\n" + PLAIN + "COPY --from=0 /src/clusters /m\nRUN {edit} /m/op.yaml\n"),
    ("a name of its own", "COPY clusters /m\nENV A=1 F=/m/op.yaml\nRUN {edit} $F\n"),
    ("files that find gives", "COPY clusters /m\nRUN find /m -name '*.yaml' -exec {edit} {{}} +\n"),
    ("what an argument may say", 'COPY clusters /m\nARG OLD=LABEL\nRUN sed -i "s|$OLD|x|" /m/op.yaml\n'),
    ("lists of words", 'COPY ["clusters/op.yaml", "/m/"]\nRUN ["grep", "-q", "ocp/4.21:cli", "/m/op.yaml"]\n'),
    ("a here-document", "COPY clusters /m\nRUN <<EOF\n{edit} /m/op.yaml\nEOF\n"),
    ("lines with comments", "COPY clusters /m\nRUN --network=none set -e; \\\n# x\n  {edit} \\\n\n  /m/op.yaml\n"),
    ("a variable of a shell", "COPY clusters /m\nRUN i=$(grep image: /m/op.yaml); echo ${{i##*/}}\n"),
    ("Python", 'COPY clusters /m\nRUN python3 -c \'import re; re.search(r"org/ocp/(.+)", open("/m/op.yaml").read())\'\n'),
    ("a build on top of it", "ONBUILD COPY clusters /m\nONBUILD RUN {edit} /m/op.yaml\n"),
)
OTHERS = (
    ("a file of another image", "COPY --from=quay.io/x/y:z /m /m\nRUN {edit} /m/op.yaml\n"),
    ("nothing that is copied", "RUN {edit} op.yaml\n"),
    ("other files", "COPY clusters /m\nCOPY other/op.yaml /o/op.yaml\nRUN {edit} /o/op.yaml /etc/op.yaml /etc/*\n"),
    ("another line", "COPY clusters /m\nRUN sed -i 's|name: .*|x|' /m/*\n"),
    ("a comment", "COPY clusters /m\n# RUN {edit} /m/op.yaml\nRUN true\n"),
    ("what a variable says", 'COPY clusters /m\nENV OLD=LABEL\nRUN sed -i "s|$OLD|x|" /m/op.yaml\n'),
    ("a copy of a tool", "COPY clusters/op.yaml /usr/bin/sed\nRUN {edit} /x\n"),
)


def image(name: str, path: str, text: str, *, is_held: bool) -> Repo:
    """A manifest, and a file that would notice its edit, or would not."""
    manifest = POD.format(IMAGE)
    fixed = {} if is_held else {"clusters/op.yaml": POD.format(PROXY)}
    return repo(name, {"clusters/op.yaml": manifest, path: text}, fixed, {"clusters/op.yaml": (SCRIPT,)} if is_held else {})


BUILDS: list[Entry] = [
    *(image(f"a Dockerfile edits {name}", "Dockerfile", PLAIN + text.format(edit=EDIT), is_held=True) for name, text in DOCKERFILES),
    *(image(f"a Dockerfile edits {name}", "Dockerfile", PLAIN + text.format(edit=EDIT), is_held=False) for name, text in OTHERS),
    held("a Dockerfile edits another", "build/Dockerfile.x", PLAIN + "COPY . .\nRUN sed -i 's|/ocp/|/okd/|' Dockerfile\n"),
    repo("a Dockerfile edits itself", {"Dockerfile": FROM + "COPY . .\nRUN sed -i 's|/ocp/|/okd/|' Dockerfile\n"}, {}, {"Dockerfile": (SCRIPT, SCRIPT)}),
    free("a Dockerfile edits another line", "build/Dockerfile.x", PLAIN + "COPY . .\nRUN sed -i 's|LABEL|x|' Dockerfile\n"),
    *(
        held(f"commands in {name}", path, text)
        for name, path, text in (
            ("a build of ci-operator", ".ci-operator.yaml", f"images:\n- dockerfile_literal: |\n    {PLAIN}    COPY . .\n    RUN sed -i 's|/ocp/|/okd/|' Dockerfile\n"),
            ("a BuildConfig", "ci/b.yaml", f"kind: BuildConfig\nspec:\n  source:\n    dockerfile: |\n      {PLAIN}      COPY . .\n      RUN grep -q org/ocp/ Dockerfile\n"),
            ("a play of Ansible", "play.yaml", "- tasks:\n  - shell: sed -i 's|/ocp/|/okd/|' {{ src }}/Dockerfile\n"),
        )
    ),
    free("commands about another file", "play.yaml", "- tasks:\n  - shell: sed -i 's|/ocp/|/okd/|' x.yaml # no Dockerfile\n"),
]  # fmt: skip


def program(name: str, command: str, path: str, text: str, *, is_held: bool = True) -> Repo:
    """A manifest, and a program of a tool that a script runs over it."""
    manifest, why = POD.format(IMAGE), {"clusters/op.yaml": (SCRIPT,)} if is_held else {}
    return repo(
        name,
        {"clusters/op.yaml": manifest, "a.sh": command + "\n", path: text + "\n"},
        {} if is_held else {"clusters/op.yaml": POD.format(PROXY)},
        why,
    )


ONE = ".spec.containers[0].image"
PROGRAMS: list[Entry] = [
    program("a file that sed runs", "./a.sed clusters/op.yaml", "a.sed", "#!/bin/sed -nEf\ns|/ocp/|/okd/|p"),
    program("a file that awk runs", "sudo hack/a.awk clusters/op.yaml", "hack/a.awk", "#!/usr/bin/env -S awk -f\n/org\\/ocp/ { print }"),
    program("a file that sed runs on another", "./a.sed x.yaml; git add a.sed clusters/op.yaml", "a.sed", "#!/bin/sed -f\ns|/ocp/|/okd/|", is_held=False),
    program("a program of awk", "awk -f a.awk clusters/op.yaml", "a.awk", 'index($3, "ocp/4.21:") { print $2 }'),
    program("a program of jq", "yq -o json clusters/op.yaml | jq -rf a.jq", "a.jq", ONE + ' | split(":")[1]'),
    program("an expression of jq", "yq -o json . clusters/op.yaml | jq --arg a b -f hack/a.jq", "hack/a.jq", f'select({ONE} | test("org/ocp/"))'),
    program("a program of yq", "yq --from-file a.yq clusters/op.yaml", "a.yq", ONE + ' | sub(".*/ocp/", "")'),
    program("a Dockerfile as JSON", "dockerfile-json clusters/op.yaml | jq -f a.jq", "a.jq", '.Stages[] | select(.BaseName | startswith("registry.ci"))'),
    program("a program of jq about names", "yq -o json clusters/op.yaml | jq -f a.jq", "a.jq", '.spec.containers[] | select(.image) | .name', is_held=False),
    program("a program of jq for another file", "jq -f a.jq x.json; cat clusters/op.yaml", "a.jq", ONE + ' | split(":")[1]', is_held=False),
    *(
        repo(f"jq looks for {text}", {"clusters/op.yaml": POD.format(IMAGE), "a.sh": "jq -f a.jq x.json\n", "a.jq": text + "\n"}, {}, {"clusters/op.yaml": (TEXT,), "a.jq": (TEXT,)})
        for text in (f'select(.image == "{IMAGE}")', f'{{"{IMAGE}": 1}}[.image]', f'sub("{IMAGE}"; "x")', f'.image != "{IMAGE}"')
    ),
    *(
        repo(f"jq sets {text}", {"clusters/op.yaml": POD.format(IMAGE), "a.sh": "jq -f a.jq x.json\n", "a.jq": text.format(IMAGE) + "\n"}, {"clusters/op.yaml": POD.format(PROXY)}, {}, {"a.jq": text.format(PROXY) + "\n"})
        for text in ('.image = "{}"', '.image |= "{}"', '{{image: "{}"}}', 'sub("x"; "{}")')
    ),
]  # fmt: skip

DATA = "$d = Get-Content Dockerfile -Raw\n"
FAR_AWAY = "\n" * 50
POWERSHELL: list[Entry] = [
    *(
        held(f"PowerShell, {text}", path, text + "\n")
        for path, text in (
            ("a.ps1", "(Get-Content Dockerfile) -replace '/ocp/', '/okd/' | Set-Content Dockerfile"),
            ("a.psm1", "(Get-Content Dockerfile) -creplace 'openshift\\.org/ocp/builder|ocp.4.21:base', 'x'"),
            ("a.ps1", "Select-String -Path Dockerfile -Pattern 'org/ocp/'"),
            ("a.ps1", 'Select-String -Quiet "org/ocp/" Dockerfile'),
            ("a.ps1", DATA + "if ($d -match 'org/ocp/(\\S+)') { $Matches[1] }"),
            ("a.ps1", DATA + "if ($d -notlike '*org/ocp/*') { exit 1 }"),
            ("a.ps1", DATA + "($d -split '\\s')[1] -split ':'"),
            ("a.ps1", DATA + "$d.Split([char]32)[1].Split('/')"),
            ("a.ps1", "[IO.File]::ReadAllText('Dockerfile').Replace('/ocp/', '/okd/')"),
            ("a.ps1", DATA + "[regex]::Matches($d, 'org/ocp/(.+)')"),
            (".github/workflows/a.yaml", "jobs:\n  a:\n    steps:\n    - shell: pwsh\n      run: |\n        (Get-Content Dockerfile) -replace '/ocp/', '/okd/'"),
        )
    ),
    free("PowerShell about another line", "a.ps1", DATA + "$d -replace 'LABEL x', 'y'\n$d -split ' '\n$d -like 'FROM *'\n"),
    free("PowerShell about another text", "a.ps1", DATA + FAR_AWAY + "$e -split ':'\n$e.Contains('org/ocp/')\n"),
    free("PowerShell about another file", "a.ps1", "(Get-Content x.yaml) -replace '/ocp/', '/okd/'\n"),
    repo(
        "PowerShell compares with a whole image",
        {"Dockerfile": FROM, "a.ps1": "(Get-Content Dockerfile) -replace '§/ocp/4.21:base', 'x'\n"},
        {"Dockerfile": FROM.replace(BUILDER, "¤:ocp_builder_golang-1.24-openshift-4.21")},
        {"Dockerfile": (TEXT,), "a.ps1": (TEXT,)},
    ),
]  # fmt: skip

BATS = '@test "a" {{\n  {}\n  {}\n}}\n'
TEXTS = (
    "[[ $output == *'org/ocp/'* ]]", "[[ $output =~ org/ocp/ ]]", "assert_output --partial 'org/ocp/'", 'refute_line --regexp "x.*/ocp/4"',
    '[ "${lines[1]##*:}" = base ]', 'echo "$output" | grep -q org/ocp/', 'grep -q org/ocp/ <<< "$output"',
)  # fmt: skip
GOSS, STRUCTURE = (
    "file:\n  {}:\n    contents:\n    - '{}'\n",
    "schemaVersion: 2.0.0\nfileContentTests:\n- path: /src/{}\n  expectedContents: ['{}']\n",
)
PRINTED = "command:\n  awk '/^FROM/{{print $2}}' Dockerfile:\n    stdout:\n    - {}\n"
EXPECTED: list[Entry] = [
    *(held(f"bats, {text}", "test/a.bats", BATS.format("run -0 cat Dockerfile", text)) for text in TEXTS),
    free("bats about another command", "test/a.bats", BATS.format("run cat x.yaml; cat Dockerfile", TEXTS[2])),
    free("bats about a build", "test/a.bats", BATS.format("run podman build -f Dockerfile .", TEXTS[0])),
    free("bats about another text", "test/a.bats", BATS.format("run cat Dockerfile", "assert_output --partial 'FROM '")),
    *(held(f"goss, {text}", "goss.yaml", GOSS.format("./Dockerfile", text)) for text in ("ocp/4.21:base", "/org.ocp.4.21:b/")),
    held("goss, what a command prints", "test/goss.yaml", PRINTED.format("/openshift.org/ocp/")),
    held("container-structure-test", "test.yaml", STRUCTURE.format("Dockerfile", ".*/ocp/4.21:base.*")),
    held("container-structure-test, what a command prints", "test.yaml", "commandTests:\n- command: cat\n  args: [/src/Dockerfile]\n  expectedOutput: [LABEL, '.*/ocp/4']\n"),
    held("goss, a whole image", "goss.yaml", PRINTED.format(BASE), told("it is looked for in a file where it stays")),
    free("goss about another text", "goss.yaml", GOSS.format("Dockerfile", "/^FROM/")),
    free("goss about another file", "goss.yaml", GOSS.format("x.yaml", "org/ocp/")),
    free("keys of another document", "a.yaml", "Dockerfile: x\n" + FAR_AWAY + "contents:\n- org/ocp/\n"),
]  # fmt: skip

CALL, ARGUMENT = "u:\n\thack/a.sh Dockerfile\n", "sed -i 's|/ocp/|/okd/|' \"$1\"\n"
OPTION = f'while [ $# -gt 0 ]; do\ncase "$1" in\n--file) FILE="$2"; shift 2;;\nesac\ndone\n{ARGUMENT.replace("1", "FILE")}'
DIVIDED = 'import sys\nt = open(sys.argv[1]).read()\na, b = t.split(":")\n'
GIVEN = (
    ("the first argument", "Makefile", CALL, "hack/a.sh", ARGUMENT),
    ("a later argument", "Makefile", "u:\n\thack/a.sh -x \\\n\t  Dockerfile\n", "hack/a.sh", ARGUMENT.replace("1", "{2}")),
    ("all arguments", "Makefile", CALL, "hack/a.sh", f'for f in "$@"; do\n  {ARGUMENT.replace("1", "f")}done\n'),
    ("an argument with a name", "Makefile", CALL, "hack/a.sh", f'FILE="${{1:-x}}"\n{ARGUMENT.replace("1", "FILE")}'),
    ("an option", "Makefile", "u:\n\thack/a.sh --file Dockerfile\n", "hack/a.sh", OPTION),
    ("what may be looked for", "Makefile", "u:\n\thack/a.sh old new Dockerfile\n", "hack/a.sh", 'sed -i "s|$1|$2|" "$3"\n'),
    ("a variable of make", "Makefile", "F = Dockerfile\nu:\n\thack/a.sh $(F)\n", "hack/a.sh", ARGUMENT),
    ("a loop", "x.sh", 'for f in Docker*; do\n  hack/a.sh "$f"\ndone\n', "hack/a.sh", ARGUMENT),
    ("a list of files", "x.sh", "git ls-files '*Dockerfile' | xargs hack/a.sh\n", "hack/a.sh", ARGUMENT),
    ("a folder that is not known", "x.sh", 'hack/a.sh "${ROOT}/Dockerfile"\n', "hack/a.sh", ARGUMENT),
    (
        "a workflow",
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    steps:\n    - run: ./hack/a.sh Dockerfile\n",
        "hack/a.sh",
        ARGUMENT,
    ),
    ("a program of Python", "Makefile", "u:\n\tpython3 hack/a.py Dockerfile\n", "hack/a.py", DIVIDED),
    ("a program of JavaScript", "Makefile", "u:\n\tnode hack/a.js Dockerfile\n", "hack/a.js", "t.replace(/org.ocp/g, x)\n"),
)
NOT_GIVEN = (
    ("another file", "Makefile", "u:\n\thack/a.sh x/Dockerfile\n", "hack/a.sh", ARGUMENT),
    ("a file of another program", "Makefile", "u:\n\thack/b.sh Dockerfile\n", "hack/a.sh", ARGUMENT),
    ("a program that looks for another text", "Makefile", CALL, "hack/a.sh", "sed -i 's|LABEL|x|' \"$1\"\n"),
    ("a program that builds", "Makefile", CALL, "hack/a.sh", 'podman build -f "$1" . | grep -q /ocp/\n'),
    (
        "a program that divides another text",
        "Makefile",
        "u:\n\tpython3 hack/a.py Dockerfile\n",
        "hack/a.py",
        'print("a b".split(" "))\n',
    ),
)
CALLED: list[Entry] = [
    *(
        repo(f"called with {name}", {"Dockerfile": FROM, caller: call, path: text}, {}, {"Dockerfile": (SCRIPT, SCRIPT)})
        for name, caller, call, path, text in GIVEN
    ),
    *(
        repo(f"called with {name}", {"Dockerfile": FROM, caller: call, path: text}, {"Dockerfile": NEW}, {})
        for name, caller, call, path, text in NOT_GIVEN
    ),
]  # fmt: skip

READERS: list[Entry] = [*BUILDS, *PROGRAMS, *POWERSHELL, *EXPECTED, *CALLED]
