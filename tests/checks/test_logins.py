"""Checks of logins: what they report beyond the examples of their rules, and where they stay silent."""

from __future__ import annotations

import pytest

from tests.conftest import lint

PROXY, OLD = "quay-proxy.ci.openshift.org", "registry.ci.openshift.org"
PULL = f"podman pull {PROXY}/openshift/ci:ocp_4.20_cli\n"
LOGIN = f"podman login -u me --password-stdin {OLD}\n"


def reported(text: str, path: str) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in lint(text.encode(), path).findings if finding.rule.startswith("QCI4")
            and not finding.kept]  # fmt: skip


ONLY_OLD = [
    pytest.param("a.sh", LOGIN + PULL, True, id="a script"),
    pytest.param("a.sh", PULL + LOGIN, True, id="the login comes later"),
    pytest.param("Makefile", f"login:\n\t{LOGIN}\npull:\n\t{PULL}", True, id="two targets of a makefile"),
    pytest.param("a.yaml", f"commands: |\n  {LOGIN}  {PULL}", True, id="one block of YAML"),
    pytest.param(
        "a.yaml", f"one: {{commands: '{LOGIN.strip()}'}}\ntwo: {{commands: '{PULL.strip()}'}}\n", False, id="two blocks of YAML"
    ),
    pytest.param("a.sh", f"oc registry login --registry={OLD}\n{PULL}", True, id="oc registry login"),
    pytest.param("a.sh", LOGIN + f"skopeo inspect docker://{PROXY}/openshift/ci:ocp_4.20_cli\n", True, id="an inspection"),
    pytest.param("a.sh", LOGIN + f"echo {PROXY}/openshift/ci:ocp_4.20_cli\n", False, id="no pull"),
    pytest.param("a.sh", LOGIN + f"podman pull {OLD}/ocp/release:4.20.1\n", False, id="no pull from the proxy"),
    pytest.param("a.sh", LOGIN + f"# {PULL}", False, id="a pull in a comment"),
    pytest.param("a.sh", f"# {LOGIN}{PULL}", False, id="a login in a comment"),
    pytest.param("a.sh", f"for r in {OLD} {PROXY}; do podman login $r; done\n{LOGIN}{PULL}", False, id="a loop over both"),
    pytest.param("a.sh", f"REGISTRY={PROXY}\npodman login $REGISTRY\n{LOGIN}{PULL}", False, id="a login by variable"),
    pytest.param("a.sh", f"export REGISTRY_AUTH_FILE=x\n{LOGIN}{PULL}", False, id="a file of logins"),
    pytest.param("a.sh", LOGIN + PULL.replace("pull ", "pull --creds a:b "), False, id="a login of its own"),
    pytest.param("a.sh", f"jq -s . pull-secret.json x > y\n{LOGIN}{PULL}", False, id="a pull secret"),
    pytest.param("testdata/a.sh", LOGIN + PULL, False, id="test data"),
]


@pytest.mark.parametrize(("path", "text", "wanted"), ONLY_OLD)
def test_a_login_to_the_old_registry_only(path: str, text: str, wanted: bool) -> None:
    assert reported(text, path) == [("QCI401", "warning")] * wanted


USERS = [
    pytest.param("a.sh", "podman login -u system:serviceaccount:a:b -p x {}", "error", id="a literal"),
    pytest.param("a.sh", "podman login --username 'system:serviceaccount:'$NS':b' -p x {}", "error", id="in quotes"),
    pytest.param("a.sh", "podman login -p x \\\n  -u=system:serviceaccount:a:b \\\n  {}", "error", id="over lines"),
    pytest.param("a.sh", 'podman login {} -u "$(oc whoami)" -p "$(oc whoami -t)"', "note", id="the host first"),
    pytest.param("a.sh", "oc whoami -t | podman login -u `oc whoami` --password-stdin {}", "note", id="a pipe"),
    pytest.param("Makefile", "x:\n\tpodman login -u $(shell oc whoami) -p x {}", "note", id="make's shell"),
    pytest.param("a.yaml", "commands: |\n  skopeo login -u=$(oc --context app.ci whoami) -p x {}", "note", id="YAML"),
    pytest.param("a.sh", 'podman login -u "$(oc whoami -t)" -p x {}', "", id="a token as the name"),
    pytest.param("a.sh", 'podman login -u "$USER" -p "$(oc whoami -t)" {}', "", id="a variable"),
    pytest.param("a.sh", 'podman login -u "$(oc whoami)" -p x quay.io; podman login -u a -p x {}', "", id="of another login"),
    pytest.param("a.sh", "# podman login -u system:serviceaccount:a:b -p x {}", "", id="a comment"),
    pytest.param(
        "a.sh",
        "oc adm policy add-role-to-user x -z system:serviceaccount:a:b\npodman pull {}/openshift/ci:a_b_c",
        "",
        id="no login",
    ),
]


@pytest.mark.parametrize(("path", "command", "severity"), USERS)
def test_a_colon_in_the_user_name(path: str, command: str, severity: str) -> None:
    assert reported(command.replace("{}", PROXY) + "\n", path) == ([("QCI402", severity)] if severity else [])


LOGOUTS = [
    pytest.param(f"docker login -u a -p b {PROXY}\npodman logout {PROXY}\n", True, id="docker and podman"),
    pytest.param(f"oc registry login --registry={OLD}\npodman logout {OLD}\n", True, id="oc and podman"),
    pytest.param(f"oc registry login --registry={OLD} --to=x\npodman logout {OLD}\n", False, id="oc with a file"),
    pytest.param(f"docker login -u a -p b {OLD}\npodman logout {PROXY}\n", False, id="of another registry"),
    pytest.param(f"docker login -u a -p b {PROXY}\ndocker logout {PROXY}\n", False, id="docker and docker"),
    pytest.param(f"podman login -u a -p b {PROXY}\npodman logout {PROXY}\n", False, id="podman and podman"),
    pytest.param(f"podman logout {PROXY}\n", False, id="nothing said of the login"),
    pytest.param(
        f"docker login -u a -p b {PROXY}\npodman logout --authfile ~/.docker/config.json {PROXY}\n", False, id="the file named"
    ),
]


@pytest.mark.parametrize(("text", "wanted"), LOGOUTS)
def test_a_logout_of_another_file(text: str, wanted: bool) -> None:
    assert reported(text, "a.sh") == [("QCI403", "warning")] * wanted
