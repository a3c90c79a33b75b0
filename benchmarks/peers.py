"""How long qcilint takes beside the tools that people would use in its place, in the same rounds.

`python -m benchmarks.peers` writes the figures into docs/speed.md and docs/speed.svg. A tool that is not installed is named as
missing; nothing is estimated. qcilint is installed from a wheel for it: an editable installation costs every start too much.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from benchmarks import growth, report
from benchmarks.installed import ROOT, install
from benchmarks.measuring import Case, Command, measure, variables
from benchmarks.tree import FILES, MOST_FILES, SEED, file_count, make

ROUNDS, SHORT = 5, 15
"""Rounds, and runs of a command that takes milliseconds in each of them."""
SMALL, REFERENCES = 1_000, 100_000
"""Files of the tree for tools that take minutes for a large one; references in the largest file."""
OLD = "registry.ci.openshift.org"
NEEDLES = ("-e", "ci.openshift.org", "-e", "quay.io/openshift/ci")
DOCKERFILE = f"FROM {OLD}/ocp/4.20:cli AS cli\nFROM {OLD}/ocp/4.20:base-rhel9\nCOPY --from=cli /usr/bin/oc /usr/bin/\n"
SED = rf"s#{OLD}/\([a-z0-9-]*\)/\([a-z0-9.-]*\):#quay-proxy.ci.openshift.org/openshift/ci:\1_\2_#g"
"""What people write by hand; it makes the wrong edits that docs/comparison.md shows."""
PATTERN = r"registry\.(svc\.)?ci\.openshift\.org/"
SEMGREP = f"""\
rules:
- {{id: old, languages: [generic], severity: ERROR, message: an old registry, pattern-regex: '{PATTERN}'}}
"""
AST_GREP = "---\n".join(
    f"{{id: old-{language}, language: {language}, severity: error, message: an old registry, "
    f"rule: {{any: [{', '.join(f'{{kind: {kind}}}' for kind in kinds.split())}], regex: '{PATTERN}'}}}}\n"
    for language, kinds in {
        "yaml": "string_scalar double_quote_scalar single_quote_scalar block_scalar comment",
        "bash": "word string raw_string concatenation comment",
        "python": "string comment",
    }.items()
)
YAMLLINT = "{rules: {trailing-spaces: enable}}"


class Tools:
    """The commands of the tools, with the rules that they are given in a folder."""

    def __init__(self, into: Path, qcilint: str) -> None:
        self.qcilint, self.python = qcilint, str(Path(qcilint).resolve().parent / "python")
        for name, text in (("semgrep.yaml", SEMGREP), ("ast-grep.yaml", AST_GREP)):
            (into / name).write_text(text)
        rules = ("--config", str(into / "semgrep.yaml"), "--metrics", "off", "--disable-version-check")
        self._semgrep = ("semgrep", "scan", *rules, "--quiet", "--jobs", "2")
        self._ast_grep = ("ast-grep", "scan", "--rule", str(into / "ast-grep.yaml"))

    def own(self, *options: str, name: str = "", target: float | None = None) -> Command:
        """qcilint itself."""
        shown = " ".join(("qcilint", *(option for option in options if option.startswith("-") or option.isdecimal())))
        return Command(name or shown, (self.qcilint, *options), target=target)

    def reading(self) -> Command:
        """What lists and reads the files as qcilint does, and no more."""
        return Command("listed and read in Python, not searched", (self.python, str(ROOT / "benchmarks" / "reading.py")))

    def nothing(self) -> Command:
        """The Python that qcilint runs in, doing nothing."""
        return Command("python -c pass", (self.python, "-c", "pass"))

    @staticmethod
    def search() -> tuple[Command, ...]:
        """What finds the same literals."""
        return (
            Command("rg -l -j2", ("rg", "-l", "-j2", "-F", *NEEDLES), needs="rg"),
            Command("git grep -l", ("git", "grep", "-l", "-F", *NEEDLES), needs="git"),
        )

    def others(self, *paths: str) -> tuple[Command, ...]:
        """The linters that can be given the same pattern, and one that reads YAML."""
        return (
            Command("ast-grep scan", (*self._ast_grep, *paths), needs="ast-grep"),
            Command("semgrep scan", (*self._semgrep, *paths), needs="semgrep"),
            Command("yamllint", ("yamllint", "-d", YAMLLINT, *(paths or (".",))), needs="yamllint"),
        )


def trees(into: Path, count: int, small: int, seed: int, tools: Tools) -> Iterator[Case]:
    """Whole trees: nothing wrong, some hits, all fixed."""
    clean = make(into / "clean", count, seed, clean=True)
    title = f"A tree with nothing wrong in it: {clean.files:,} files, {clean.size / 1e6:,.0f} MB"
    yield Case(title, clean.root, (*tools.search(), tools.reading(), tools.own(target=1.15)))
    shutil.rmtree(clean.root)
    tree = make(into / "tree", count, seed)
    whole = (tools.own(target=1.8), tools.own("--jobs", "1"))
    yield Case(f"{tree.old / tree.files:.1%} of the files with hits: full report", tree.root, (*tools.search(), *whole))
    replace = ("sh", "-c", f"rg -l0 -j2 -F {OLD} | xargs -0 -P2 sed -i '{SED}'")
    restored = _restorer(tree.root)
    by_hand = Command("rg -l0, xargs -P2 sed -i", replace, needs="rg", before=restored)
    yield Case("The same tree, to fix", tree.root, (by_hand, tools.own("--fix", target=1.3)._replace(before=restored)))
    shutil.rmtree(tree.root)
    few = make(into / "small", small, seed)
    search = (tools.search()[0], tools.own(), *tools.others())
    yield Case(f"A tree of {few.files:,} files, for the slower ones", few.root, search)


def _restorer(root: Path) -> Callable[[], object]:
    """What brings the files of a repository back as they were."""
    return lambda: subprocess.run(["git", "checkout", "--quiet", "--", "."], cwd=root, env=variables(), check=True)


def hooks(into: Path, tools: Tools) -> Iterator[Case]:
    """What a commit pays: ten clean files, one Dockerfile."""
    python, yaml, one = into / "python", into / "yaml", into / "one"
    scripts, documents = [f"{number}.py" for number in range(10)], [f"{number}.yaml" for number in range(10)]
    for folder, names, line in ((python, scripts, "NAME_{0} = {0}\n"), (yaml, documents, "name-{0}: {0}\n")):
        folder.mkdir()
        for name in names:
            (folder / name).write_text("".join(line.format(number) for number in range(200)))
    hook = tools.own("--force-exclude", *scripts, name="qcilint --force-exclude (the hook)", target=1.4)
    fixing = tools.own("--fix", "--force-exclude", *scripts, name="qcilint --fix --force-exclude (the other hook)", target=1.4)
    linters = (
        Command("ruff check --no-cache", ("ruff", "check", "--no-cache", "-q", *scripts), needs="ruff"),
        Command("ruff check, with its cache", ("ruff", "check", "-q", *scripts), needs="ruff"),
        Command("trailing-whitespace-fixer", ("trailing-whitespace-fixer", *scripts), needs="trailing-whitespace-fixer"),
    )
    yield Case("Ten clean Python files, as a hook", python, (tools.nothing(), hook, fixing, *linters), SHORT)
    reading = (
        Command("trailing-whitespace-fixer", ("trailing-whitespace-fixer", *documents), needs="trailing-whitespace-fixer"),
        Command("check-yaml", ("check-yaml", *documents), needs="check-yaml"),
        *tools.others(*documents),
    )
    hook = tools.own("--force-exclude", *documents, name="qcilint --force-exclude (the hook)", target=1.4)
    yield Case("Ten clean YAML files, as a hook", yaml, (tools.nothing(), hook, *reading))
    one.mkdir()
    fixed = tools.own("--fix", "Dockerfile", name="qcilint --fix Dockerfile", target=6)
    fixed = fixed._replace(before=lambda: (one / "Dockerfile").write_text(DOCKERFILE))
    yield Case("One Dockerfile to fix", one, (tools.nothing(), fixed), SHORT)


def main() -> None:
    """Make the files, measure, and write the figures into the documentation."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=file_count, default=FILES, metavar="N", help=f"100 to {MOST_FILES} (default: {FILES})")
    parser.add_argument("--small", type=file_count, default=SMALL, metavar="N", help=f"for the slower tools (default: {SMALL})")
    parser.add_argument("--references", type=int, default=REFERENCES, metavar="N", help=f"in one file (default: {REFERENCES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"(default: {ROUNDS})")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help=f"(default: {SEED})")
    parser.add_argument("--qcilint", metavar="PATH", help="the program to measure (default: this checkout, from a wheel)")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", metavar="DIR", help="where speed.md is (default: docs)")
    options = parser.parse_args()
    if options.rounds < 1 or options.references < 1 << growth.STEPS:
        parser.error(f"--rounds: at least 1; --references: at least {1 << growth.STEPS}")
    with tempfile.TemporaryDirectory(prefix="qcilint-") as temporary:
        into = Path(temporary)
        qcilint = os.path.abspath(options.qcilint) if options.qcilint else str(install(into / "installed"))
        tools = Tools(into, qcilint)
        parts = (
            trees(into, options.files, options.small, options.seed, tools),
            hooks(into, tools),
            growth.cases(into, options.files, options.references, options.seed, qcilint),
        )
        results = []
        about = report.machine(qcilint, options.rounds)
        for case in chain.from_iterable(parts):
            print(f"{case.title} …", file=sys.stderr, flush=True)
            results.append(measure(case, options.rounds))
            print("\n".join(report.table(results[-1])), end="\n\n", flush=True)
    report.write(options.docs, about, results)


if __name__ == "__main__":
    main()
