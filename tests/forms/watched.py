"""Dockerfiles that something else in the repository reads, and what it makes of the edit; documents that allow or update images."""

from __future__ import annotations

from . import SUM, Entry, Repo, Why, left, repo, safe, told, unsafe

BUILDER, BASE = "§/ocp/builder:golang-1.24-openshift-4.21", "§/ocp/4.21:base"
FROM = f"FROM {BUILDER} AS b\nFROM {BASE}\n"
NEW = "FROM ¤:ocp_builder_golang-1.24-openshift-4.21 AS b\nFROM ¤:ocp_4.21_base\n"
SCRIPT, TEXT = told("a script reads this file"), told("looks for this very text")
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {}\n"
CUT, PYTHON = 'for l in open("Dockerfile"):\n  if l.startswith("FROM"):\n    ', 'import re\nt = open("Dockerfile").read()\n'
SHELL = "base=$(awk '/^FROM/{print $2}' Dockerfile)\n"
MAKE = "B := $(shell awk '/^FROM/{print $$2}' Dockerfile)\n"


def held(name: str, path: str, text: str, *said: Why) -> Repo:
    """A file that would notice the edit."""
    why = {"Dockerfile": (SCRIPT, SCRIPT)}
    return repo(name, {"Dockerfile": FROM, path: text}, {}, why | ({path: said} if said else {}))


def free(name: str, path: str, text: str) -> Repo:
    """A file that would not."""
    return repo(name, {"Dockerfile": FROM, path: text}, {"Dockerfile": NEW}, {})


