"""Reads files, locates their references and asks the languages where they stand; no rule looks at them yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from qcilint.hosts import needles
from qcilint.prefilter import Prefilter
from qcilint.records import NamedTuple, dataclass
from qcilint.scan import DIRECTIVE
from qcilint.source import Source, is_binary, read

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files needs none of these
    from qcilint.composition import Compositions
    from qcilint.context import Context
    from qcilint.discovery import Target
    from qcilint.facts import Facts
    from qcilint.policy import Policy
    from qcilint.reference import Reference
    from qcilint.ruleset import RuleSet
    from qcilint.scan import Teller

_KINDS = 24
"""Endings of file names, at most, of which a file each is analysed first."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The references of one source and where they stand."""

    target: Target
    source: Source
    language: str
    references: Sequence[Reference]
    contexts: Sequence[Context]
    compositions: Compositions

    def add_to(self, facts: Facts) -> None:
        """Tell the facts of the repository what stands here."""
        composed = self.compositions.first()
        references = [*self.references, *(reference for reference, _ in composed)]
        facts.add(self.source, references, [*self.contexts, *(context for _, context in composed)])


def blank(target: Target, data: bytes) -> Analysis:
    """The analysis of a file without references."""
    from qcilint.composition import Compositions
    from qcilint.filetypes import language_of

    source = Source(target.path, data, target.repo_path)
    return Analysis(target, source, language_of(target.path, data[:4096]), (), (), Compositions())


class Unread(NamedTuple):
    """A file that has no references because it is binary, or could not be read for a reason."""

    path: str
    reason: str = ""


class Analyst:
    """Analyses sources for one set of rules."""

    def __init__(self, rules: RuleSet, *, policy: Policy | None = None, thorough: bool = False) -> None:
        """`policy`: the configurations of the files. `thorough`: also where the rules keep every reference."""
        self.rules, self.policy, self.thorough = rules, policy, thorough
        known = rules.index
        self._may_matter = Prefilter((*known.needles, *known.escaped) if known else needles(rules.hosts)).may_matter
        self._locate: Callable[[bytes], list[Reference]] | None = None

    def rules_for(self, source: Source) -> RuleSet:
        """The rules that are in force for a source."""
        return self.policy.of_source(source.path).rules if self.policy else self.rules

    def locate(self, data: bytes) -> list[Reference]:
        """The references that stand whole in one place."""
        if self._locate is None:
            from qcilint.locate import Locator

            self._locate = Locator(self.rules.hosts).locate
        return self._locate(data)

    def analyse(self, source: Source, target: Target, *, thorough: bool = False) -> Analysis | None:
        """Locate and place the references of a source; None where there is nothing to say."""
        found = self._analysed(source, target, thorough=thorough)
        return found or (blank(target, source.data) if self.is_named(source.repo_path) else None)

    def is_named(self, path: str) -> bool:
        """Whether a rule about whole files is about the one at this repository path."""
        if not self.rules.about_files:
            return False
        from qcilint.patterns import match_paths

        return any(match_paths(rule.files, path) for rule in self.rules.about_files)

    def _analysed(self, source: Source, target: Target, *, thorough: bool) -> Analysis | None:
        """What `analyse` gives for references. Leaves early for a clean file."""
        is_noted = DIRECTIVE in source.data
        if not (is_noted or self._may_matter(source.data)):
            return None
        references = self.locate(source.data)
        if not (references or is_noted):
            return None
        if references and not (thorough or self.thorough):
            from qcilint.settled import are_settled

            if are_settled(source.data, references, self.rules_for(source), source.repo_path):
                return None
        from qcilint.composition import compose
        from qcilint.filetypes import language_of
        from qcilint.languages import contexts

        language = language_of(source.path, source.data[:4096])
        found = contexts(language, source.data, [(reference.start, reference.end) for reference in references])
        return Analysis(target, source, language, references, found, compose(language, source.data, references, found))

    def read(self, target: Target, held: Mapping[str, bytes] | None = None) -> Analysis | Unread | None:
        """The analysis of a file; `held` has bytes that count in place of the work tree's, by their path in the repository."""
        data = held.get(target.repo_path) if held else None
        try:
            data = read(target.path) if data is None else data
        except OSError as error:
            return Unread(target.path, error.strerror or str(error))
        if is_binary(data):
            return Unread(target.path)
        return self.analyse(Source(target.path, data, target.repo_path), target)

    def read_all(
        self, targets: Sequence[Target], jobs: int, tell: Teller | None = None, held: Mapping[str, bytes] | None = None
    ) -> list[Analysis | Unread]:
        """What the files have to say, in their order, without those that have nothing.

        `tell` is told how many of how many files are read; `held` is as for `read`. Raises WorkerError.
        """
        from qcilint.spread import share

        total, first = len(targets), _one_of_each(targets) if jobs > 1 else []
        numbers = [*first, *sorted({*range(total)}.difference(first))]

        def work(start: int, stop: int) -> list[tuple[int, Analysis | Unread]]:
            read = ((number, self.read(targets[number], held)) for number in numbers[start:stop])
            return [(number, outcome) for number, outcome in read if outcome]

        told = (lambda done: tell(done, total, "files read")) if tell else None
        return [outcome for _, outcome in sorted(share(work, total, jobs, told), key=itemgetter(0))]


def _one_of_each(targets: Sequence[Target]) -> list[int]:
    """The numbers of the first file with each ending: the process that analyses them imports what others then share."""
    first: dict[str, int] = {}
    for number, target in enumerate(targets):
        name = target.repo_path.rpartition("/")[2]
        first.setdefault(name.rpartition(".")[2], number)
    return sorted(first.values())[:_KINDS]
