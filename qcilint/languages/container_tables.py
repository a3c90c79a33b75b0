"""The tables of `container_commands`: the verbs of container tools, and which of their flags take a value. Data only.

The flags follow the manual pages of the tools; they are not checked against a binary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qcilint.languages.command_tables import words


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


def _verbs(table: Mapping[str, Verb]) -> dict[tuple[str, ...], Verb]:
    return {tuple(path.split()): verb for names, verb in table.items() for path in names.split("|")}


def _tool(table: Mapping[str, Verb], values: str = "") -> Tool:
    verbs = _verbs(table)
    prefixes = frozenset(path[:length] for path in verbs for length in range(1, len(path)))
    return Tool(verbs, words(values), prefixes)


ALIASES = {
    "-e": "--env", "-l": "--label", "-t": "--tag", "-v": "--volume", "-p": "--publish", "-u": "--user", "-w": "--workdir",
    "-h": "--hostname", "-m": "--memory", "-a": "--attach", "-c": "--cpu-shares", "-f": "--file",
}  # fmt: skip
OPTIONAL_VALUES = {"--pull": words("always missing never newer ifnewer ifmissing true false")}
"""Flags that take a value in some tools only, with the values they have."""

_RUN_VALUES = words("""
    --add-host --annotation --arch --attach --authfile --blkio-weight --blkio-weight-device --cap-add
    --cap-drop --cert-dir --cgroup-conf --cgroup-parent --cgroupns --cgroups --chrootdirs --cidfile
    --conmon-pidfile --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime
    --cpu-shares --cpus --cpuset-cpus --cpuset-mems --creds --decryption-key --detach-keys --device
    --device-cgroup-rule --device-read-bps --device-read-iops --device-write-bps --device-write-iops --dns
    --dns-opt --dns-option --dns-search --domainname --entrypoint --env --env-file --env-merge --expose
    --gidmap --gpus --group-add --group-entry --health-cmd --health-interval --health-log-destination
    --health-max-log-count --health-max-log-size --health-on-failure --health-retries --health-start-interval
    --health-start-period --health-startup-cmd --health-startup-interval --health-startup-retries
    --health-startup-success --health-startup-timeout --health-timeout --hooks-dir --hostname --hostuser
    --image-volume --init-ctr --init-path --io-maxbandwidth --io-maxiops --ip --ip6 --ipc --isolation
    --kernel-memory --label --label-file --link --link-local-ip --log-driver --log-opt --mac-address --memory
    --memory-reservation --memory-swap --memory-swappiness --mount --name --net --net-alias --network
    --network-alias --oom-score-adj --os --passwd-entry --personality --pid --pidfile --pids-limit --platform
    --pod --pod-id-file --preserve-fd --preserve-fds --publish --rdt-class --requires --restart --retry
    --retry-delay --runtime --sdnotify --seccomp-policy --secret --security-opt --shm-size --shm-size-systemd
    --stop-signal --stop-timeout --storage-opt --subgidname --subuidname --sysctl --systemd --timeout --tmpfs
    --tz --uidmap --ulimit --umask --unsetenv --user --userns --uts --variant --volume --volume-driver
    --volumes-from --workdir
""")
_RUN_SWITCHES = words("""
    --detach --disable-content-trust --env-host --help --http-proxy --init --interactive --no-healthcheck
    --no-hostname --no-hosts --oom-kill-disable --passwd --privileged --publish-all --quiet --read-only
    --read-only-tmpfs --replace --rm --rmi --rootfs --sig-proxy --tls-verify --tty --unsetenv-all -d -i -P -q
""")
_BUILD_VALUES = words("""
    --add-host --allow --annotation --arch --attest --authfile --build-arg --build-arg-file --build-context
    --builder --cache-from --cache-to --cache-ttl --cap-add --cap-drop --cert-dir --cgroup-parent --cgroupns
    --cpp-flag --cpu-period --cpu-quota --cpu-shares --cpuset-cpus --cpuset-mems --creds --decryption-key
    --device --dns --dns-option --dns-search --env --file --format --group-add --hooks-dir --ignorefile
    --iidfile --ipc --isolation --jobs --label --layer-label --logfile --manifest --memory --memory-swap
    --metadata-file --network --os --os-feature --os-version --output -o --pid --platform --progress --retry
    --retry-delay --runtime --runtime-flag --sbom --secret --security-opt --shm-size --sign-by --ssh --tag
    --target --timestamp --ulimit --unsetenv --userns --uts --variant --volume
""")
_PULL_VALUES = words("""
    --arch --authfile --cert-dir --creds --decryption-key --os --platform --policy --retry --retry-delay --variant
""")
_PUSH_VALUES = words("""
    --authfile --cert-dir --compression-format --compression-level --creds --digestfile --encrypt-layer
    --encryption-key --format --platform --retry --retry-delay --sign-by --sign-by-sigstore
    --sign-passphrase-file
