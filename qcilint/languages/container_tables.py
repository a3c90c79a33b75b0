"""The tables of `container_commands`: the verbs of container tools, and which of their flags take a value. Data only.

The flags follow the manual pages of the tools; they are not checked against a binary.
"""

from __future__ import annotations

from collections.abc import Mapping

from qcilint.languages.command_tables import words
from qcilint.languages.container_flags import (
    BUILD_VALUES,
    CRANE_VALUES,
    CTR_VALUES,
    INSPECT_VALUES,
    LOGIN_VALUES,
    OC_GLOBALS,
    OC_VALUES,
    PULL_VALUES,
    PUSH_VALUES,
    RUN_SWITCHES,
    RUN_VALUES,
    SKOPEO_VALUES,
)
from qcilint.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Verb:
    """What the arguments of one verb are."""

    positionals: tuple[str, ...] = ()
    rest: str = ""
    """The role of further positional arguments."""
    flags: Mapping[str, str] = field(default_factory=dict)
    """Flags whose value is an image, with its role."""
    values: frozenset[str] = frozenset()
    """Other flags that take a value."""
    switches: frozenset[str] = frozenset()
    stops: bool = False
    """Flags end at the first positional argument."""
    transports: bool = False
    """A copy from a registry to a local transport is a pull."""
    exact: bool = False
    """There are as many positional arguments as roles: count from the end."""
    everything: str = ""
    """The role of all arguments and flag values."""
    labels: tuple[str, ...] = ()
    argument: str = ""
    """The command name in `argument:<name>`."""
    inner: str = ""
    """A command follows: `after-first` positional argument, or `after-dashes`."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A command with verbs."""

    verbs: Mapping[tuple[str, ...], Verb]
    values: frozenset[str] = frozenset()
    """Flags that take a value and stand before the verb."""
    prefixes: frozenset[tuple[str, ...]] = frozenset()
    remote: frozenset[str] = frozenset()
    """Flags before the verb that name another machine."""


def _verbs(table: Mapping[str, Verb]) -> dict[tuple[str, ...], Verb]:
    return {tuple(path.split()): verb for names, verb in table.items() for path in names.split("|")}


def _tool(table: Mapping[str, Verb], values: str = "", remote: str = "") -> Tool:
    verbs = _verbs(table)
    prefixes = frozenset(path[:length] for path in verbs for length in range(1, len(path)))
    return Tool(verbs, words(values), prefixes, words(remote))


ALIASES = {
    "-e": "--env", "-l": "--label", "-t": "--tag", "-v": "--volume", "-p": "--publish", "-u": "--user", "-w": "--workdir",
    "-h": "--hostname", "-m": "--memory", "-a": "--attach", "-c": "--cpu-shares", "-f": "--file",
}  # fmt: skip
OPTIONAL_VALUES = {"--pull": words("always missing never newer ifnewer ifmissing true false")}
"""Flags that take a value in some tools only, with the values they have."""

_PULL = Verb(rest="command:pull", values=PULL_VALUES)
_RUN = Verb(("command:run",), values=RUN_VALUES, switches=RUN_SWITCHES, stops=True, inner="after-first")
_CREATE = Verb(("command:create",), values=RUN_VALUES, switches=RUN_SWITCHES, stops=True, inner="after-first")
_PUSH = Verb(rest="command:push", values=PUSH_VALUES)
_TAG = Verb(("command:tag-source",), "command:tag-target")
_INSPECT = Verb(rest="command:inspect", values=INSPECT_VALUES)
_LIST_FILTERS = {"--filter": "command:local", "-f": "command:local"}
_LOCAL = Verb(
    rest="command:local",
    flags=_LIST_FILTERS,
    values=words("--time --output --format --input --sort --last --name --nodes --cluster --mode -o -i -n -c"),
)
"""The image is used by the name that it has in the local storage."""
_RMI = Verb(rest="command:local", values=words("--time --platform"))
_LOGIN = Verb(rest="command:login", values=LOGIN_VALUES)
_LOGOUT = Verb(rest="command:logout", values=words("--authfile"))
_BUILD = Verb(
    flags={
        "--tag": "command:build-target", "--manifest": "command:build-target", "--from": "command:pull",
        "--cache-from": "command:local", "--build-context": "command:local",
    },
    values=BUILD_VALUES - {"--manifest"},
    argument="build",
)  # fmt: skip
_COMMIT = Verb(("", "command:build-target"), values=words("--author --change --message --format --authfile --creds -m -a -c"))
_EXEC = Verb(values=words("--env --env-file --user --workdir --detach-keys --preserve-fds"), stops=True, inner="after-first")

