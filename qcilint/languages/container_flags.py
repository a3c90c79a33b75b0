"""The flags of container tools that take a value, by tool and verb. Data only.

The flags follow the manual pages of the tools; they are not checked against a binary.
"""

from __future__ import annotations

from qcilint.languages.command_tables import words

RUN_VALUES = words("""
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
RUN_SWITCHES = words("""
    --detach --disable-content-trust --env-host --help --http-proxy --init --interactive --no-healthcheck
    --no-hostname --no-hosts --oom-kill-disable --passwd --privileged --publish-all --quiet --read-only
    --read-only-tmpfs --replace --rm --rmi --rootfs --sig-proxy --tls-verify --tty --unsetenv-all -d -i -P -q
""")
BUILD_VALUES = words("""
    --add-host --allow --annotation --arch --attest --authfile --build-arg --build-arg-file --build-context
    --builder --cache-from --cache-to --cache-ttl --cap-add --cap-drop --cert-dir --cgroup-parent --cgroupns
    --cpp-flag --cpu-period --cpu-quota --cpu-shares --cpuset-cpus --cpuset-mems --creds --decryption-key
    --device --dns --dns-option --dns-search --env --file --format --group-add --hooks-dir --ignorefile
    --iidfile --ipc --isolation --jobs --label --layer-label --logfile --manifest --memory --memory-swap
    --metadata-file --network --os --os-feature --os-version --output -o --pid --platform --progress --retry
    --retry-delay --runtime --runtime-flag --sbom --secret --security-opt --shm-size --sign-by --ssh --tag
    --target --timestamp --ulimit --unsetenv --userns --uts --variant --volume
""")
PULL_VALUES = words("""
    --arch --authfile --cert-dir --creds --decryption-key --os --platform --policy --retry --retry-delay --variant
""")
PUSH_VALUES = words("""
    --authfile --cert-dir --compression-format --compression-level --creds --digestfile --encrypt-layer
    --encryption-key --format --platform --retry --retry-delay --sign-by --sign-by-sigstore
    --sign-passphrase-file
""")
LOGIN_VALUES = words("--user --username --password --authfile --cert-dir --secret -p")
INSPECT_VALUES = words("--format --type --platform --authfile --creds --cert-dir -f")
SKOPEO_VALUES = words("""
    --additional-tag --authfile --cert-dir --command-timeout --creds --decryption-key --dest-authfile
    --dest-cert-dir --dest-compress-format --dest-compress-level --dest-creds --dest-daemon-host
    --dest-password --dest-registry-token --dest-shared-blob-dir --dest-username --digestfile --dest
    --encrypt-layer --encryption-key --format --image-parallel-copies --multi-arch --override-arch
    --override-os --override-variant --password --policy --registries-conf --registries.d --registry-token
    --retry-times --sign-by --sign-by-sigstore --sign-by-sigstore-private-key --sign-identity
    --sign-passphrase-file --src --src-authfile --src-cert-dir --src-creds --src-daemon-host --src-password
    --src-registry-token --src-shared-blob-dir --src-username --tmpdir --username --user-agent -d -f -s
""")
OC_GLOBALS = words("""
    --as --as-group --as-uid --cache-dir --certificate-authority --client-certificate --client-key --cluster
    --config --context --kubeconfig --log-flush-frequency --loglevel --namespace -n --password --profile
    --profile-output --request-timeout -s --server --tls-server-name --token --user --username --v --vmodule -v -p
""")
OC_VALUES = OC_GLOBALS | words("""
    --registry-config -a --filter-by-os --path --image --image-stream --output -o --file --filename --dest-dir
    --node-name --node-selector --run-namespace --service-account --serviceaccount --since --since-time
    --source-dir --timeout --host-network --container -c --env --labels --limits --requests --overrides --port
    --replicas --restart --image-pull-policy --annotations --template --selector -l --field-manager --dry-run
    --max-per-registry --icsp-file --idms-file --certificate-dir --layer --dir --only-files --as-root
    --to-namespace --one-container --schedule --from --to --source --alias --reference-policy
    --keep-annotations
""") - {"--only-files", "--as-root", "--one-container", "--keep-annotations", "--host-network", "--dry-run"}
CRANE_VALUES = words("--platform --cache_path --format --username --password --new_tag --label --user -a -b -c -f -p -t -u")
CTR_VALUES = words("--user --platform --hosts-dir --label --snapshotter --tlscacert --tlscert --tlskey --env --mount -u")
