"""`--verify` as users run it: real processes against a real registry."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qcilint.registry.verify import concurrently
from qcilint.targets import Image, image_of
from tests.conftest import Repository, git, qcilint

from .servers import PASSWORD, USER, Reply, certificate, free_port, login, needs_registry, serve, tunnel

ROOT = Path(__file__).parent.parent.parent
PROXY, OLD = "quay-proxy.ci.openshift.org", "registry.ci.openshift.org"
FILES = {
    "hack/cli.sh": f"podman pull {OLD}/ocp/4.20:cli\n",
    "hack/tools.sh": f"podman pull {OLD}/ocp/4.20:tools\n",
    "hack/gone.sh": f"podman pull {OLD}/ocp/4.20:gone\n",
    "hack/variable.sh": f"podman pull {OLD}/ocp/$VERSION:cli\n",
}


def endpoints(url: str) -> list[str]:
    return [f"--verify-registry={PROXY}={url}", f"--verify-registry={OLD}={url}"]


def findings(output: bytes) -> dict[str, dict[str, object]]:
    return {finding["path"]: finding for finding in json.loads(output)["findings"]}


@needs_registry
def test_what_is_absent_is_not_fixed_and_what_is_present_is(repository: Repository, registry: str, home: Path) -> None:
    root = repository(FILES)
    done = qcilint("--verify", "--format", "json", *endpoints(registry), cwd=root)
    found = findings(done.stdout)
    assert (done.returncode, {path: (each["verified"], each["fix"]) for path, each in found.items()}) == (1, {
        "hack/cli.sh": ("present", "safe"),
        "hack/tools.sh": ("present", "safe"),
        "hack/gone.sh": ("absent", "none"),
        "hack/variable.sh": ("unknown", "safe"),
    })  # fmt: skip
    assert found["hack/gone.sh"]["reason"] == f"not in QCI: {PROXY}/openshift/ci:ocp_4.20_gone (MANIFEST_UNKNOWN)"
    assert found["hack/gone.sh"]["replacement"] is None
    assert re.fullmatch(r"in QCI, the same image as the old one \(sha256:[0-9a-f]{12}\)", str(found["hack/cli.sh"]["note"]))
    assert str(found["hack/tools.sh"]["note"]).startswith("in QCI, but the digests differ: the old one is sha256:")
    assert found["hack/variable.sh"]["note"] == "not verified: it holds a variable"
    assert "3 images looked up: 2 present, 1 absent, 0 unknown; 1 more hold variables" in done.stderr.decode()
    fixed = qcilint("--verify", "--fix", *endpoints(registry), cwd=root)
    assert "fixed 3 references in 3 files" in fixed.stdout.decode()
    assert git(root, "diff", "--name-only").split() == ["hack/cli.sh", "hack/tools.sh", "hack/variable.sh"]
    again = qcilint("--verify", "--fix", *endpoints(registry), cwd=root)
    assert again.returncode == 1
    assert "fixed 0 references in 0 files; warning: 1 finding left in 1 file" in again.stdout.decode()


@needs_registry
def test_what_is_unknown_is_fixed_unless_knowing_is_required(repository: Repository, basic_registry: str, home: Path) -> None:
    root = repository(FILES)
    host = basic_registry.partition("://")[2]
    done = qcilint("--verify", "--diff", *endpoints(basic_registry), cwd=root)
    assert done.stdout.count(b"\n+podman pull quay-proxy") == 4
    assert f"unknown (3 images): {host} asks for a login, and there is none for it" in done.stderr.decode()
    assert "`qcilint doctor` says what is wrong with logins" in done.stderr.decode()
    required = qcilint("--verify-required", "--diff", *endpoints(basic_registry), cwd=root)
    assert (required.stdout, required.returncode) == (b"", 0)
    login(home / ".docker" / "config.json", {host: (USER, PASSWORD)})
    required = qcilint("--verify-required", "--diff", *endpoints(basic_registry), cwd=root)
    assert required.stdout.count(b"\n+podman pull quay-proxy") == 2
    assert PASSWORD.encode() not in required.stderr + required.stdout


@needs_registry
def test_of_a_dockerfile_with_an_absent_image_nothing_is_fixed_unasked(repository: Repository, registry: str, home: Path) -> None:
    root = repository({"Dockerfile": f"FROM {OLD}/ocp/4.20:cli AS cli\nFROM {OLD}/ocp/4.20:gone\n"})
    assert b"ci:ocp_4.20_gone" in qcilint("--diff", cwd=root).stdout
    assert qcilint("--verify", "--diff", *endpoints(registry), cwd=root).stdout == b""
    unsafe = qcilint("--verify", "--diff", "--unsafe-fixes", *endpoints(registry), cwd=root).stdout
    assert re.findall(rb"(?m)^\+FROM (\S+)", unsafe) == [b"quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_cli"]


@needs_registry
def test_files_that_are_compared_stay_alike(repository: Repository, registry: str, home: Path) -> None:
    files = {
        "Makefile": "check:\n\tdiff Dockerfile.a Dockerfile.b\n",
        "Dockerfile.a": f"FROM {OLD}/ocp/4.20:cli AS cli\nFROM {OLD}/ocp/4.20:gone\n",
        "Dockerfile.b": f"FROM {OLD}/ocp/4.20:cli AS cli\n",
    }
    root = repository(files)
    assert qcilint("--diff", cwd=root).stdout.count(b"+++") == 2
    assert qcilint("--verify", "--diff", *endpoints(registry), cwd=root).stdout == b""


@needs_registry
@pytest.mark.parametrize(("versions", "fixed"), [(("cli", "tools"), True), (("cli", "gone"), False)])
def test_references_that_share_a_value_are_fixed_together_or_not(
    repository: Repository, registry: str, home: Path, versions: tuple[str, str], fixed: bool
) -> None:
    uses = "".join(f"podman pull $REGISTRY/ocp/4.20:{name}\n" for name in versions)
    root = repository({"hack/pull.sh": f"REGISTRY={OLD}\n{uses}"})
    assert qcilint("--diff", "--unsafe-fixes", cwd=root).stdout
    done = qcilint("--verify", "--diff", "--unsafe-fixes", *endpoints(registry), cwd=root)
    assert bool(done.stdout) is fixed, done.stdout
    shown = qcilint("--verify", *endpoints(registry), cwd=root).stdout.decode()
    assert ("note: not in QCI: quay-proxy.ci.openshift.org/openshift/ci:ocp_4.20_gone" in shown) is not fixed


@needs_registry
def test_standard_input_is_verified_too(repository: Repository, registry: str, home: Path) -> None:
    root = repository({"README.md": "x"})
    text = (FILES["hack/cli.sh"] + FILES["hack/gone.sh"]).encode()
    done = qcilint("--verify", "--fix", "--stdin-filename", "a.sh", *endpoints(registry), cwd=root, stdin=text)
    assert re.findall(rb"pull ([^/]+)/", done.stdout) == [PROXY.encode(), OLD.encode()]


@needs_registry
def test_answers_are_kept_on_disk(repository: Repository, registry: str, home: Path) -> None:
    root = repository(FILES)
    with serve(lambda _: None, registry) as front:

        def asked(*arguments: str) -> int:
            front.seen.clear()
            assert qcilint("--verify", *arguments, *endpoints(front.url), cwd=root).returncode == 1
            return len({request.path for request in front.manifests()})

        assert asked("--no-cache") == 5  # three targets, and what two of them replace
        assert not (home / "cache").exists()
        assert [asked(), asked(), asked("--refresh"), asked("--no-cache")] == [5, 0, 5, 5]
        (home / "cache" / "qcilint" / "images.json").write_text("{")
        assert [asked(), asked()] == [5, 0]


@needs_registry
def test_a_proxy_and_a_certificate_of_ones_own(
    repository: Repository, registry: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real host name, through a proxy that leads to a server on this machine with a certificate for that name."""
    root = repository({"hack/cli.sh": FILES["hack/cli.sh"]})
    key, crt = certificate(home / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)
    with serve(lambda _: None, registry, context) as server, tunnel(server.host) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://someone:pr0xy-word@127.0.0.1:{proxy}")

        def state(*arguments: str) -> str:
            done = qcilint("--verify", "--no-cache", "--format", "json", *arguments, cwd=root)
            assert b"pr0xy-word" not in done.stdout + done.stderr
            (found,) = findings(done.stdout).values()
            return f"{found['verified']}: {found['note']}"

        assert "its certificate is not trusted (self-signed certificate)" in state()
        assert state("--ca-file", str(crt)) == "present: in QCI"
        assert f"CONNECT {PROXY}:443 Basic c29tZW9uZTpwcjB4eS13b3Jk" in asked
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            monkeypatch.setenv(name, str(crt))
            assert state() == "present: in QCI", name
            monkeypatch.delenv(name)
        asked.clear()
        monkeypatch.setenv("NO_PROXY", "ci.openshift.org")
        assert state("--ca-file", str(crt)).startswith("unknown: ")
        assert asked == []


