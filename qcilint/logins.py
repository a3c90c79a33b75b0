"""Pulls behind a login: `podman login registry.ci.openshift.org` and then a pull from there.

A login is for one registry, and `oc registry login` never logs in to the proxy: a pull that moves alone fails (scripts of
openshift-metal3/dev-scripts had to gain logins after a mass edit, https://github.com/openshift-metal3/dev-scripts/pull/1933).
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.findings import Finding
from qcilint.source import Source


def settle(findings: Sequence[Finding], source: Source) -> None:
    """Make the safe fix of a pull unsafe where its script logs in to the old registry, and to the new one nowhere."""
    logins = [each for each in findings if each.context.where == "command:login" and not each.reference.name]
    if not logins:
        return
    from qcilint.checks.commands import has_other_logins, is_same_script
    from qcilint.fragments import is_pulled
    from qcilint.holds import doubt

    if has_other_logins(source.data):
        return
    every, named = list(findings), dict[str, bool]()
    for finding in every:
        reference = finding.reference
        if finding.level != "safe" or finding.replacement is None or not is_pulled(finding):
            continue
        target = finding.replacement.partition("/")[0]
        if target not in named:
            named[target] = _stands(target, source.data)
        if named[target]:
            continue
        for login in logins:
            known = login.reference.host
            if known == reference.host and is_same_script(login.context, finding.context):
                line = source.line(login.reference.start)
                reason = f"line {line} logs in to {known}, and nothing here to {target}: add that login"
                doubt(every, finding, reason, source.line(reference.start))
                break


def _stands(host: str, data: bytes) -> bool:
    """Whether a registry is named by itself, as a login names it."""
    return bool(re.search(rb"(?<![\w.-])%s(?![\w./-])" % re.escape(host.encode()), data))
