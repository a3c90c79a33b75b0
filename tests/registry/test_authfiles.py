"""Which files hold logins, and which login is used for a repository."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from qcilint.registry.authfiles import MOST_BYTES, AuthFileError, host_of, keys_for, places, read
from qcilint.registry.credentials import CredentialError, find

from .servers import login

HOST = "quay-proxy.ci.openshift.org"


def test_the_places_in_their_order() -> None:
    found = places({"HOME": "/home/a", "XDG_RUNTIME_DIR": "/run/user/1"})
    assert [place.path for place in found] == [
        "/run/user/1/containers/auth.json",
        "/home/a/.config/containers/auth.json",
        "/home/a/.docker/config.json",
    ]
    assert all(place.is_read for place in found)


@pytest.mark.parametrize(
    ("variables", "read_", "hidden_by"),
    [
        pytest.param({"REGISTRY_AUTH_FILE": "/x/auth.json"}, ["/x/auth.json"], "REGISTRY_AUTH_FILE", id="a named file"),
        pytest.param({"DOCKER_CONFIG": "/d"}, ["/d/config.json"], "DOCKER_CONFIG", id="docker's folder"),
        pytest.param(
            {"REGISTRY_AUTH_FILE": "/x", "DOCKER_CONFIG": "/d"},
            ["/x"],
            "REGISTRY_AUTH_FILE",
            id="the named file before the folder",
        ),
        pytest.param(
            {"REGISTRY_AUTH_FILE": "/h/.docker/config.json"},
            ["/h/.docker/config.json"],
            "REGISTRY_AUTH_FILE",
            id="a usual place, named",
        ),
    ],
)
def test_a_variable_replaces_every_other_file(variables: dict[str, str], read_: list[str], hidden_by: str) -> None:
    found = places({"HOME": "/h", "XDG_RUNTIME_DIR": "/r"} | variables)
    assert [place.path for place in found if place.is_read] == read_
    assert {place.hidden_by for place in found if not place.is_read} == {hidden_by}
    assert len({place.path for place in found}) == len(found)


def test_the_configuration_folder_may_be_elsewhere() -> None:
    assert "/c/containers/auth.json" in [place.path for place in places({"HOME": "/h", "XDG_CONFIG_HOME": "/c"})]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(b'{"auths": {"a": {"auth": "c2VjcmV0', "is no valid JSON", id="cut off"),
        pytest.param(b"[" * 100_000, "is no valid JSON", id="deep"),
        pytest.param(b"\xff\xfe\x00", "is no valid JSON", id="binary"),
        pytest.param(b"[]", "is no JSON object", id="a list"),
        pytest.param(b'{"auths": ["a"]}', "of the wrong type", id="a list of logins"),
        pytest.param(b" " * (MOST_BYTES + 1), "too large", id="huge"),
    ],
)
def test_a_broken_file_is_named_without_its_content(tmp_path: Path, home: Path, text: bytes, problem: str) -> None:
    path = home / ".docker" / "config.json"
    path.parent.mkdir()
    path.write_bytes(text)
    with pytest.raises(AuthFileError, match=problem):
        read(str(path))
    with pytest.raises(CredentialError) as caught:
        find(HOST, "openshift/ci", os.environ)
    assert str(caught.value).startswith(f"{path}: ")
    assert "c2VjcmV0" not in str(caught.value)


def test_an_empty_file_is_a_file_without_logins(home: Path) -> None:
    path = home / ".docker" / "config.json"
    path.parent.mkdir()
    path.touch()
    assert find(HOST, "openshift/ci", os.environ) is None


def test_keys_from_the_most_exact() -> None:
    assert keys_for("h:5000", "a/b/c") == ["h:5000/a/b/c", "h:5000/a/b", "h:5000/a", "h:5000"]
    assert [host_of(key) for key in ("https://h/v1/", "h/a", "h")] == ["h", "h", "h"]


LOGINS = [
    pytest.param({f"{HOST}/openshift/ci": ("a", "1"), f"{HOST}/openshift": ("b", "2"), HOST: ("c", "3")}, "a", id="repository"),
    pytest.param({f"{HOST}/openshift": ("b", "2"), HOST: ("c", "3")}, "b", id="namespace"),
    pytest.param({f"{HOST}/other": ("b", "2"), HOST: ("c", "3")}, "c", id="host"),
    pytest.param({f"{HOST}/openshift/c": ("b", "2")}, "", id="half a name"),
    pytest.param({f"https://{HOST}/v1/": ("d", "4")}, "d", id="URL"),
    pytest.param({f"{HOST}.example.com": ("e", "5"), f"{HOST}:8443": ("f", "6")}, "", id="another host"),
]


@pytest.mark.parametrize(("logins", "user"), LOGINS)
def test_the_most_exact_key_wins(home: Path, logins: dict[str, tuple[str, str]], user: str) -> None:
    login(home / ".docker" / "config.json", logins)
    found = find(HOST, "openshift/ci", os.environ)
    assert (found.username if found else "") == user


def test_the_first_file_with_a_login_wins(home: Path) -> None:
    login(home / "run" / "containers" / "auth.json", {"other": ("x", "x")})
    second = login(home / ".config" / "containers" / "auth.json", {HOST: ("a", "1")})
    login(home / ".docker" / "config.json", {HOST: ("b", "2")})
    found = find(HOST, "openshift/ci", os.environ)
    assert found is not None
    assert (found.username, found.origin) == ("a", str(second))


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({}, id="empty"),
        pytest.param({"auth": ""}, id="empty text"),
        pytest.param({"auth": base64.b64encode(b"user").decode()}, id="no password"),
        pytest.param("text", id="no table"),
    ],
)
def test_an_entry_without_a_login_is_passed_over(home: Path, entry: object) -> None:
    first = home / ".config" / "containers" / "auth.json"
    first.parent.mkdir(parents=True)
    first.write_text(json.dumps({"auths": {HOST: entry}}))
    login(home / ".docker" / "config.json", {HOST: ("b", "2")})
    found = find(HOST, "openshift/ci", os.environ)
    assert found is not None
    assert found.username == "b"


@pytest.mark.parametrize("auth", ["%%%", "YWI", 5, ["x"]])
def test_an_entry_that_is_no_base64_is_named(home: Path, auth: object) -> None:
    path = home / ".docker" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"auths": {HOST: {"auth": auth}}}))
    with pytest.raises(CredentialError, match=f"the login for {HOST} is no valid base64"):
        find(HOST, "openshift/ci", os.environ)


HELPER = """#!/bin/sh
read -r host
[ "$1" = get ] || exit 9
case $host in
  quay-proxy*) echo '{"ServerURL": "x", "Username": "helped", "Secret": "sha256~a"}' ;;
  token*) echo '{"ServerURL": "x", "Username": "<token>", "Secret": "identity"}' ;;
  broken*) echo 'secret text' ;;
  failing*) echo 'secret text'; exit 1 ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
