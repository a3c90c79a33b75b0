"""Maps one image, written in any of its forms, to its other names, as the rules judge a plain pull of it.

Nothing is decided here: an image of an old registry is what the rules make of `podman pull IMAGE`, and the way back is
`qci.readings`.
"""

from __future__ import annotations

from qcilint.context import Context
from qcilint.facts import Facts
from qcilint.findings import Finding
from qcilint.judge import judge
from qcilint.qci import APP_CI, LATEST, StreamTag, Unmappable, from_pullspec, is_qci, is_stream_tag, readings
from qcilint.records import dataclass
from qcilint.reference import Reference, parse
from qcilint.ruleset import RuleSet
from qcilint.source import Source

PULL = Context("command:pull", "shell")
"""The neutral context: somebody pulls the image."""
FROM = Context("from", "dockerfile", region=0)
"""Where ci-operator reads the image back from its QCI tag; what only holds there is a note."""

MAPPED, REFUSED = "mapped", "refused"
TO_QCI, FROM_QCI = "to-qci", "from-qci"


class Malformed(ValueError):
    """A text that names no image; the text says why."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What became of one input."""

    input: str
    direction: str
    status: str
    image: StreamTag | None = None
    """The image stream tag, where there is one."""
    output: str = ""
    """What the input maps to, as a pullspec: of QCI, or of app.ci on the way back."""
    rule: str = ""
    reason: str = ""
    """Why it is refused."""
    suggestion: str = ""
    """A pullspec that is right only if `reason` is no obstacle."""
    candidates: tuple[StreamTag, ...] = ()
    """On the way back: every image stream tag with this QCI tag, where there are several."""
    notes: tuple[str, ...] = ()


def map_image(text: str, rules: RuleSet, *, unsafe: bool = False) -> Mapping:
    """Map a pullspec, or `namespace/name:tag` of app.ci. With `unsafe`, also what is right only under a condition.

    Raises Malformed where the text follows no grammar.
    """
    reference = parsed(text)
    finding = _judged(reference, PULL, rules)
    direction = FROM_QCI if is_qci(reference) else TO_QCI
    # A form that the rules find fault with is refused; without fault are what they keep, and what they fix as a matter of course.
    at_fault = not finding.kept and finding.level != "safe"
    if at_fault and not (unsafe and finding.level == "unsafe"):
        suggestion = (finding.replacement or "") if finding.level == "unsafe" else ""
        return Mapping(text, direction, REFUSED, rule=finding.rule, reason=_reason(finding), suggestion=suggestion)
    if direction == TO_QCI:
        return _forward(text, reference, finding, rules)
    return _back(text, reference if finding.replacement is None else parse(finding.replacement), finding, rules)


def parsed(text: str) -> Reference:
    """The reference that a pullspec, or `namespace/name:tag` of app.ci, stands for. Raises Malformed."""
    if any(character.isspace() or not character.isprintable() for character in text):
        raise Malformed("it holds white space or control characters; give one image at a time")
    first, slash, _ = text.partition("/")
    has_host = "://" in text or (("." in first or ":" in first) if slash else "." in first.partition(":")[0])
    try:
        return parse(text if has_host else f"{APP_CI}/{text}")
    except ValueError as error:
        raise Malformed(f"{error}; give a pullspec or namespace/name:tag") from None


def _judged(reference: Reference, context: Context, rules: RuleSet) -> Finding:
    source = Source("", reference.raw.encode("utf-8", "surrogateescape"))
    return judge([reference], [context], source, rules, Facts())[0]


def _reason(finding: Finding) -> str:
    """What the rules say against it: the case's note, with the rule's message where the form itself is wrong."""
    if not finding.rule:
        return "no registry of OpenShift CI"
    return f"{finding.message}: {finding.reason}" if is_qci(finding.reference) else finding.reason


def _forward(text: str, reference: Reference, finding: Finding, rules: RuleSet) -> Mapping:
    if finding.replacement is None:
        return Mapping(text, TO_QCI, REFUSED, rule=finding.rule, reason=_reason(finding))
    tagged = not reference.digest
    image = StreamTag(reference.namespace.raw, reference.name.raw, reference.tag.raw or LATEST) if tagged else None
    in_dockerfile = _judged(reference, FROM, rules)
    notes = (f"not in a Dockerfile: {in_dockerfile.reason}",) if in_dockerfile.replacement is None else ()
    return Mapping(text, TO_QCI, MAPPED, image, finding.replacement, finding.rule, notes=notes)


def _back(text: str, reference: Reference, finding: Finding, rules: RuleSet) -> Mapping:
    try:
        image = from_pullspec(reference)
        candidates = readings(reference.tag.raw)
    except Unmappable as error:
        return Mapping(text, FROM_QCI, REFUSED, rule=finding.rule, reason=str(error))
    if not is_stream_tag(image):
        return Mapping(text, FROM_QCI, REFUSED, rule=finding.rule, reason=f"{image} is no image stream tag")
    several = tuple(candidates) if len(candidates) > 1 else ()
    notes: tuple[str, ...] = ()
    there = _judged(parse(f"{APP_CI}/{image}"), PULL, rules)
    if there.replacement is None and not several:
        notes = (f"perhaps not in QCI: {there.reason}",)
    if several:
        others = " or ".join(map(str, several[1:]))
        notes = (
            *notes,
            f"ambiguous: ci-operator reads {image}, it may be {others}",
        )
    if finding.replacement is not None:
        notes = (*notes, f"pull it as {finding.replacement}")
    return Mapping(text, FROM_QCI, MAPPED, image, f"{APP_CI}/{image}", finding.rule, candidates=several, notes=notes)
