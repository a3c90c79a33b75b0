"""Writes what was measured into the documentation: Markdown tables and a plot."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measuring import Result, Row, variables

BEGIN, END = "<!-- figures: written by `make benchmark` -->", "<!-- end of the figures -->"
VERSIONS = {
    "rg": "--version",
    "git": "--version",
    "ruff": "--version",
    "semgrep": "--version",
    "ast-grep": "--version",
    "yamllint": "--version",
}
"""The tools whose versions are told, and how they tell them; those of pre-commit's hooks cannot."""


def machine(qcilint: str, rounds: int) -> str:
    """What was measured, and on what."""
    version = subprocess.run([qcilint, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    others = ", ".join(filter(None, (_version(tool, option) for tool, option in VERSIONS.items())))
    python = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    load = f"load {os.getloadavg()[0]:.1f} when it began"
    return f"{version} from a wheel, {python}, {os.cpu_count()} processors, {rounds} rounds, {load}. Beside it: {others}."


def _version(tool: str, option: str) -> str:
    try:
        done = subprocess.run([tool, option], capture_output=True, text=True, check=True, env=variables())
    except (OSError, subprocess.CalledProcessError):
        return ""
    number = next((word for word in done.stdout.split() if word[:1].isdigit()), "")
    return f"{tool} {number}"


def table(result: Result) -> Iterator[str]:
    """A row for each command; the ratios are medians of those of the rounds."""
    yield f"### {result.title[0].upper()}{result.title[1:]}"
    yield ""
    yield f"| | wall time | / {result.base} | lowest to highest | processor time | / {result.base} | most memory | target |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for row in result.rows:
        yield f"| {row.name} | {row.missing} is not installed | | | | | | |" if row.missing else _line(row)


def _line(row: Row) -> str:
    wall, cpu = _time(row.cost.wall), _time(row.cost.cpu)
    memory = f"{row.cost.memory / 1e6:,.0f} MB" if row.cost.memory else "little"
    target = f"{row.target:g}" if row.target else ""
    spread = f"{row.lowest:.2f} to {row.highest:.2f}"
    return f"| {row.name} | {wall} | **{row.wall:.2f}** | {spread} | {cpu} | {row.cpu:.2f} | {memory} | {target} |"


def _time(seconds: float) -> str:
    return f"{seconds:,.1f} s" if seconds >= 10 else f"{seconds * 1e3:,.0f} ms"


def write(docs: Path, about: str, results: Sequence[Result]) -> None:
    """Write the tables into `speed.md`, and the plot beside it. Raises ValueError as `write_page` does."""
    write_page(docs / "speed.md", about, results)
    plot(results, docs / "speed.svg")


def write_page(page: Path, about: str, results: Sequence[Result]) -> None:
    """Put the tables between the marks in a page. Raises ValueError where there are no marks."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page}: the marks {BEGIN} and {END} are missing")
    tables = "\n\n".join("\n".join(table(result)) for result in results)
    page.write_text(f"{before}{BEGIN}\n\n{about}\n\n{tables}\n\n{END}{after}", "utf-8")


def plot(results: Sequence[Result], path: Path) -> None:
    """Draw the ratios of every case, on one logarithmic scale. The same figures give the same bytes."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "qcilint", "svg.fonttype": "none", "font.size": 8})
    from matplotlib import pyplot

    shown = [(result, [row for row in result.rows if not row.missing]) for result in results]
    heights = [len(rows) + 1.2 for _, rows in shown]
    figure, axes = pyplot.subplots(
        len(shown), 1, figsize=(8, 0.26 * sum(heights)), squeeze=False, sharex=True, gridspec_kw={"height_ratios": heights}
    )
    for axis, (result, rows) in zip(axes[:, 0], shown, strict=True):
        names = [row.name for row in rows]
        colours = ["#c9401f" if name.startswith("qcilint") else "#7a8794" for name in names]
        bars = axis.barh(range(len(rows)), [row.wall for row in rows], color=colours)
        axis.bar_label(bars, [f"{row.wall:.2f}" for row in rows], padding=2)
        for number, row in enumerate(rows):
            if row.target:
                axis.plot([row.target] * 2, [number - 0.4, number + 0.4], color="black")
        axis.set_yticks(range(len(rows)), names)
        axis.invert_yaxis()
        axis.set_xscale("log")
        axis.set_title(f"{result.title}: wall time / {result.base}", loc="left", fontsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    axes[-1, 0].set_xlabel("times the first command of each part (logarithmic); a black line is a target")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