WRONG = [
    pytest.param(["--verify-registry=x=http://127.0.0.1:1"], "--verify-registry goes with --verify", id="alone"),
    pytest.param(["--ca-file=x"], "--ca-file goes with --verify", id="certificates alone"),
    pytest.param(["--refresh"], "--refresh goes with --verify", id="refresh alone"),
    pytest.param(["--no-cache"], "--no-cache goes with --verify", id="no cache alone"),
    pytest.param(["--verify", "--verify-registry=x"], "give HOST=URL", id="no URL"),
    pytest.param(["--verify", "--verify-registry=x=https://u:p@h"], "without a path or a login", id="a login in the URL"),
    pytest.param(["--verify", "--verify-registry=x=https://h/p"], "without a path or a login", id="a path"),
    pytest.param(["--verify", "--verify-registry=x=http://example.com"], "https is needed", id="open to the world"),
    pytest.param(["--verify", "--ca-file=/nowhere"], "--ca-file: /nowhere cannot be read", id="no certificates"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_usage(tmp_path: Path, home: Path, arguments: list[str], message: str) -> None:
    done = qcilint(*arguments, cwd=tmp_path)
    assert (done.returncode, message in done.stderr.decode()) == (2, True), done.stderr
    assert b"Traceback" not in done.stderr


def test_without_the_library_the_remedy_is_said(tmp_path: Path, home: Path) -> None:
    text = (
        "import sys; sys.modules['urllib3'] = None; sys.argv = ['qcilint', '--verify']; from qcilint.start import entry; entry()"
    )
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--verify needs urllib3: install qcilint[verify], or run" in done.stderr


def test_an_interrupt_ends_the_run(repository: Repository, home: Path) -> None:
    import signal

    root = repository(FILES)
    with serve(lambda _: Reply(429, {"Retry-After": "25"})) as server:
        run = subprocess.Popen(
            [sys.executable, "-m", "qcilint", "--verify", *endpoints(server.url)], cwd=root, stderr=subprocess.PIPE
        )
        while not server.seen and run.poll() is None:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 130
        assert run.stderr is not None
        assert b"Traceback" not in run.stderr.read()


def test_nothing_is_asked_without_the_flag(repository: Repository, home: Path) -> None:
    root = repository(FILES)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "qcilint"], cwd=root, capture_output=True, text=True, check=False
    )
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "qcilint.judge" in imported
    assert not {name for name in imported if name.startswith(("qcilint.registry", "urllib3", "http", "ssl", "socket"))}


