"""The words of the commands in a makefile: of its recipes, and of its `$(shell …)` calls."""

from __future__ import annotations

from collections.abc import Iterator

from qcilint import lazy as re
from qcilint.scripts.words import LOGICAL, MAX_DEPTH, Names, Stage, balanced, shell_pipelines

_RULE = re.compile(r"([^\s#=:][^=:#]*)::?(?![:=])([^=;|#]*)(?:;(.*))?", re.DOTALL)
_MAKE = re.compile(r"\$(?:\$|\(([<@^+?])[DF]?\)|[<@^+?*]|[({]|\w)")
_ANYTHING = re.compile("")


class Makefile:
    """Reads the recipes and the `$(shell …)` calls of a makefile."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.target, self.needs = "", list[str]()
        self.calls: list[str] = []

    def pipelines(self, text: str, wanted: re.Pattern[str]) -> Iterator[tuple[int, list[Stage]]]:
        at, line = 0, 1
        while at < len(text):
            match = LOGICAL.match(text, at)
            stop = match.end() if match else len(text)
            logical = text[at:stop]
            if not logical.startswith("\t") and (rule := _RULE.match(logical)):
                self._rule(rule)
                logical = rule[3] or logical
            if wanted.search(logical):
                self.calls = []
                for part in (self.expand(logical.lstrip("\t @+-")), *self.calls):
                    for offset, pipe in shell_pipelines(part, self.names, _ANYTHING):
                        yield line + offset - 1, pipe
            line += text.count("\n", at, stop + 1)
            at = stop + 1

    def _rule(self, rule: re.Match[str]) -> None:
        self.target, self.needs = "", []
        target = self.expand(rule[1].split()[0])
        self.needs = [self.expand(need) for need in rule[2].replace("\\\n", " ").replace("%", "*").split()]
        self.target = target.replace("%", "*")

    def expand(self, text: str, depth: int = 0) -> str:
        """A text as the shell gets it."""
        out, at = list[str](), 0
        while match := _MAKE.search(text, at):
            out.append(text[at : match.start()])
            name, at = match[1] or match[0][1:], match.end()
            if name == "$":
                out.append("$")
            elif name == "<" and self.needs:
                out.append(self.needs[0])
            elif name in "^+?" and self.needs:
                out.append(" ".join(self.needs))
            elif name == "@" and self.target:
                out.append(self.target)
            else:
                if name in "({":
                    at = balanced(text, match.end() - 1, len(text))
                    call = text[match.end() : at - 1]
                    if call.startswith("shell ") and depth < MAX_DEPTH:
                        self.calls.append(self.expand(call[6:], depth + 1))
                out.append(self.names.unknown(text[match.start() : at]))
        return "".join([*out, text[at:]])
