"""The rule file that `qcilint rule new` writes."""

from __future__ import annotations

_TEMPLATE = '''\
# A rule of qcilint: what to look for, what to do with it, why, and examples that `qcilint rule test` runs.
# It takes effect in a repository whose qcilint.toml names this folder: rules = ["ci/rules"].

id = "@ID@"
name = "@NAME@"
severity = "warning"                      # error, warning or note; a note never fails a run
hosts = ["registry.old.example.com"]      # EDIT: what is looked for
# EDIT: one line that is shown with every finding.
summary = "registry.old.example.com is going away; pull the image from registry.new.example.org"
# EDIT: for `qcilint rule @ID@` and the documentation.
why = """
The registry registry.old.example.com is switched off next year. All its images are on registry.new.example.org, under the
same names and tags.
"""
together = true                           # the references of one Dockerfile are fixed together or not at all
references = []                           # EDIT: "What it is: https://example.com/announcement"

# --- The cases: the first that matches decides. -----------------------------------------------------------------
# `when` and `unless` hold patterns (*, ?) for registry, namespace, name, tag, digest, for `where` a reference stands, and for
# the `path` of its file. `fix` is "safe" (made by --fix), "unsafe" (only with --unsafe-fixes) or, left out, none: then `note`
# says why. `keep = true` reports nothing.

# Test data, vendored code, patterns, URLs, logs: a list that comes with qcilint.
[[case]]
use = "text-that-is-data"

[[case]]
when = { name = "" }
note = "a bare host: a login, a credential, a setting"
keep = true

[[case]]
when = { where = ["cut", "malformed", "escaped"] }
note = "the whole reference is not in one place, or it is no valid one"

[[case]]
when = { where = [
    "command:push", "command:copy-target", "command:tag-target", "command:build-target", "build-output", "command:local",
    "command:mirror", "command:list-tags", "command:delete", "command:import", "command:login", "command:logout",
] }
note = "nothing is pulled here: see what else has to change"

[[case]]
when = { where = ["made-here", "held", "summed", "coupled-here", "coupled"] }
note = "something else in the repository makes an image of this name or looks for this very text: both must change together"

# A digest would be the same on another registry only if the very same manifest was copied.
[[case]]
when = { digest = "*" }
note = "a digest: make sure that registry.new.example.org has the same one"

# EDIT: `to` is what a reference becomes.
[[case]]
when = { tag = "*", where = ["from", "copy-from", "mount-from", "command:pull", "command:run", "command:create"] }
unless = { where = ["partial", "fence", "indented-code", "string", "default", "comment", "remote", "cluster", "low-confidence"] }
fix = "safe"
to = "registry.new.example.org/{namespace}/{name}:{tag}"

[[case]]
when = { tag = "*" }
fix = "unsafe"
to = "registry.new.example.org/{namespace}/{name}:{tag}"
note = "nothing here shows who pulls this image, or with which credentials"

[[case]]
note = "no tag: a repository, or the tag latest"

# --- The examples: `before` and `after` is fixed, `before` alone is reported and not fixed, with `keep` nothing is reported. ---
# With `unsafe = true`, `after` is what --unsafe-fixes gives. `files` are other files of the repository: { "path" = "text" }.

[[example]]
path = "Dockerfile"
before = """
FROM registry.old.example.com/tools/builder:1.4 AS build
FROM registry.old.example.com/base/runtime:9
COPY --from=build /bin/app /bin/app
"""
after = """
FROM registry.new.example.org/tools/builder:1.4 AS build
FROM registry.new.example.org/base/runtime:9
COPY --from=build /bin/app /bin/app
"""

[[example]]
path = "deploy/settings.yaml"
before = "image: registry.old.example.com/base/runtime:9"
after = "image: registry.new.example.org/base/runtime:9"
unsafe = true

[[example]]
path = "hack/publish.sh"
before = "podman push registry.old.example.com/tools/builder:1.4"

[[example]]
path = "hack/login.sh"
before = "podman login registry.old.example.com"
keep = true
'''


def rule_file(rule_id: str, name: str) -> str:
    """The text of a rule file with this id and name, whose examples hold as they are."""
    return _TEMPLATE.replace("@ID@", rule_id).replace("@NAME@", name)
