"""The least that a check must do, with qcilint's own modules: discover, read, search and locate. No language or rule is asked.

`python -m benchmarks.lexical` in the folder to look at prints how many files it saw, how many hold references, and how many.
"""

from __future__ import annotations

from qcilint.discovery import select
from qcilint.hosts import needles
from qcilint.locate import Locator
from qcilint.prefilter import Prefilter
from qcilint.ruleset import load_builtin
from qcilint.source import is_binary, read


def main() -> None:
    """Locate every reference below the working directory."""
    hosts = load_builtin().hosts
    may_matter, locate = Prefilter(needles(hosts)).may_matter, Locator(hosts).locate
    targets = select(["."]).targets
    holding = references = 0
    for target in targets:
        data = read(target.path)
        if not is_binary(data) and may_matter(data) and (found := locate(data)):
            holding += 1
            references += len(found)
    print(len(targets), holding, references)


if __name__ == "__main__":
    main()
