"""Hostile inputs: text that looks like a pull and is not, that only looks whole, or that another line depends on."""

from __future__ import annotations

from . import Entry, left, repo, safe, silent, told, unsafe

BEGINNING = told("the beginning of a reference")
ENCODED = silent("percent-encoded")

BEGINNINGS: list[Entry] = [
    left("quotes behind the namespace", "x.sh", 'podman pull §/ocp/"$V":cli\n', BEGINNING),
    left("quotes behind the host", "x.sh", 'podman pull §/"$NS"/4.21:cli\n', BEGINNING),
    left("braces behind the namespace", "x.sh", "podman pull §/ocp/{4.20,4.21}:cli\n", BEGINNING),
    left("a command behind the namespace", "x.sh", "podman pull §/ocp/`cat v`:cli\n", BEGINNING),
    left("a prefix in a variable", "x.sh", 'P="§/ocp/"\npodman pull "$P$V:cli"\n', BEGINNING),
    left("a sum in Go", "a.go", 'package a\nvar x = "§/ocp/" + v + ":cli"\n', BEGINNING),
    left("folded in YAML", "a.yaml", 'd: "§/ocp/\\\n  4.21:cli"\n', BEGINNING),
    left("on the host that is gone", "x.sh", 'podman pull †/ocp/"$V":cli\n', BEGINNING),
    left("in prose it is a name", "a.md", "All of §/ocp/ is stale.\n", silent("a bare host")),
    left("a test on a prefix", "a.go", 'package a\nvar y = strings.HasPrefix(s, "§/ocp/")\n', silent("compared with")),
    left("a host and a slash, all of a string", "x.sh", "P='§/'\n", silent("a bare host")),
    left("an encoded path", "x.sh", "curl -s $U/§%2Focp%2F4.21\n", ENCODED),
    left("an encoded separator", "x.sh", "curl -s $U/§/ocp%2F4.21\n", ENCODED),
]

FORMATS: list[Entry] = [
    left("name and tag in verbs of a format", "a.go", 'package a\nvar x = fmt.Sprintf("§/ocp/%s.%s:%s", a, b, c)\n', told("a format of a program")),
]  # fmt: skip

LOGIN = "logs in to registry.ci.openshift.org, and nothing here to quay-proxy.ci.openshift.org"
LOGINS: list[Entry] = [
    unsafe("behind a login", "x.sh", "podman login -u a -p $P §\npodman pull §/ocp/4.21:cli\n", "podman login -u a -p $P §\npodman pull ¤:ocp_4.21_cli\n", LOGIN, silent("a bare host")),
    unsafe("a variable behind a login", "x.sh", "I=§/ocp/4.21:cli\npodman login -u a -p $P §\npodman pull $I\n", "I=¤:ocp_4.21_cli\npodman login -u a -p $P §\npodman pull $I\n", LOGIN, silent("a bare host")),
    safe("a login to both", "x.sh", "podman login -u a -p $P §\npodman login -u a -p $P quay-proxy.ci.openshift.org\npodman pull §/ocp/4.21:cli\n", "podman login -u a -p $P §\npodman login -u a -p $P quay-proxy.ci.openshift.org\npodman pull ¤:ocp_4.21_cli\n", silent("a bare host"), silent("the host of the proxy")),
    safe("a login to another registry", "x.sh", "podman login -u a -p $P quay.io\npodman pull §/ocp/4.21:cli\n", "podman login -u a -p $P quay.io\npodman pull ¤:ocp_4.21_cli\n"),
    *(
        unsafe(f"logins in a file: {name}", path, text.format("§/ocp/4.21:cli"), text.format("¤:ocp_4.21_cli"), "names the logins that it pulls with", *stays)
        for name, path, text, *stays in (
            ("of a login to the old one", "x.sh", "podman login --authfile $F §\npodman pull --authfile $F {}\n", silent("a bare host")),
            ("behind the image", "x.md", "```\n$ podman pull {} --authfile ~/pull-secret\n```\n"),
            ("of skopeo, with a variable", "x.sh", "I={}\nskopeo copy -q --src-authfile=$S docker://$I oci:x\n"),
            ("of oc, by its short option", "x.sh", "oc image extract \\\n  -a pull.json {} --path /usr/bin/oc:.\n"),
            ("of oc in a recipe", "Makefile", "get:\n\toc image info --registry-config $(PULL_SECRET) {}\n"),
            ("in the environment", "x.sh", "REGISTRY_AUTH_FILE=ps.json podman pull {}\n"),
        )
    ),
    safe("a file of logins that the proxy is in", "x.sh", "podman login --authfile $F quay-proxy.ci.openshift.org\npodman pull --authfile $F §/ocp/4.21:cli\n", "podman login --authfile $F quay-proxy.ci.openshift.org\npodman pull --authfile $F ¤:ocp_4.21_cli\n", silent("the host of the proxy")),
    safe("logins of another command", "x.sh", "podman push --authfile $F quay.io/a/b:c\nwho -a\npodman pull §/ocp/4.21:cli\n", "podman push --authfile $F quay.io/a/b:c\nwho -a\npodman pull ¤:ocp_4.21_cli\n"),
    safe("in another step", "a.yaml", "a:\n- run: podman login -u a -p $P §\n- run: podman pull §/ocp/4.21:cli\n", "a:\n- run: podman login -u a -p $P §\n- run: podman pull ¤:ocp_4.21_cli\n", silent("a bare host")),
]  # fmt: skip

