"""Pulls that a login decides on: `podman login registry.ci.openshift.org` and then a pull from there.

A login is for one registry, and `oc registry login` never logs in to the proxy: a pull that moves alone fails (scripts of
openshift-metal3/dev-scripts had to gain logins after a mass edit, https://github.com/openshift-metal3/dev-scripts/pull/1933).
The proxy hands out nothing without a login (openshift/ci-tools `cmd/qci-appci`), while the old registry gave some images to
anybody: a workflow of GitHub, whose machines know no logins but its own, would lose these. A pull that names its own file of
logins, such as a pull secret, has what that file has.
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.findings import Finding
from qcilint.reference import Reference
from qcilint.source import Source

_STEP = re.compile(r"value:jobs\.([^.]+)\.steps\.")
_WORKFLOW = re.compile(r"(?:.*/)?\.github/workflows/[^/]+\.ya?ml")
_ACTION = re.compile(r"value:jobs\.[^.]+\.steps\.with\.registry")


_OWN_LOGINS = re.compile(rb"--(?:src-)?(?:authfile|creds)\b|--registry-config\b|\bREGISTRY_AUTH_FILE=")
"""Options of podman, skopeo, buildah (containers/common, `docs/`) and `oc image` for a file of logins, or for one login."""
_SIGNS = (b"authfile", b"creds", b"registry-config", b"REGISTRY_AUTH_FILE", b" -a", b"\t-a", b"\n-a")
"""One of these stands in a file with a pull that names its logins."""
_OC, _SHORT = re.compile(rb"(?<![\w-])oc\s"), re.compile(rb"\s-a[\s=]")
_NAMED = re.compile(rb"[\s\"'(]*(?:(?:export|local|readonly|declare(?:\s+-\w+)*)\s+)?(\w+)\s*[:?]*=")


def settle(findings: Sequence[Finding], source: Source) -> None:
    """Make the safe fix of a pull unsafe where its script logs in to the old registry, and to the new one nowhere; in a workflow
    of GitHub wherever nothing logs in to the new one."""
    _doubt_own_logins(findings, source)
    logins = [each for each in findings if not each.reference.name and _logs_in(each.context)]
    is_workflow = bool(_WORKFLOW.fullmatch(source.repo_path))
    if not (logins or is_workflow):
        return
    from qcilint.checks.commands import has_other_logins, is_same_script
    from qcilint.fragments import is_pulled
    from qcilint.holds import doubt

    if has_other_logins(source.data):
        return
    every, named = list(findings), dict[str, bool]()
    for finding in every:
        reference = finding.reference
        in_job = is_workflow and any(name.startswith("value:jobs.") for name in finding.context.names())
        if finding.level != "safe" or finding.replacement is None or not (in_job or is_pulled(finding)):
            continue
        target = finding.replacement.partition("/")[0]
        if target not in named:
            named[target] = _stands(target, source.data)
        if named[target]:
            continue
        for login in logins:
            known = login.reference.host
            is_near = is_same_script(login.context, finding.context) or bool(_jobs(login.context) & _jobs(finding.context))
            if known == reference.host and is_near:
                line = source.line(login.reference.start)
                reason = f"line {line} logs in to {known}, and nothing here to {target}: add that login"
                doubt(every, finding, reason, source.line(reference.start))
                break
        else:
            if in_job:
                reason = f"nothing here logs in to {target}, which allows no anonymous pull: add a login"
                doubt(every, finding, reason, source.line(reference.start))


def _doubt_own_logins(findings: Sequence[Finding], source: Source) -> None:
    """Make the safe fix of a pull unsafe that names the logins it uses, where nothing here logs in to the new registry."""
    if not any(sign in source.data for sign in _SIGNS):
        return
    from qcilint.fragments import is_pulled
    from qcilint.holds import doubt

    every, used = list(findings), dict[bytes, int | None]()
    for finding in every:
        if finding.level != "safe" or finding.replacement is None or not is_pulled(finding):
            continue
        target = finding.replacement.partition("/")[0]
        place = _own_logins(finding.reference, source.data, used)
        if place is not None and not _stands(target, source.data):
            reason = f"line {source.line(place)} names the logins that it pulls with: they need {target}"
            doubt(every, finding, reason, source.line(finding.reference.start))


def _own_logins(reference: Reference, data: bytes, used: dict[bytes, int | None]) -> int | None:
    """Where a command names the logins for the image: the command of the reference, or one that takes its variable.

    `used`: what is known of variables; it is added to.
    """
    from qcilint.checks.commands import command_of

    text = command_of(reference, data)
    if _names_logins(text):
        return reference.start
    if not (name := _NAMED.match(text)):
        return None
    if name[1] not in used:
        used[name[1]] = _place_of_use(name[1], data)
    return used[name[1]]


def _place_of_use(name: bytes, data: bytes) -> int | None:
    from qcilint.checks.commands import command_at

    for use in re.finditer(rb"\$[{(]?%s\b" % name, data):
        if _names_logins(command_at(use.start(), use.end(), data)):
            return use.start()
    return None


def _names_logins(command: bytes) -> bool:
    called = _OC.search(command)
    return bool(_OWN_LOGINS.search(command) or (called and _SHORT.search(command, called.start())))


def _logs_in(context: Context) -> bool:
    """Whether a registry is what a command, or an action of a workflow such as docker/login-action, logs in to."""
    return context.where == "command:login" or bool(_ACTION.fullmatch(context.where))


def _jobs(context: Context) -> set[str]:
    """The job of a GitHub workflow that a step belongs to: its steps run on one machine, with the same logins."""
    return {match[1] for name in context.names() if (match := _STEP.match(name))}


def _stands(host: str, data: bytes) -> bool:
    """Whether a registry is named by itself, as a login names it."""
    return bool(re.search(rb"(?<![\w.-])%s(?![\w./-])" % re.escape(host.encode()), data))