PROGRAMS: list[Entry] = [
    held("an expression of Python", "a.py", PYTHON + 'm = re.search(r"FROM \\S+/ocp/(\\d\\.\\d+):", t)\nn = re.search("openshift.org/ocp/builder", t)\n'),
    held("an expression that takes the tag", "a.py", PYTHON + 'm = re.search(r"FROM \\S+:(\\S+)", t)\n'),
    held("divided by Python", "a.py", CUT + 'print(l.split()[1].rsplit(":", 1))\n'),
    held("a part that Python looks for", "a.py", CUT + 'assert "org/ocp/" in l\n'),
    held("replaced by Python", "a.py", PYTHON + 't = re.sub(":.*", ":x", t)\n'),
    held("an expression of Go", "a.go", 'package a\nvar re = regexp.MustCompile(`org/ocp/(\\w+)`)\n' + "\n" * 60 + 'func f() { os.ReadFile("Dockerfile") }\n'),
    held("a part that Go looks for", "a.go", 'package a\nfunc f() {\n\tb, _ := os.ReadFile("Dockerfile")\n\t_ = strings.Contains(string(b), "org/ocp/")\n}\n'),
    held("an expression of JavaScript", "a.js", "const t = fs.readFileSync('Dockerfile')\nt.match(/openshift.org.ocp/)\n"),
    held("a policy", "a.rego", 'package main\ndeny[m] {\n  input[i].Cmd == "from"\n  not regex.match("^[a-z.]+/ocp/", input[i].Value[0])\n}\n'),
    held("an edit by Ansible without the host", "a.yaml", "- replace:\n    path: '{{ src }}/Dockerfile'\n    regexp: 'ocp/\\S+'\n    replace: x\n"),
    held("Python in a makefile", "Makefile", "v:\n\tpython3 -c 'import re; re.search(r\"org/ocp/(.+)\", open(\"Dockerfile\").read())'\n"),
    held("a function around sed", "a.sh", 'sed_inplace "s/\\(FROM \\S\\+\\/ocp\\/\\)\\w\\+/\\1$v/" Dockerfile\n'),
    held("the end of a variable", "a.sh", SHELL + "echo ${base##*:}\n"),
    held("a pattern of a variable", "a.sh", SHELL + "[[ $base == */ocp/* ]] || exit 1\n"),
    held("an expression about a variable", "a.sh", "d=$(cat Dockerfile)\n[[ $d =~ /ocp/([0-9a-z.]+): ]]\n"),
    held("fields of a variable", "a.sh", SHELL + 'IFS=/ read -r host ns rest <<< "$base"\n'),
    held("lines that are read", "a.sh", "while read -r a b; do\n  echo ${b##*:}\ndone < Dockerfile\n"),
    repo(
        "a function around sed, and another file",
        {"Makefile": f"I = {BASE}\na:\n\tpodman pull $(I)\n", "a.sh": 'sed_inplace "s|§/ocp/4.21:base|x|" Makefile\n', "Dockerfile": f"FROM {BASE}\n"},
        {"Dockerfile": "FROM ¤:ocp_4.21_base\n"},
        {"Makefile": (TEXT,), "a.sh": (Why("compared with", silent=True),)},
    ),
    *(
        held(f"a variable, {name}", "a.sh", text)
        for name, text in (
            ("by way of echo", SHELL + 'tag=$(echo "$base" | cut -d: -f2)\n'),
            ("by a here-string", SHELL + "tag=$(sed 's|.*/ocp/||' <<< $base)\n"),
            ("its last part", SHELL + 'basename "$base"\n'),
            ("of another command", "basename $(awk '/^FROM/{print $2}' Dockerfile)\n"),
            ("by expr", SHELL + "expr \"$base\" : '.*/ocp/\\(.*\\)'\n"),
            ("by cases", SHELL + "case $base in\n*.ci.*/ocp/*) ;;\n*) exit 1 ;;\nesac\n"),
            ("by an expression with a name", SHELL + "re='/ocp/([0-9a-z.]+)'\n[[ $base =~ $re ]]\n"),
            ("of a loop", "for i in $(awk '/^FROM/{print $2}' Dockerfile); do echo ${i##*/}; done\n"),
            ("at the end of a pipeline", "grep FROM Dockerfile |\n  while read -r _ i _; do echo ${i##*/}; done\n"),
            ("that divides a line", "awk '/^FROM/{print $2}' Dockerfile | while IFS=/ read -r a b; do echo $b; done\n"),
            ("of a list", "mapfile -t L < Dockerfile\necho ${L[1]##*:}\n"),
            ("of the arguments", "set -- $(grep FROM Dockerfile)\necho ${2##*/}\n"),
            ("from a substitution", "read -r _ i _ < <(grep FROM Dockerfile)\necho ${i#*/}\n"),
        )
    ),
    *(
        held(f"make, {name}", "Makefile", text)
        for name, text in (
            ("findstring", MAKE + "ifneq ($(findstring .openshift.org/ocp/,$(B)),)\nX = 1\nendif\n"),
            ("filter", MAKE + "X := $(filter %.org/ocp/4.21:base %:golang-1.24-openshift-4.21,$(B))\n"),
            ("subst", "X := $(lastword $(subst :, ,$(shell head -2 Dockerfile)))\n"),
            ("patsubst of a file", "B := $(file < Dockerfile)\nC = $(B)\nX := $(patsubst %.org/ocp/4.21:base,%,$(C)) $(subst :golang, ,$(C))\n"),
            ("a suffix", "B != awk '/^FROM/{print $$2}' Dockerfile\nX := $(B:.21:base=)$(notdir $(B))\n"),
            ("by way of echo", MAKE + "X := $(shell echo $(B) | cut -d/ -f2)\n"),
            ("a recipe", "a:\n\t@i=$$(awk '/^FROM/{print $$2}' Dockerfile); echo $${i##*:}\n"),
        )
    ),
    *(
        held(f"{name}", "a.sh", text)
        for name, text in (
            ("an expression of Ruby", "ruby -pi -e 'gsub(/org\\/ocp/, \"x\")' Dockerfile\n"),
            ("a quoted expression of Ruby", "ruby -i -pe '$_.sub! %r|openshift.org/ocp|, \"x\"' Dockerfile\n"),
            ("a condition of Ruby", "ruby -ne 'puts $1 if /org\\/ocp\\/(\\S+)/' Dockerfile\n"),
            ("an index of Ruby", "ruby -e 'puts File.read(\"Dockerfile\")[/org.ocp.(\\S+)/, 1]'\n"),
            ("an expression of JavaScript in a script", "node -e 'fs.readFileSync(\"Dockerfile\",\"utf8\").match(/org.ocp.(.*)/)[1]'\n"),
            ("an expression of PHP", "php -r 'echo preg_match(\"#org/ocp#\", file_get_contents(\"Dockerfile\"));'\n"),
            ("the stream editor sd", "sd org/ocp x Dockerfile\n"),
        )
    ),
    repo(
        "programs of editors in files",
        {"Dockerfile": FROM, "a.sh": "ed -s Dockerfile < a.ed\nvim -es -S a.vim Dockerfile\n", "a.ed": ",s|/ocp/b|x|\nw\n", "a.vim": "%s|/ocp/4|x|\nwq\n"},
        {},
        {"Dockerfile": (SCRIPT, SCRIPT)},
    ),
    *(
        held(f"commands of {path}", path, text)
        for path, text in (
            ("Taskfile.yml", "tasks:\n  a:\n    cmds:\n    - sed -i 's|/ocp/|/okd/|' Dockerfile\n"),
            (".circleci/config.yml", "jobs:\n  a:\n    steps:\n    - run: sed -i 's|/ocp/|/okd/|' Dockerfile\n"),
            ("azure-pipelines.yml", "steps:\n- script: sed -i 's|/ocp/|/okd/|' Dockerfile\n"),
            (".ci-operator.yaml", "tests:\n- as: a\n  commands: grep -q org/ocp/ Dockerfile\n"),
            ("justfile", "a:\n  sed -i 's|/ocp/|/okd/|' Dockerfile\n"),
            ("tox.ini", "[testenv]\ncommands = grep -q org/ocp/ Dockerfile\n"),
            ("package.json", '{"scripts": {"bump": "sed -i \'s|/ocp/|/okd/|\' Dockerfile"}}\n'),
            ("Rakefile", "task :a do\n  sh \"sed -i 's|/ocp/|/okd/|' Dockerfile\"\nend\n"),
            ("a.py", 'import subprocess\nsubprocess.run(["sed", "-i", "s|/ocp/|/okd/|", "Dockerfile"])\n'),
            ("a.go", 'package a\nfunc A() { sh.Run("sed", "-i", "s|/ocp/|/okd/|", "Dockerfile") }\n'),
            ("a.rb", "system(\"grep -q 'org/ocp/' Dockerfile\")\n"),
        )
    ),
    free("a program that runs a command about another file", "a.py", 'subprocess.run(["sed", "-i", "s|/ocp/|/okd/|", "x.yaml"])\nopen("Dockerfile")\n'),
    held("an expression of pre-commit", ".pre-commit-config.yaml", "repos:\n- repo: local\n  hooks:\n  - id: a\n    language: pygrep\n    entry: org/ocp/\n    files: Dockerfile\n"),
    held("a glob of Python", "a.py", 'import fnmatch\nfor l in open("Dockerfile"):\n  fnmatch.fnmatch(l, "FROM */ocp/*:*")\n'),
    held("divided near the reading", "a.py", 't = open("Dockerfile").read().split()\nprint(t[1].rpartition(":"))\n'),
    held("the output of a function", "a.sh", "f() { awk '/^FROM/{print $2}' Dockerfile; }\nb=$(f)\necho ${b##*:}\n"),
    held("the output of a function, divided", "a.sh", "f() { awk '/^FROM/{print $2}' Dockerfile; }\nf | cut -d: -f2\n"),
    held("a part by its place", "a.sh", SHELL + "echo ${base:26}\n"),
    free("the default of a variable", "a.sh", SHELL + "echo ${base:-5}\n"),
    repo(
        "lines that are looked for",
        {"Dockerfile": FROM, "a.txt": FROM, "a.sh": "grep -Fxf a.txt Dockerfile\n"},
        {},
        {"Dockerfile": (SCRIPT, SCRIPT), "a.txt": (told("in others"),) * 2},
    ),
    repo(
        "lines that are compared with a list",
        {"Dockerfile": FROM, "a.txt": f"{BUILDER}\n{BASE}\n", "a.sh": "comm -3 <(awk '/^FROM/{print $2}' Dockerfile | sort) a.txt\n"},
        {},
        {},
        {"Dockerfile": NEW, "a.txt": "¤:ocp_builder_golang-1.24-openshift-4.21\n¤:ocp_4.21_base\n"},
    ),
    held("the argument of a function", "a.sh", 'bump() {\n  f=$1\n  sed -i "s|/ocp/|/okd/|" "$f"\n}\nbump Dockerfile\n'),
    held("a list of files", "a.sh", 'FILES="Dockerfile Dockerfile.x"\nfor f in $FILES; do sed -i "s|/ocp/|/okd/|" $f; done\n'),
    held("files that a search lists", "a.sh", "rg -l ocp/4.21 | xargs sed -i 's|/ocp/|/okd/|'\n"),
    held("files that grep lists", "a.sh", "grep -rl ocp/4.21 . | xargs sed -i 's|/ocp/|/okd/|'\n"),
    held("files that git lists", "a.sh", "git ls-files | grep -i docker | xargs sed -i 's|/ocp/|/okd/|'\n"),
    held("ripgrep", "a.sh", "rg -q '/ocp/' Dockerfile || exit 1\n"),
    free("the argument of another function", "a.sh", 'bump() {\n  sed -i "s|/ocp/|/okd/|" "$1"\n}\nbump x.yaml\npodman build -f Dockerfile .\n'),
    repo(
        "yq divides a value",
        {"a.yaml": POD.format(BASE), "a.sh": "yq '.spec.containers[0].image | split(\":\") | .[1]' a.yaml\n"},
        {},
        {"a.yaml": (SCRIPT,)},
    ),
    free("an expression that takes the whole image", "a.py", PYTHON + 're.match(r"^FROM\\s+(\\S+)(?:\\s+AS\\s+(\\S+))?", t)\n'),
    free("divided at white space", "a.py", CUT + "print(l.split()[1])\n"),
    free("a program that divides paths", "a.py", 'open("Dockerfile")\n' + "\n" * 50 + 'x.split("/")\n'),
    repo(
        "a program that knows both registries",
        {"Dockerfile": FROM, "a.go": 'package a\n// reads a Dockerfile\nvar re = regexp.MustCompile(`(registry[.]ci|quay-proxy.ci.openshift.org)/(\\S+)`)\n'},
        {"Dockerfile": NEW},
        {"a.go": (Why("compared with", silent=True),)},
    ),
    free("a program about URLs, far from the file's name", "a.go", 'package a\nvar x = strings.Contains(u, "org/ocp/")\n' + "\n" * 60 + "// builds a Dockerfile\n"),
    free("a test", "a_test.go", 'package a\nfunc f() { os.ReadFile("Dockerfile"); strings.Contains(b, "org/ocp/") }\n'),
    free("a policy about something else", "a.rego", 'package main\ndeny[m] { split(input.metadata.name, "-")[0] == "x" }\n'),
    free("a variable that holds another line", "a.sh", "v=$(grep ^LABEL Dockerfile | cut -d= -f2)\necho ${v##*:}\n"),
    free("a variable of another command", "a.sh", "podman build -f Dockerfile .\nv=$(git describe)\necho ${v##*/}\n"),
    free("a variable that is divided at white space", "a.sh", "base=$(grep FROM Dockerfile)\ni=$(echo $base | cut -d' ' -f2)\n"),
    free("cases of another variable", "a.sh", "v=$(git describe)\ncase $v in\n*/ocp/4.21:*) ;;\nesac\npodman build -f Dockerfile .\n"),
    free("a loop over files", "a.sh", "for f in $(find . -name Dockerfile); do podman build -f $f ${f%/*}; done\n"),
    free("a sum of the lines", "a.sh", "n=$(cat Dockerfile | md5sum)\necho ${n%%/*}\n"),
    free("names of files", "a.sh", "l=$(grep -l FROM Dockerfile)\necho ${l##*/} $(basename Dockerfile)\n"),
    free("make, another line", "Makefile", "B := $(shell grep ^LABEL Dockerfile | cut -d= -f2)\nX := $(subst :, ,$(B))\n"),
    free("make, a text that stays", "Makefile", MAKE + "X := $(findstring base,$(B)) $(patsubst %base,%x,$(B))\n"),
    free("make, names of files", "Makefile", "F := $(shell find . -name Dockerfile)\nD := $(dir $(F)) $(notdir $(CURDIR))\n"),
    free("an expression of Ruby about another line", "a.sh", "ruby -pi -e 'gsub(/LABEL/, \"x\")' Dockerfile\n"),
    free("a whole image that is pulled", "a.sh", SHELL + "podman pull $base\n"),
]  # fmt: skip

