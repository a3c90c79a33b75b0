"""Forms in which a rewrite is right: what a Dockerfile pulls, what a command pulls, and variables in both."""

from __future__ import annotations

from . import Entry, Table, left, safe, silent, told, unsafe

WHO = "nothing here shows who pulls"
ENDINGS = ("Containerfile", "tools.Dockerfile", *(
    f"images/Dockerfile.{ending}" for ending in ("ocp", "rhel", "rhel7", "ci", "openshift", "python", "functest.ci")
))  # fmt: skip

FROM: list[Entry] = [
    *(safe(f"in {path}", path, "FROM §/ocp/4.21:base-rhel9\n", "FROM ¤:ocp_4.21_base-rhel9\n") for path in ENDINGS),
    safe("one image in two stages", "Dockerfile", "FROM §/ocp/4.21:tools AS fetch\nRUN make\nFROM §/ocp/4.21:tools\n", "FROM ¤:ocp_4.21_tools AS fetch\nRUN make\nFROM ¤:ocp_4.21_tools\n"),
    safe("the host that is gone", "Dockerfile", "from †/ocp/4.2:cli as oc\n", "from ¤:ocp_4.2_cli as oc\n"),
    safe("a flag with a variable", "Dockerfile", "FROM --platform=${TARGETPLATFORM} §/ocp/builder:rhel-9-golang-1.25-openshift-4.21 AS b\n", "FROM --platform=${TARGETPLATFORM} ¤:ocp_builder_rhel-9-golang-1.25-openshift-4.21 AS b\n"),
    safe("the default of the argument that FROM names", "Dockerfile", "ARG RUNTIME=§/ocp/4.21:base-rhel9\nFROM ${RUNTIME}\n", "ARG RUNTIME=¤:ocp_4.21_base-rhel9\nFROM ${RUNTIME}\n"),
    safe("copied from", "Dockerfile", "FROM scratch\nCOPY --from=§/ocp/4.21:tools /bin/jq /bin/\n", "FROM scratch\nCOPY --from=¤:ocp_4.21_tools /bin/jq /bin/\n"),
    safe("mounted", "Dockerfile", "FROM scratch\nRUN --mount=type=bind,from=§/ci/tester:v2,target=/t /t/go\n", "FROM scratch\nRUN --mount=type=bind,from=¤:ci_tester_v2,target=/t /t/go\n"),
    unsafe("a default that a build argument overrides", "Dockerfile", "ARG BASE=${PARENT:-§/ocp/4.21:cli}\nFROM ${BASE}\n", "ARG BASE=${PARENT:-¤:ocp_4.21_cli}\nFROM ${BASE}\n", "a build argument may override"),
    unsafe("beside an image that stays", "Dockerfile", "FROM §/ocp/4.21:cli AS oc\nFROM §/ocp/4.21-art-latest:etcd\n", "FROM ¤:ocp_4.21_cli AS oc\nFROM §/ocp/4.21-art-latest:etcd\n", "fixed as a whole or not at all", silent("a stream that ART assembles")),
    unsafe("the default of an argument that no FROM names", "Dockerfile", "FROM scratch\nARG TOOL=§/ocp/4.21:cli\n", "FROM scratch\nARG TOOL=¤:ocp_4.21_cli\n", "not, or not only, the image of a FROM"),
    left("more than two parts", "Dockerfile", "FROM §/ocp/team/tool:v1\n", told("more than two path components")),
    left("a build that the mirror leaves out", "Dockerfile", "FROM §/ocp/builder:rhel-8-golang-1.11\n", silent("that the mirror leaves out")),
    left("a build root that the mirror leaves out", "Dockerfile", "FROM §/openshift/release:rhel-7-golang-1.13\n", silent("that the mirror leaves out")),
    left("a name that would be read as another", "Dockerfile", "FROM §/origin/node_exporter:latest\n", told("holds an underscore")),
    unsafe("text that RUN writes", "Dockerfile", "FROM scratch\nRUN cat <<'END' > /srv/notes\nFROM §/ocp/4.21:cli\nEND\n", "FROM scratch\nRUN cat <<'END' > /srv/notes\nFROM ¤:ocp_4.21_cli\nEND\n", WHO),
    left("over two lines", "Dockerfile", "FROM §/ocp/4.21\\\n:cli\n", told("cut off or split")),
    left("with a tag that is a placeholder", "Dockerfile", "FROM §/ocp/4.21:@BASE@\n", told("no valid image reference")),
]  # fmt: skip

