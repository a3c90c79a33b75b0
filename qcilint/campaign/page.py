"""The plan as one HTML page, for whoever reviews it: no script, no file but itself."""

from __future__ import annotations

import html
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from qcilint.campaign import model, texts
from qcilint.campaign.burndown import NAME as CSV
from qcilint.campaign.model import Plan, Planned
from qcilint.discovery import printable

NAME = "report.html"
_STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1b1f24; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { border-bottom: 1px solid #d8dee4; padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; }
.bad { color: #a40e26; }
@media (prefers-color-scheme: dark) {
  body { background: #0d1117; color: #e6edf3; } a { color: #58a6ff; } .bad { color: #ff7b72; }
}
"""


def write(folder: str, plan: Plan) -> None:
    """Write the page."""
    reasons: Counter[str] = Counter()
    for _, finding in model.findings(folder, plan):
        if finding["outcome"] == "left":
            reasons[texts.why(finding)] += 1
    with open(os.path.join(folder, NAME), "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in _lines(plan, reasons))


def _lines(plan: Plan, reasons: Counter[str]) -> Iterator[str]:
    name, date = _text(plan.campaign), time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(plan.date))
    yield "<!doctype html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{name}: plan</title><style>{_STYLE}</style></head><body>'
    yield f"<h1>{name}</h1>"
    fixed, left = (
        sum(counts) for counts in ([each.fixed for each in plan.repositories], [each.left for each in plan.repositories])
    )
    shard = f", shard {_text(plan.shard)}" if plan.shard else ""
    yield f"<p>Planned {date} with qcilint {_text(plan.qcilint)}{shard}: {texts.count(len(plan.repositories), 'repository')}, "
    yield f"{texts.count(fixed, 'reference')} to fix in {texts.count(len(plan.changes), 'pull request')}, {left:,} left alone. "
    yield f'Every reference: <a href="{CSV}">{CSV}</a>.</p>'
    yield from _table("Pull requests, in order", ("change", "title", "+files", "+references", "waits for"), _changes(plan))
    yield from _table(
        "Left alone", ("reason", "+references"), ((_text(why), f"{number:,}") for why, number in reasons.most_common())
    )
    yield from _table("Repositories", ("repository", "branch", "+checked", "+fixed", "+left", "findings"), _repositories(plan))
    yield from _table("Passed over", ("repository", "reason"), ((_text(name), _text(why)) for name, why in plan.skipped))
    yield "</body></html>"


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table, or nothing where it has no rows; a column with `+` holds numbers."""
    every = list(rows)
    if not every:
        return
    kinds = [' class="number"' if column.startswith("+") else "" for column in columns]
    yield f"<h2>{title}</h2><table><thead><tr>"
    yield "".join(f"<th{kind}>{column.lstrip('+')}</th>" for kind, column in zip(kinds, columns, strict=True))
    yield "</tr></thead><tbody>"
    for row in every:
        yield "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
    yield "</tbody></table>"


def _changes(plan: Plan) -> Iterator[tuple[str, ...]]:
    for change in plan.changes:
        waits = ", ".join(_text(each) for each in plan.waits.get(change.id, ()))
        yield _link(change.patch, change.id), _text(change.title), f"{len(change.files):,}", f"{change.references:,}", waits


def _repositories(plan: Plan) -> Iterator[tuple[str, ...]]:
    for each in plan.repositories:
        findings = _link(each.findings, "findings") if each.findings else ""
        if each.error:
            findings += f' <span class="bad">{_text(each.error)}</span>'
        yield _text(_named(each)), _text(each.base), f"{each.checked:,}", f"{each.fixed:,}", f"{each.left:,}", findings


def _named(planned: Planned) -> str:
    return planned.repository or planned.key


def _link(path: str, text: str) -> str:
    return f'<a href="{quote(path)}">{_text(text)}</a>'


def _text(text: str) -> str:
    return html.escape(printable(text))
