"""`qcilint doctor` on homes of every kind, as a real process."""

from __future__ import annotations

import base64
import json
import re
import shlex
import subprocess
import time
from pathlib import Path

import pytest

from qcilint.registry.logins import claims_of
from tests.conftest import qcilint

from .servers import PASSWORD, USER, basic, login, needs_registry, serve

ROOT = Path(__file__).parent.parent.parent
PROXY, OLD = "quay-proxy.ci.openshift.org", "registry.ci.openshift.org"
TOKEN = "sha256~" + "S3cret" * 7


def jwt(**claims: object) -> str:
    def part(document: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2lnbmF0dXJl"


OLD_TOKEN, NEW_TOKEN = jwt(exp=1_700_000_000, sub="me"), jwt(exp=int(time.time()) + 3600, sub="me")
GOOD = {PROXY: ("unused", TOKEN)}


def doctor(*arguments: str, cwd: Path) -> tuple[int, str]:
    done = qcilint("doctor", *arguments, cwd=cwd)
    assert done.stderr == b"", done.stderr
    return done.returncode, done.stdout.decode()


def problems(home: Path, *arguments: str) -> dict[str, dict[str, object]]:
    code, text = doctor("--format", "json", *arguments, cwd=home)
    document = json.loads(text)
    assert code == (1 if document["problems"] else 0)
    assert document["version"] == 1
    return {problem["id"]: problem for problem in document["problems"]}


def test_a_good_login(home: Path) -> None:
    path = login(home / "run" / "containers" / "auth.json", {**GOOD, "quay.io": ("me", "word")})
    code, text = doctor(cwd=home)
    assert code == 0
    assert text.splitlines() == [
        "Files with logins, in the order in which they are read:",
        f"  {path} (XDG_RUNTIME_DIR): 2 logins, mode 0600",
        "    quay-proxy.ci.openshift.org: a token of OpenShift; when it runs out cannot be told offline",
        "    quay.io: a password",
        f"  {home}/.config/containers/auth.json (the configuration folder): not there",
        f"  {home}/.docker/config.json (docker): not there",
        "",
        f"quay-proxy.ci.openshift.org: the login in {path} is used",
        "registry.ci.openshift.org: no login",
        "",
        "nothing is wrong",
    ]


def test_no_login_at_all(home: Path) -> None:
    found = problems(home)
    assert list(found) == ["no-login"]
    assert found["no-login"]["commands"] == [
        "oc login --web https://api.ci.l2s4.p1.openshiftapps.com:6443",
        'podman login -u unused -p "$(oc whoami -t)" quay-proxy.ci.openshift.org',
    ]


def test_a_login_for_the_old_registry_is_none_for_the_proxy(home: Path) -> None:
    path = login(home / ".docker" / "config.json", {OLD: ("me", TOKEN)})
    text = str(problems(home)["no-login"]["text"])
    assert f"the one for registry.ci.openshift.org in {path} is for another registry" in text


def test_a_login_in_a_file_that_is_not_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = login(home / ".docker" / "config.json", GOOD)
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(login(home / "other.json", {"quay.io": ("me", "word")})))
    found = problems(home)["no-login"]
    assert f"{path} has one, but REGISTRY_AUTH_FILE names the only file that is read" in str(found["text"])
    assert found["commands"] == ["unset REGISTRY_AUTH_FILE"]
    assert "not read: REGISTRY_AUTH_FILE names another file" in doctor(cwd=home)[1]