COMMAND: list[Entry] = [
    safe("make recipe", "Makefile", "seed:\n\t@$(CONTAINER_ENGINE) pull §/ci/job-seeder:latest\n", "seed:\n\t@$(CONTAINER_ENGINE) pull ¤:ci_job-seeder_latest\n"),
    safe("extract in a recipe", "Makefile", "bin/boskos:\n\toc image extract §/ci/boskosctl:v1 --path /bin/b:$(OUT)\n", "bin/boskos:\n\toc image extract ¤:ci_boskosctl_v1 --path /bin/b:$(OUT)\n"),
    safe("on a line of its own", "hack/check.sh", 'podman run --rm \\\n  -v "$PWD:/w:Z" \\\n  --entrypoint "" \\\n  §/ci/checkconfig:latest \\\n  /w\n', 'podman run --rm \\\n  -v "$PWD:/w:Z" \\\n  --entrypoint "" \\\n  ¤:ci_checkconfig_latest \\\n  /w\n'),
    safe("the host that is gone", "hack/info", "#!/usr/bin/env bash\noc image info -o json †/ocp/4.5:cli\n", "#!/usr/bin/env bash\noc image info -o json ¤:ocp_4.5_cli\n"),
    safe("the source of a step", "ci-operator/config/o/r/o-r-main.yaml", "base_images: {}\nraw_steps:\n- source_step:\n    pull_spec: §/ocp/4.21:cli\ntests: []\n", "base_images: {}\nraw_steps:\n- source_step:\n    pull_spec: ¤:ocp_4.21_cli\ntests: []\n"),
    safe("shell in YAML", "jobs/nightly.yml", "script: |-\n  if ! docker pull §/ci/bumper:latest; then\n    exit 1\n  fi\n", "script: |-\n  if ! docker pull ¤:ci_bumper_latest; then\n    exit 1\n  fi\n"),
    safe("shell in Python", "hack/go.py", "subprocess.check_call('sudo docker run --net host §/ci/pj-rehearse:latest --dry', shell=True)\n", "subprocess.check_call('sudo docker run --net host ¤:ci_pj-rehearse_latest --dry', shell=True)\n"),
    safe("images of a loop, shell in Python", "jobs/refs.py", "STEP = \"\"\"\\\nfor each in '†/ci/cloner:latest' '†/ci/uploader:latest'; do\n    docker pull \"${each}\"\ndone\n\"\"\"\nrun(STEP, shell=True)\n", "STEP = \"\"\"\\\nfor each in '¤:ci_cloner_latest' '¤:ci_uploader_latest'; do\n    docker pull \"${each}\"\ndone\n\"\"\"\nrun(STEP, shell=True)\n"),
    safe("the pull, not the text about it", "x.sh", 'echo "getting §/ocp/4.21:jq"\npodman pull §/ocp/4.21:cli\n', 'echo "getting §/ocp/4.21:jq"\npodman pull ¤:ocp_4.21_cli\n', told("other text is joined to it")),
    unsafe("a step of a job", "ci-operator/step-registry/a/b/a-b-commands.sh", "podman run §/ci/scanner:latest\n", "podman run ¤:ci_scanner_latest\n", "make sure that this step can pull from QCI"),
    unsafe("on a node", "hack/node.sh", 'ssh core@"$NODE" sudo podman pull §/ocp/4.21:tools\n', 'ssh core@"$NODE" sudo podman pull ¤:ocp_4.21_tools\n', "a node of the cluster under test"),
    left("works on the stream itself", "x.sh", "oc import-image oc --from=§/ocp/4.21:cli --confirm\n", told("the image stream itself")),
    left("in local storage", "x.sh", "podman rmi §/ocp/4.21:cli\n", told("from local storage")),
]  # fmt: skip

