"""Plans that hold only fixes whose image a catalogue or a registry knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.campaign.conftest import World
from tests.catalog.test_linting import EMPTY
from tests.conftest import git
from tests.registry.servers import Reply, Request, serve

HOST = "registry.ci.openshift.org"
FILES = {
    "known.sh": f"podman pull {HOST}/ocp/4.20:cli\n",
    "possible.sh": f"podman pull {HOST}/ocp/builder:x\n",
    "unknown.sh": f"podman pull {HOST}/ocp/4.20:clli\n",
    "variable.sh": f"podman pull {HOST}/ocp/$V:cli\n",
}
CONFIG = "ci-operator/config/openshift/oc/openshift-oc-main.yaml"
CATALOG = EMPTY | {
    "files": [CONFIG],
    "images": {"ocp/4.20:cli": [["promoted", 0, 3]]},
    "patterns": [["ocp", "^builder$", "", 0, 9]],
}


def outcomes(world: World) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in world.plan_folder.rglob("findings.json"):
        document: Any = json.loads(path.read_text())
        for each in document["findings"] if isinstance(document, dict) else document:
            assert each["path"] not in found
            found[each["path"].removesuffix(".sh")] = (each["outcome"], each["reason"])
    return found


@pytest.mark.parametrize("unsafe", [False, True])
def test_with_a_catalogue_only_what_it_knows_is_fixed(world: World, unsafe: bool) -> None:
    world.github.add("org/a", FILES)
    (world.folder / "qci.json").write_text(json.dumps(CATALOG))
    world.write("org/a", fix={"catalog": "qci.json", "unsafe": unsafe})
    world.run("plan")
    nobody = "nobody says that the image is in QCI: "
    assert outcomes(world) == {
        "known": ("fixed", ""),
        "possible": ("fixed", ""),
        "unknown": ("left", f"{nobody}not in the catalogue: ocp/4.20:clli; perhaps ocp/4.20:cli"),
        "variable": ("left", f"{nobody}it holds a variable"),
    }
    (world.folder / "qci.json").write_text(json.dumps(CATALOG | {"images": {"ocp/4.20:clli": [["promoted", 0, 3]]}}))
    world.run("plan")
    assert {name for name, (outcome, _) in outcomes(world).items() if outcome == "fixed"} == {"possible", "unknown"}


def test_with_a_registry_only_what_is_there_is_fixed(world: World) -> None:
    world.github.add("org/a", FILES)
    there = {"ocp_4.20_cli"}

    def answer(request: Request) -> Reply:
        tag = request.path.rpartition("/")[2]
        digest = {"Docker-Content-Digest": "sha256:" + "a" * 64, "Content-Type": "application/vnd.oci.image.manifest.v1+json"}
        if request.path == "/v2/" or tag in there:
            return Reply(200, digest)
        return Reply(503) if tag == "ocp_builder_x" else Reply(404, body=b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')

    environment = {"XDG_CACHE_HOME": str(world.folder / "cache"), "XDG_RUNTIME_DIR": str(world.folder), "HOME": str(world.folder)}
    with serve(answer) as server:
        fix = {"verify": True, "verify-registry": [f"quay-proxy.ci.openshift.org={server.url}", f"{HOST}={server.url}"]}
        world.write("org/a", fix=fix)
        world.run("plan", **environment)
        found = outcomes(world)
        assert {name: outcome for name, (outcome, _) in found.items()} == {
            "known": "fixed", "possible": "left", "unknown": "left", "variable": "left",
        }  # fmt: skip
        assert "not in QCI" in found["unknown"][1]
        assert "not verified" in found["possible"][1]
        there.add("ocp_4.20_clli")
        for path in (world.folder / "cache" / "qcilint").glob("*.json"):
            path.unlink()
        world.run("plan", **environment)
        assert outcomes(world)["unknown"][0] == "fixed", "a registry is asked anew"


@pytest.mark.parametrize(
    ("fix", "problem"),
    [
        ({"catalog": "none.json"}, "fix.catalog: {folder}/none.json: No such file or directory; make it with"),
        ({"catalog": 1}, "fix.catalog: must be a string"),
        ({"verify": "yes"}, "fix.verify: must be true or false"),
        ({"verify": True, "verify-registry": ["x"]}, "fix.verify: --verify-registry 'x': give HOST=URL"),
    ],
)
def test_settings_that_cannot_be_used(world: World, fix: dict[str, Any], problem: str) -> None:
    world.github.add("org/a", FILES)
    world.write("org/a", fix=fix)
    assert problem.format(folder=world.folder) in world.run("plan", code=2)


def test_a_local_repository(world: World, tmp_path: Path) -> None:
    local = tmp_path / "local"
    local.mkdir()
    git(local, "init", "-q", "-b", "main")
    for name, text in FILES.items():
        (local / name).write_text(text)
    git(local, "add", "-A")
    git(local, "commit", "-qm", "x")
    (world.folder / "qci.json").write_text(json.dumps(CATALOG))
    world.write(str(local), fix={"catalog": "qci.json"})
    world.run("plan")
    assert {name for name, (outcome, _) in outcomes(world).items() if outcome == "fixed"} == {"known", "possible"}