LOGINS = [
    pytest.param({PROXY: ("unused", OLD_TOKEN)}, ["expired-login"], id="a token that ran out"),
    pytest.param({PROXY: ("unused", NEW_TOKEN)}, [], id="a token that is good"),
    pytest.param({PROXY: ("unused", jwt(sub="me"))}, [], id="a token without a date"),
    pytest.param({PROXY: ("unused", jwt(exp="soon"))}, [], id="a token with another date"),
    pytest.param({PROXY: ("unused", jwt(exp=1e300))}, [], id="a token for ever"),
    pytest.param({**GOOD, OLD: ("me", OLD_TOKEN)}, ["expired-login"], id="the old registry's ran out"),
    pytest.param({**GOOD, "registry.example.com": ("me", OLD_TOKEN)}, [], id="a stranger's ran out"),
    pytest.param({PROXY: ("system:serviceaccount:ns:name", TOKEN)}, ["colon-in-user-name"], id="a service account"),
    pytest.param({PROXY: ("system:serviceaccount:ns:name", NEW_TOKEN)}, ["colon-in-user-name"], id="with a bound token"),
    pytest.param(
        {PROXY: ("system:serviceaccount:ns:name", OLD_TOKEN)}, ["colon-in-user-name", "expired-login"], id="that ran out, too"
    ),
    pytest.param({PROXY: ("kube:admin", TOKEN)}, ["colon-in-user-name"], id="kube:admin"),
    pytest.param({PROXY: ("unused", "a:b:c")}, [], id="a password with colons"),
    pytest.param({f"{PROXY}/openshift": ("unused", TOKEN)}, [], id="a login for the namespace"),
    pytest.param({f"{PROXY}/other": ("unused", TOKEN)}, ["no-login"], id="a login for another namespace"),
]


@pytest.mark.parametrize(("logins", "wanted"), LOGINS)
def test_what_the_logins_tell(home: Path, logins: dict[str, tuple[str, str]], wanted: list[str]) -> None:
    path = login(home / ".config" / "containers" / "auth.json", logins)
    found = problems(home)
    assert list(found) == wanted
    assert all(problem["path"] == str(path) for identifier, problem in found.items() if identifier != "no-login")
    text = doctor(cwd=home)[1]
    for name, password in logins.values():
        assert password not in text
        assert basic(name, password).removeprefix("Basic ") not in text
        assert not (":" in name and name in text)


def broken_file(home: Path) -> None:
    (home / ".docker").mkdir()
    (home / ".docker" / "config.json").write_text('{"auths": ')


def broken_login(home: Path) -> None:
    login(home / ".docker" / "config.json", GOOD)
    text = (home / ".docker" / "config.json").read_text()
    (home / ".docker" / "config.json").write_text(text.replace('"auth": "', '"auth": "%'))


def open_file(home: Path) -> None:
    login(home / ".docker" / "config.json", GOOD).chmod(0o644)


def no_store(home: Path) -> None:
    path = login(home / ".docker" / "config.json", {})
    path.write_text(json.dumps({"credsStore": "gone", "auths": {PROXY: {}}}))


def no_helper(home: Path) -> None:
    path = login(home / ".docker" / "config.json", {})
    path.write_text(json.dumps({"credHelpers": {PROXY: "gone"}}))


def a_folder(home: Path) -> None:
    (home / ".docker" / "config.json").mkdir(parents=True)


FILES = [
    pytest.param(broken_file, ["unusable-file", "no-login"], "is no valid JSON", id="no JSON"),
    pytest.param(broken_login, ["broken-login"], "is no valid base64", id="no base64"),
    pytest.param(open_file, ["open-file"], "mode 0644", id="open to others"),
    pytest.param(no_store, ["missing-helper"], "docker-credential-gone, which is not in PATH", id="no store"),
    pytest.param(no_helper, ["missing-helper"], "docker-credential-gone, which is not in PATH", id="no helper"),
    pytest.param(a_folder, ["unusable-file", "no-login"], "Is a directory", id="a folder"),
]


@pytest.mark.parametrize(("make", "wanted", "text"), FILES)
def test_what_the_files_tell(home: Path, make: object, wanted: list[str], text: str) -> None:
    make(home)  # type: ignore[operator]
    found = problems(home)
    assert list(found) == wanted
    assert text in str(found[wanted[0]]["text"])
    code, shown = doctor(cwd=home)
    assert code == 1
    assert all(command in shown for problem in found.values() for command in problem["commands"])  # type: ignore[attr-defined]
    assert f"{len(wanted)} problem{'s' * (len(wanted) > 1)}" in shown


