"""What `--verify` costs over a bare HTTP client: the same HEAD requests, library and threads, in turns, in one run.

`python -m benchmarks.verification [--images N] [--rounds N]` starts a docker-registry of its own and prints a Markdown table.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import urllib3

from qcilint.qci import PROXY, REPOSITORY
from qcilint.registry.client import MANIFESTS, PRESENT
from qcilint.registry.settings import Settings
from qcilint.registry.verify import WORKERS, Verification
from qcilint.targets import Image

IMAGES, ROUNDS, TARGET = 1000, 7, 1.3
MANIFEST_TYPE = MANIFESTS[2]


@contextlib.contextmanager
def registry(folder: Path) -> Iterator[str]:
    """A docker-registry without logins; gives its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "config.yml").write_text(
        f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'storage'}}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["docker-registry", "serve", str(folder / "config.yml")], stdout=log, stderr=log)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def fill(url: str, count: int) -> list[Image]:
    """Push one small image under `count` tags."""
    pool = urllib3.PoolManager()
    base = f"{url}/v2/{REPOSITORY}"
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}).encode()
    digest = f"sha256:{hashlib.sha256(config).hexdigest()}"
    place = pool.request("POST", f"{base}/blobs/uploads/").headers["Location"]
    pool.request("PUT", f"{place}&digest={digest}", body=config)
    entry = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": len(config)}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": entry, "layers": []}).encode()
    images = [Image(PROXY, REPOSITORY, f"ocp_4.20_component-{number}") for number in range(count)]
    for image in images:
        answer = pool.request(
            "PUT", f"{base}/manifests/{image.reference}", body=manifest, headers={"Content-Type": MANIFEST_TYPE}
        )
        if answer.status != 201:
            raise RuntimeError(f"the registry refuses {image.reference}: {answer.status}")
    return images


def bare(url: str, images: Sequence[Image]) -> None:
    """The same requests with urllib3 alone."""
    pool = urllib3.PoolManager(maxsize=WORKERS, block=True)
    headers = {"Accept": ", ".join(MANIFESTS)}

    def head(image: Image) -> int:
        return pool.request("HEAD", f"{url}/v2/{image.repository}/manifests/{image.reference}", headers=headers).status

    with ThreadPoolExecutor(WORKERS) as threads:
        if set(threads.map(head, images)) != {200}:
            raise RuntimeError("an image is missing")


def verified(url: str, images: Sequence[Image]) -> None:
    """What `--verify` does, with an empty cache that is written at the end."""
    with tempfile.TemporaryDirectory() as folder:
        verification = Verification(Settings({PROXY: url}, cache_path=os.path.join(folder, "images.json")))
        verification.learn(images)
        verification.close()
        if {verification.states[image].state for image in images} != {PRESENT}:
            raise RuntimeError("an image was not found")


def timed(work: Callable[[str, Sequence[Image]], None], url: str, images: Sequence[Image]) -> float:
    """Seconds that a way takes."""
    start = time.perf_counter()
    work(url, images)
    return time.perf_counter() - start


def main() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    if shutil.which("docker-registry") is None:
        print("docker-registry is not installed: `apt-get install docker-registry`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, registry(Path(folder)) as url:
        images = fill(url, options.images)
        times: dict[Callable[[str, Sequence[Image]], None], list[float]] = {bare: [], verified: []}
        for number in range(options.rounds + 1):
            for work in (bare, verified) if number % 2 else (verified, bare):
                times[work].append(timed(work, url, images))
        plain, ours = times[bare][1:], times[verified][1:]
    ratios = [one / other for one, other in zip(ours, plain, strict=True)]
    print(f"{options.images} images, {WORKERS} threads, {options.rounds} rounds; the target is a ratio under {TARGET}\n")
    print("| | bare urllib3 | qcilint | qcilint / bare | lowest to highest |\n|---|---:|---:|---:|---:|")
    print(
        f"| wall time | {statistics.median(plain):.2f} s | {statistics.median(ours):.2f} s "
        f"| **{statistics.median(ratios):.2f}** | {min(ratios):.2f} to {max(ratios):.2f} |"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
