"""Facts of a repository that no single file shows.

* placeholders: the strings of `image-references` files, which stay equal wherever they are repeated;
* patterns: text that something elsewhere looks for, or must equal;
* made names: images that the repository itself builds, tags or pushes;
* included scripts: the variables that they assign are seen by others;
* generated files.
"""

from __future__ import annotations

from collections.abc import Sequence

from qcilint.ci_operator.aliases import SHOWN, Alias, aliases
from qcilint.context import Context
from qcilint.couplings import PATTERN_FLAWS, Pattern, is_expectation, partners_of, patterns
from qcilint.expectations import Expectations
from qcilint.families import Family
from qcilint.generated import has_generated_header
from qcilint.imports import Imports
from qcilint.records import NamedTuple, dataclass, field
from qcilint.reference import Reference
from qcilint.source import Source
from qcilint.templates import placeholders
from qcilint.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:  # most repositories look for no reference
    from qcilint.pattern_index import PatternIndex

Related = list[tuple[str, int, str]]
Place = tuple[str, int]
"""Repository path and line."""
MOST_PLACES = 10
"""Places of those that look for one text that a finding names: there may be as many as references."""


_Coupled = tuple[Related, tuple[int, ...]]
"""The places that look for a text, and where the texts start that may change with it."""


class About(NamedTuple):
    """What the facts say of one reference."""

    labels: list[str]
    """Context names that they add."""
    related: Related
    """The places that show it."""
    partners: tuple[int, ...] = ()
    """Where texts start, in the same file, that must stay equal to it and may change with it."""
    aliases: tuple[Alias, ...] = ()
    told: Sequence[tuple[str, int, str]] = ()
    """Places that are shown whatever becomes of the reference."""


MADE = frozenset(
    {"command:push", "command:tag-target", "command:build-target", "command:copy-target", "build-output", "call:build-image"}
)
"""Contexts in which an image gets a name."""


