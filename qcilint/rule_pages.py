"""The documentation of rules: one Markdown page a rule, and an index, all from the rule files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from qcilint.filetypes import language_of
from qcilint.ignores import comment_marks
from qcilint.ruleset import Case, Example, Rule

INDEX = "README.md"
MARK = "<!-- Made by `qcilint rule docs` from the rule files: change those, and run it again. -->"
"""The first line of every page; a file without it is somebody's own."""

_FENCES = {"shell": "sh", "make": "makefile", "text": "text"}
"""Names of fences that are not those of the languages."""


def pages(rules: Sequence[Rule]) -> dict[str, str]:
    """File names and texts: the pages of these rules, and the index of them."""
    found = {f"{rule.id}.md": _text(_page(rule)) for rule in rules}
    return {INDEX: _text(_index(rules)), **found}


def _text(lines: Iterable[str]) -> str:
    return "\n".join((MARK, *lines)) + "\n"


def _index(rules: Sequence[Rule]) -> Iterator[str]:
    yield from ("# Rules", "", "| rule | severity | fix | what it reports |", "|---|---|---|---|")
    for rule in rules:
        yield f"| [{rule.id} {rule.name}]({rule.id}.md) | {rule.severity} | {_fixes(rule)} | {_cell(rule.summary)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _fixes(rule: Rule) -> str:
    """The levels of the fixes that a rule may make."""
    if rule.about == "comments":
        return "safe"
    levels = {"unsafe" if case.fix == "unsafe" else "safe" for case in rule.cases if case.to and not case.keep}
    return ", ".join(sorted(levels)) or "none"


def _page(rule: Rule) -> Iterator[str]:
    yield from (f"# {rule.name} ({rule.id})", "", f"Severity: {rule.severity}. Fix: {_fixes(rule)}.", "")
    yield from ("## What it does", "", f"Reports: {rule.summary}.", "")
    yield from ("## Why is this bad?", "", rule.why, "")
    yield from ("## Example", "")
    for example in rule.examples:
        yield from _example(example)
    yield from ("## Fix safety", "", *_fix_safety(rule))
    if rule.files:
        yield from ("## Files", "", *(f"- `{pattern}`" for pattern in rule.files), "")
    if rule.hosts:
        yield from ("## Hosts", "", *(f"- `{host}`" for host in rule.hosts), "")
    yield from ("## How to leave it out", "", *_leave_out(rule))
    yield from ("## References", "", *(_link(each) for each in rule.references))
    yield "- [Suppression comments](../suppressions.md), [configuration](../configuration.md), [all rules](README.md)"


def _example(example: Example) -> Iterator[str]:
    for path, text in example.files.items():
        yield from (f"With `{path}` beside it:", "", *_fenced(path, text), "")
    if example.keep:
        said = "left alone, and not reported"
    elif example.after is None:
        said = "reported, and not fixed"
    else:
        said = "fixed with `--unsafe-fixes`" if example.unsafe else "fixed"
    yield from (f"`{example.path}`, {said}:", "", *_fenced(example.path, example.before), "")
    if example.after is not None:
        yield from ("Use instead:", "", *_fenced(example.path, example.after), "")


def _fenced(path: str, text: str) -> Iterator[str]:
    body = text.strip("\n")
    language = language_of(path, text.encode())
    fence = "````" if "```" in body else "```"
    yield from (f"{fence}{_FENCES.get(language, language)}", *body.split("\n"), fence)


def _fix_safety(rule: Rule) -> Iterator[str]:
    """What decides about a fix: the notes of the cases, in the order in which they are asked, each once."""
    if rule.about == "comments":
        yield from ("A comment is taken out, or those of its rules that are of no use. Nothing else changes.", "")
        return
    fixed = [case for case in rule.cases if case.to and not case.keep]
    if any(case.fix != "unsafe" for case in fixed):
        yield from ("A fix is safe where the text itself shows what happens to the image.", "")
    yield from _notes("It is unsafe, and made with `--unsafe-fixes` only:", [case for case in fixed if case.fix == "unsafe"])
    yield from _notes("It follows what else stands in the file:", [case for case in fixed if case.fix == "follow"])
    yield from _notes("Reported, and never fixed:", [case for case in rule.cases if not case.to and not case.keep])
    yield from _notes("Left alone, and not reported (`--show-kept` lists it):", [case for case in rule.cases if case.keep])


def _notes(title: str, cases: Sequence[Case]) -> Iterator[str]:
    notes = dict.fromkeys(f"{case.note} {case.advice}".rstrip() for case in cases if case.note)
    if notes:
        yield from (title, "", *(f"- {_escaped(note)}" for note in notes), "")


def _escaped(note: str) -> str:
    """A note as Markdown: `<namespace>` would be taken for a tag."""
    return note.replace("<", "\\<")


def _leave_out(rule: Rule) -> Iterator[str]:
    path = next((example.path for example in rule.examples), "Dockerfile")
    opens, closes = comment_marks(path, language_of(path, b""))
    if opens and rule.about != "comments":
        kind = posixpath.basename(path)
        yield from (f"For one line, with a comment above it; in `{kind}`:", "", "```text")
        yield from (f"{opens} qcilint: ignore[{rule.id}] the reason{closes}", "```", "")
    yield from ("For everything, or below a folder, in `qcilint.toml`:", "", "```toml", f'ignore = ["{rule.id}"]', "")
    yield from ("[per-path-ignores]", f'"docs/archive/" = ["{rule.id}"]', "```", "")


def _link(reference: str) -> str:
    title, _, url = reference.rpartition(": ")
    return f"- [{title}]({url})"