PART = "names a part of it"
FRAGMENTS: list[Entry] = [
    unsafe("the list of images is searched", "x.sh", "podman pull §/ocp/4.21:cli\npodman images | grep ocp/4.21\n", "podman pull ¤:ocp_4.21_cli\npodman images | grep ocp/4.21\n", PART),
    unsafe("with escapes", "x.sh", "podman pull §/ocp/4.21:cli\npodman ps | awk '/ocp\\/4\\.21/'\n", "podman pull ¤:ocp_4.21_cli\npodman ps | awk '/ocp\\/4\\.21/'\n", PART),
    unsafe("in a pattern of case", "x.sh", "out=$(podman inspect §/ocp/4.21:cli)\ncase $out in *4.21:cli*) ;; esac\n", "out=$(podman inspect ¤:ocp_4.21_cli)\ncase $out in *4.21:cli*) ;; esac\n", PART),
    unsafe("run by its short name", "x.sh", "podman pull §/ocp/4.21:cli\npodman run ocp/4.21:cli\n", "podman pull ¤:ocp_4.21_cli\npodman run ocp/4.21:cli\n", PART),
    unsafe("in a recipe", "Makefile", "a:\n\tpodman pull §/ocp/4.21:cli\n\tpodman images | grep ocp/4.21\n", "a:\n\tpodman pull ¤:ocp_4.21_cli\n\tpodman images | grep ocp/4.21\n", PART),
    unsafe("in Python", "a.py", 'import os\nos.system("podman pull §/ocp/4.21:cli")\nassert "ocp/4.21" in out\n', 'import os\nos.system("podman pull ¤:ocp_4.21_cli")\nassert "ocp/4.21" in out\n', PART),
    unsafe("a filter over all tags", "x.sh", "podman pull §/ocp/4.21:cli\npodman images --filter reference='§/ocp/4.21:*'\n", "podman pull ¤:ocp_4.21_cli\npodman images --filter reference='§/ocp/4.21:*'\n", "looks for all images of its name", told("cut off")),
    unsafe("a digest that another line pulls by", "x.sh", "d=$(skopeo inspect docker://§/ocp/4.21:cli | jq -r .Digest)\npodman pull §/ocp/4.21@$d\n", "d=$(skopeo inspect docker://¤:ocp_4.21_cli | jq -r .Digest)\npodman pull ¤@$d\n", ("its digest may be", "a digest")),
    unsafe(
        "created without the tag that was pulled", "Makefile", "a:\n\tpodman pull §/ci/x:latest\n\tpodman create §/ci/x\n",
        "a:\n\tpodman pull ¤:ci_x_latest\n\tpodman create ¤:ci_x_latest\n", ("the same text stays in line 3", "no tag"),
    ),
    safe("tagged with a name of its own", "x.sh", "podman pull §/ci/x:v1\npodman tag §/ci/x:v1 x:v1\npodman run x:v1\n", "podman pull ¤:ci_x_v1\npodman tag ¤:ci_x_v1 x:v1\npodman run x:v1\n"),
    safe("the same path in another registry, a folder, a comment", "x.sh", "podman pull §/ocp/4.21:cli\npodman run quay.io/ocp/4.21:cli -v /ocp/4.21/x:/x\n# grep ocp/4.21\n", "podman pull ¤:ocp_4.21_cli\npodman run quay.io/ocp/4.21:cli -v /ocp/4.21/x:/x\n# grep ocp/4.21\n"),
    safe("prose beside it", "a.md", "```\npodman pull §/ocp/4.21:cli\n```\nThen run ocp/4.21 as you like.\n", "```\npodman pull ¤:ocp_4.21_cli\n```\nThen run ocp/4.21 as you like.\n"),
]  # fmt: skip

