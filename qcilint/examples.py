"""Runs the examples of rules: what `qcilint rule test` and the tests of the rules have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from qcilint.ci_operator.crosscheck import connect
from qcilint.discovery import Target
from qcilint.edits import FixError
from qcilint.engine import Linter
from qcilint.facts import Facts
from qcilint.filetypes import language_of
from qcilint.fixing import fixed
from qcilint.ignores import comment_marks
from qcilint.records import dataclass
from qcilint.results import FileResult
from qcilint.reviewed import ReviewedLinter
from qcilint.ruleset import Example, Rule, RuleSet
from qcilint.source import Source
from qcilint.tree import Given

CATALOG = "qci.json"
"""A file of an example that is the catalogue in which the images of its fixes are looked up."""


class Bench:
    """Lints and fixes texts that are no files, as if they stood in a repository."""

    def __init__(self, rules: RuleSet) -> None:
        self.linter: Linter = Linter(rules)

    def with_catalog(self, files: Mapping[str, str]) -> Bench:
        """A bench where a catalogue counts, if these files hold one."""
        if CATALOG not in files:
            return self
        from qcilint.catalog.document import parse
        from qcilint.catalog.linting import CatalogReviewer

        bench, catalog = Bench(self.linter.rules), parse(files[CATALOG].encode(), CATALOG)
        linter = bench.linter = ReviewedLinter(bench.linter, lambda _: None)
        linter.reviewers.append(CatalogReviewer(lambda _: catalog, linter.rule_about_catalog, linter.silence))
        return bench

    def lint(self, text: bytes, path: str = "Dockerfile", facts: Facts | None = None) -> FileResult:
        """Lint bytes as the file at `path` of a repository; without `facts` nothing else is in it."""
        source = Source(path, text, path)
        analysis = self.linter.analyst.analyse(source, Target(path, "", path))
        if analysis is None:
            return FileResult(source, "", [], facts or Facts())
        known = facts or Facts(tree=Given({path: text}))
        if facts is None:
            analysis.add_to(known)
        result = self.linter.judge(analysis, known)
        return self.linter.reviewed(result) if isinstance(self.linter, ReviewedLinter) else result

    def beside(self, text: bytes, path: str, files: Mapping[str, str]) -> Facts | None:
        """The facts of a repository that holds other files too; None where it does not."""
        sources = [Source(name, other.encode(), name) for name, other in files.items()] + [Source(path, text, path)]
        facts = Facts(tree=Given({source.repo_path: source.data for source in sources}))
        for source in sources:
            if analysis := self.linter.analyst.analyse(source, Target(source.path, "", source.path), thorough=True):
                analysis.add_to(facts)
        connect(sources, facts)
        return facts if files else None

    def fixed(self, text: bytes, path: str = "Dockerfile", *, unsafe: bool = False, facts: Facts | None = None) -> bytes:
        """The text after `--fix`. Raises FixError where the fix does not hold up."""
        return fixed(self.linter, self.lint(text, path, facts), unsafe=unsafe).data


def _after_a_comment(text: str, path: str) -> bytes | None:
    """The text below a comment; a file of no known language gets a plain line, and JSON, which has no comments, nothing."""
    language = language_of(path, text.encode())
    if language == "json":
        return None
    opens, closes = comment_marks(path, language)
    return f"{opens} Grüße 🎉{closes}\n\n{text.strip(chr(10))}\n".encode()


VARIANTS: dict[str, Callable[[str, str], bytes | None]] = {
    "as written": lambda text, _: text.strip("\n").encode() + b"\n",
    "CRLF": lambda text, _: text.strip("\n").replace("\n", "\r\n").encode() + b"\r\n",
    "no final newline": lambda text, _: text.strip("\n").encode(),
    "non-ASCII before": _after_a_comment,
}
"""The forms in which every example is tried: (text, path) → bytes. None where there is no such form."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What an example promises and does not keep."""

    reason: str
    expected: bytes = b""
    found: bytes = b""
    """What was to come out and what came out; equal where the text is not what differs."""


def try_example(bench: Bench, rule: str, example: Example, variant: str) -> Iterator[Failure]:
    """Try one form of an example of the rule with this id; gives what it does not keep."""
    form = VARIANTS[variant]
    before = form(example.before, example.path)
    wanted = before if example.after is None else form(example.after, example.path)
    if before is None or wanted is None:
        return
    bench = bench.with_catalog(example.files)
    facts = bench.beside(before, example.path, example.files)
    yield from _reported(bench, rule, example, before, facts)
    try:
        after = bench.fixed(before, example.path, unsafe=example.unsafe, facts=facts)
        if after != wanted:
            yield Failure("the fix does not give `after`" if example.after is not None else "it is fixed", wanted, after)
        again = bench.fixed(after, example.path, unsafe=example.unsafe, facts=bench.beside(after, example.path, example.files))
        if again != after:
            yield Failure("a second fix changes the result of the first", after, again)
        safe = bench.fixed(before, example.path, facts=facts) if example.unsafe else before
        if safe != before:
            yield Failure("it is fixed without --unsafe-fixes: leave out `unsafe`", before, safe)
    except FixError as error:
        yield Failure(f"the fix was refused: {error}")


def _reported(bench: Bench, rule: str, example: Example, before: bytes, facts: Facts | None) -> Iterator[Failure]:
    """What is not reported as the example has it."""
    reported = [finding for finding in bench.lint(before, example.path, facts).findings if not finding.kept]
    rules = ", ".join(sorted({finding.rule for finding in reported}))
    if example.keep and reported:
        reasons = "; ".join(dict.fromkeys(finding.reason for finding in reported if finding.reason))
        yield Failure(f"`keep`, but {rules} reports it{f': {reasons}' if reasons else ''}")
    if not example.keep and rule not in {finding.rule for finding in reported}:
        yield Failure(f"{rule} does not report it{f'; {rules} does' if rules else ': nothing does'}")


def missing(rule: Rule) -> Iterator[str]:
    """The examples that a rule should have and has not."""
    if not rule.examples:
        yield "it has no [[example]]: nothing shows what it does"
    elif any(case.to for case in rule.cases) and all(example.after is None for example in rule.examples):
        yield "no example has an `after`, though a case has a fix"