SUMS: list[Entry] = [
    *(
        repo(f"a checksum in {path}", {"Dockerfile": FROM, path: text}, {}, {"Dockerfile": (told("a checksum of this file"),) * 2})
        for path, text in (
            ("a.sh", f'sha256sum -c <<<"{SUM[7:]}  Dockerfile"\n'),
            ("Makefile", f"check:\n\techo '{SUM[7:39]}  Dockerfile' | md5sum -c\n"),
            (".github/workflows/a.yaml", f"jobs:\n  a:\n    steps:\n    - run: |\n        echo '{SUM[7:]}  Dockerfile' | sha256sum --check\n"),
            ("a.py", f'import hashlib\nassert hashlib.sha256(open("Dockerfile", "rb").read()).hexdigest() == "{SUM[7:]}"\n'),
        )
    ),
    free("a checksum of another file", "a.sh", f'podman build -f Dockerfile .\nsha256sum -c <<<"{SUM[7:]}  oc.tar.gz"\n'),
    free("a checksum that makes a tag", "Makefile", "TAG := $(shell sha256sum Dockerfile | cut -c1-8)\n"),
]  # fmt: skip

MANAGER = '{{"customManagers": [{{"customType": "regex", "fileMatch": ["Dockerfile$"], "matchStrings": ["{}"]}}]}}'
UPDATERS: list[Entry] = [
    held("Dependabot, by namespace and name", ".github/dependabot.yml", 'updates:\n- ignore:\n  - dependency-name: "ocp/*"\n'),
    free("Dependabot, all images", ".github/dependabot.yml", 'updates:\n- ignore:\n  - dependency-name: "*"\n  - dependency-name: k8s.io/*\n'),
    *(
        repo(f"Renovate, {name}", {"Dockerfile": FROM, "renovate.json": text}, {}, {"Dockerfile": (TEXT, TEXT), "renovate.json": (Why(reason, silent=True),)})
        for name, text, reason in (
            ("white space behind", MANAGER.format("FROM registry\\\\.ci\\\\.openshift\\\\.org/(?<depName>.*?):(?<currentValue>.*?)\\\\s"), "a pattern"),
            ("all of a registry", '{"packageRules": [{"matchPackagePrefixes": ["§/"], "enabled": false}]}', "a bare host"),
        )
    ),
    repo(
        "registries that hadolint trusts",
        {"Dockerfile": FROM, ".hadolint.yaml": "trustedRegistries:\n- docker.io\n- §\n"},
        {},
        {"Dockerfile": (TEXT, TEXT), ".hadolint.yaml": (Why("a bare host", silent=True),)},
    ),
    repo(
        "both registries are trusted",
        {"Dockerfile": FROM, ".hadolint.yaml": "trustedRegistries:\n- quay-proxy.ci.openshift.org\n- §\n"},
        {"Dockerfile": NEW},
        {".hadolint.yaml": (Why("the host of the proxy", silent=True), Why("a bare host", silent=True))},
    ),
]  # fmt: skip


