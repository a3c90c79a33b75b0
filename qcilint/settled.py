"""References about which no rule has anything to say, whatever surrounds them: no language needs to be asked where they stand.

In openshift/release nearly every generated job names an image in its QCI form, `image: quay-proxy.ci.openshift.org/…`. Parsing
tens of thousands of files to keep silent about each of them would be most of a run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module

from qcilint.ci_operator import PROBLEMS
from qcilint.context import Context
from qcilint.directives import WORD
from qcilint.reference import Reference
from qcilint.ruleset import RuleSet, parts_match

_BEFORE = re.compile(rb"[ \t]*(?:-[ \t]+)?[\"']?image[\"']?:[ \t]+[\"']?")
_AFTER = re.compile(rb"[\"']?,?[ \t]*\r?(?:\n|\Z)")
_LONGEST = 200
"""Bytes of a line before a reference that are looked at."""
_PLACE = Context("value:image", "yaml")


def are_settled(data: bytes, references: Sequence[Reference], rules: RuleSet, path: str) -> bool:
    """Whether each reference is the whole value of an `image:` line, and the rules keep it wherever that line stands."""
    if WORD in data:
        return False  # a suppression comment may be of no use
    known: dict[bytes, bool] = {}
    for reference in references:
        if not _is_image_line(data, reference):
            return False
        raw = data[reference.start : reference.end]
        if raw not in known:
            known[raw] = _is_kept(reference, rules, path, data)
        if not known[raw]:
            return False
    return True


def _is_image_line(data: bytes, reference: Reference) -> bool:
    start = data.rfind(b"\n", max(0, reference.start - _LONGEST), reference.start) + 1
    return bool(_BEFORE.fullmatch(data, start, reference.start) and _AFTER.match(data, reference.end))


def _is_kept(reference: Reference, rules: RuleSet, path: str, data: bytes) -> bool:
    if reference.flaw or reference.escaped or reference.text.holes:
        return False
    for rule in rules.applicable(reference):
        if not _is_possible(rule.when) or not parts_match(rule.when, reference, path):
            continue
        if rule.check:
            if import_module(f"qcilint.checks.{rule.check}").check(reference, _PLACE, (), data) is not None:
                return False
            continue
        for case in rule.cases:
            if _is_possible(case.when) and parts_match(case.when, reference, path):
                return case.keep and "where" not in case.when and not case.unless and "where" not in rule.when
    return False


def _is_possible(when: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the `where` of a case can hold for the value of an `image:` line, in any language."""
    return "where" not in when or any(all(_can_hold(each) for each in pattern.split(" & ")) for pattern in when["where"])


def _can_hold(name: str) -> bool:
    """Whether a context name can hold there: it is no command, no image of a Dockerfile, and the value of no other key."""
    if name.startswith("value:"):
        key = re.split("[.:]", name)[-1]
        return "*" in key or key == "image"
    return not name.startswith("command:") and name not in PROBLEMS
