"""Templates: `@w@` stands for a word, `@v@` for a version, `@old@` for a reference to an old registry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

HOST = "registry.ci.openshift.org"
GONE = "registry.svc.ci.openshift.org"
IMAGES = (
    "ocp/@v@:cli",
    "ocp/@v@:tests",
    "ocp/@v@:installer",
    "ocp/@v@:base-rhel9",
    "ocp/builder:rhel-9-golang-1.24-openshift-@v@",
    "ocp/builder:rhel-8-golang-1.20-openshift-@v@",
    "openshift/release:golang-1.23",
    "openshift/origin-v@v@:base",
    "origin/@v@:@w@",
    "ci/ci-@w@:latest",
    "ci/@w@-tool:latest",
    "ci/@w@-tool",
    "@w@/@w@-operator:latest",
    "ocp/@v@@sha@",
)
PAYLOADS = (
    "ocp/release:@v@.0-0.nightly-@day@-012345",
    "ocp/release:@v@.0-rc.2",
    "ocp-arm64/release-arm64:@v@.0-0.nightly-arm64-@day@-012345",
    "origin/release:@v@",
    "ocp/release@sha@",
)
_WORDS = """
amber anchor basalt beacon birch cedar cobalt comet copper coral delta ember falcon fern flint garnet glacier granite harbor
hazel heron indigo island jade juniper kestrel lagoon lantern larch maple marble meadow mesa nectar nimbus oasis onyx opal
orchid otter pebble pine quartz quill raven reef ridge sable sierra slate spruce summit tundra umber valley velvet violet
walnut willow yarrow zephyr
"""
WORDS = tuple(_WORDS.split())

_FIELD = re.compile(r"@(\w+)@")


def blocks(text: str) -> tuple[str, ...]:
    """The parts of a text between lines of `%%`, the first line end apart."""
    return tuple(text.removeprefix("\n").split("%%\n"))


def fill(text: str, rng: Random) -> str:
    """The text with a random value in the place of each `@name@`."""
    while _FIELD.search(text):  # values hold fields in their turn
        text = _FIELD.sub(lambda match: _value(match[1], rng), text)
    return text


def _value(name: str, rng: Random) -> str:
    match name:
        case "w":
            return rng.choice(WORDS)
        case "W":
            return rng.choice(WORDS).upper()
        case "v":
            return f"4.{rng.randrange(12, 22)}"
        case "n":
            return str(rng.randrange(2, 90))
        case "day":
            return f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        case "sha":
            return f"@sha256:{rng.getrandbits(256):064x}"
        case "host":
            return GONE if rng.random() < 0.12 else HOST
        case "old":
            return f"@host@/{rng.choice(IMAGES)}"
        case "payload":
            return f"{HOST}/{rng.choice(PAYLOADS)}"
    raise ValueError(f"no such field: {name}")


def some(rows: Sequence[str], rng: Random, most: int = 3) -> str:
    """One to `most` of the rows, each once."""
    return "".join(rng.sample(rows, rng.randint(1, min(len(rows), most))))
