"""Asks the proxy for an image that is always there, as a pull would, and explains the answer."""

from __future__ import annotations

import os
from collections.abc import Mapping

from qcilint.qci import PROXY, REPOSITORY
from qcilint.registry.client import MISSING, PRESENT, Registry, State
from qcilint.registry.doctor import OC_LOGIN, Problem, podman_login
from qcilint.registry.settings import Settings
from qcilint.registry.transport import Transport
from qcilint.targets import Image

WELL_KNOWN = Image(PROXY, REPOSITORY, "ci_ci-operator_latest")


def ask(settings: Settings, environment: Mapping[str, str] = os.environ) -> State:
    """What the registry says of the well-known image. Raises SettingsError."""
    transport = Transport(1, environment, settings.ca_file)
    return Registry(settings.url(PROXY), transport, environment).look(WELL_KNOWN.repository, WELL_KNOWN.reference)


def problem_of(state: State) -> Problem | None:
    """What an answer other than the wanted one means."""
    if state.state == PRESENT:
        return None
    if state.state == MISSING:
        text = f"the login works, but the registry says that {WELL_KNOWN} is not there ({state.reason}): this is no QCI"
        return Problem("online", text, ("env | grep -i -E 'proxy|registry'",))
    if state.cause == "login":
        # openshift/ci-tools `cmd/qci-appci/main.go`: every ServiceAccount may pull, a person with a role in the namespace ocp.
        text = (
            f"{state.reason}; the password must be a token of app.ci that has not run out, of a ServiceAccount or of a person"
            " in a group that the rolebinding qci-image-puller has (clusters/app.ci/assets/admin_qci-image-puller_rbac.yaml in"
            " openshift/release)"
        )
        return Problem("online", text, (OC_LOGIN, podman_login(), "qcilint doctor --online"))
    if state.cause == "network":
        hint = " (for certificates of your network: --ca-file FILE)" if "certificate" in state.reason else ""
        text = f"no answer: {state.reason}{hint}"
        return Problem(
            "online", text, (f"curl -sS -o /dev/null -w '%{{http_code}}\\n' https://{PROXY}/healthz", "env | grep -i proxy")
        )
    return Problem("online", f"an answer that is none of a registry: {state.reason}", (f"curl -sSI https://{PROXY}/v2/",))
