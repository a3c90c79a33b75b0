"""A registry with images, for all tests of a session; logins and caches are the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .servers import HTPASSWD, REPOSITORY, docker_registry, oci_layout, push


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a registry: openshift/ci and the old repositories, one image of which is another build."""
    folder = tmp_path_factory.mktemp("registry")
    one, two = oci_layout(folder / "one", "one"), oci_layout(folder / "two", "two")
    with docker_registry(folder / "pushing", folder / "storage") as url:
        qci = ("ocp_4.20_cli", "ocp_4.20_tools", "ocp_4.20_tests", "ci_ci-operator_latest", "ci_ci-operator-prowgen_latest")
        for name in (*(f"{REPOSITORY}:{tag}" for tag in qci), "ocp/4.20:cli", "ci/ci-operator-prowgen:latest"):
            push(one, url, name)
        for name in ("ocp/4.20:tools", "ocp/4.20:tests"):
            push(two, url, name)
    return folder / "storage"


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory, storage: Path) -> Iterator[str]:
    """The URL of a registry without logins."""
    with docker_registry(tmp_path_factory.mktemp("open"), storage) as url:
        yield url


@pytest.fixture(scope="session")
def basic_registry(tmp_path_factory: pytest.TempPathFactory, storage: Path) -> Iterator[str]:
    """The URL of a registry with a login by Basic."""
    folder = tmp_path_factory.mktemp("basic")
    (folder / "htpasswd").write_text(HTPASSWD)
    with docker_registry(folder, storage, f"auth: {{htpasswd: {{realm: test, path: {folder / 'htpasswd'}}}}}\n") as url:
        yield url


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without logins or caches, and an environment without settings that bear on registries."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "XDG_CONFIG_HOME", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return folder
