"""What a catalogue says of the images that fixes name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from qcilint.catalog.model import BROKEN, IGNORED, INPUT, KNOWN, POSSIBLE, UNKNOWN, Answer, Catalog
from qcilint.catalog.nearest import nearest
from qcilint.discovery import printable
from qcilint.findings import Finding
from qcilint.holds import doubt, take_back
from qcilint.qci import FACES, REPOSITORY
from qcilint.results import FileResult
from qcilint.ruleset import Rule
from qcilint.targets import Image, pairs_of

_PRESENT = "present"
"""What a registry said (`Finding.verified`): it knows better."""
MOST_DAYS = 30
"""Age from which a catalogue is said to be old."""
_ORDER = (BROKEN, UNKNOWN, POSSIBLE, KNOWN)
"""Of several answers to one fix the one that counts."""


Silencer = Callable[[FileResult, list[Finding]], None]


class CatalogReviewer:
    """Says of each fix what the catalogue of its file knows of the image, and holds it back where that is nothing."""

    def __init__(
        self, catalog_for: Callable[[str], Catalog | None], rule_for: Callable[[str], Rule | None], silence: Silencer
    ) -> None:
        """`catalog_for` and `rule_for` give what counts for a file, as the user named it: the catalogue, and the rule about what
        it does not have. `silence` does to further findings of a file what comments and configurations ask for.
        """
        self._catalog_for, self._rule_for, self._silence = catalog_for, rule_for, silence
        self._catalogs: dict[int, Catalog] = {}
        """Those that were used, by their identity."""
        self._states: dict[Image, str] = {}

    def ask(self, files: Iterable[FileResult]) -> None:
        """Read the catalogues of these files. Raises CatalogError."""
        for file in files:
            self._catalog(file)

    def apply(self, file: FileResult) -> FileResult:
        """Note what is known; a fix to what is unknown becomes unsafe, with a finding that says so, and one to what is broken is
        taken back. Raises CatalogError.
        """
        catalog = self._catalog(file)
        if catalog is None:
            return file
        rule = self._rule_for(file.source.path)
        unknown: list[Finding] = []
        doubts: list[tuple[Finding, str]] = []
        broken: list[tuple[Finding, str]] = []
        for finding in file.findings:
            answer = self._answer(finding, catalog)
            if answer is None:
                continue
            text = _text(answer, catalog)
            if answer.state == BROKEN:
                broken.append((finding, text))
            elif answer.state == UNKNOWN and finding.verified != _PRESENT and not finding.appends and rule is not None:
                said = _unknown(finding, rule, text)
                self._silence(file, [said])
                unknown.append(said)
                if said.kept or finding.level != "safe":
                    _note(finding, text)
                else:
                    doubts.append((finding, text))
            else:
                _note(finding, text)
        for finding, text in doubts:
            doubt(file.findings, finding, text, file.source.line(finding.reference.start))
        for finding, text in broken:
            take_back(file.findings, finding, text)
        for finding, text in broken:
            finding.reason, finding.note = text, ""
        file.findings += unknown
        file.findings.sort(key=lambda finding: finding.reference.start)
        return file

    def _catalog(self, file: FileResult) -> Catalog | None:
        catalog = self._catalog_for(file.source.path)
        if catalog is not None:
            self._catalogs[id(catalog)] = catalog
        return catalog

    def answer(self, finding: Finding, file: FileResult) -> Answer | None:
        """What the catalogue of a file says of the image that a fix names; None where it says nothing. Raises CatalogError."""
        catalog = self._catalog(file)
        return self._answer(finding, catalog) if catalog else None

    def _answer(self, finding: Finding, catalog: Catalog) -> Answer | None:
        """Of the images that a fix names the answer that counts most; None where none is in QCI by a tag."""
        answers = []
        for pair in pairs_of(finding):
            image = pair.new
            if image and image.host in FACES and image.repository == REPOSITORY and ":" not in image.reference:
                answer = catalog.look_up(image.reference)
                if answer:
                    self._states[image] = answer.state
                    answers.append(answer)
        return min(answers, key=lambda answer: _ORDER.index(answer.state), default=None)

    def summary(self) -> Iterator[str]:
        """How much was known, and which catalogues are old."""
        if self._states:
            count = {state: sum(each == state for each in self._states.values()) for state in _ORDER}
            images = "1 image" if len(self._states) == 1 else f"{len(self._states)} images"
            told = f"{count[KNOWN]} known, {count[POSSIBLE]} possible, {count[UNKNOWN]} unknown, {count[BROKEN]} broken"
            yield f"{images} looked up in the catalogue: {told}"
        for catalog in self._catalogs.values():
            if (days := age(catalog)) > MOST_DAYS:
                yield (
                    f"warning: {printable(catalog.path)} describes openshift/release as it was {days} days ago: update the"
                    " checkout and run `qcilint catalog build` again"
                )


def _note(finding: Finding, text: str) -> None:
    finding.note = f"{finding.note}; {text}" if finding.note else text


def _unknown(finding: Finding, rule: Rule, text: str) -> Finding:
    """What is said of the image that a fix names."""
    return Finding(
        reference=finding.reference,
        context=finding.context,
        rule=rule.id,
        name=rule.name,
        severity=rule.severity,
        message=rule.summary,
        level="none",
        replacement=None,
        reason=text,
        about="catalog",
    )


def age(catalog: Catalog) -> int:
    """Days since the commit that a catalogue was made from; 0 where its date cannot be read."""
    try:
        made = datetime.strptime(catalog.date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return 0
    return (datetime.now(UTC) - made).days


def _text(answer: Answer, catalog: Catalog) -> str:
    """An answer in words."""
    origin = answer.origins[0] if answer.origins else None
    if answer.state == BROKEN and origin:
        return f"not copied to QCI: {origin.detail} ({origin.place})"
    if answer.state == UNKNOWN:
        why = f"; {origin.detail} ({origin.place})" if origin else ""
        names = " or ".join(str(image) for image in nearest(catalog, answer.image))
        return f"not in the catalogue: {answer.image}{why}" + (
            f"; perhaps {names}" if names else "; nothing there has a name like it"
        )
    public = f"; without a login of OpenShift CI: {answer.public_source}" if answer.public_source else ""
    assert origin is not None  # noqa: S101
    if answer.state == KNOWN:
        return f"in the catalogue: {described(origin.kind)} ({origin.place}){public}"
    why = "its whole stream is a test input" if origin.kind == INPUT else described(origin.kind)
    return f"in QCI if app.ci has it: {why} ({origin.place})"


def described(kind: str) -> str:
    """What a kind of place says of an image."""
    return _DESCRIBED[kind]


_DESCRIBED = {
    "promoted": "published by CI",
    "input": "a test input",
    "supplemental": "a copy of an image from elsewhere",
    "to-app-ci": "copied back to app.ci",
    "art": "a pattern of ART's images",
    "withheld": "built, but not published",
    IGNORED: "not copied",
}