OPTION, HUNK = (
    "hadolint --trusted-registry § Dockerfile",
    "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,2 @@\n-FROM {} AS b\n FROM {}\n+RUN a\n",
)
EXACT: list[Entry] = [
    *(
        repo(f"a trusted registry of {path}", {"Dockerfile": FROM, path: text}, {}, {"Dockerfile": (TEXT, TEXT), path: (Why("a bare host", silent=True),)})
        for path, text in (
            ("Makefile", f"lint:\n\t{OPTION}\n"),
            (".github/workflows/a.yaml", "jobs:\n  a:\n    steps:\n    - uses: hadolint/hadolint-action@v3\n      with:\n        trusted-registries: §\n"),
            ("hadolint.toml", 'trustedRegistries = ["§"]\n'),
        )
    ),
    repo(
        "lines of a patch",
        {"Dockerfile": FROM, "Dockerfile.x": FROM, "a.patch": HUNK.format(BUILDER, BASE)},
        {"Dockerfile.x": NEW},
        {"Dockerfile": (TEXT, TEXT), "a.patch": (Why("a patch", silent=True),) * 2},
    ),
    repo(
        "a build context",
        {"Dockerfile": f"FROM {BASE}\n", "a.sh": f"podman build --build-context {BASE}=docker-image://quay.io/a/b:c .\n"},
        {},
        {"Dockerfile": (TEXT,), "a.sh": (told("used by its name"),)},
    ),
    repo(
        "a key that images are looked up under",
        {"Dockerfile": f"FROM {BASE}\n", "a.json": f'{{"{BASE}": "quay.io/a/b:c"}}\n'},
        {},
        {"Dockerfile": (TEXT,), "a.json": (Why("lookup entry", silent=True),)},
    ),
]  # fmt: skip
CLI = "§/ocp/4.21:cli"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: {}\n"
REPLACEMENT = (
    "resources:\n- d.yaml\nreplacements:\n- source: {{kind: ConfigMap, fieldPath: data.v}}\n  targets:\n"
    "  - select: {{kind: Deployment}}\n    fieldPaths: [{}]\n    options: {{delimiter: '{}', index: 1}}\n"
)
IMAGE_PATH = "spec.template.spec.containers.0.image"
COMPOSE = "services:\n  a:\n    image: {}\n  b:\n    build: .\n    image: quay.io/a/b:c\n"
CLUSTER = "apiVersion: config.openshift.io/v1\nkind: Image\nspec:\n  registrySources:\n    {}:\n    - quay.io\n    - {}\n"


