"""One page that holds everything: totals, charts, and a table to search. It loads nothing, and works offline.

Names and texts come from the repository, so they are escaped for markup, or read by the script as data; and the page's
own policy lets no style and no script run but the two it was written with.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files

from qcilint.discovery import printable
from qcilint.findings import Finding
from qcilint.output.charts import bars, legend
from qcilint.output.owners import Owners
from qcilint.output.paths import from_top, top_of
from qcilint.output.run import Run
from qcilint.output.summary import summary
from qcilint.output.wording import is_offered
from qcilint.results import FileResult

HEADINGS = ("place", "rule", "severity", "fix", "reference", "replacement", "reason", "owners")
"""Columns of the table; the script knows them by their order."""
Counts = dict[str, Counter[str]]


def render(run: Run) -> Iterator[str]:
    """The page, line by line."""
    style, script = _asset("page.css"), _asset("page.js")
    owners = _owners(run)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>qcilint: image references</title><style>{style}</style></head><body>"
    yield "<h1>References to image registries</h1>"
    yield f"<p>{escape(summary(run.report, fixing=run.fixing, fixed=run.fixed))}. Written by qcilint {escape(run.version)}.</p>"
    yield from _totals(run)
    yield f'<p class="legend">{legend()}</p>'
    for title, counts in _charts(run, owners):
        yield f"<section><h2>By {title}</h2>"
        yield from bars(counts)
        yield "</section>"
    yield from _table(run, owners)
    yield f"<script>{script}</script></body></html>"


def _asset(name: str) -> str:
    return files("qcilint.output").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _owners(run: Run) -> dict[str, tuple[str, ...]]:
    """The approvers of every file, by its path."""
    known, found = Owners(), {}
    for file in run.report.files:
        path = from_top(file)
        top = top_of(file, path)
        found[file.source.path] = known.of(top, path) if top is not None else ()
    return found


def _part(finding: Finding) -> str:
    return "kept" if finding.kept else finding.level


def _totals(run: Run) -> Iterator[str]:
    every = [finding for file in run.report.files for finding in file.findings]
    open_ = [finding for finding in every if not finding.kept]
    totals = {
        "files checked": run.report.checked,
        "files with references": sum(bool(file.findings) for file in run.report.files),
        "references": len(every),
        "kept": len(every) - len(open_),
        "findings": len(open_),
        "errors": sum(finding.severity == "error" for finding in open_),
        "warnings": sum(finding.severity == "warning" for finding in open_),
        "notes": sum(finding.severity == "note" for finding in open_),
        "fixed by --fix": sum(finding.fixable(unsafe=False) for finding in open_),
        "files unreadable": len(run.report.errors),
    }
    yield "<dl>"
    yield from (f"<div><dt>{escape(name)}</dt><dd>{number}</dd></div>" for name, number in totals.items())
    yield "</dl>"


def _charts(run: Run, owners: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, Counts]]:
    """Titles and counts of the charts. A reference counts once for each of its approvers."""
    rules: Counts = {}
    folders: Counts = {}
    namespaces: Counts = {}
    people: Counts = {}
    for file in run.report.files:
        folder, slash, _ = from_top(file).partition("/")
        for finding in file.findings:
            part = _part(finding)
            keys = [
                (rules, f"{finding.rule} {finding.name}" if finding.rule else "(no rule)"),
                (folders, folder + slash if slash else "(top folder)"),
                (namespaces, finding.reference.namespace.raw or "(no namespace)"),
                *((people, name) for name in owners[file.source.path] or ("(no owner)",)),
            ]
            for counts, key in keys:
                counts.setdefault(key, Counter())[part] += 1
    yield "rule", rules
    yield "top-level folder", folders
    yield "namespace", namespaces
    yield "owner (approvers of the nearest OWNERS; a reference counts for each)", people


def _table(run: Run, owners: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield '<section><h2>Every reference</h2><p><input type="search" id="search" placeholder="search: all words must occur">'
    yield '<select id="rule"><option value="">every rule</option></select>'
    yield '<select id="fix"><option value="">every fix</option></select> <output id="shown"></output></p>'
    yield "<noscript><p>The table needs JavaScript; <code>--format csv</code> has the same rows.</p></noscript>"
    yield f"<table><thead><tr>{''.join(f'<th><button>{name}</button></th>' for name in HEADINGS)}</tr></thead>"
    yield '<tbody id="rows"></tbody></table><p><button id="more">show more</button></p></section>'
    rows = [_row(file, finding, owners[file.source.path]) for file in run.report.files for finding in file.findings]
    yield f'<script type="application/json" id="data">{_data(rows)}</script>'


def _row(file: FileResult, finding: Finding, owners: tuple[str, ...]) -> list[object]:
    line, column = file.source.position(finding.reference.start)
    return [
        f"{printable(file.source.path)}:{line}:{column}",
        finding.rule,
        "" if finding.kept else finding.severity,
        _part(finding),
        printable(finding.reference.raw),
        printable(finding.replacement or "") if is_offered(finding) else "",
        printable(finding.reason),
        printable(", ".join(owners)),
    ]


def _data(rows: list[list[object]]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(rows).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
