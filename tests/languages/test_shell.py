"""Where references stand in shell scripts; the lexer is held against shfmt's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.context import Context
from qcilint.languages import shell
from qcilint.languages.shell_lexer import Shell
from qcilint.languages.shell_syntax import Part, Script
from qcilint.locate import Locator

HOSTS = ["registry.ci.openshift.org", "registry.svc.ci.openshift.org"]
OLD = "registry.ci.openshift.org/ocp/4.20:cli"
TWO = "registry.ci.openshift.org/ocp/4.20:tools"


def contexts(text: str | bytes) -> list[Context]:
    data = text.replace("OLD", OLD).replace("TWO", TWO).encode() if isinstance(text, str) else text
    return shell.contexts(data, [(found.start, found.end) for found in Locator(HOSTS).locate(data)])


def wheres(text: str) -> list[str]:
    return [context.where for context in contexts(text)]


COMMANDS = {
    "podman pull OLD": "command:pull",
    "docker pull -q docker://OLD": "command:pull",
    "docker image pull OLD": "command:pull",
    "nerdctl --namespace k8s.io pull OLD": "command:pull",
    "buildah from --name x OLD": "command:pull",
    "crictl pull --creds a:b OLD": "command:pull",
    "ctr -n k8s.io images pull OLD": "command:pull",
    "crane pull OLD out.tar": "command:pull",
    "crane export OLD -": "command:extract",
    "crane digest OLD": "command:inspect",
    "crane manifest --platform linux/amd64 OLD": "command:inspect",
    "crane ls OLD": "command:list-tags",
    "docker run OLD": "command:run",
    "docker run -it --rm -v /a:/b:z -e X=y --name n OLD sh": "command:run",
    "docker run -dp 80:80 OLD": "command:run",
    "docker run --some-new-flag value OLD": "command:run",
    "docker run --some-new-flag OLD": "command:run",
    "docker run --some-new-flag OLD --opt": "command:run",
    "podman run --pull always OLD": "command:run",
    "podman run --pull=always OLD": "command:run",
    "podman run --tls-verify OLD x": "command:run",
    "podman run $DOCKER_ARGS OLD": "command:run",
    'podman run "${mounts[@]}" OLD': "command:run",
    "podman run $FOO OLD": "argument:podman",
    'podman run "$IMAGE" OLD': "argument:podman",
    "podman run $ENVIRONMENT_IMAGE OLD": "argument:podman",
    "podman run quay.io/a/b OLD": "argument:podman",
    "podman run -v $PWD:/x quay.io/a/b:1 tool --image OLD": "argument:podman",
    "docker create --name x OLD": "command:create",
    "podman container run --rm OLD": "command:run",
    "docker run -v OLD x": "argument:docker",
    "docker push OLD": "command:push",
    "podman push OLD docker://TWO": "command:push",
    "docker tag OLD local/x": "command:tag-source",
    "docker tag local/x OLD": "command:tag-target",
    "podman inspect --format '{{.Id}}' OLD": "command:inspect",
    "podman image exists OLD": "command:local",
    "docker rmi -f OLD": "command:local",
    "podman image pull OLD": "command:pull",
    "podman image push OLD": "command:push",
    "docker image tag OLD x": "command:tag-source",
    "docker image tag x OLD": "command:tag-target",
    "docker save -o x.tar OLD": "command:local",
    "docker image save OLD -o x.tar": "command:local",
    "podman save --format oci-archive -o x OLD": "command:local",
    "podman load -i x OLD": "command:local",
    "podman images OLD": "command:local",
    "docker images -q OLD": "command:local",
    "docker images --filter reference=OLD": "command:local",
    "podman ps --filter ancestor=OLD": "command:local",
    "docker ps -aq -f ancestor=OLD": "command:local",
    "podman ps --filter=ancestor=OLD": "command:local",
    "podman history OLD": "command:local",
    "podman untag OLD": "command:local",
    "podman image untag OLD": "command:local",
    "buildah rmi OLD": "command:local",
    "crictl rmi OLD": "command:local",
    "kind load docker-image OLD --name x": "command:local",
    "kind load docker-image --name x OLD": "command:local",
    "minikube -p x image load OLD": "command:local",
    "minikube image push OLD": "command:push",
    "k3d image import -c x OLD": "command:local",
    "docker build --cache-from OLD .": "command:local",
    "docker build --cache-from=OLD .": "command:local",
    "docker buildx build --cache-from type=registry,ref=OLD .": "command:local",
    "docker build --build-context x=OLD .": "command:local",
    "docker build --build-context=x=docker-image://OLD .": "command:local",
    "podman manifest push OLD docker://TWO": "command:push",
    "podman manifest add OLD x": "command:build-target",
    "podman manifest add x OLD": "argument:podman",
    "podman manifest create OLD": "command:build-target",
    "podman manifest create x OLD": "argument:podman",
    "podman manifest rm OLD": "command:local",
    "buildah from OLD": "command:pull",
    "buildah commit x OLD": "command:build-target",
    "buildah manifest add x OLD": "argument:buildah",
    "podman pull docker-daemon:OLD": "command:local",
    "podman container commit -q x OLD": "command:build-target",
    "docker login -u a -p b registry.ci.openshift.org": "command:login",
    "podman logout registry.ci.openshift.org": "command:logout",
    "oc registry login --registry registry.ci.openshift.org": "command:login",
    "docker build -t OLD .": "command:build-target",
    "docker buildx build --tag=OLD .": "command:build-target",
    "docker build --build-arg BASE=OLD .": "argument:build",
    "buildah bud --from=OLD .": "command:pull",
    "buildah copy --from OLD c /a /b": "command:pull",
    "podman commit c OLD": "command:build-target",
    "skopeo copy --all docker://OLD dir:/x": "command:pull",
    "skopeo copy docker://OLD oci:x:y": "command:pull",
    "skopeo copy docker://OLD oci-archive:x": "command:pull",
    "skopeo copy --src-creds a:b docker://OLD containers-storage:$X": "command:pull",
    "skopeo copy docker://OLD docker-archive:x.tar": "command:pull",
    'skopeo copy "docker://OLD" "docker-daemon:x:y"': "command:pull",
    "skopeo copy docker://OLD docker://quay.io/a/b:c": "command:copy-source",
    "skopeo copy docker://OLD $TARGET": "command:copy-source",
    "skopeo copy containers-storage:OLD docker://quay.io/a/b:c": "command:local",
    "skopeo copy docker://quay.io/a/b:c containers-storage:OLD": "command:copy-target",
    "skopeo sync --src docker --dest dir OLD x": "command:copy-source",
    "skopeo inspect containers-storage:OLD": "command:local",
    "skopeo copy --dest-creds a:b dir:/x docker://OLD": "command:copy-target",
    "skopeo inspect --config docker://OLD": "command:inspect",
    "skopeo list-tags docker://OLD": "command:list-tags",
    "oc image extract OLD --path /a:b": "command:extract",
    "oc image extract -a auth.json --path=/a:b OLD": "command:extract",
    "oc -n ci image info OLD": "command:info",
    "oc image mirror OLD quay.io/a/b:c": "command:mirror",
    "oc image mirror quay.io/a/b:c=OLD": "command:mirror",
    "oc image append --from OLD --to x/y:z": "command:extract",
    "oc image append --from x/y:z --to=OLD a.tar": "command:push",
    "oc adm release info --commits OLD": "command:release",
    "oc adm release extract --from=OLD --command=oc": "command:release",
    "oc adm release new cli=OLD --to-image x/y:z": "command:release",
    "oc adm must-gather --image=OLD": "command:run",
    "oc debug node/x --image OLD": "command:run",
    "kubectl run x --image=OLD": "command:run",
    "oc create deployment x --image=OLD": "command:run",
    "kubectl set image deploy/x c=OLD": "command:run",
    "oc tag OLD ns/name:tag": "command:import",
    "oc import-image x --from=OLD --confirm": "command:import",
    "opm index add --from-index OLD": "argument:opm",
    "curl -s https://example.com -d OLD": "argument:curl",
    'echo "OLD"': "argument:echo",
    "printf '%s\\n' OLD": "argument:printf",
    "build_image OLD": "argument:build_image",
    "docker frobnicate OLD": "argument:docker",
    "$SOMETHING pull OLD": "argument:$SOMETHING",
    "echo x > OLD": "argument:echo",
    "command -v OLD": "argument:command",
    "find . -exec podman pull OLD \\;": "command:pull",
    "find . -name OLD": "argument:find",
    "imagebuilder --from OLD=x .": "argument:imagebuilder",
    "imagebuilder --from x=OLD -f Dockerfile .": "argument:imagebuilder",
    "kustomize build OLD": "argument:kustomize",
    "python3 -c 'x = \"OLD\"'": "string",
    "python3 -u -W ignore -c 'import os; os.system(\"podman pull OLD\")' a": "command:pull",
    "python3 -c 'print(x == \"OLD\")'": "pattern",
    "python3 -m x -c OLD": "argument:python3",
    "python3 x.py -c OLD": "argument:python3",
}
PREFIXED = {
    "sudo podman pull OLD": "command:pull",
    "sudo -E -u core podman pull OLD": "command:pull",
    "A=b C=d podman pull OLD": "command:pull",
    "env -i A=b podman pull OLD": "command:pull",
    "time podman pull OLD": "command:pull",
    "timeout -k 5 10m podman pull OLD": "command:pull",
    "timeout ${T} podman pull OLD": "command:pull",
    "retry 5 podman pull OLD": "command:pull",
    "exec podman run OLD": "command:run",
    "nohup podman pull OLD &": "command:pull",
    "xargs -n1 podman pull OLD": "command:pull",
    "if podman pull OLD; then :; fi": "command:pull",
    "if ! podman pull OLD; then :; fi": "command:pull",
    "while podman pull OLD; do :; done": "command:pull",
    "until podman pull OLD; do :; done": "command:pull",
    "{ podman pull OLD; }": "command:pull",
    "( podman pull OLD )": "command:pull",
    "true && podman pull OLD || false": "command:pull",
    "f() { podman pull OLD; }": "command:pull",
    "case x in y) podman pull OLD;; esac": "command:pull",
    "podman pull OLD | cat": "command:pull",
    "x=$(podman run OLD)": "command:run",
    "x=`podman run OLD`": "command:run",
    'echo "a $(podman run OLD) b"': "command:run",
    "diff <(podman run OLD) x": "command:run",
    "podman \\\n  run --rm \\\n  -v a:b \\\n  OLD \\\n  sh": "command:run",
    "podman run --rm \\\r\n  OLD\r\n": "command:run",
    "$DOCKER pull OLD": "command:pull",
    "${CONTAINER_ENGINE:-podman} pull OLD": "command:pull",
    "$(CONTAINER_ENGINE) pull OLD": "command:pull",
    "${ENGINE} pull OLD": "command:pull",
    '"$OC" image extract OLD': "command:extract",
    "$(command -v podman) pull OLD": "command:pull",
    "${SUDO} podman pull OLD": "command:pull",
    "/usr/bin/podman pull OLD": "command:pull",
    "$ podman pull OLD": "command:pull",
    "echo podman pull OLD": "argument:echo",
    "# podman pull OLD": "comment",
    "true # podman pull OLD": "comment",
    "true;# OLD": "comment",
    "echo a#OLD": "argument:echo",
    "a=(x # OLD\n y)": "comment",
    'echo "${x:-it\'s}"; podman pull OLD': "command:pull",
}


@pytest.mark.parametrize(("text", "where"), [*COMMANDS.items(), *PREFIXED.items()], ids=[*COMMANDS, *PREFIXED])
def test_what_an_argument_is(text: str, where: str) -> None:
    assert wheres(text)[0] == where


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("docker run -e A=OLD x", "option:--env"),
        ("docker run --env=A=OLD x", "option:--env"),
        ("docker run --label a=OLD x", "option:--label"),
        ("docker run -l a=OLD x", "option:--label"),
        ("docker build --build-arg A=OLD .", "option:--build-arg"),
        ("docker build -t OLD .", "option:--tag"),
        ("oc adm must-gather --image=OLD", "cluster"),
        ("kubectl set image deploy/x c=OLD", "cluster"),
        ("ssh -i k host podman pull OLD", "remote"),
        ("oc exec -n a pod -c x -- podman pull OLD", "remote"),
        ("oc rsh pod podman pull OLD", "remote"),
        ("chroot /host podman pull OLD", "remote"),
        ("crictl pull OLD", "cluster"),
        ("sudo crictl pull --creds a:b OLD", "cluster"),
        ("ctr -n k8s.io images pull OLD", "cluster"),
        ("ctr run OLD x", "cluster"),
        ("minikube image pull OLD", "cluster"),
        ("a=(OLD)", "element"),
    ],
)
def test_labels(text: str, label: str) -> None:
    assert label in contexts(text)[0].labels


def test_a_positional_argument_has_no_option() -> None:
    assert contexts("docker run -e A=B OLD")[0].labels == ()


PATTERNS = {
    "grep -q OLD Dockerfile": ("Dockerfile",),
    "grep -e OLD -f x a b": ("a", "b"),
    "cat x | grep OLD": (),
    "grep OLD $FILE": ("$FILE",),
    "grep OLD *.yaml": ("*.yaml",),
    "grep -A 3 OLD a": ("a",),
    "git grep OLD": (),
    "sed -i 's|OLD|x|' Dockerfile Makefile": ("Dockerfile", "Makefile"),
    "sed -i 's|x|OLD|' Dockerfile": ("Dockerfile",),
    "sed -e 's|a|b|' -e 's|OLD|x|' Dockerfile > out": ("Dockerfile",),
    "sed -i '' 's|OLD|x|' Dockerfile": ("Dockerfile",),
    'sed "s|OLD|$X|" < Dockerfile': (),
    "find . -name x | xargs sed -i 's|OLD|x|'": (),
    "find . | xargs sed -i 's|OLD|x|' a": (),
    "find . -name x -exec sed -i 's|OLD|x|' {} \\;": (),
    "perl -pi -e 's{OLD}{x}' Dockerfile": ("Dockerfile",),
    "perl -i -pe 's{OLD}{x}' a b": ("a", "b"),
    "perl -0777 -i.bak -pe 's{OLD}{x}' a": ("a",),
    "perl -MFile::Slurp -ne 'print if /OLD/' a": ("a",),
    "perl -pe 's{OLD}{x}' $F": ("$F",),
    "jq '.x = \"OLD\"' a.json": ("a.json",),
    "jq -r --arg a b '.[\"OLD\"]' a.json": ("a.json",),
    "jq --arg img OLD '.x = $img' a.json": ("a.json",),
    "jq -f x.jq --arg img OLD a.json": ("a.json",),
    "cat a | jq 'select(.x == \"OLD\")'": (),
    "yq -i '.x = \"OLD\"' a.yaml": ("a.yaml",),
    "yq eval -i '.x = \"OLD\"' a.yaml b.yaml": ("a.yaml", "b.yaml"),
    'yq eval \'.x = "OLD"\' -i "$F"': ("$F",),
    "yq -s '.x == \"OLD\"' a.yaml": (),
    "kustomize edit set image OLD=quay.io/a/b": (),
    "kustomize edit set image x=OLD": (),
    "sd OLD x a": ("a",),
    "sd -f w x OLD a b": ("a", "b"),
    "rpl OLD x a": ("a",),
    "gawk -i inplace '{sub(/OLD/, \"x\")} 1' a": ("a",),
    "awk '/OLD/ {print}' a": ("a",),
    "awk -v i=OLD '{print i}' a": ("a",),
    "case $x in OLD) ;; esac": (),
    "case $x in a|OLD*) ;; esac": (),
    "case OLD in a) ;; esac": (),
    "[[ $x == OLD* ]]": (),
    "[[ $x != OLD ]]": (),
    "[[ OLD = $x ]]": (),
    "[[ $x =~ ^(OLD|y)$ ]]": (),
    '[ "$x" = OLD ]': (),
    "test $x = OLD": (),
    "expr match OLD x": (),
    "x=${y#OLD}": (),
    'x="${y%%OLD}"': (),
    "x=${y/OLD/z}": (),
    "x=${y//z/OLD}": (),
    "tr OLD x": (),
}


@pytest.mark.parametrize(("text", "operands"), PATTERNS.items(), ids=list(PATTERNS))
def test_patterns(text: str, operands: tuple[str, ...]) -> None:
    context = contexts(text)[0]
    assert (context.where, context.operands) == ("pattern", operands)


WHOLE = {
    "podman pull OLD": True,
    "podman pull 'OLD'": True,
    'podman pull "OLD"': True,
    "podman pull docker://OLD": True,
    'podman pull "docker://OLD"': True,
    "oc adm must-gather --image=OLD": True,
    'oc adm must-gather --image="OLD"': True,
    'oc adm must-gather "--image=OLD"': True,
    "A=OLD": True,
    'export A="OLD"': True,
    "docker run -e A=OLD x": True,
    "podman pull OLD\\\n  --quiet": True,
    "A+=OLD": False,
    "A=OLD,x": False,
    "podman pull 'OLD'x": False,
    "podman pull x'OLD'": False,
    "podman pull OLD\\\nx": False,
    "oc image mirror OLD=quay.io/a/b": False,
    "oc image mirror quay.io/a/b=OLD": False,
    "'registry.ci.openshift.org'\"/ocp/4.20\":cli": False,
    'A="OLD TWO"': False,
    'A="\nx: OLD\n"': False,
    'echo "OLD"$X': False,
    "echo $'OLD'": True,
}


@pytest.mark.parametrize(("text", "whole"), WHOLE.items(), ids=list(WHOLE))
def test_whole(text: str, whole: bool) -> None:
    assert contexts(text)[0].whole is whole


ASSIGNMENTS = {
    "IMG=OLD": "assignment:IMG",
    "export IMG=OLD": "assignment:IMG",
    "readonly IMG='OLD'": "assignment:IMG",
    "local -r IMG=OLD": "assignment:IMG",
    "declare -x IMG=OLD": "assignment:IMG",
    "IMG=OLD make x": "assignment:IMG",
    "env IMG=OLD make x": "assignment:IMG",
    "sudo IMG=OLD make x": "assignment:IMG",
    ': "${IMG:=OLD}"': "assignment:IMG",
    "IMG=${IMG:-OLD}": "assignment:IMG",
    'IMG="${A:-${B:-OLD}}"': "assignment:B",
    "podman pull ${IMG:-OLD}": "assignment:IMG",
    "IMGS=(a OLD)": "assignment:IMGS",
    'IMG="\nimage: OLD\n"': "assignment:IMG",
    "for i in OLD x; do echo $i; done": "loop:i",
    "for i in a \\\n OLD\ndo echo $i; done": "loop:i",
}


@pytest.mark.parametrize(("text", "where"), ASSIGNMENTS.items(), ids=list(ASSIGNMENTS))
def test_assignments(text: str, where: str) -> None:
    assert wheres(text) == [where]


SSH = "ssh core@n sudo podman"
REMOTE = {
    f'PODMAN="{SSH}"; $PODMAN pull OLD': True,
    f"PODMAN='{SSH}'\n${{PODMAN}} run --rm \\\n  OLD": True,
    f'PODMAN=${{PODMAN:-{SSH}}}\n"$PODMAN" pull OLD': True,
    f"PODMAN=({SSH})\n${{PODMAN}} pull OLD": True,
    'SSH="ssh -i k core@n"\nPODMAN="$SSH sudo podman"\n$PODMAN pull OLD': True,
    'PODMAN="$SSH_CMD sudo podman"\n$PODMAN pull OLD': True,
    'PODMAN="oc -n x exec pod -- podman"\n$PODMAN pull OLD': True,
    'PODMAN="oc debug node/x -- chroot /host podman"\n$PODMAN pull OLD': True,
    'PODMAN="kubectl exec pod -- podman"\n$PODMAN pull OLD': True,
    'PODMAN="chroot /host podman"\n$PODMAN pull OLD': True,
    'PODMAN="podman --url ssh://core@n/run/podman.sock"\n$PODMAN pull OLD': True,
    'OC="oc rsh pod oc"\n$OC image extract OLD': True,
    f'SUDO="{SSH[:-7]}"\n$SUDO podman pull OLD': True,
    f'PODMAN="{SSH}"; bash -c "$PODMAN pull OLD"': True,
    f"alias podman='{SSH}'\npodman pull OLD": True,
    f'podman() {{ {SSH} "$@"; }}\npodman pull OLD': True,
    f'podman() {{\n  {SSH} "${{@}}"\n}}\npodman pull OLD': True,
    f"function podman {{\n  {SSH} $*\n}}\nsudo podman pull OLD": True,
    'sudo() { oc debug node/x -- "$@"; }\nsudo podman pull OLD': True,
    'on() { ssh n "$@"; }\npodman() { on podman "$@"; }\npodman pull OLD': True,
    'prep() {\n  podman pull OLD\n}\nssh n "$(declare -f prep); prep"': True,
    'prep() { podman pull OLD; }\nssh n "$(typeset -f prep x); prep"': True,
    "prep() {\n  if x; then\n    podman pull OLD\n  fi\n}\ndeclare -f | oc rsh pod bash": True,
    "ssh n bash -s <<EOF\npodman pull OLD\nEOF": True,
    "cat <<EOF | ssh n bash -s\npodman pull OLD\nEOF": True,
    "cat > /tmp/x.sh <<EOF\npodman pull OLD\nEOF\nscp /tmp/x.sh core@n:": True,
    'cat > "$D/x.sh" <<EOF\npodman pull OLD\nEOF\nrsync -a "${D}" n:/': True,
    "tee x.sh <<EOF\npodman pull OLD\nEOF\nssh n bash -s < x.sh": True,
    "cat > x.sh <<EOF\npodman pull OLD\nEOF\noc -n y cp \\\n  ./x.sh pod:/": True,
    "cat > Dockerfile <<EOF\nFROM OLD\nEOF\nscp Dockerfile n:": True,
    "podman --remote pull OLD": True,
    "podman --url=ssh://n pull OLD": True,
    "podman --connection n run --rm OLD": True,
    "docker -H tcp://n pull OLD": True,
    "podman-remote pull OLD": True,
    "export DOCKER_HOST=ssh://n\ndocker pull OLD": True,
    "eval $(minikube docker-env)\ndocker pull OLD": True,
    "PODMAN=podman; ssh n $PODMAN ps; $PODMAN pull OLD": False,
    'PODMAN="sudo podman"\nSSH="ssh n"\n$SSH ls\n$PODMAN pull OLD': False,
    f'PODMAN="{SSH}"; podman pull OLD': False,
    'KEY="$HOME/.ssh/id"\npodman run -v "$KEY:/k" OLD': False,
    'OC="oc --kubeconfig x"\n$OC image extract OLD': False,
    'on() { ssh n "$@"; }\npodman pull OLD': False,
    'pull() { ssh n "$@"; }\npodman pull OLD': False,
    'podman() { command podman --log-level=error "$@"; }\nssh n ls\npodman pull OLD': False,
    'prep() { podman pull OLD; }\nbash -c "$(declare -f prep); prep"': False,
    'prep() {\n  :\n}\npodman pull OLD\nssh n "$(declare -f prep); prep"': False,
    'prep() {\n  podman pull OLD\n}\nssh n "$(declare -f other); other"': False,
    "prep() {\n  podman pull OLD\n}\ndeclare -f prep > /dev/null && ssh n ls": False,
    "cat > x.sh <<EOF\npodman pull OLD\nEOF\nscp y.sh core@n:": False,
    "cat > x.sh <<EOF\npodman pull OLD\nEOF\nbash x.sh": False,
    "docker -H unix:///run/docker.sock pull OLD": False,
    "export DOCKER_HOST=unix:///run/podman.sock\ndocker pull OLD": False,
}


@pytest.mark.parametrize(("text", "remote"), REMOTE.items(), ids=list(REMOTE))
def test_commands_that_run_elsewhere(text: str, remote: bool) -> None:
    context = contexts(text)[0]
    assert context.where in ("command:pull", "command:run", "command:extract", "from")
    assert ("remote" in context.labels) is remote


VARIABLES = {
    "IMG=OLD\npodman pull $IMG\npodman save -o x $IMG": set(),
    "IMG=OLD\nskopeo copy docker://$IMG dir:x": {"only-pulled"},
    "IMG=OLD\nskopeo copy docker://$IMG docker://x/y": set(),
    f'PODMAN="{SSH}"\nIMG=OLD\n$PODMAN pull $IMG': set(),
    'f() { podman pull $IMG; }\nIMG=OLD\nssh n "$(declare -f f); f"': set(),
    "IMG=OLD\ncrictl pull $IMG": set(),
    'eval "IMG=OLD; podman pull \\$IMG"; podman push $IMG': set(),
    "bash -c 'IMG=OLD; podman pull $IMG'; podman push $IMG": {"only-pulled"},
    "IMG=OLD\npodman pull $IMG": {"only-pulled"},
    'IMG=OLD\npodman pull "${IMG}"\ndocker tag "$IMG" local': {"only-pulled"},
    'IMG=${IMG:-OLD}\n[ -z "$IMG" ] && exit\npodman run --rm "$IMG" x': {"only-pulled"},
    ': "${IMG:=OLD}"\noc image extract $IMG': {"only-pulled"},
    "podman pull ${IMG:-OLD}": {"only-pulled"},
    "# source x\nIMG=OLD\npodman pull $IMG": {"only-pulled"},
    "IMG=OLD\nfind . -name x\npodman pull $IMG": {"only-pulled"},
    "IMG=OLD\ngit clone --source x . ..\npodman pull $IMG": {"only-pulled"},
    "set -eu\nIMG=OLD\npodman pull $IMG": {"only-pulled"},
    "# $IMG\nIMG=OLD\npodman pull $IMG": {"only-pulled"},
    "IMG=OLD\ndocker inspect $IMG": set(),
    "IMG=OLD": set(),
    "IMG=OLD\npodman pull $IMG\necho $IMG": set(),
    "IMG=OLD\npodman pull $IMG:x": set(),
    "IMG=OLD\npodman pull $IMG\nbash -c 'echo $IMG'": set(),
    "export IMG=OLD\npodman pull $IMG": set(),
    "IMG=OLD\npodman pull $IMG\nexport IMG": set(),
    "IMG=OLD\nset -a\npodman pull $IMG": set(),
    "IMG=OLD make x\npodman pull $IMG": set(),
    "IMG=OLD\nN=IMG\npodman pull ${!N} $IMG": set(),
    "IMG=OLD\npodman run x $IMG": set(),
    "IMG=OLD\nkubectl run x --image=$IMG": set(),
    "IMG=OLD\nssh h podman pull $IMG": set(),
    "IMG=OLD\npodman pull $IMG\ncat <<E\n$IMG\nE\n": set(),
    "IMG=OLD\nfor i in a $IMG; do :; done\npodman pull $IMG": set(),
    "IMG=(OLD)\npodman pull $IMG": set(),
    "source lib.sh\nIMG=OLD\npodman pull $IMG": set(),
    "IMG=OLD\npodman pull $IMG\n. ./lib.sh": set(),
    "IMG=OLD\npodman pull $IMG\nif true; then . lib.sh; fi": set(),
    'IMG=OLD\npodman pull $IMG\ntrue && source "$D/lib.sh"': set(),
    "IMG=OLD\npodman pull $IMG\n{ . /etc/os-release; }": set(),
    "IMG=OLD\npodman pull $IMG\nx=$(. lib.sh)": set(),
    "IMG=OLD\npodman pull $IMG\nbash -c 'source lib.sh'": set(),
    "IMG=OLD\nIMG+=-x\npodman pull $IMG": set(),
    "IMG=OLD\nlocal -n ref=IMG\npodman pull $IMG": set(),
    "IMG=OLD\ndeclare -g -x IMG\npodman pull $IMG": set(),
    "IMG=OLD\nexport A \\\n  IMG\npodman pull $IMG": set(),
    "set -e -a\nIMG=OLD\npodman pull $IMG": set(),
    "#!/bin/bash -ea\nIMG=OLD\npodman pull $IMG": set(),
    "IMG=OLD\nN=IMG\neval podman push \\$$N\npodman pull $IMG": set(),
    "IMG=OLD\npodman pull $IMG\nIMG=local\npodman push $IMG": {"build-output"},
    "IMG=OLD\npodman pull $IMG\nfor IMG in a; do echo $IMG; done": set(),
    "IMG=OLD\npodman pull $IMG\nx=${IMG%%:*}": {"taken-apart"},
    "IMG=OLD\nx=${IMG##*/}": {"taken-apart"},
    "IMG=OLD\nx=${IMG/a/b}": {"taken-apart"},
    'IMG=OLD\nx=$(echo "$IMG" | cut -d: -f2)': {"taken-apart"},
    'IMG=OLD\nIFS=: read -r a b <<< "$IMG"': {"taken-apart"},
    'IMG=OLD\ngrep -q "^FROM $IMG" Dockerfile': {"used-in-pattern"},
    'IMG=OLD\n[[ $x == "$IMG"* ]]': {"used-in-pattern"},
    "IMG=OLD\npodman push $IMG": {"build-output"},
}


@pytest.mark.parametrize(("text", "labels"), VARIABLES.items(), ids=list(VARIABLES))
def test_what_becomes_of_a_variable(text: str, labels: set[str]) -> None:
    known = {"only-pulled", "taken-apart", "used-in-pattern", "build-output"}
    assert set(contexts(text)[0].labels) & known == labels


LOOPS = {
    "for i in 'OLD' \"TWO\"; do docker pull ${i}; done": "command:pull",
    'for i in OLD TWO; do\n  for ((n = 0; n < 5; n++)); do if docker pull "$i"; then break; fi; done\ndone': "command:pull",
    "for i in OLD TWO; do docker pull $i; docker tag $i x; done": "command:pull",
    "for i in OLD TWO; do docker image inspect $i || docker pull $i; done": "command:pull",
    "for i in OLD TWO; do docker inspect $i; done": "loop:i",
    "for i in OLD TWO; do docker pull $i; echo $i; done": "loop:i",
    "for i in OLD TWO; do docker pull $i; i=x; done": "loop:i",
    "for i in OLD TWO; do docker pull $i; done\nfor j in a; do echo $j; done": "command:pull",
    "for i in OLD TWO; do docker pull $i; done\nfor i in a b; do docker pull $i; done": "command:pull",
    'for i in OLD TWO; do docker pull $i; done\npodman push "$i"': "loop:i",
    "podman push $i\nfor i in OLD TWO; do docker pull $i; done": "loop:i",
    "for i in OLD TWO; do docker pull $i; done\nfor i in a b; do docker save $i; done": "loop:i",
    "for i in OLD TWO; do docker pull $i; done\ni=x\necho $i": "loop:i",
    "for i in OLD TWO; do docker pull $i; done\nbash -c 'echo $i'": "loop:i",
    "for i in OLD TWO; do docker pull $i; done\n. lib.sh": "loop:i",
    "eval 'for i in OLD TWO; do docker pull $i; done'; podman push $i": "loop:i",
    "for i in OLD TWO; do docker pull ${i%:*}; done": "loop:i",
    "for i in OLD TWO; do ssh h docker pull $i; done": "loop:i",
    "for i in OLD TWO; do :; done": "loop:i",
    "for i in OLD TWO": "loop:i",
}


@pytest.mark.parametrize(("text", "where"), LOOPS.items(), ids=list(LOOPS))
def test_loops(text: str, where: str) -> None:
    found = contexts(text)
    assert [context.where for context in found] == [where, where]
    assert where == "loop:i" or "loop:i" in found[0].labels


NESTED = {
    "bash -c 'podman pull OLD'": ("command:pull", "shell", {"nested-shell"}),
    'bash -c "podman run -e \\"A=b\\" OLD"': ("command:run", "shell", {"nested-shell"}),
    "sh -euxc 'podman pull OLD'": ("command:pull", "shell", {"nested-shell"}),
    "bash -o pipefail -c 'podman pull OLD'": ("command:pull", "shell", {"nested-shell"}),
    'eval "podman pull OLD"': ("command:pull", "shell", {"nested-shell"}),
    "eval podman pull OLD": ("command:pull", "shell", set()),
    "su - me -c 'podman pull OLD'": ("command:pull", "shell", {"nested-shell"}),
    "ssh -p 22 h 'podman pull OLD'": ("command:pull", "shell", {"nested-shell", "remote"}),
    'oc debug node/x -- chroot /host bash -c "podman pull OLD"': ("command:pull", "shell", {"nested-shell", "remote"}),
    'oc rsh -n a pod bash -c "podman pull OLD"': ("command:pull", "shell", {"nested-shell", "remote"}),
    "chroot /host bash -c 'podman pull OLD'": ("command:pull", "shell", {"nested-shell", "remote"}),
    "podman run --rm quay.io/a/b:1 bash -c 'podman pull OLD'": ("command:pull", "shell", {"nested-shell"}),
    "bash -c 'echo OLD'": ("argument:echo", "shell", {"nested-shell"}),
    "bash -c 'sed s,OLD,x, f'": ("pattern", "shell", {"nested-shell"}),
    "cat > Dockerfile <<EOF\nFROM OLD\nEOF\n": ("from", "dockerfile", {"heredoc:cat"}),
    "cat <<'EOF' > $d/Dockerfile.rhel\nFROM OLD\nEOF\n": ("from", "dockerfile", {"heredoc:cat"}),
    "docker build -t x -f - . <<EOF\nFROM OLD\nEOF\n": ("from", "dockerfile", {"heredoc:docker"}),
    "docker build - <<EOF\nFROM OLD\nEOF\n": ("from", "dockerfile", {"heredoc:docker"}),
    "cat <<EOF | docker build -\nFROM OLD\nEOF\n": ("from", "dockerfile", {"heredoc:cat"}),
    "oc apply -f - <<EOF\na: OLD\nEOF\n": ("value:a", "yaml", {"heredoc:oc"}),
    "cat <<-EOF | kubectl apply -f -\n\ta: OLD\n\tEOF\n": ("value:a", "yaml", {"heredoc:cat"}),
    "oc apply -n x -f- <<EOF\na: OLD\nEOF\n": ("value:a", "yaml", {"heredoc:oc"}),
    "docker build -f- . <<EOF\nFROM OLD\nEOF\n": ("from", "dockerfile", {"heredoc:docker"}),
    "python3 - <<EOF\nx = 'OLD'\nEOF\n": ("string", "python", {"heredoc:python3"}),
    "python3 x.py <<EOF\nx = 'OLD'\nEOF\n": ("heredoc:python3", "shell", set()),
    "ssh h sudo bash -s <<EOF\npodman pull OLD\nEOF\n": ("command:pull", "shell", {"heredoc:bash", "remote"}),
    "cat > x.yml <<EOF\na: OLD\nEOF\n": ("value:a", "yaml", {"heredoc:cat"}),
    'tee x.json <<EOF\n{"a": "OLD"}\nEOF\n': ("value:a", "json", {"heredoc:tee"}),
    "cat > x.sh <<'EOF'\npodman pull OLD\nEOF\n": ("command:pull", "shell", {"heredoc:cat"}),
    "bash <<EOF\npodman pull OLD\nEOF\n": ("command:pull", "shell", {"heredoc:bash"}),
    "ssh h <<EOF\npodman pull OLD\nEOF\n": ("command:pull", "shell", {"heredoc:ssh", "remote"}),
    "cat <<EOF\nOLD\nEOF\n": ("heredoc:cat", "shell", set()),
    "cat <<EOF\n$(podman run OLD)\nEOF\n": ("command:run", "shell", set()),
    "cat <<'EOF'\n$(podman run OLD)\nEOF\n": ("heredoc:cat", "shell", set()),
}


@pytest.mark.parametrize(("text", "expected"), NESTED.items(), ids=list(NESTED))
def test_nested_texts(text: str, expected: tuple[str, str, set[str]]) -> None:
    where, language, labels = expected
    context = contexts(text)[0]
    assert (context.where, context.language) == (where, language)
    assert labels <= set(context.labels)


def test_two_heredocs_on_a_line_have_a_body_each() -> None:
    assert wheres("cat <<A <<B\nOLD\nA\nTWO\nB\npodman pull OLD") == ["heredoc:cat", "heredoc:cat", "command:pull"]


def test_a_heredoc_ends_at_its_own_terminator_only() -> None:
    assert wheres("cat <<EOF\n EOF\nEOFX\nOLD\nEOF\npodman pull OLD") == ["heredoc:cat", "command:pull"]


def test_a_github_expression_is_a_part_of_its_word() -> None:
    assert wheres('docker pull ${{ env.R }}/a:1 # OLD\npodman pull "${{ x }}" OLD') == ["comment", "command:pull"]


def test_a_template_is_a_part_of_its_word() -> None:
    assert wheres("docker run {{ flags }} OLD\npodman pull {{ a }} OLD") == ["command:run", "command:pull"]


@pytest.mark.parametrize("text", ["podman pull OLD 'x", 'podman pull OLD "x', "podman pull OLD $(x", "podman pull OLD ${x"])
def test_an_open_quote_lowers_the_confidence(text: str) -> None:
    assert "low-confidence" in contexts(text)[0].labels
    assert "low-confidence" not in contexts("podman pull OLD x")[0].labels


def test_a_reference_split_by_a_continuation_is_not_whole() -> None:
    context = contexts("podman pull registry.ci.openshift.org/ocp/\\\n4.20:cli")[0]
    assert not context.whole


def test_holes_are_part_of_the_reference() -> None:
    context = contexts("podman pull registry.ci.openshift.org/$NS/$NAME:${TAG:-x}")[0]
    assert (context.where, context.whole) == ("command:pull", True)


FRAGMENTS = (
    *(OLD, " ", "\n", '"', "'", "`", "$(", "${", "$((", "))", ")", "}", "{{", "}}", "<<E", "\nE\n", "\\", "#", ";;"),
    *("case x in ", "for i in ", "do ", "done", "[[ ", "]]", "A=", "(", "$A", "podman pull ", "bash -c ", "\t", "\xff"),
    *("> Dockerfile ", "\r\n"),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(FRAGMENTS),
        max_size=40,
    ),
)
def test_it_never_fails(pieces: list[str]) -> None:
    data = "".join(pieces).encode("latin-1")
    spans = [(found.start, found.end) for found in Locator(HOSTS).locate(data)]
    assert len(shell.contexts(data, spans)) == len(spans)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=12, unique=True))
def test_it_takes_any_bytes_and_spans(data: bytes, offsets: list[int]) -> None:
    cuts = sorted(offset for offset in offsets if offset <= len(data))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert len(shell.contexts(data, spans)) == len(spans)


@pytest.mark.parametrize("opener", ["$(", "((", "$((", '"$(', "`", "${a:-", "(", "{", "[", "<<A ", "case x in a) "])
def test_deep_nesting_ends(opener: str) -> None:
    assert len(contexts(opener * 5000 + "\npodman pull OLD")) == 1


# ── the lexer against shfmt ──────────────────────────────────────────────────────────────────────────────────────

SHFMT = Path(sys.executable).with_name("shfmt")
SCRIPTS = [
    "podman pull a # comment\n# another\n",
    "echo a#b '#' \"#\" \\# #c\n",
    "cat <<EOF\nbody $x `y` $(z # c\n)\nEOF\necho\n",
    "cat <<'EOF'; echo b\nbody $x # no\nEOF\n",
    "cat <<A <<B\none\nA\ntwo\nB\necho x\n",
    "cat <<-EOF\n\tbody\n\tEOF\necho\n",
    'cat <<"E O"\nbody\nE O\n',
    "cat <<\\EOF\n$x\nEOF\n",
    "x=$(cat <<EOF\nbody\nEOF\n)\n",
    "cat <<EOF | grep x # c\nbody\nEOF\n",
    "while read -r l; do echo $l; done <<EOF\nbody\nEOF\n",
    'cat <<< "$x" # here-string\n',
    'echo "a $(echo "b $(echo "c")") d"\n',
    "echo `echo a # c\n` b\n",
    'echo "`echo a`"\n',
    "echo $((1 << 2)) $(( (1 + 2) * 3 ))\n",
    "echo $((16#ff)) # c\n",
    "(( x << 2 )); ((y = x)) # c\n",
    "echo $( (echo a); echo b)\n",
    "case $x in\n  a) echo 1 ;; # one\n  (b|c) echo 2 ;&\n  *) echo 3 ;;\nesac # end\n",
    "x=$(case $y in a) echo 1;; b) echo 2;; esac)\n",
    "case x in esac\n",
    "[[ $x =~ ^(a|b)#c$ ]] && echo y # c\n",
    '[[ $x == a* && ( -n "$y" || ! -z $z ) ]]\n',
    "if [[ a < b ]]; then echo; elif true; then :; else :; fi # c\n",
    "for i in a 'b c' \"$d\"; do echo $i; done # c\n",
    "for ((i = 0; i < 5; i++)); do echo $i; done\n",
    "for x\ndo echo $x; done\n",
    "select x in a b; do break; done\n",
    "f() { echo a; } # c\nfunction g { echo b; }\nfunction h() ( echo c )\n",
    "a=(one 'two' # c\n  three $(four))\necho ${a[@]} ${#a[@]}\n",
    "declare -a b=(x y)\nb+=(z)\n",
    "echo ${x:-a b} ${x#*/} ${x%%:*} ${x/a/b} ${x^^} ${!x} ${#x}\n",
    'echo "${x:-"a # b"}" "${x%\'}\'}" \'${\' # c\n',
    "echo $'a\\'b # no' $\"c # no\" # c\n",
    "echo a \\\n  b \\\n  c # d\n",
    "echo one\\\ntwo three\n",
    "diff <(echo a # c\n) <(echo b) > out 2>&1\n",
    "echo a >| b 2>> c <> d &> e &>> f {fd}> g\n",
    'a=1 b="2" cmd; c=3 # c\n',
    "true && false || ! true; sleep 1 & wait\n",
    "{ echo a; } > x; ( echo b ) | cat |& tee\n",
    "time sleep 1; coproc cat\n",
    "echo {a,b} {1..3} ~/x *.c [a-z]?\n",
    "shopt -s extglob\nrm !(a|b) x.@(c|d)\n",
    "while true; do until false; do break; done; done\n",
    'echo "multi\n# no comment\nline" # c\n',
    "echo 'multi\n# no comment\nline' # c\n",
    'x="$(sed \'s/#.*//\' <<<"$y")" # c\n',
    'podman run --rm \\\n  -v "$PWD:/x" \\\n  quay.io/a/b:c \\\n  bash -c "echo \\"a\\" # no" # c\n',
    "export A=b C='d e' # c\nlocal x=$1 y\n",
    "echo a;#c\necho b&#c\n(#c\necho)\n",
    "echo $# $$ $! $? $@ ${#} $-x # c\n",
    "trap 'rm -f \"$x\"' EXIT # c\n",
]
"""Each reads the same for shfmt. Known differences, left out: what a `\\` and a line end after a word belong to (its
next blank here, the word there), and text shfmt refuses (`${{ … }}`, open quotes)."""


def _ours(data: bytes) -> bytes:
    """One letter a byte: `#` comment, `H` here-document, `w` word."""
    marks = bytearray(b"." * len(data))

    def mark(start: int, end: int, letter: bytes) -> None:
        marks[start:end] = letter * (end - start)

    def visit_parts(parts: Sequence[Part]) -> None:
        for part in parts:
            visit_parts(part.parts)
            for word in part.words:
                visit_parts(word.parts)
            for start, end in part.comments:
                mark(start, end, b"#")
            if part.script:
                visit(part.script)

    def visit(script: Script) -> None:
        for place in script.places:
            mark(place.word.start, place.word.end, b"w")
            visit_parts(place.word.parts)
        for heredoc in script.heredocs:
            mark(heredoc.start, heredoc.end, b"H")
            visit_parts(heredoc.parts)
        for start, end in script.comments:
            mark(start, end, b"#")

    visit(Shell(data).script)
    return bytes(marks)


def _shfmt(data: bytes) -> bytes:
    """The same from shfmt's syntax tree; `?` within `[[ ]]`, whose operators it does not call words."""
    out = subprocess.run([SHFMT, "--to-json", "-ln", "bash"], input=data, capture_output=True, check=True).stdout
    found: list[tuple[int, int, int, str]] = []

    def visit(node: Any, depth: int, key: str) -> None:
        if isinstance(node, list):
            for item in node:
                visit(item, depth, key)
        if not isinstance(node, dict):
            return
        kind = node.get("Type")
        if "Hash" in node:
            start = node["Hash"]["Offset"]
            found.append((depth, start, start + 1 + len(node.get("Text", "").encode()), "#"))
        elif "Pos" in node and "End" in node:
            start, end = node["Pos"]["Offset"], node["End"]["Offset"]
            names = key in ("Assigns", "Name", "Variant") or (key == "Args" and "Name" in node)
            if kind == "TestClause":
                found.append((depth, start, end, "?"))
            elif key == "Hdoc":
                last = data.rfind(b"\n", start, end) + 1
                found.append((depth, start, last if data[last:end].strip() else end, "H"))
            elif names or kind in ("ArithmCmd", "CStyleLoop") or ("Parts" in node and kind in (None, "Word")):
                found.append((depth, start, end, "w"))
        for name, child in node.items():
            if not (name == "Word" and node.get("Hdoc")):
                visit(child, depth + 1, name)

    visit(json.loads(out), 0, "")
    marks = bytearray(b"." * len(data))
    for _, start, end, letter in sorted(found, key=lambda item: item[0]):
        marks[start:end] = letter.encode() * (end - start)
    return bytes(marks)


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_lexer_agrees_with_shfmt(script: str) -> None:
    data = script.encode()
    ours, theirs = _ours(data), _shfmt(data)
    differ = [
        (data[i : i + 1], chr(ours[i]), chr(theirs[i]))
        for i in range(len(data))
        if ours[i] != theirs[i] and not data[i : i + 1].isspace() and not (theirs[i] == ord("?") and ours[i] in b"w.")
    ]
    assert differ == []


def test_there_are_forty_scripts_for_shfmt() -> None:
    assert len(set(SCRIPTS)) >= 40
