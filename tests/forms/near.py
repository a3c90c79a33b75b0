"""What nearly is a reference: other hosts, misspelled hosts, other text directly beside one, one text inside another."""

from __future__ import annotations

from . import SUM, Entry, left, safe, silent, told

NEAR: list[Entry] = [
    left("another host that begins alike", "Dockerfile", "FROM registry.svc2.ci.openshift.org/ocp/4.21:cli\n"),
    left("another host that ends alike", "Dockerfile", "FROM my§/ocp/4.21:cli\n", silent("a longer host name")),
    left("a longer domain", "Dockerfile", "FROM §.example.com/ocp/4.21:cli\n", silent("a longer host name")),
    left("misspelled", "Dockerfile", "FROM registry.ci.openshif.org/ocp/4.21:cli\n"),
    left("a prefix of the host", "x.py", 'if image.startswith("registry.ci"):\n    pass\n'),
    left("colours directly behind a digest", "docs/a.txt", f"pulled §/ocp/4.21-2025-01-02-112233@{SUM}\x1b[0m done\n", silent("a dated payload stream")),
    left("Python in a string of Go", "pkg/info.go", 'package info\n\nconst script = `\nimport json\nspec = "§/ocp/release:%s" % tag\n`\n', silent("a release payload")),
    left("mapping lines in a ConfigMap", "mirror.yaml", "kind: ConfigMap\ndata:\n  mapping: |\n    §/azure/suite:v4.21 suite.azurecr.io/suite:v4.21\n    §/azure/plugin:v4.21 suite.azurecr.io/plugin:v4.21\n", told("a part of a longer value"), told("a part of a longer value")),
    left("upper case", "Dockerfile", "FROM REGISTRY.CI.OPENSHIFT.ORG/ocp/4.21:cli\n"),
    safe("the host itself, beside all of these", "Dockerfile", "FROM registry.svc2.ci.openshift.org/ocp/4.21:cli AS a\nFROM §/ocp/4.21:cli\n", "FROM registry.svc2.ci.openshift.org/ocp/4.21:cli AS a\nFROM ¤:ocp_4.21_cli\n"),
]  # fmt: skip