def test_the_commands_mend_the_file(home: Path) -> None:
    """Those that need nothing from outside are run: what they are for is gone then."""
    open_file(home)
    (command,) = problems(home)["open-file"]["commands"]  # type: ignore[misc]
    subprocess.run(shlex.split(str(command)), check=True)
    assert problems(home) == {}
    broken_file_path = home / ".config" / "containers" / "auth.json"
    login(broken_file_path, {}).write_text("{")
    first = problems(home)["unusable-file"]["commands"][0]  # type: ignore[index]
    subprocess.run(shlex.split(str(first)), check=True)
    assert problems(home) == {}


@needs_registry
def test_online(home: Path, basic_registry: str, registry: str) -> None:
    host = basic_registry.partition("://")[2]
    asked = ("--online", f"--verify-registry={PROXY}={basic_registry}")
    path = login(home / ".docker" / "config.json", GOOD)
    found = problems(home, *asked)
    assert f"{host} asks for a login, and there is none for it" in str(found["online"]["text"])
    login(path, {**GOOD, host: (USER, "wrong")})
    assert f"{host} refuses the login in {path}" in str(problems(home, *asked)["online"]["text"])
    login(path, {**GOOD, host: (USER, PASSWORD)})
    assert problems(home, *asked) == {}
    code, text = doctor(*asked, cwd=home)
    assert code == 0
    assert re.search(
        r"(?m)^quay-proxy.ci.openshift.org/openshift/ci:ci_ci-operator_latest can be pulled \(sha256:[0-9a-f]{64}\)$", text
    )
    with serve(lambda _: None) as empty:
        found = problems(home, "--online", f"--verify-registry={PROXY}={empty.url}")
        assert "an answer that is none of a registry" in str(found["online"]["text"])
    found = problems(home, "--online", f"--verify-registry={PROXY}={empty.url}")
    assert "no answer: " in str(found["online"]["text"])


@pytest.mark.parametrize(
    "arguments", [["--ca-file", "x"], ["--verify-registry", "a=b"], ["--online", "--verify-registry", "a"], ["x"]]
)
def test_wrong_usage(home: Path, arguments: list[str]) -> None:
    done = qcilint("doctor", *arguments, cwd=home)
    assert (done.returncode, b"Traceback" in done.stderr, done.stdout) == (2, False, b"")
    assert done.stderr


def test_the_output_in_the_documents_is_real(home: Path) -> None:
    login(home / ".config" / "containers" / "auth.json", {PROXY: ("unused", OLD_TOKEN)})
    login(home / ".docker" / "config.json", {"quay.io": ("me", "word"), OLD: ("me", TOKEN)}).chmod(0o644)
    (shown,) = re.findall(r"```console\n\$ qcilint doctor\n(.*?)```", (ROOT / "docs" / "doctor.md").read_text(), re.S)
    assert doctor(cwd=home)[1].replace(str(home), "/home/me") == shown


def test_names_are_safe_to_print(home: Path) -> None:
    login(home / ".docker" / "config.json", {**GOOD, "evil\x1b[31m": ("a", "b"), "https://me:w0rd@example.com/v1/": ("a", "b")})
    text = doctor(cwd=home)[1]
    assert "https://example.com/v1/: a password" in text
    assert not [secret for secret in ("\x1b", "w0rd") if secret in text + doctor("--format", "json", cwd=home)[1]]


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "a.bnVsbA.c", "a." + "!" * 8 + ".c", "sha256~x", "a.e30.", "a.W10.c"])
def test_what_is_no_token_has_no_claims(token: str) -> None:
    assert claims_of(token) == ({} if token == "a.e30." else None)