""")
_LOGIN_VALUES = words("--user --username --password --authfile --cert-dir --secret -p")
_INSPECT_VALUES = words("--format --type --platform --authfile --creds --cert-dir -f")

_PULL = Verb(rest="command:pull", values=_PULL_VALUES)
_RUN = Verb(("command:run",), values=_RUN_VALUES, switches=_RUN_SWITCHES, stops=True, inner="after-first")
_CREATE = Verb(("command:create",), values=_RUN_VALUES, switches=_RUN_SWITCHES, stops=True, inner="after-first")
_PUSH = Verb(rest="command:push", values=_PUSH_VALUES)
_TAG = Verb(("command:tag-source",), "command:tag-target")
_INSPECT = Verb(rest="command:inspect", values=_INSPECT_VALUES)
_DELETE = Verb(rest="command:delete", values=words("--time"))
_LOGIN = Verb(rest="command:login", values=_LOGIN_VALUES)
_LOGOUT = Verb(rest="command:logout", values=words("--authfile"))
_BUILD = Verb(
    flags={"--tag": "command:build-target", "--manifest": "command:build-target", "--from": "command:pull"},
    values=_BUILD_VALUES - {"--manifest"},
    argument="build",
)
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
        "inspect|image inspect|image exists|manifest inspect|buildx imagetools inspect": _INSPECT,
        "history|image history|image tree": _INSPECT,
        "rmi|image rm|image remove|untag|image untag|manifest rm": _DELETE,
        "login": _LOGIN,
        "logout": _LOGOUT,
        "build|image build|buildx build|builder build": _BUILD,
        "commit|container commit": _COMMIT,
        "import|image import": Verb(("", "command:build-target"), values=words("--change --message -c -m")),
        "manifest create": Verb(("command:build-target",)),
        "exec|container exec": _EXEC,
    },
    """
    --address --cgroup-manager --cni-path --config --conmon --connection --context --data-root --events-backend --hooks-dir
    --host --identity --imagestore --log-level --module --namespace --network-cmd-path --network-config-dir --out --root
    --runroot --runtime --runtime-flag --snapshotter --ssh --storage-driver --storage-opt --tlscacert --tlscert --tlskey
    --tmpdir --transient-store --url --volumepath -H -a -c -l -n
    """,
)
_BUILDAH = _tool(
    {
        "from": Verb(rest="command:pull", values=_RUN_VALUES | words("--format --cidfile")),
        "pull": _PULL,
        "push|manifest push": _PUSH,
        "tag": _TAG,
        "inspect|manifest inspect": _INSPECT,
        "rmi|manifest rm": _DELETE,
        "login": _LOGIN,
        "logout": _LOGOUT,
        "bud|build|build-using-dockerfile": _BUILD,
        "commit": _COMMIT,
        "add|copy": Verb(flags={"--from": "command:pull"}, values=words("--chmod --chown --contextdir --ignorefile")),
        "manifest create": Verb(("command:build-target",)),
    },
    "--log-level --registries-conf --registries-conf-dir --root --runroot --storage-driver --storage-opt",
)
_SKOPEO_VALUES = words("""
    --additional-tag --authfile --cert-dir --command-timeout --creds --decryption-key --dest-authfile
    --dest-cert-dir --dest-compress-format --dest-compress-level --dest-creds --dest-daemon-host
    --dest-password --dest-registry-token --dest-shared-blob-dir --dest-username --digestfile --dest
    --encrypt-layer --encryption-key --format --image-parallel-copies --multi-arch --override-arch
    --override-os --override-variant --password --policy --registries-conf --registries.d --registry-token
    --retry-times --sign-by --sign-by-sigstore --sign-by-sigstore-private-key --sign-identity
    --sign-passphrase-file --src --src-authfile --src-cert-dir --src-creds --src-daemon-host --src-password
    --src-registry-token --src-shared-blob-dir --src-username --tmpdir --username --user-agent -d -f -s
""")
_SKOPEO = _tool(
    {
        "copy|sync": Verb(("command:copy-source", "command:copy-target"), values=_SKOPEO_VALUES, exact=True),
        "inspect": Verb(rest="command:inspect", values=_SKOPEO_VALUES),
        "list-tags": Verb(rest="command:list-tags", values=_SKOPEO_VALUES),
        "delete": Verb(rest="command:delete", values=_SKOPEO_VALUES),
        "login": _LOGIN,
        "logout": _LOGOUT,
    },
    "--command-timeout --override-arch --override-os --override-variant --policy --registries-conf --registries.d --tmpdir",
)
_OC_GLOBALS = words("""
    --as --as-group --as-uid --cache-dir --certificate-authority --client-certificate --client-key --cluster
    --config --context --kubeconfig --log-flush-frequency --loglevel --namespace -n --password --profile
    --profile-output --request-timeout -s --server --tls-server-name --token --user --username --v --vmodule -v -p
""")
_OC_VALUES = _OC_GLOBALS | words("""
    --registry-config -a --filter-by-os --path --image --image-stream --output -o --file --filename --dest-dir
    --node-name --node-selector --run-namespace --service-account --serviceaccount --since --since-time
    --source-dir --timeout --host-network --container -c --env --labels --limits --requests --overrides --port
    --replicas --restart --image-pull-policy --annotations --template --selector -l --field-manager --dry-run
    --max-per-registry --icsp-file --idms-file --certificate-dir --layer --dir --only-files --as-root
    --to-namespace --one-container --schedule --from --to --source --alias --reference-policy
    --keep-annotations
