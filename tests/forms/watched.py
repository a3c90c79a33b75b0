"""Documents that say with which logins images are pulled, or whether they are pulled at all."""

from __future__ import annotations

from . import Entry, Why, safe, unsafe

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {}\n"

JOB = "jobs:\n  a:\n    steps:\n    - {}\n    - run: podman pull §/ocp/4.21:cli\n"
PULLED = JOB.replace("§/ocp/4.21:cli", "¤:ocp_4.21_cli")
ACTION, LOGIN = "uses: docker/login-action@v3\n      with:\n        registry: §", "run: podman login -u a -p $P §"
DOUBT, BARE = "logs in to registry.ci.openshift.org", Why("a bare host", silent=True)
CREDENTIALS = "jobs:\n  a:\n    container:\n      image: {}\n      credentials:\n        username: a\n        password: b\n"
PULLS: list[Entry] = [
    unsafe("an action that logs in", ".github/workflows/a.yaml", JOB.format(ACTION), PULLED.format(ACTION), DOUBT, BARE),
    unsafe("a step that logs in", ".github/workflows/a.yaml", JOB.format(LOGIN), PULLED.format(LOGIN), DOUBT, BARE),
    safe(
        "a login in another job", ".github/workflows/a.yaml", JOB.format("run: a") + f"  b:\n    steps:\n    - {LOGIN}\n",
        PULLED.format("run: a") + f"  b:\n    steps:\n    - {LOGIN}\n", BARE,
    ),
    unsafe("a container with credentials", ".github/workflows/a.yaml", CREDENTIALS.format("§/ocp/4.21:cli"), CREDENTIALS.format("¤:ocp_4.21_cli"), "with the credentials of this file"),
    unsafe("never pulled", "a.yaml", POD.format("§/ocp/4.21:cli") + "    imagePullPolicy: Never\n", POD.format("¤:ocp_4.21_cli") + "    imagePullPolicy: Never\n", "imagePullPolicy: Never"),
    safe("always pulled", "a.yaml", POD.format("§/ocp/4.21:cli") + "    imagePullPolicy: Always\n", POD.format("¤:ocp_4.21_cli") + "    imagePullPolicy: Always\n"),
]  # fmt: skip

WATCHED: list[Entry] = [*PULLS]
