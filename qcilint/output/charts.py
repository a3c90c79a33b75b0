"""Bar charts as SVG, for a page that loads nothing and allows no styles of its own within the markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from qcilint.discovery import printable

PARTS = {
    "safe": "fixed by --fix",
    "unsafe": "fixed with --unsafe-fixes",
    "none": "by hand",
    "kept": "kept",
}
"""What a bar is made of, in order: the key of a count, and what it means."""
MOST_BARS = 25
LABEL, WIDTH, BAR, LONGEST = 300, 900, 22, 44
"""Pixels of the labels, of the chart and of a bar's height; characters of a label."""


def bars(counts: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Lines of SVG with one bar for each name, those with most to do first; what does not fit is one bar in the end."""
    names = sorted(counts, key=lambda name: (counts[name]["kept"] - counts[name].total(), -counts[name].total(), name))
    rows = [(name, counts[name]) for name in names[:MOST_BARS]]
    if rest := names[MOST_BARS:]:
        rows.append((f"({len(rest)} others)", sum((counts[name] for name in rest), Counter())))
    longest = max((count.total() for _, count in rows), default=1)
    yield f'<svg viewBox="0 0 {WIDTH} {BAR * len(rows)}" width="{WIDTH}" height="{BAR * len(rows)}" role="img">'
    for number, (name, count) in enumerate(rows):
        yield from _bar(printable(name), count, number * BAR, (WIDTH - LABEL - 60) / longest)
    yield "</svg>"


def legend() -> str:
    """What the colours of the bars mean."""
    return "".join(f'<span class="key {key}">{escape(text)}</span>' for key, text in PARTS.items())


def _bar(name: str, count: Counter[str], top: int, scale: float) -> Iterator[str]:
    told = ", ".join(f"{count[key]} {text}" for key, text in PARTS.items() if count[key])
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    yield f"<g><title>{escape(name)}: {escape(told)}</title>"
    yield f'<text x="{LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(short)}</text>'
    at = float(LABEL)
    for key in PARTS:
        if count[key]:
            width = max(count[key] * scale, 1)
            yield f'<rect class="{key}" x="{at:.1f}" y="{top + 3}" width="{width:.1f}" height="{BAR - 6}"/>'
            at += width
    yield f'<text x="{at + 6:.1f}" y="{top + 15}">{count.total()}</text></g>'