_ENGINE = _tool(
    {
        "pull|image pull": _PULL,
        "run|container run": _RUN,
        "create|container create": _CREATE,
        "push|image push": _PUSH,
        "manifest push": _PUSH,
        "tag|image tag": _TAG,
        "inspect|image inspect|manifest inspect|buildx imagetools inspect": _INSPECT,
        "images|image ls|image list|ps|container ls|container list|container ps|image exists|history|image history": _LOCAL,
        "save|image save|load|image load|image tree|image diff|image mount|image unmount|image umount|image scp": _LOCAL,
        "rmi|image rm|image remove|untag|image untag|manifest rm": _RMI,
        "login": _LOGIN,
        "logout": _LOGOUT,
        "build|image build|buildx build|builder build": _BUILD,
        "commit|container commit": _COMMIT,
        "import|image import": Verb(("", "command:build-target"), values=words("--change --message -c -m")),
        "manifest create|manifest add": Verb(("command:build-target",)),
        "exec|container exec": _EXEC,
    },
    """
    --address --cgroup-manager --cni-path --config --conmon --connection --context --data-root --events-backend --hooks-dir
    --host --identity --imagestore --log-level --module --namespace --network-cmd-path --network-config-dir --out --root
    --runroot --runtime --runtime-flag --snapshotter --ssh --storage-driver --storage-opt --tlscacert --tlscert --tlskey
    --tmpdir --transient-store --url --volumepath -H -a -c -l -n
    """,
    "--connection --context --host --remote --url -H -c -r",
)
_BUILDAH = _tool(
    {
        "from": Verb(rest="command:pull", values=RUN_VALUES | words("--format --cidfile")),
        "pull": _PULL,
        "push|manifest push": _PUSH,
        "tag": _TAG,
        "inspect|manifest inspect": _INSPECT,
        "images": _LOCAL,
        "rmi|manifest rm": _RMI,
        "login": _LOGIN,
        "logout": _LOGOUT,
        "bud|build|build-using-dockerfile": _BUILD,
        "commit": _COMMIT,
        "add|copy": Verb(flags={"--from": "command:pull"}, values=words("--chmod --chown --contextdir --ignorefile")),
        "manifest create|manifest add": Verb(("command:build-target",)),
    },
    "--log-level --registries-conf --registries-conf-dir --root --runroot --storage-driver --storage-opt",
)
_SKOPEO = _tool(
    {
        "copy": Verb(("command:copy-source", "command:copy-target"), values=SKOPEO_VALUES, exact=True, transports=True),
        "sync": Verb(("command:copy-source", "command:copy-target"), values=SKOPEO_VALUES, exact=True),
        "inspect": Verb(rest="command:inspect", values=SKOPEO_VALUES),
        "list-tags": Verb(rest="command:list-tags", values=SKOPEO_VALUES),
        "delete": Verb(rest="command:delete", values=SKOPEO_VALUES),
        "login": _LOGIN,
        "logout": _LOGOUT,
    },
    "--command-timeout --override-arch --override-os --override-variant --policy --registries-conf --registries.d --tmpdir",
)
_CLUSTER = ("cluster",)


def _on_cluster(inner: str = "", **flags: str) -> Verb:
    roles = {f"--{name}": role for name, role in (flags or {"image": "command:run"}).items()}
    return Verb(flags=roles, values=OC_VALUES - roles.keys(), labels=_CLUSTER, inner=inner)


