"""Edge cases of every language, through the whole tool: what `--fix` changes, and what it must not touch.

`§` stands for a reference on registry.ci.openshift.org, and in the expected text for its QCI form (`¤`: unchanged).
"""

from __future__ import annotations

import pytest

from .conftest import NEW, OLD, fixed, lint

HOST = "registry.ci.openshift.org"
Q = "quay-proxy.ci.openshift.org/openshift/ci:"

# path, text before, text after (None: untouched)
CASES: list[tuple[str, str, str, str | None]] = [
    # Dockerfile
    ("platform flag and CRLF", "Dockerfile", "FROM --platform=$P   §   as  b\r\n", "FROM --platform=$P   §   as  b\r\n"),
    ("byte order mark", "Dockerfile", "\ufeffFROM §\n", "\ufeffFROM §\n"),
    ("comment in a continuation", "Dockerfile", "FROM \\\n# was quay.io/x\n  § \\\n AS b\n", "FROM \\\n# was quay.io/x\n  § \\\n AS b\n"),
    ("reference over two lines", "Dockerfile", f"FROM {HOST}/ocp/\\\n4.20:cli\n", None),
    ("FROM in a heredoc of RUN", "Dockerfile", "FROM a\nRUN <<EOF\nFROM §\nEOF\n", None),
    ("heredoc bodies of COPY", "Dockerfile", "FROM a\nCOPY <<A <<B /x/\nFROM §\nA\npodman pull §\nB\n", None),
    ("escape directive", "Dockerfile", "# escape=`\nFROM a\nRUN c:\\\nFROM §\n", "# escape=`\nFROM a\nRUN c:\\\nFROM §\n"),
    ("host in an ARG", "Dockerfile", f"ARG R={HOST}\nFROM ${{R}}/ocp/4.20:cli\n", None),
    ("stage names are no images", "Dockerfile", "FROM § AS x\nCOPY --from=X /a /b\nCOPY --from=0 /a /b\n", "FROM § AS x\nCOPY --from=X /a /b\nCOPY --from=0 /a /b\n"),
    ("copy from an image", "Dockerfile", "FROM a\nCOPY --chown=1 --from=§ /a /b\n", "FROM a\nCOPY --chown=1 --from=§ /a /b\n"),
    ("mounts, quoted or not", "Dockerfile", 'FROM a\nRUN --mount=type=bind,from=§,target=/x --mount="type=cache,from=§" t\n', 'FROM a\nRUN --mount=type=bind,from=§,target=/x --mount="type=cache,from=§" t\n'),
    ("ARG with the whole reference", "Dockerfile", "ARG B=§\nFROM $B\n", "ARG B=§\nFROM $B\n"),
    ("quoted ARG", "Dockerfile", 'ARG B="§"\nFROM ${B}\n', 'ARG B="§"\nFROM ${B}\n'),
    ("default of a variable in FROM", "Dockerfile", "ARG B\nFROM ${B:-§}\n", None),
    ("doubled escape ends the line", "Dockerfile", "FROM a\nRUN x \\\\\nFROM §\n", "FROM a\nRUN x \\\\\nFROM §\n"),
    ("pull in RUN", "Dockerfile", "FROM a\nRUN podman pull \\\n    § && true\n", "FROM a\nRUN podman pull \\\n    § && true\n"),
    ("label", "Dockerfile", "FROM a\nLABEL base=§\n", None),
    ("shell variable in FROM", "Dockerfile", f"ARG V=4.20\nFROM {HOST}/ocp/$V:cli\n", f"ARG V=4.20\nFROM {Q}ocp_${{V}}_cli\n"),
    # YAML
    ("first value behind a byte order mark", "job.yaml", "\ufeffrun: podman pull §\n", "\ufeffrun: podman pull §\n"),
    ("emoji before", "job.yaml", "# 🎉🎉\nrun: podman pull §\n", "# 🎉🎉\nrun: podman pull §\n"),
    ("CRLF block", "job.yaml", "run: |\r\n  set -e\r\n  podman pull §\r\n", "run: |\r\n  set -e\r\n  podman pull §\r\n"),
    ("folded", "job.yaml", "run: >-\n  podman\n  pull §\n  --quiet\n", "run: >-\n  podman\n  pull §\n  --quiet\n"),
    ("escapes", "job.yaml", 'run: "podman pull registry.ci.openshift.org\\/ocp\\u002f4.20:cli"\n', 'run: "podman pull §"\n'),
    ("split in a quoted scalar", "job.yaml", 'image: "registry.ci.openshift.org/ocp/\\\n  4.20:cli"\n', None),
    ("equal keys", "job.yaml", "run: podman pull §\nrun: podman pull §\n", "run: podman pull §\nrun: podman pull §\n"),
    ("template", "job.yaml", "a: {{ img }}\nrun: podman pull §\n", "a: {{ img }}\nrun: podman pull §\n"),
    ("comment", "job.yaml", "# §\na: b\n", None),
    ("key", "job.yaml", "§: x\n", None),
    ("input alias", "ci-operator/config/o/r/o-r-main.yaml", "base_images: {}\nimages:\n- inputs:\n    x:\n      as:\n      - §\n  to: y\ntests: []\n", "base_images: {}\nimages:\n- inputs:\n    x:\n      as:\n      - ¤\n      - §\n  to: y\ntests: []\n"),
    ("alias of the same file", "ci-operator/config/o/r/o-r-main.yaml", "base_images: {}\nimages:\n- dockerfile_literal: |\n    FROM §\n  inputs:\n    bin:\n      as:\n      - §\n  to: y\ntests: []\n", "base_images: {}\nimages:\n- dockerfile_literal: |\n    FROM §\n  inputs:\n    bin:\n      as:\n      - ¤\n      - §\n  to: y\ntests: []\n"),
    ("pod", "clusters/app.ci/job.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: §\n", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: §\n"),
    ("pod of a payload", "job.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    include.release.openshift.io/x: 'true'\nspec:\n  containers:\n  - image: §\n", None),
    ("pod under manifests", "manifests/pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: §\n", None),
    ("mirror set", "idms.yaml", "apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nspec:\n  imageDigestMirrors:\n  - source: registry.ci.openshift.org/ocp/4.20\n", None),
    ("value of unknown use", "values.yaml", "toolImage: §\n", None),
    ("generated job", "ci-operator/jobs/o/r/o-r-main-presubmits.yaml", "presubmits:\n  o/r:\n  - spec:\n      containers:\n      - image: §\n", None),
    ("hand-written job", "ci-operator/jobs/infra-periodics.yaml", "periodics:\n- spec:\n    containers:\n    - image: §\n", "periodics:\n- spec:\n    containers:\n    - image: §\n"),
    ("mapping file", "core-services/image-mirroring/x/mapping_x", "§ quay.io/a/b:c\n", None),
    # shell
    ("variables get braces", "x.sh", f"podman pull {HOST}/$NS/$NAME-x:$TAG\n", None),
    ("variable in the name", "x.sh", f"podman pull {HOST}/openshift/origin-$NAME:$TAG\n", f"podman pull {Q}openshift_origin-${{NAME}}_$TAG\n"),
    ("payload in variables", "x.sh", f"podman pull {HOST}/ocp/$NAME:$TAG\n", None),
    ("quoted heredoc", "x.sh", "bash <<'EOF'\npodman pull § # $A\nEOF\n", "bash <<'EOF'\npodman pull § # $A\nEOF\n"),
    ("over two lines", "x.sh", f"podman pull {HOST}/ocp/\\\n4.20:cli\n", None),
    ("three runs of quotes", "x.sh", f"podman pull '{HOST}'\"/ocp/4.20\":cli\n", None),
    ("double bracket", "x.sh", f"[[ $i == {HOST}/ocp/* ]]\n", None),
    ("case", "x.sh", "case $i in §) echo;; esac\n", None),
    ("sed", "x.sh", "sed -i 's|§|x|' f\n", None),
    ("sed and pull of one text", "x.sh", "podman pull §\nsed -i 's|§|x|' f\n", None),
    ("grep", "x.sh", "grep -r § .\n", None),
    ("expression of another language", "x.sh", "docker pull ${{ env.R }}/a:1 # §\n", None),
    ("tag source follows its pull", "x.sh", "docker pull §\ndocker tag § local:x\n", "docker pull §\ndocker tag § local:x\n"),
    ("tag source alone", "x.sh", "docker tag § local:x\n", None),
    ("tag target", "x.sh", "docker tag local:x §\n", None),
    ("push", "x.sh", "docker push §\n", None),
    ("build output", "x.sh", "docker build -t § .\n", None),
    ("environment of run", "x.sh", "podman run -e IMAGE=§ quay.io/a/b:c\n", None),
    ("argument after the image", "x.sh", "podman run quay.io/a/b:c §\n", None),
    ("image after options", "x.sh", "podman run --rm -it -v /a:/b:z -e A=b --name x § cmd\n", "podman run --rm -it -v /a:/b:z -e A=b --name x § cmd\n"),
    ("transport", "x.sh", "skopeo inspect docker://§\n", "skopeo inspect docker://§\n"),
    ("list of tags", "x.sh", f"skopeo list-tags docker://{HOST}/ocp/builder\n", None),
    ("copy target", "x.sh", "skopeo copy docker://quay.io/a/b:c docker://§\n", None),
    ("mirror", "x.sh", "oc image mirror § quay.io/a/b:c\n", None),
    ("payload command", "x.sh", "oc adm release new --from-image-stream x --to-image-base §\n", None),
    ("on a node", "x.sh", "oc debug node/x -- chroot /host podman pull §\n", None),
    ("loop", "x.sh", "for i in § 'quay.io/a/b:c'; do\n  docker pull ${i}\ndone\n", "for i in § 'quay.io/a/b:c'; do\n  docker pull ${i}\ndone\n"),
    ("loop with another use", "x.sh", "for i in §; do\n  docker pull ${i}; echo ${i##*/}\ndone\n", None),
    ("variable that is only pulled", "x.sh", "IMAGE=§\npodman pull $IMAGE\n", "IMAGE=§\npodman pull $IMAGE\n"),
    ("variable that is taken apart", "x.sh", "IMAGE=§\npodman pull $IMAGE\necho ${IMAGE##*:}\n", None),
    ("exported variable", "x.sh", "export IMAGE=§\npodman pull $IMAGE\n", None),
    ("echo", "x.sh", "echo §\n", None),
    ("curl", "x.sh", f"curl https://{HOST}/v2/ocp/4.20/manifests/cli\n", None),
    ("login", "x.sh", f"podman login {HOST}\n", None),
    # Python
    ("printf holes", "x.py", 'os.system("podman pull registry.ci.openshift.org/ocp/v%s:cli" % v)\n', 'os.system("podman pull quay-proxy.ci.openshift.org/openshift/ci:ocp_v%s_cli" % v)\n'),
    ("one hole for two parts", "x.py", 'os.system("podman pull registry.ci.openshift.org/%s:%s" % (repo, tag))\n', None),
    ("implicit concatenation", "x.py", 'os.system("podman pull registry.ci.openshift.org/" "ocp/4.20:cli")\n', None),
    ("f-string", "x.py", 'run(f"podman pull registry.ci.openshift.org/ocp/{v!r:>3}:cli")\n', 'run(f"podman pull quay-proxy.ci.openshift.org/openshift/ci:ocp_{v!r:>3}_cli")\n'),
    ("form feed", "x.py", 'a = 1\n\x0crun("podman pull §")\n', 'a = 1\n\x0crun("podman pull §")\n'),
    ("Python 2", "x.py", 'print "x"\nos.system("podman pull §")\n', 'print "x"\nos.system("podman pull §")\n'),
    ("bytes", "x.py", 'run(b"podman pull §")\n', 'run(b"podman pull §")\n'),
    ("argument list", "x.py", 'run(["podman", "pull", "§"])\n', 'run(["podman", "pull", "§"])\n'),
    ("startswith", "x.py", 'if image.startswith("§"): pass\n', None),
    ("docstring", "x.py", '"""podman pull §"""\n', None),
    ("constant", "x.py", 'IMAGE = "§"\n', None),
    # Make
    ("recipe", "Makefile", "x:\n\t@podman pull §\n", "x:\n\t@podman pull §\n"),
    ("the shell's variable in a recipe", "Makefile", f"x:\n\tpodman pull {HOST}/ocp/$$V:cli\n", f"x:\n\tpodman pull {Q}ocp_$${{V}}_cli\n"),
    ("make's variable in a recipe", "Makefile", f"x:\n\tpodman pull {HOST}/ocp/$(V):cli\n", f"x:\n\tpodman pull {Q}ocp_$(V)_cli\n"),
    ("variable without parentheses", "Makefile", f"x:\n\tpodman pull {HOST}/ocp/$VER:cli\n", None),
    ("substitution reference", "Makefile", "B = $(A:%=§/%)\n", None),
    ("ifeq", "Makefile", "ifeq ($(I),§)\nendif\n", None),
    ("call of build-image", "Makefile", "$(call build-image,x,§,./Dockerfile,.)\n", None),
    ("only pulled", "Makefile", "I := §\nx:\n\tpodman pull $(I)\n", "I := §\nx:\n\tpodman pull $(I)\n"),
    ("pushed too", "Makefile", "I := §\nx:\n\tpodman pull $(I)\n\tpodman push $(I)\n", None),
    # JSON
    ("value", "x.json", '{"image": "§"}\n', None),
    ("key of a pull secret", "x.json", '{"auths": {"registry.ci.openshift.org": {"auth": "x"}}}\n', None),
    # Go and other code
    ("Go string", "x.go", 'var i = "§"\n', None),
    ("Go prefix", "x.go", 'if strings.HasPrefix(i, "§") {\n', None),
    ("Go command", "x.go", 'exec.Command("podman", "pull", "§")\n', None),
    ("Groovy command", "Jenkinsfile", 'sh "docker pull §"\n', 'sh "docker pull §"\n'),
    # Markdown
    ("console fence", "x.md", "```console\n$ podman pull §\npulled it\n```\n", "```console\n$ podman pull §\npulled it\n```\n"),
    ("console fence with its output", "x.md", "```console\n$ podman pull §\npulled §\n```\n", None),
    ("tilde fence in a list", "x.md", "- do\n  ~~~~sh\n  podman pull §\n  ~~~~\n", "- do\n  ~~~~sh\n  podman pull §\n  ~~~~\n"),
    ("Dockerfile fence", "x.md", "```dockerfile\nFROM §\n```\n", None),
    ("prose", "x.md", "Pull § with podman.  \n", None),
    ("inline code", "x.md", "Run `podman pull §`.\n", None),
    ("link", "x.md", "[§](https://registry.ci.openshift.org/x)\n", None),
    # plain text
    ("text", "notes.txt", "podman pull §\n", None),
    ("log", "build.log", "podman pull §\n", None),
]  # fmt: skip


def _before(text: str) -> bytes:
    return text.replace("§", OLD).encode()


@pytest.mark.parametrize(("path", "before", "after"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_fix(path: str, before: str, after: str | None) -> None:
    expected = _before(before) if after is None else after.replace("§", NEW).replace("¤", OLD).encode()
    assert fixed(_before(before), path) == expected
    assert fixed(expected, path) == expected


@pytest.mark.parametrize(("path", "before"), [pytest.param(case[1], case[2], id=case[0]) for case in CASES])
def test_every_reference_that_stays_has_its_reason(path: str, before: str) -> None:
    for finding in lint(_before(before), path).findings:
        assert finding.level == "safe" or finding.reason


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_bytes_before_a_reference(encoding: str) -> None:
    text = f"# coding: {encoding}\n# é\nrun('podman pull {OLD}')\n".encode(encoding)
    assert fixed(text, "x.py") == text.replace(OLD.encode(), NEW.encode())


@pytest.mark.parametrize("path", ["Dockerfile", "x.sh", "x.yaml", "x.py", "Makefile", "x.json", "x.md", "x.go", "x.txt"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\0\0\0" + OLD.encode(), id="NUL"),
        pytest.param(b"\xff\xfe" + OLD.encode() + b"\x80", id="no UTF-8"),
        pytest.param(OLD.encode() + b" x" * 2_500_000, id="5 MB line"),
        pytest.param(b'"' + OLD.encode(), id="open quote"),
        pytest.param(b"{{[[((" + OLD.encode(), id="open brackets"),
        pytest.param(OLD.encode() + b"\r" + OLD.encode() + b"\r", id="CR only"),
    ],
)
def test_nothing_makes_it_stumble(data: bytes, path: str) -> None:
    result = lint(data, path)
    assert [finding.reference.raw for finding in result.findings] == [OLD] * data.count(OLD.encode())
    once = fixed(data, path)
    assert once.replace(NEW.encode(), OLD.encode()) == data
    assert fixed(once, path) == once


HELD: list[tuple[str, str, str]] = [
    ("built and run", "x.sh", "podman build -t § .\npodman run §\n"),
    ("tagged and run", "x.sh", "docker tag local §\ndocker run §\n"),
    ("pulled and saved", "x.sh", "docker pull §\ndocker save § > x.tar\n"),
    ("pulled and loaded", "x.sh", "docker pull §\nkind load docker-image §\n"),
    ("pulled and removed", "x.sh", "podman pull §\npodman rmi §\n"),
    ("pulled and compared", "x.sh", "podman pull §\n[[ $i == § ]] && echo\n"),
    ("value: art stream", "x.sh", "S=4.20-art-latest\npodman pull registry.ci.openshift.org/ocp/$S:cli\n"),
    ("value: payload by default", "x.sh", "podman pull registry.ci.openshift.org/ocp/${R:-release}:4.20.1\n"),
    ("value: payload in a loop", "x.sh", "for r in release release-nightly; do podman pull registry.ci.openshift.org/ocp/$r:x; done\n"),
    ("value: one of several streams", "x.sh", "for s in 4.19 4.20-art-latest; do podman pull registry.ci.openshift.org/ocp/$s:cli; done\n"),
    ("value: two parts", "x.sh", "N=4.20/foo\npodman pull registry.ci.openshift.org/ocp/$N:cli\n"),
    ("value: in an ARG", "Dockerfile", "ARG R=4.20-art-latest\nFROM registry.ci.openshift.org/ocp/${R}:base\n"),
    ("value: in make", "Makefile", "S ?= 4.20-art-latest\nx:\n\tpodman pull registry.ci.openshift.org/ocp/$(S):cli\n"),
    ("name and version", "x.sh", "podman pull registry.ci.openshift.org/ocp/$NAME:4.20.0-rc.1\n"),
    ("ARG that is pushed", "Dockerfile", "FROM a\nARG T=§\nRUN podman push x $T\n"),
    ("ARG in a sed", "Dockerfile", 'FROM a\nARG T=§\nRUN sed -i "s|X|${T}|" /m.yaml\n'),
    ("ARG taken apart", "Dockerfile", "ARG A=§\nFROM ${A%%:*}:x\n"),
    ("ARG kept in ENV", "Dockerfile", "FROM a\nARG T=§\nENV RELATED_IMAGE=$T\n"),
    ("alias that a document shows", "x.md", "```sh\npodman pull §\n```\n\n```yaml\nbase_images: {}\nimages:\n- inputs:\n    x:\n      as:\n      - §\n  to: y\ntests: []\n```\n"),
    ("line of pairs in a ConfigMap", "x.yaml", "data:\n  map: |\n    § quay.io/a/b:c\n"),
    ("bundle of a catalogue", "catalog/x.v1.yaml", "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nspec:\n  containers:\n  - image: §\n"),
    ("custom resource", "x.yaml", "apiVersion: x/v1\nkind: Example\nspec:\n  containers:\n  - image: §\n"),
    ("patch", "hack/Dockerfile.patch", "--- a/Dockerfile\n+++ b/Dockerfile\n FROM §\n"),
    ("changelog", "CHANGELOG.md", "```sh\npodman pull §\n```\n"),
    ("OKD payload", "x.sh", "podman pull registry.ci.openshift.org/okd/release:4.20\n"),
    ("dated stream", "x.sh", "podman pull registry.ci.openshift.org/origin/scos-4.20-2025-01-01-000000:cli\n"),
    ("stable stream", "x.sh", "podman pull registry.ci.openshift.org/ocp/stable-4.20:cli\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), [pytest.param(*case[1:], id=case[0]) for case in HELD])
def test_an_edit_is_held_back(path: str, text: str) -> None:
    data = _before(text)
    assert fixed(data, path) == data
    assert all(finding.reason for finding in lint(data, path).findings)


ALLOWED: list[tuple[str, str, str]] = [
    ("good value", "x.sh", "S=4.20\npodman pull registry.ci.openshift.org/ocp/$S:cli\n"),
    ("pulled twice", "x.sh", "docker pull §\ndocker run §\n"),
    ("another text is pushed", "x.sh", "docker pull §\ndocker push registry.ci.openshift.org/ci/other:latest\n"),
    ("ARG of two FROMs", "Dockerfile", "ARG A=§\nFROM $A AS x\nFROM ${A}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), [pytest.param(*case[1:], id=case[0]) for case in ALLOWED])
def test_an_edit_is_not_held_back(path: str, text: str) -> None:
    data = _before(text)
    assert NEW.split("ocp")[0].encode() in fixed(data, path)
