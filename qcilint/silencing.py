"""What makes findings silent before they are reported: comments, configuration, baseline and scope, in this order."""

from __future__ import annotations

from qcilint.scan import DIRECTIVE

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files needs none of these
    from qcilint.findings import Finding
    from qcilint.policy import Policy
    from qcilint.ruleset import RuleSet
    from qcilint.scope import ChangedFile
    from qcilint.source import Source


def apply(
    findings: list[Finding],
    source: Source,
    language: str,
    rules: RuleSet,
    policy: Policy | None,
    changed: ChangedFile | None,
    *,
    suppressing: bool,
) -> bool:
    """Make silent what is not to be reported; returns whether the configuration asks for unsafe fixes.

    `changed`: the lines that count, where not all do. `suppressing`: heed suppression comments.
    """
    if suppressing and DIRECTIVE in source.data:
        from qcilint import suppressions

        suppressions.apply(findings, source, language, rules)
    return _narrow(findings, source, policy, changed)


def late(
    findings: list[Finding],
    source: Source,
    language: str,
    policy: Policy | None,
    changed: ChangedFile | None,
    *,
    suppressing: bool,
) -> None:
    """The same for findings that come after those of a file; whether comments are of use was said before."""
    if suppressing and DIRECTIVE in source.data:
        from qcilint import suppressions

        suppressions.suppress(findings, source, language)
    _narrow(findings, source, policy, changed)


def _narrow(findings: list[Finding], source: Source, policy: Policy | None, changed: ChangedFile | None) -> bool:
    unsafe = False
    if policy:
        from qcilint.filters import apply as configure

        settings = policy.of_source(source.path)
        configure(findings, source, settings)
        unsafe = bool(settings.one("unsafe-fixes"))
        if baseline := policy.baseline(settings):
            baseline.subtract(findings, source)
    if changed:
        changed.narrow(findings, source)
    return unsafe