_OC = _tool(
    {
        "image extract": Verb(rest="command:extract", values=OC_VALUES),
        "image info": Verb(rest="command:info", values=OC_VALUES),
        "image mirror|adm catalog mirror|adm release mirror": Verb(everything="command:mirror"),
        "image append": Verb(
            flags={"--from": "command:extract", "--to": "command:push"},
            values=OC_VALUES | words("--image --meta --created-at --drop-history"),
        ),
        "adm must-gather": _on_cluster("after-dashes"),
        "debug": _on_cluster("after-dashes"),
        "run": _on_cluster("after-dashes"),
        "create deployment|create job|create cronjob|create deploymentconfig": _on_cluster("after-dashes"),
        "set image": Verb(("",), "command:run", values=OC_VALUES, labels=_CLUSTER),
        "tag": Verb(("command:import",), "command:tag-target", values=OC_VALUES),
        "import-image": Verb(flags={"--from": "command:import"}, values=OC_VALUES - {"--from"}),
        "registry login": Verb(rest="command:login", flags={"--registry": "command:login"}, values=OC_VALUES),
        "login": Verb(rest="command:login", values=OC_VALUES),
        "logout": Verb(rest="command:logout", values=OC_VALUES),
        "exec": Verb(values=OC_VALUES, stops=True, inner="after-first"),
        "rsh": Verb(values=OC_VALUES, stops=True, inner="after-first"),
        "apply|create|replace|delete|process|patch|set|adm policy": Verb(values=OC_VALUES),
    }
    | {f"adm release {verb}": Verb(everything="command:release") for verb in ("extract", "info", "new")}
    | {"adm release": Verb(everything="command:release")},
    " ".join(OC_GLOBALS),
)
_CRANE = _tool(
    {
        "pull": Verb(("command:pull",), values=CRANE_VALUES),
        "export": Verb(("command:extract",), values=CRANE_VALUES),
        "manifest|digest|config|validate|blob": Verb(
            rest="command:inspect", flags={"--remote": "command:inspect"}, values=CRANE_VALUES
        ),
        "ls|catalog": Verb(rest="command:list-tags", values=CRANE_VALUES),
        "copy|cp": Verb(("command:copy-source", "command:copy-target"), values=CRANE_VALUES, exact=True),
        "push": Verb(("", "command:push"), values=CRANE_VALUES),
        "tag": Verb(("command:tag-source", "command:tag-target"), values=CRANE_VALUES),
        "delete": Verb(rest="command:delete", values=CRANE_VALUES),
        "auth login": _LOGIN,
        "auth logout": _LOGOUT,
    },
    "--platform",
)
_CTR = _tool(
    {
        "images pull|image pull|i pull": Verb(rest="command:pull", values=CTR_VALUES, labels=_CLUSTER),
        "images push|image push|i push": Verb(rest="command:push", values=CTR_VALUES),
        "images tag|image tag|i tag": _TAG,
        "images rm|image rm|i rm|images delete|images export|image export|i export|images label|image label": _RMI,
        "run": Verb(("command:run",), values=CTR_VALUES | RUN_VALUES, stops=True, labels=_CLUSTER),
    },
    "--address -a --namespace -n --timeout --connect-timeout",
)
_CRICTL = _tool(
    {
        "pull": Verb(rest="command:pull", values=words("--creds --auth --pod-config --annotation -a"), labels=_CLUSTER),
        "inspecti": _INSPECT,
        "images|img": _LOCAL,
        "rmi": _RMI,
    },
    "--config -c --image-endpoint -i --runtime-endpoint -r --timeout -t",
)

_KIND = _tool({"load docker-image": _LOCAL})
_K3D = _tool({"image import|images import|i import": _LOCAL})
_MINIKUBE = _tool(
    {
        "image load|image rm|image save|image ls|cache add|cache delete": _LOCAL,
        "image push": _PUSH,
        "image tag": _TAG,
        "image pull": Verb(rest="command:pull", labels=_CLUSTER),
    },
    "--profile -p",
)

_OPM = _tool(
    {
        "index add|index rm|index prune|index prune-stranded": Verb(
            flags={"--tag": "command:build-target"},
            values=words(
                "--bundles --from-index --container-tool --build-tool --pull-tool --mode --binary-image --out-dockerfile"
                " --operators --packages"
            ),
            argument="opm",
        ),
    }
)
_TKN = _tool({"bundle push": Verb(("command:push",), values=words("--filenames --file -f"))})
_ORAS = _tool(
    {
        "pull": Verb(("command:pull",), values=words("--output --platform --config --registry-config -o")),
        "push|attach": Verb(("command:push",), values=words("--artifact-type --annotation --config --registry-config -a")),
        "cp|copy": Verb(("command:copy-source", "command:copy-target"), exact=True),
    }
)
_REGCTL = _tool(
    {
        "image copy|image cp": Verb(("command:copy-source", "command:copy-target"), exact=True),
        "image digest|image inspect|image manifest|image config|manifest get|manifest head": Verb(rest="command:inspect"),
        "tag ls|tag list": Verb(rest="command:list-tags"),
    }
)

TOOLS = {
    "engine": _ENGINE, "buildah": _BUILDAH, "skopeo": _SKOPEO, "oc": _OC, "crane": _CRANE, "ctr": _CTR, "crictl": _CRICTL,
    "kind": _KIND, "k3d": _K3D, "minikube": _MINIKUBE, "opm": _OPM, "tkn": _TKN, "oras": _ORAS, "regctl": _REGCTL,
}  # fmt: skip
"""The commands with verbs."""
FAMILIES = {name: name for name in TOOLS} | {
    "docker": "engine", "podman": "engine", "nerdctl": "engine", "podman-remote": "engine", "kubectl": "oc", "gcrane": "crane",
}  # fmt: skip
"""Command name to entry of `TOOLS`."""