def test_no_hook_uses_the_network() -> None:
    assert "verify" not in (ROOT / ".pre-commit-hooks.yaml").read_text()


def test_a_dead_registry_is_said_once_for_all(repository: Repository, home: Path) -> None:
    root = repository(FILES)
    done = qcilint("--verify", *endpoints(f"http://127.0.0.1:{free_port()}"), cwd=root)
    assert done.returncode == 1
    assert re.search(r"unknown \(3 images\): http://127.0.0.1:\d+: no connection", done.stderr.decode())


@pytest.mark.parametrize(
    ("pullspec", "image"),
    [
        pytest.param("a.io/n/m:t", Image("a.io", "n/m", "t"), id="tag"),
        pytest.param("a.io:5000/m", Image("a.io:5000", "m", "latest"), id="port, no tag"),
        pytest.param(f"a.io/n/m:t@sha256:{'1' * 64}", Image("a.io", "n/m", f"sha256:{'1' * 64}"), id="digest"),
        pytest.param("docker://a.io/n/m:t", Image("a.io", "n/m", "t"), id="transport"),
        pytest.param("a.io/n/m:$T", None, id="variable"),
        pytest.param("a.io/n/m:4.{{ minor }}", None, id="template"),
        pytest.param("a.io", None, id="host"),
        pytest.param("a.io/N/m:t", None, id="no reference"),
    ],
)
def test_the_image_of_a_pullspec(pullspec: str, image: Image | None) -> None:
    assert image_of(pullspec) == image


def test_results_come_in_order_and_errors_come_through() -> None:
    assert concurrently(lambda number: number * 2, range(100), 7) == [number * 2 for number in range(100)]
    assert concurrently(str, [], 7) == []
    with pytest.raises(ZeroDivisionError):
        concurrently(lambda number: 1 // number, [1, 0, 2], 2)


@needs_registry
def test_the_output_in_the_documents_is_real(tmp_path: Path, registry: str, home: Path) -> None:
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "example")
    git(tmp_path / "example", "init", "-q")
    (shown,) = re.findall(r"```console\n(\$ qcilint --verify.*?)```", (ROOT / "docs" / "verify.md").read_text(), re.S)
    for session in re.split(r"(?m)^\$ ", shown)[1:]:
        command, _, output = session.partition("\n")
        done = qcilint(*command.split()[1:], *endpoints(registry), cwd=tmp_path / "example")
        real = (done.stdout + done.stderr).decode()
        for part in re.split(r"(?m)^…\n", output):
            assert part.strip("\n") in real, real


def test_programs_for_these_tests_are_installed() -> None:
    text = (ROOT / ".ci" / "programs").read_text()
    assert all(name in text for name in ("docker-registry", "skopeo", "openssl"))