""") - {"--only-files", "--as-root", "--one-container", "--keep-annotations", "--host-network", "--dry-run"}
_CLUSTER = ("cluster",)


def _on_cluster(inner: str = "", **flags: str) -> Verb:
    roles = {f"--{name}": role for name, role in (flags or {"image": "command:run"}).items()}
    return Verb(flags=roles, values=_OC_VALUES - roles.keys(), labels=_CLUSTER, inner=inner)


_OC = _tool(
    {
        "image extract": Verb(rest="command:extract", values=_OC_VALUES),
        "image info": Verb(rest="command:info", values=_OC_VALUES),
        "image mirror|adm catalog mirror|adm release mirror": Verb(everything="command:mirror"),
        "image append": Verb(
            flags={"--from": "command:extract", "--to": "command:push"},
            values=_OC_VALUES | words("--image --meta --created-at --drop-history"),
        ),
        "adm must-gather": _on_cluster("after-dashes"),
        "debug": _on_cluster("after-dashes"),
        "run": _on_cluster("after-dashes"),
        "create deployment|create job|create cronjob|create deploymentconfig": _on_cluster("after-dashes"),
        "set image": Verb(("",), "command:run", values=_OC_VALUES, labels=_CLUSTER),
        "tag": Verb(("command:import",), "command:tag-target", values=_OC_VALUES),
        "import-image": Verb(flags={"--from": "command:import"}, values=_OC_VALUES - {"--from"}),
        "registry login": Verb(rest="command:login", flags={"--registry": "command:login"}, values=_OC_VALUES),
        "login": Verb(rest="command:login", values=_OC_VALUES),
        "logout": Verb(rest="command:logout", values=_OC_VALUES),
        "exec": Verb(values=_OC_VALUES, stops=True, inner="after-first"),
        "rsh": Verb(values=_OC_VALUES, stops=True, inner="after-first"),
        "apply|create|replace|delete|process|patch|set|adm policy": Verb(values=_OC_VALUES),
    }
    | {f"adm release {verb}": Verb(everything="command:release") for verb in ("extract", "info", "new")}
    | {"adm release": Verb(everything="command:release")},
    " ".join(_OC_GLOBALS),
)
_CRANE_VALUES = words("--platform --cache_path --format --username --password --new_tag --label --user -a -b -c -f -p -t -u")
_CRANE = _tool(
    {
        "pull": Verb(("command:pull",), values=_CRANE_VALUES),
        "export": Verb(("command:extract",), values=_CRANE_VALUES),
        "manifest|digest|config|validate|blob": Verb(
            rest="command:inspect", flags={"--remote": "command:inspect"}, values=_CRANE_VALUES
        ),
        "ls|catalog": Verb(rest="command:list-tags", values=_CRANE_VALUES),
        "copy|cp": Verb(("command:copy-source", "command:copy-target"), values=_CRANE_VALUES, exact=True),
        "push": Verb(("", "command:push"), values=_CRANE_VALUES),
        "tag": Verb(("command:tag-source", "command:tag-target"), values=_CRANE_VALUES),
        "delete": Verb(rest="command:delete", values=_CRANE_VALUES),
        "auth login": _LOGIN,
        "auth logout": _LOGOUT,
    },
    "--platform",
)
_CTR_VALUES = words("--user --platform --hosts-dir --label --snapshotter --tlscacert --tlscert --tlskey --env --mount -u")
_CTR = _tool(
    {
        "images pull|image pull|i pull": Verb(rest="command:pull", values=_CTR_VALUES),
        "images push|image push|i push": Verb(rest="command:push", values=_CTR_VALUES),
        "images tag|image tag|i tag": _TAG,
        "images rm|image rm|i rm|images delete": _DELETE,
        "run": Verb(("command:run",), values=_CTR_VALUES | _RUN_VALUES, stops=True),
    },
    "--address -a --namespace -n --timeout --connect-timeout",
)
_CRICTL = _tool(
    {
        "pull": Verb(rest="command:pull", values=words("--creds --auth --pod-config --annotation -a")),
        "inspecti": _INSPECT,
        "rmi": _DELETE,
    },
    "--config -c --image-endpoint -i --runtime-endpoint -r --timeout -t",
)

TOOLS = {"engine": _ENGINE, "buildah": _BUILDAH, "skopeo": _SKOPEO, "oc": _OC, "crane": _CRANE, "ctr": _CTR, "crictl": _CRICTL}
"""The commands with verbs."""
FAMILIES = {name: name for name in TOOLS} | {
    "docker": "engine", "podman": "engine", "nerdctl": "engine", "podman-remote": "engine", "kubectl": "oc", "gcrane": "crane",
}  # fmt: skip
"""Command name to entry of `TOOLS`."""