"""


@pytest.fixture
def helper(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = home / "bin" / "docker-credential-test"
    program.parent.mkdir()
    program.write_text(HELPER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    (home / ".docker").mkdir()
    return home / ".docker" / "config.json"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"credHelpers": {HOST: "test"}, "auths": {HOST: {"auth": "eDp5"}}}, id="for the host, before logins"),
        pytest.param({"credsStore": "test", "auths": {HOST: {}}}, id="for all, with an empty entry"),
    ],
)
def test_a_helper_gives_the_login(helper: Path, document: object) -> None:
    helper.write_text(json.dumps(document))
    found = find(HOST, "openshift/ci", os.environ)
    assert found is not None
    assert (found.username, found.password, found.origin) == ("helped", "sha256~a", str(helper))


def test_a_helper_may_hold_nothing_or_an_identity_token(helper: Path) -> None:
    helper.write_text(json.dumps({"credsStore": "test"}))
    assert find("nothing.example.com", "a", os.environ) is None
    found = find("token.example.com", "a", os.environ)
    assert found is not None
    assert found.identity_token == "identity"


@pytest.mark.parametrize(
    ("name", "host", "problem"),
    [
        pytest.param("test", "broken.example.com", "gave no valid answer", id="no JSON"),
        pytest.param("test", "failing.example.com", "failed with 1", id="fails"),
        pytest.param("none", HOST, "names docker-credential-none, which is not installed", id="not installed"),
        pytest.param("../../bin/sh", HOST, "which is not installed", id="a path"),
    ],
)
def test_a_helper_that_fails_is_named_without_what_it_said(helper: Path, name: str, host: str, problem: str) -> None:
    helper.write_text(json.dumps({"credHelpers": {host: name}}))
    with pytest.raises(CredentialError, match=problem) as caught:
        find(host, "a", os.environ)
    assert "secret" not in str(caught.value)