RUN = 'import os, subprocess\ncmd = ["podman", "pull", "{}"]\nsubprocess.run(cmd)\n'
TAKEN, KEPT = [
    'print(cmd[2].split(":"))', "os.path.basename(cmd[-1])", "image = cmd[2]\nprint(image.rpartition('/'))", 'urlparse("docker://" + cmd[2])',
    're.match(r".*:(.*)", cmd[2])', 'cmd[2].removeprefix("registry.ci.")', 'cmd[-1].endswith(":cli")', "Path(cmd[2]).name",
], [
    'print(" ".join(cmd))', 'cmd[0].split(" ")', 'x.split(":")', "os.path.basename(x), cmd", 'cmd.index("pull")', 'cmds[0].split(":")', 'self.cmd.split(":")',
]  # fmt: skip
OLD, CLI = "§/ocp/4.21:cli", "¤:ocp_4.21_cli"
DIVIDED: list[Entry] = [
    *(unsafe(f"a command of Python, then {use}", "a.py", RUN.format(OLD) + use + "\n", RUN.format(CLI) + use + "\n", "takes the command apart") for use in TAKEN),
    *(safe(f"a command of Python, and {use}", "a.py", RUN.format(OLD) + use + "\n", RUN.format(CLI) + use + "\n") for use in KEPT),
    *(
        unsafe(f"a command of JavaScript, then {use}", "a.js", f"const c = `podman pull {OLD}`;\nexecSync(c);\n{use}\n", f"const c = `podman pull {CLI}`;\nexecSync(c);\n{use}\n", "takes the command apart")
        for use in ("c.split('/');", "c.match(/:(.*)$/);", "path.basename(c);")
    ),
    unsafe("a command of Jenkins", "Jenkinsfile", f"def c = 'podman pull {OLD}'\nsh c\necho c.tokenize('/')[1]\n", f"def c = 'podman pull {CLI}'\nsh c\necho c.tokenize('/')[1]\n", "line 3 takes the command apart"),
    safe("a command of Jenkins, divided at white space", "Jenkinsfile", f"def c = 'podman pull {OLD}'\nsh c\nc.split(' ')\n", f"def c = 'podman pull {CLI}'\nsh c\nc.split(' ')\n"),
]  # fmt: skip

