"""What is said of a finding in one line; every word of it is safe to print."""

from __future__ import annotations

from qcilint.discovery import printable

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files needs none of these
    from qcilint.findings import Finding
    from qcilint.output.run import RuleText


def is_offered(finding: Finding) -> bool:
    """Whether there is a fix to show, safe or unsafe."""
    return not finding.kept and finding.replacement is not None and finding.level != "none"


def change(finding: Finding) -> str:
    """What the fix of a finding does, in an arrow or a word and the new text."""
    new = printable(finding.replacement or "")
    if not new:
        return "remove it"
    return f"add {new}" if finding.appends else f"→ {new}"


def advice(finding: Finding) -> str:
    """The reference, and what becomes of it or why it stays."""
    reference = printable(finding.reference.raw)
    reason = printable(finding.reason)
    if not is_offered(finding):
        return f"{reference}: {reason}" if reason else reference
    because = f"{finding.level}: {reason}" if finding.level == "unsafe" and reason else finding.level
    arrow = " " if finding.replacement and not finding.appends else ": "
    return f"{reference}{arrow}{change(finding)} ({because})"


def message(finding: Finding) -> str:
    """What is wrong, in the words of the rule, and what to do."""
    return f"{finding.message}: {advice(finding)}" if finding.message and not finding.kept else advice(finding)


def markdown(rule: RuleText) -> str:
    """A rule as a page of Markdown: what it is about, why, and the first example of each outcome."""
    parts = [f"# {rule.id} {rule.name}", rule.summary, rule.why]
    seen: set[bool] = set()
    for example in rule.examples:
        is_fixed = example.after is not None
        if is_fixed not in seen:
            seen.add(is_fixed)
            title = "is fixed" if is_fixed else "is left as it stands"
            after = (example.after or "").strip("\n")
            shown = [example.before.strip("\n"), *([after] if is_fixed else [])]
            parts.append(f"`{example.path}`, which {title}:")
            parts += [f"````\n{text}\n````" for text in shown]
    return "\n\n".join(parts)