IN_STRING: list[Entry] = [
    safe("source of a build", "deploy/b.yaml", "apiVersion: build.openshift.io/v1\nkind: BuildConfig\nspec:\n  source:\n    dockerfile: |\n      FROM §/openshift/release:golang-1.23\n      RUN make\n", "apiVersion: build.openshift.io/v1\nkind: BuildConfig\nspec:\n  source:\n    dockerfile: |\n      FROM ¤:openshift_release_golang-1.23\n      RUN make\n"),
    safe("dockerfile_literal", "ci-operator/config/o/r/o-r-main.yaml", "base_images: {}\nimages:\n- dockerfile_literal: |\n    FROM §/ocp/4.21:cli AS oc\n    RUN true\n  to: probe\ntests: []\n", "base_images: {}\nimages:\n- dockerfile_literal: |\n    FROM ¤:ocp_4.21_cli AS oc\n    RUN true\n  to: probe\ntests: []\n"),
    unsafe("raw string of Go", "pkg/build.go", "package build\n\nconst recipe = `FROM §/origin/ubi:9 AS base\nRUN id\n`\n", "package build\n\nconst recipe = `FROM ¤:origin_ubi_9 AS base\nRUN id\n`\n", "within another text"),
    unsafe("fenced in a page", "docs/build.md", "```Dockerfile\nFROM §/ocp/4.21:cli\n```\n", "```Dockerfile\nFROM ¤:ocp_4.21_cli\n```\n", "within another text"),
    left("payload in a build", "deploy/b.yaml", "kind: BuildConfig\nspec:\n  source:\n    dockerfile: |\n      FROM §/ocp/release:4.21.0-0.nightly-2026-02-03-000000\n", silent("a release payload")),
    left("no tag at all", "ci-operator/config/o/r/o-r-main.yaml", "base_images: {}\nimages:\n- dockerfile_literal: |\n    FROM §\n  to: probe\ntests: []\n", silent("a bare host")),
    left("string of a test", "pkg/build_test.go", "var recipe = `FROM §/origin/ubi:9`\n", silent("test data")),
]  # fmt: skip

HOLES: list[Entry] = [
    safe("braces delimit themselves", "x.sh", 'docker pull "§/openshift/origin-${kind}:${rev}"\n', 'docker pull "¤:openshift_origin-${kind}_${rev}"\n'),
    safe("a bare variable gets braces before an underscore", "x.sh", "podman pull §/azure/suite-$OS:v$REV\n", "podman pull ¤:azure_suite-${OS}_v$REV\n"),
    safe("a bare variable at the end gets none", "ci/az.yml", "script: |\n  docker run --rm §/azure/suite:v$REV make all\n", "script: |\n  docker run --rm ¤:azure_suite_v$REV make all\n"),
    safe("of make", "Makefile", "get:\n\tpodman pull §/ci/$(TOOL)-$(ARCH):$(REV)\n", "get:\n\tpodman pull ¤:ci_$(TOOL)-$(ARCH)_$(REV)\n"),
    safe("of the shell in make", "Makefile", "get:\n\tfor v in 4.20 4.21; do podman pull §/ocp/$$v:cli; done\n", "get:\n\tfor v in 4.20 4.21; do podman pull ¤:ocp_$${v}_cli; done\n"),
    safe("of an f-string", "x.py", 'run(f"podman pull §/ocp/{stream}:cli", shell=True)\n', 'run(f"podman pull ¤:ocp_{stream}_cli", shell=True)\n'),
    safe("percent", "x.py", 'os.system("podman pull §/ocp/builder:golang-%s" % go)\n', 'os.system("podman pull ¤:ocp_builder_golang-%s" % go)\n'),
    safe("of a template", "job.yaml.tmpl", "run: podman pull §/ocp/{{ .Stream }}:cli\n", "run: podman pull ¤:ocp_{{ .Stream }}_cli\n"),
    safe("argument of a Dockerfile", "Dockerfile", "ARG Z=4.21\nFROM §/ocp/$Z:base\n", "ARG Z=4.21\nFROM ¤:ocp_${Z}_base\n"),
    unsafe("a namespace", "x.sh", "podman pull §/${NS}/tool:v1\n", "podman pull ¤:${NS}_tool_v1\n", "the namespace is a variable"),
    unsafe("a name and a version", "Makefile", "get:\n\tpodman pull §/ocp/$(NAME):$(REV)\n", "get:\n\tpodman pull ¤:ocp_$(NAME)_$(REV)\n", "together they may name a release payload"),
    safe("a placeholder in underscores, apart", "Dockerfile", "FROM §/ocp/builder:golang-__GO__-a\n", "FROM ¤:ocp_builder_golang-__GO__-a\n"),
    unsafe("a placeholder in underscores beside those of the new form", "Dockerfile", "FROM §/ocp/__V__:cli\n", "FROM ¤:ocp___V___cli\n", "may look for another number of them"),
    left("a placeholder that no name may hold", "Dockerfile", "FROM §/ocp/@V@:cli\n", told("a part of it is a placeholder")),
    left("two parts in one", "x.sh", 'podman pull "§/$STREAM_AND_NAME:v1"\n', told("one path component beside a variable")),
    left("the separator is in a default", "x.sh", 'podman pull "§/ocp/${NAME:-4.21:cli}"\n', told("no valid image reference")),
    left("a value makes it a payload", "x.sh", "NAME=release\npodman pull §/ocp/$NAME:v1\n", told("a release payload")),
]  # fmt: skip

TABLE: Table = {"from": FROM, "command": COMMAND, "dockerfile-in-string": IN_STRING, "holes": HOLES}