PUSHED, CACHE, LOCK = told("a push target"), told("a build cache"), told("a lock file")
PLACES: list[Entry] = [
    left("a copy in another registry", "x.sh", "podman pull localhost:5000/§/ocp/4.21:cli\n", told("within a longer path")),
    left("a copy below a mirror", "x.sh", "podman pull ${MIRROR}/§/ocp/4.21:cli\n", told("within a longer path")),
    left("a folder", "x.sh", "cp cache/§/ocp/4.21:cli x\n", told("within a longer path")),
    safe("a transport is no path", "x.sh", "podman pull docker://§/ocp/4.21:cli\n", "podman pull docker://¤:ocp_4.21_cli\n"),
    left("namespace and name in a verb of a format", "a.go", 'package a\nvar x = fmt.Sprintf("§/%s:cli", v)\n', told("one path component beside a variable")),
    left("the tag of an index", "x.sh", "opm index add --bundles quay.io/a/b:c -t §/ocp/4.21:index\n", silent("a build's output")),
    left("a bundle of Tekton", "x.sh", "tkn bundle push §/ocp/4.21:b -f x.yaml\n", PUSHED),
    left("an artifact", "x.sh", "oras push §/ocp/4.21:b file\n", PUSHED),
    left("the output of a BuildConfig", "a.yaml", "kind: BuildConfig\nspec:\n  output:\n    to:\n      kind: DockerImage\n      name: §/ocp/4.21:out\n", PUSHED),
    left("the tags of an action", ".github/workflows/a.yaml", "jobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v5\n      with:\n        tags: §/ocp/4.21:out\n        cache-from: type=registry,ref=§/ocp/4.21:c\n", PUSHED, CACHE),
    left("the cache of a service", "compose.yaml", "services:\n  a:\n    build:\n      cache_from: [§/ocp/4.21:c]\n", CACHE),
    left("built by Jenkins", "Jenkinsfile", "node { docker.build('§/ocp/4.21:g').push() }\n", silent("a build's output")),
    left("blocked by a mirror", "imageset.yaml", "kind: ImageSetConfiguration\nmirror:\n  blockedImages:\n  - name: §/ocp/4.21:b\n", silent("a pattern")),
    left("an edit by Ansible", "play.yaml", "- tasks:\n  - lineinfile:\n      path: f\n      regexp: '§/ocp/4.21:cli'\n  - shell: podman pull §/ocp/4.21:cli\n", silent("a pattern"), told("looks for this very text")),
    left("compared, split and replaced in HCL", "a.tf", 'locals {\n  a = x == "§/ocp/4.21:a"\n  b = split("/", "§/ocp/4.21:b")\n  c = replace(x, "§/ocp/4.21:c", "y")\n}\n', *[silent("compared with")] * 3),
    unsafe("a default in HCL", "a.tf", '# don\'t\nvariable "a" {\n  default = "§/ocp/4.21:cli"\n}\n', '# don\'t\nvariable "a" {\n  default = "¤:ocp_4.21_cli"\n}\n', "nothing here shows"),
    *(left(f"a lock file, {path}", path, '{"image": "§/ocp/4.21:cli"}\n', LOCK) for path in ("package-lock.json", "rpms.lock.yaml", "poetry.lock")),
    left("a list of checksums", "SHA256SUMS", "0123  §/ocp/4.21:cli\n", silent("checksums")),
    left("a licence", "LICENSE", "Parts are of §/ocp/4.21:cli.\n", silent("a legal text")),
    left("paths that are ignored", ".gitignore", "§/ocp/4.21:cli\n", silent("paths or owners")),
    left("a mock", "src/__mocks__/a.ts", "const a = '§/ocp/4.21:cli';\n", silent("test data")),
    *(
        repo(f"a Dockerfile that {path} searches", {"Dockerfile": "FROM §/ocp/4.21:base\n", path: text}, {}, {"Dockerfile": (told("a script reads this file"),)})
        for path, text in (
            (".tekton/a.yaml", "spec:\n  steps:\n  - script: |\n      grep 'ocp/4.21:base' Dockerfile\n"),
            ("Jenkinsfile", "node {\n  sh '''\n    grep ocp/4.21:base Dockerfile\n  '''\n}\n"),
        )
    ),
]  # fmt: skip

