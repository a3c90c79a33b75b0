"""Hostile inputs: text that looks like a pull and is not, that only looks whole, or that another line depends on."""

from __future__ import annotations

from . import Entry, left, silent, told

BEGINNING = told("the beginning of a reference")
ENCODED = silent("percent-encoded")

BEGINNINGS: list[Entry] = [
    left("quotes behind the namespace", "x.sh", 'podman pull §/ocp/"$V":cli\n', BEGINNING),
    left("quotes behind the host", "x.sh", 'podman pull §/"$NS"/4.21:cli\n', BEGINNING),
    left("braces behind the namespace", "x.sh", "podman pull §/ocp/{4.20,4.21}:cli\n", BEGINNING),
    left("a command behind the namespace", "x.sh", "podman pull §/ocp/`cat v`:cli\n", BEGINNING),
    left("a prefix in a variable", "x.sh", 'P="§/ocp/"\npodman pull "$P$V:cli"\n', BEGINNING),
    left("a sum in Go", "a.go", 'package a\nvar x = "§/ocp/" + v + ":cli"\n', BEGINNING),
    left("folded in YAML", "a.yaml", 'd: "§/ocp/\\\n  4.21:cli"\n', BEGINNING),
    left("on the host that is gone", "x.sh", 'podman pull †/ocp/"$V":cli\n', BEGINNING),
    left("in prose it is a name", "a.md", "All of §/ocp/ is stale.\n", silent("a bare host")),
    left("a test on a prefix", "a.go", 'package a\nvar y = strings.HasPrefix(s, "§/ocp/")\n', silent("compared with")),
    left("a host and a slash, all of a string", "x.sh", "P='§/'\n", silent("a bare host")),
    left("an encoded path", "x.sh", "curl -s $U/§%2Focp%2F4.21\n", ENCODED),
    left("an encoded separator", "x.sh", "curl -s $U/§/ocp%2F4.21\n", ENCODED),
]

WARY: list[Entry] = [*BEGINNINGS]