@dataclass(slots=True)
class Facts:
    """What is known of one repository."""

    placeholders: set[str] = field(default_factory=set)
    patterns: list[Pattern] = field(default_factory=list)
    aliases: dict[str, list[Alias]] = field(default_factory=dict)
    """Reference text → the lists of input aliases that hold it."""
    problems: dict[tuple[str, str], dict[str, Related]] = field(default_factory=dict)
    """Path of a Dockerfile and text of an image → what ci-operator does wrong with it, and the places of its configuration."""
    made: dict[str, Place] = field(default_factory=dict)
    """Reference text → the command that builds, tags or pushes an image of this name."""
    included: dict[str, Place] = field(default_factory=dict)
    """File name of a script or makefile → what sources or includes it."""
    written: dict[str, Place] = field(default_factory=dict)
    """Repository path of a generated file → what writes it."""
    scripts: dict[str, bytes] = field(default_factory=dict)
    """Repository path → bytes of the makefiles and shell scripts that name a file with references, or work on whole folders."""
    marked: set[str] = field(default_factory=set)
    """Repository paths of files that are generated, as their first lines or .gitattributes say."""
    summed: dict[str, Place] = field(default_factory=dict)
    """Repository path → the list that holds a checksum of the file."""
    alike: dict[str, Place] = field(default_factory=dict)
    """Repository path → what compares lines of the file with those of a file that is not known."""
    families: list[Family] = field(default_factory=list)
    """Files that something compares with each other."""
    templates: list[tuple[Source, dict[int, str]]] = field(default_factory=list)
    """Files in which references hold placeholders, with these references by their lines."""
    unseen: dict[str, bytes] = field(default_factory=dict)
    """Repository path → bytes of the members of families that are not looked at."""
    programs: dict[str, bytes] = field(default_factory=dict)
    """Repository path → bytes of the programs of sed, awk or grep that a script runs from a file (`sed -f`)."""
    readers: dict[str, bytes] = field(default_factory=dict)
    """Repository path → bytes of the programs and documents that name a file with references."""
    commands: dict[str, bytes] = field(default_factory=dict)
    """Repository path → the commands of a Dockerfile, or of a document, that may work on a file with references."""
    given: dict[str, set[bytes]] = field(default_factory=dict)
    """Repository path of a program → the paths, or globs, of files with references that a script gives it as arguments."""
    held: set[tuple[str, str]] = field(default_factory=set)
    """Repository path and text of the references whose fix was taken back, for when the file is linted again."""
    withheld: dict[tuple[str, str], str] = field(default_factory=dict)
    """Repository path and text of the references whose fix is not safe because of an input alias, and the reason."""
    expected: Expectations = field(default_factory=Expectations)
    """What tests expect of files of the repository."""
    imports: Imports = field(default_factory=Imports)
    """Names that scripts take from files they include."""
    tree: Tree | None = None
    """All of its files, for rules about whole files."""
    _index: tuple[int, PatternIndex, dict[tuple[str, str], _Coupled]] | None = None
    """The patterns, their number, and what they have to do with a text of a file."""
    _concerning: dict[tuple[str, str], tuple[int, tuple[Alias, ...]]] = field(default_factory=dict)
    """What is known of the aliases of a text in a file, and of how many there were."""

    def about(self, reference: Reference, path: str) -> About:
        """What is known of a reference in the file at `path`."""
        partners: tuple[int, ...] = ()
        labels: list[str] = []
        related: Related = []
        told: Related = []
        if reference.raw in self.placeholders:
            labels.append("placeholder")
        if path in self.marked:
            labels.append("generated")
        if path in self.written:
            labels.append("generated")
            related.append((*self.written[path], "writes this file"))
        if reference.raw in self.made:
            labels.append("made-here")
            related.append((*self.made[reference.raw], "builds, tags, loads or pushes an image of this name"))
        name = path.rsplit("/", 1)[-1]
        if name in self.included:
            labels.append("included")
            related.append((*self.included[name], "includes this file"))
        for label, places in self.problems.get((path, reference.raw), {}).items():
            labels.append(label)
            told += places
        if (path, reference.raw) in self.held:
            labels.append("held")
        if path in self.summed:
            labels.append("summed")
            related.append((*self.summed[path], "holds a checksum of this file"))
        if path in self.alike:
            labels.append("coupled")
            related.append((*self.alike[path], "compares lines of this file with those of another"))
        if reference.name and reference.flaw not in PATTERN_FLAWS:
            found, partners = self._coupled(reference, path)
            if found:
                labels.append("coupled-here" if partners else "coupled")
                related += found
        return About(labels, related, partners, self._aliases_of(reference.raw, path), told)

    def _aliases_of(self, text: str, path: str) -> tuple[Alias, ...]:
        """The input aliases of a text that can be about the file at `path`."""
        known = self.aliases.get(text)
        if known is None:
            return ()
        count, found = self._concerning.get((text, path), (0, ()))
        if count != len(known):
            found = tuple(alias for alias in known if alias.may_concern(path))
            self._concerning[text, path] = len(known), found
        return found

    def _coupled(self, reference: Reference, path: str) -> _Coupled:
        """What looks for the text of a reference in a file."""
        matching: list[Pattern] = []
        if self.patterns:
            from qcilint.pattern_index import PatternIndex

            if self._index is None or self._index[0] != len(self.patterns):
                self._index = (len(self.patterns), PatternIndex(self.patterns), {})
            _, index, known = self._index
            matching = index.matching(reference)
            if len(matching) > 1:  # as many references may be of this text
                found = known.get((reference.raw, path))
                if found is None:
                    found = known[reference.raw, path] = self._coupled_by(matching, reference, path)
                return found
        return self._coupled_by(matching, reference, path)

    def _coupled_by(self, matching: Sequence[Pattern], reference: Reference, path: str) -> _Coupled:
        reading = [each for each in matching if each.may_read(path)]
        places = [(each.path, each.line, f"looks for {each.text}") for each in reading]
        expecting = [(*place, "reads this file and expects this text") for place in self.expected.of(reference.raw, path)]
        partners = partners_of(reference, path, reading) if reading and not expecting else ()
        places += expecting
        if len(places) > MOST_PLACES:
            at, line, what = places[MOST_PLACES - 1]
            places[MOST_PLACES - 1 :] = [(at, line, f"{what}; {len(places) - MOST_PLACES} more such places")]
        return places, partners

    def add(self, source: Source, references: Sequence[Reference], contexts: Sequence[Context]) -> None:
        """Collect the facts that one file gives."""
        path = source.repo_path
        if path.rsplit("/", 1)[-1] == "image-references":
            self.placeholders.update(reference.raw for reference in references if reference.name)
        if has_generated_header(source.data):
            self.marked.add(path)
        self.patterns += patterns(source, references, contexts)
        if is_expectation(path):
            self.expected.add(source, references)
            return
        if filled := placeholders(source, references):
            self.templates.append((source, filled))
        for text, alias in aliases(source, references, contexts):
            self.aliases.setdefault(text, []).append(alias)
        for reference, context in zip(references, contexts, strict=True):
            names = set(context.names())
            if reference.name and MADE & names and not SHOWN & names:
                self.made.setdefault(reference.raw, (path, source.line(reference.start)))
