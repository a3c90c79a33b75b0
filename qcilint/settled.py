"""References about which no rule has anything to say, whatever surrounds them: no language needs to be asked where they stand.

In openshift/release nearly every generated job names an image in its QCI form, `image: quay-proxy.ci.openshift.org/…`. Parsing
tens of thousands of files to keep silent about each of them would be most of a run. `lines` says as a regular expression, of
the rules alone, which lines these are; `are_settled` asks the rules about located references, and knows the path as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from qcilint import lazy
from qcilint.choosing import parts_match
from qcilint.ci_operator import PROBLEMS
from qcilint.context import Context
from qcilint.patterns import glob, glob_source, match_text
from qcilint.reference import Part, Reference, Text
from qcilint.ruleset import Rule, RuleSet
from qcilint.scan import DIRECTIVE

_BEFORE = rb"[ \t]*(?:-[ \t]+)?[\"']?image[\"']?:[ \t]+[\"']?"
_AFTER = rb"[\"']?,?[ \t]*\r?"
_IS_BEFORE, _IS_AFTER = lazy.compile(_BEFORE), lazy.compile(_AFTER + rb"(?:\n|\Z)")
_LONGEST = 200
"""Bytes of a line before a reference that are looked at."""
_PLACE = Context("value:image", "yaml")
# A tag without holes that nothing is trimmed from: see `qcilint.locate`.
_TAG = r"(?!.*__[A-Z])[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,126}[A-Za-z0-9])?"
_ELSEWHERE = frozenset(("from", "copy-from", "mount-from", "ci-operator-config", *PROBLEMS))
"""Contexts that the value of an `image:` line never has, or that no rule draws on for it."""
_TAG_BYTE = "[A-Za-z0-9_.-]"
_ANY = ""
_PLAIN = lazy.compile(r"[a-z0-9./-]+")
Conditions = Mapping[str, tuple[str, ...]]


def are_settled(data: bytes, references: Sequence[Reference], rules: RuleSet, path: str) -> bool:
    """Whether each reference is the whole value of an `image:` line, and the rules keep it wherever that line stands."""
    if DIRECTIVE in data:
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
    if b"image" not in data[start : reference.start]:  # as in a Dockerfile
        return False
    return bool(_IS_BEFORE.fullmatch(data, start, reference.start) and _IS_AFTER.match(data, reference.end))


def _is_kept(reference: Reference, rules: RuleSet, path: str, data: bytes) -> bool:
    if reference.flaw or reference.escaped or reference.text.holes:
        return False
    for rule in rules.applicable(reference):
        if not _is_possible(rule.when) or not parts_match(rule.when, reference, path):
            continue
        if rule.check:
            from qcilint.checks import Neighbours, named

            if named(rule.check)(reference, _PLACE, Neighbours(()), data) is not None:
                return False
            continue
        for case in rule.cases:
            if _is_possible(case.when) and parts_match(case.when, reference, path):
                return case.keep and "where" not in case.when and not case.unless and "where" not in rule.when
    return False


def _is_possible(when: Conditions) -> bool:
    """Whether the `where` of a case can hold for the value of an `image:` line, in any language."""
    return "where" not in when or not all(_is_elsewhere(pattern) for pattern in when["where"])


def _is_elsewhere(pattern: str) -> bool:
    """Whether a context pattern is about other places: commands, instructions of Dockerfiles, values of other keys.

    A rule about fields of a ci-operator configuration names fields that take no pullspec; `image` is none of them.
    """
    kind, _, detail = pattern.partition(":")
    key = detail.rpartition(".")[2]
    return kind == "command" or pattern in _ELSEWHERE or (kind == "value" and bool(key) and "*" not in key and key != "image")


def lines(rules: RuleSet) -> tuple[tuple[bytes, ...], bytes]:
    """A regular expression for whole lines of which `are_settled` is true, whatever the path of their file is.

    And the literals of which each such line holds one.
    """
    bodies = {
        f"{host}/{f'{namespace}/' if namespace else ''}{name}:": tag
        for host, namespace, name in _repositories(rules)
        if (tag := _kept_tags(host, namespace, name, rules))
    }
    regexes = [(re.escape(start) + tag).encode() for start, tag in bodies.items()]
    return tuple(start.encode() for start in bodies), _BEFORE + b"(?:" + b"|".join(regexes or [rb"(?!)"]) + b")" + _AFTER


def _repositories(rules: RuleSet) -> list[tuple[str, str, str]]:
    """Host, namespace and name of the repositories that the rules know to hold tags that are kept."""
    found = {
        (host, namespace, name)
        for rule in rules.rules
        for case in rule.cases
        if case.keep and "where" not in case.when and "path" not in case.when and not case.unless
        for host in rule.hosts
        for namespace in case.when.get("namespace", ())
        for name in case.when.get("name", ())
        if "/" not in host and all(_PLAIN.fullmatch(text) for text in (host, namespace, name))
    }
    return sorted(found)


def _kept_tags(host: str, namespace: str, name: str, rules: RuleSet) -> str:
    """A regular expression for the tags of a repository that are kept; empty where there are none.

    They are kept too where a configuration leaves rules out: no rule by itself says anything else of them.
    """
    bare = Reference(0, 0, Text(), host, namespace=_text(namespace), name=_text(name))
    decisions = [list(_decisions(rule, bare)) for rule in rules.applicable(bare)]
    regex = _first_keeps([each for found in decisions for each in found], otherwise="(?!)")
    if regex.endswith("(?!)"):
        return ""
    return regex + "".join(dict.fromkeys(_first_keeps(found, otherwise="") for found in decisions)) + _TAG


def _first_keeps(decisions: Sequence[tuple[str, bool]], *, otherwise: str) -> str:
    """A regular expression that looks ahead for what the first decision to match keeps, or for `otherwise` where none does."""
    known: dict[str, bool] = {}
    for condition, keeps in decisions:
        known.setdefault(condition, keeps)
        if condition == _ANY:
            break
    regex = otherwise
    for condition, keeps in reversed(known.items()):
        if not keeps:
            regex = f"(?!{condition}){regex}"
        elif regex:
            regex = f"(?={condition})" if regex.endswith("(?!)") else f"(?:(?={condition})|{regex})"
    return regex


def _text(text: str) -> Text:
    return Text((Part(text),))


def _decisions(rule: Rule, bare: Reference) -> Iterator[tuple[str, bool]]:
    """Regular expressions for tags, each with whether the rule keeps them; the first one that matches decides."""
    if not _is_possible(rule.when) or (own := _tags(rule.when, bare)) is None:
        return
    if rule.check:
        if not getattr(import_module(f"qcilint.checks.{rule.check}"), "ONLY_WITH_HOLES", False):
            yield own, False
        return
    always = own == _ANY and not rule.when
    for case in rule.cases:
        if _is_possible(case.when) and (tags := _tags(case.when, bare)) is not None:
            is_plain = not case.unless and "where" not in case.when and "path" not in case.when
            yield tags, case.keep and is_plain and always


def _tags(when: Conditions, bare: Reference) -> str | None:
    """A regular expression for the tags that conditions may hold for, paths and places aside; None where they never do."""
    for key in ("namespace", "name", "digest"):
        if key in when and not any(match_text(pattern, getattr(bare, key)) is not None for pattern in when[key]):
            return None
    if "registry" in when and not any(glob(pattern)(bare.registry) is not None for pattern in when["registry"]):
        return None
    if "tag" not in when:
        return _ANY
    globs = [glob_source(pattern, _TAG_BYTE) for pattern in when["tag"] if pattern]
    return f"(?:{'|'.join(globs)})(?!{_TAG_BYTE})" if globs else None