def image_of(name: str, path: str, text: str, why: Why = TEXT, *said: Why) -> Repo:
    """A file that knows the image of a Deployment by its name."""
    old = DEPLOYMENT.format(CLI)
    return repo(name, {"d.yaml": old, path: text}, {}, {"d.yaml": (why,)} | ({path: said} if said else {}))


def image_apart(name: str, path: str, text: str, *said: Why) -> Repo:
    """A file that does not."""
    old, new = DEPLOYMENT.format(CLI), DEPLOYMENT.format("¤:ocp_4.21_cli")
    return repo(name, {"d.yaml": old, path: text}, {}, {path: said} if said else {}, {"d.yaml": new})


IMAGES: list[Entry] = [
    image_of("kustomize divides an image", "kustomization.yaml", REPLACEMENT.format(IMAGE_PATH, ":"), SCRIPT),
    image_of("kustomize takes a part of an image", "Kustomization", REPLACEMENT.format(IMAGE_PATH, "/"), SCRIPT),
    image_apart("kustomize divides at what no image has", "kustomization.yaml", REPLACEMENT.format(IMAGE_PATH, "@")),
    image_apart("kustomize divides another value", "kustomization.yaml", REPLACEMENT.format("metadata.name", ":")),
    image_apart("kustomize divides an image in another folder", "other/kustomization.yaml", REPLACEMENT.format(IMAGE_PATH, ":")),
    image_of("an image of Flux", "f.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  images:\n  - name: §/ocp/4.21\n    newTag: x\n", TEXT, TEXT),
    image_of("an image transformer", "t.yaml", "apiVersion: builtin\nkind: ImageTagTransformer\nimageTag:\n  name: §/ocp/4.21\n  newTag: x\n", TEXT, TEXT),
    image_of("kustomize edit", "Makefile", "d:\n\tcd k && $(KUSTOMIZE) edit set image §/ocp/4.21=$(IMG)\n", TEXT, told("other text is joined")),
    image_of("Skaffold builds it", "skaffold.yaml", "apiVersion: skaffold/v4beta1\nbuild:\n  artifacts:\n  - image: §/ocp/4.21\n", TEXT, TEXT),
    image_of("kbld replaces it", "k.yaml", f"apiVersion: kbld.k14s.io/v1alpha1\nkind: Config\noverrides:\n- image: {CLI}\n  newImage: quay.io/a/b:c\n", TEXT, TEXT),
    image_of("a patch tests it", "p.yaml", f"- op: test\n  path: /spec/template/spec/containers/0/image\n  value: {CLI}\n- op: remove\n  path: /spec\n", TEXT, TEXT),
    image_of("Compose builds it", "compose.yaml", f"services:\n  a:\n    build: .\n    image: {CLI}\n", TEXT, TEXT),
    repo(
        "Compose builds another",
        {"d.yaml": DEPLOYMENT.format(CLI), "compose.yaml": COMPOSE.format(CLI)},
        {},
        {},
        {"d.yaml": DEPLOYMENT.format("¤:ocp_4.21_cli"), "compose.yaml": COMPOSE.format("¤:ocp_4.21_cli")},
    ),
    image_apart("a patch replaces it", "p.yaml", "- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: quay.io/a/b:c\n"),
    image_of("registries that a cluster allows", "i.yaml", CLUSTER.format("allowedRegistries", "§"), TEXT, Why("payloads contain", silent=True)),
    image_apart("registries that a cluster blocks", "i.yaml", CLUSTER.format("blockedRegistries", "§"), Why("payloads contain", silent=True)),
    image_apart("a cluster allows both", "i.yaml", CLUSTER.format("allowedRegistries", "quay-proxy.ci.openshift.org\n    - §"), Why("proxy", silent=True), Why("payloads", silent=True)),
    image_apart("another cluster", "other/i.yaml", CLUSTER.format("allowedRegistries", "§"), Why("payloads contain", silent=True)),
    image_of("registries that Gatekeeper allows", "g.yaml", "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sAllowedRepos\nspec:\n  parameters:\n    repos:\n    - §/\n", TEXT, Why("a bare host", silent=True)),
    image_of("registries that Kyverno allows", "k.yaml", 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec:\n  rules:\n  - validate:\n      pattern:\n        spec:\n          containers:\n          - image: "§/*"\n', TEXT, Why("a pattern", silent=True)),
]  # fmt: skip
CONTEXTS: list[Entry] = [
    *(
        repo(f"a build context of {path}", {"Dockerfile": f"FROM {BASE}\n", path: text}, {}, {"Dockerfile": (TEXT,), path: (why,)})
        for path, text, why in (
            ("docker-bake.hcl", f'target "a" {{\n  contexts = {{\n    "{BASE}" = "target:b"\n  }}\n}}\n', TEXT),
            ("compose.yaml", f"services:\n  a:\n    build:\n      context: .\n      additional_contexts:\n      - {BASE}=docker-image://quay.io/a/b:c\n", told("longer value")),
            (".github/workflows/a.yaml", f"jobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v6\n      with:\n        build-contexts: |\n          {BASE}=docker-image://quay.io/a/b:c\n", told("longer value")),
            ("a.sh", f'B={BASE}\ndocker buildx build --build-context "$B=docker-image://quay.io/a/b:c" .\n', TEXT),
            ("a.py", f'import subprocess\nsubprocess.run(["podman", "build", "--build-context", "{BASE}=container-image://quay.io/a/b:c", "."])\n', told("by its name")),
        )
    ),
    repo(
        "a build context of another name",
        {"Dockerfile": f"FROM {BASE}\n", "docker-bake.hcl": 'target "a" {\n  contexts = {\n    base = "target:b"\n  }\n}\n', "a.sh": "docker buildx build --build-context src=../x .\n"},
        {"Dockerfile": "FROM ¤:ocp_4.21_base\n"},
        {},
    ),
]  # fmt: skip

JOB = "jobs:\n  a:\n    steps:\n    - {}\n    - run: podman pull §/ocp/4.21:cli\n"
PULLED = JOB.replace("§/ocp/4.21:cli", "¤:ocp_4.21_cli")
ACTION, LOGIN = "uses: docker/login-action@v3\n      with:\n        registry: §", "run: podman login -u a -p $P §"
PROXY_LOGIN = "run: podman login -u a -p $P quay-proxy.ci.openshift.org"
DOUBT, BARE = "logs in to registry.ci.openshift.org", Why("a bare host", silent=True)
CREDENTIALS = "jobs:\n  a:\n    container:\n      image: {}\n      credentials:\n        username: a\n        password: b\n"
PULLS: list[Entry] = [
    unsafe("an action that logs in", ".github/workflows/a.yaml", JOB.format(ACTION), PULLED.format(ACTION), DOUBT, BARE),
    unsafe("a step that logs in", ".github/workflows/a.yaml", JOB.format(LOGIN), PULLED.format(LOGIN), DOUBT, BARE),
    unsafe(
        "a login in another job", ".github/workflows/a.yaml", JOB.format("run: a") + f"  b:\n    steps:\n    - {LOGIN}\n",
        PULLED.format("run: a") + f"  b:\n    steps:\n    - {LOGIN}\n", "no anonymous pull", BARE,
    ),
    unsafe("a workflow without a login", ".github/workflows/a.yaml", JOB.format("run: a"), PULLED.format("run: a"), "no anonymous pull"),
    unsafe(
        "a container of a workflow", ".github/workflows/a.yaml", "jobs:\n  a:\n    container: §/ocp/4.21:cli\n",
        "jobs:\n  a:\n    container: ¤:ocp_4.21_cli\n", "no anonymous pull",
    ),
    safe("a workflow that logs in to the proxy", ".github/workflows/a.yaml", JOB.format(PROXY_LOGIN), PULLED.format(PROXY_LOGIN), Why("the host of the proxy", silent=True)),
    safe("a step elsewhere", "ci/a.yaml", "jobs:\n  a:\n    container:\n      image: §/ocp/4.21:cli\n", "jobs:\n  a:\n    container:\n      image: ¤:ocp_4.21_cli\n"),
    unsafe("a container with credentials", ".github/workflows/a.yaml", CREDENTIALS.format("§/ocp/4.21:cli"), CREDENTIALS.format("¤:ocp_4.21_cli"), "with the credentials of this file"),
    unsafe("never pulled", "a.yaml", POD.format("§/ocp/4.21:cli") + "    imagePullPolicy: Never\n", POD.format("¤:ocp_4.21_cli") + "    imagePullPolicy: Never\n", "imagePullPolicy: Never"),
    safe("always pulled", "clusters/app.ci/a.yaml", POD.format("§/ocp/4.21:cli") + "    imagePullPolicy: Always\n", POD.format("¤:ocp_4.21_cli") + "    imagePullPolicy: Always\n"),
]  # fmt: skip

DATA: list[Entry] = [
    left("what a signature is for", "a.json", '{"critical": {"identity": {"docker-reference": "§/ocp/4.21:cli"}}}\n', Why("a signature is for", silent=True)),
    left("test data", "src/test_fixtures/a.yaml", "image: §/ocp/4.21:cli\n", Why("test data", silent=True)),
    unsafe(
        "a tag in quotes of its own", "a.sh", 'for i in cli tests; do\n  p=§/ocp/4.21:"${i}"\n  echo $p\ndone\n',
        'for i in cli tests; do\n  p=¤:ocp_4.21_"${i}"\n  echo $p\ndone\n', "who pulls",
    ),
    unsafe(
        "a tag in quotes behind a transport", "a.sh", 'i=cli\nf() { local p=docker://§/ocp/4.21:"$i"-x; }\n',
        'i=cli\nf() { local p=docker://¤:ocp_4.21_"$i"-x; }\n', "who pulls",
    ),
    left("the rest of a tag in quotes", "a.sh", 'podman pull ¤:ocp_4.21_"$IMAGE"\n', Why("cut off", silent=True)),
]  # fmt: skip

WATCHED: list[Entry] = [*PROGRAMS, *SUMS, *UPDATERS, *EXACT, *IMAGES, *CONTEXTS, *PULLS, *DATA]
