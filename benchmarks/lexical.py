"""The least that a check must do, with qcilint's own modules: discover, read, search and locate. No language or rule is asked.

`python -m benchmarks.lexical` in the folder to look at prints how many files it saw, how many hold references, and how many.
With `--searched` it reads as a check does: a file in which the rules keep every line is searched and not located.
"""

from __future__ import annotations

import sys

from qcilint.discovery import select
from qcilint.hosts import needles
from qcilint.index import of
from qcilint.locate import Locator
from qcilint.prefilter import Prefilter
from qcilint.ruleset import load_builtin
from qcilint.scan import BINARY, scan
from qcilint.source import is_binary, read


def main() -> None:
    """Locate every reference below the working directory."""
    rules = load_builtin()
    hosts = rules.hosts
    may_matter, locate = Prefilter(needles(hosts)).may_matter, Locator(hosts).locate
    targets = select(["."]).targets
    looked_at = targets
    if "--searched" in sys.argv:
        verdicts = scan([target.path for target in targets], of(rules), 1, follow=True)
        looked_at = [targets[number] for number, kind in verdicts if kind != BINARY]
    holding = references = 0
    for target in looked_at:
        data = read(target.path)
        if not is_binary(data) and may_matter(data) and (found := locate(data)):
            holding += 1
            references += len(found)
    print(len(targets), holding, references)


if __name__ == "__main__":
    main()
