"""From a plan to merged pull requests, against real repositories and a GitHub on loopback."""

from __future__ import annotations

from tests.campaign.conftest import AFTER, BEFORE, World
from tests.conftest import git


def test_from_a_list_to_merged(world: World) -> None:
    for name in ("org/a", "org/b"):
        world.github.add(name, {"Dockerfile": BEFORE, "README.md": "# A\n"})
    world.github.add("org/clean", {"Dockerfile": "FROM scratch\n"})
    world.write("org/a", "org/b", "org/clean")
    assert "planned 2 pull requests for 3 repositories: 2 references to fix, 0 left alone" in world.run("plan")
    out = world.run("apply")
    assert out.endswith("opened 2, updated 0; failed 0, waiting 0\n")
    branch = "qcilint-demo-main"
    for name in ("org/a", "org/b"):
        assert world.github.branches(name) == ["main", branch]
        assert world.github.file(name, branch, "Dockerfile") == AFTER
        assert world.github.file(name, "main", "Dockerfile") == BEFORE
        message = git(world.github.path(name), "log", "-1", "--format=%an <%ae>%n%B", branch)
        assert message.startswith(
            "Mia Example <mia@example.com>\nNO-JIRA: Pull CI images from QCI\n\nChanges 1 reference in 1 file."
        )
        assert "\n    qcilint --fix\n" in message
        assert message.rstrip().endswith("Signed-off-by: Mia Example <mia@example.com>")
        (pull,) = world.github.pulls[name]
        assert (pull["title"], pull["base"], pull["draft"]) == ("NO-JIRA: Pull CI images from QCI", "main", False)
        world.github.merge(name, 1)
    assert world.run("status").endswith("2 merged\n")
    assert world.run("apply").endswith("opened 0, updated 0; failed 0, waiting 0\n")
    assert "planned 0 pull requests" in world.run("plan")