POD = "apiVersion: v1\nkind: Pod\nspec:\n"
LITERAL = "base_images: {{}}\nimages:\n- dockerfile_literal: |\n    FROM {}\n  to: a\ntests: []\n"
PODS: list[Entry] = [
    unsafe("with pull secrets of its own", "a.yaml", POD + "  imagePullSecrets: [{name: ci}]\n  containers:\n  - image: §/ocp/4.21:cli\n", POD + "  imagePullSecrets: [{name: ci}]\n  containers:\n  - image: ¤:ocp_4.21_cli\n", "imagePullSecrets"),
    unsafe("an anchor that a variable repeats", "a.yaml", POD + "  containers:\n  - image: &i §/ocp/4.21:cli\n    env: [{name: WANTED, value: *i}]\n", POD + "  containers:\n  - image: &i ¤:ocp_4.21_cli\n    env: [{name: WANTED, value: *i}]\n", "an anchor"),
    unsafe("a job of another Prow", "prow/jobs/x-periodics.yaml", "periodics:\n- spec:\n    containers:\n    - image: §/ci/a:v1\n", "periodics:\n- spec:\n    containers:\n    - image: ¤:ci_a_v1\n", "a Prow job outside openshift/release"),
    safe("a job of openshift/release", "ci-operator/jobs/infra-x.yaml", "periodics:\n- spec:\n    containers:\n    - image: §/ci/a:v1\n", "periodics:\n- spec:\n    containers:\n    - image: ¤:ci_a_v1\n"),
    left("images that are kept from pruning", "core-services/prevent-image-gc/a.yaml", "apiVersion: v1\n" + "kind: Pod\nspec:\n  containers:\n  - image: †/ocp/4.1:base\n", silent("not pruned")),
    safe("an anchor of images alone", "clusters/app.ci/a.yaml", POD + "  containers:\n  - image: &i §/ocp/4.21:cli\n  - image: *i\n", POD + "  containers:\n  - image: &i ¤:ocp_4.21_cli\n  - image: *i\n"),
    *(
        unsafe(f"pulled by the nodes of some cluster: {name}", path, text.format("§/ocp/4.21:cli"), text.format("¤:ocp_4.21_cli"), "pulled by the nodes")
        for name, path, text in (
            ("a sidecar", "contrib/sidecar.yaml", "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: {}\n"),
            ("a patch of kustomize", "base/patches/s.yaml", "apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  template:\n    spec:\n      containers:\n      - image: {}\n"),
            ("a static pod", "templates/00-master/files/etcd.yaml", "contents:\n  inline: |\n    apiVersion: v1\n    kind: Pod\n    spec:\n      initContainers:\n      - image: {}\n"),
            ("a pod that a script creates", "debug.sh", "oc create -f - <<EOF\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {}\nEOF\n"),
            ("a task of Tekton", ".tekton/a.yaml", "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n  - image: {}\n"),
        )
    ),
    *(
        left(f"what a test expects: {path}", path, "image: §/ocp/4.21:cli\n", silent("test data"))
        for path in ("test/a/expected.json", "test/a/expected_files/b.yaml", "test/expected-output.yaml", "a/expected_pods.txt")
    ),
    unsafe(
        "a Dockerfile of a configuration among tests", "test/e2e/a/config.yaml", LITERAL.format("§/ocp/4.21:cli"), LITERAL.format("¤:ocp_4.21_cli"), "among tests",
    ),
    safe("a Dockerfile of a configuration", "ci-operator/config/o/tests/o-tests-main.yaml", LITERAL.format("§/ocp/4.21:cli"), LITERAL.format("¤:ocp_4.21_cli")),
]  # fmt: skip

WARY: list[Entry] = [*BEGINNINGS, *FORMATS, *LOGINS, *FRAGMENTS, *DIVIDED, *PLACES, *PODS]
