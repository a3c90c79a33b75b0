"""Small random scripts that only assign and echo, and what the bindings of a script say that a word may become."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from qcilint.bindings import Binding, Bindings, Use
from qcilint.view import Span

NAMES = ("A", "B", "C", "D")
LITERALS = ("x1", "y2", "z/3:w", "q.4")
CONDITIONS = ("true", "false", '[ -n "$A" ]', '[ -z "${B:-}" ]')
COMPARISONS = ("[[ $C == x1 ]]", '[ "$D" = y2 ]')
DEEPEST = 6
MOST = 500


@dataclass
class Script:
    """A script that prints `NUMBER: WORD` for numbered words."""

    text: str
    words: dict[int, Span] = field(default_factory=dict)
    """Where each word stands that is printed."""

    def rests_on(self, found: Bindings, span: Span, target: Binding, depth: int = 0) -> bool:
        """Whether the value of `target` may be part of a word, as far as it is known."""
        covered = {use.start for binding in found.bindings for use in binding.uses}
        if depth > DEEPEST or any(self.text[at] == "$" and at not in covered for at in range(*span)):
            return True
        return any(
            binding is target or binding.barred or any(self.rests_on(found, value, target, depth + 1) for value in binding.values)
            for binding in found.bindings
            for use in binding.uses
            if span[0] <= use.start and use.end <= span[1]
        )


def possible(text: bytes, found: Bindings, span: Span, depth: int = 0) -> set[str] | None:
    """What a word may become by the bindings, quotes removed; None where they do not decide it."""
    uses: dict[Span, tuple[Binding, Use]] = {}
    for binding in found.bindings:
        for use in binding.uses:
            assert (use.start, use.end) not in uses
            uses[use.start, use.end] = binding, use
    texts, at = {""}, span[0]
    inside = sorted((use for use in uses if span[0] <= use[0] and use[1] <= span[1]), key=lambda use: (use[0], -use[1]))
    for start, end in inside:
        if start < at:
            continue
        binding, use = uses[start, end]
        if b"$" in text[at:start] or depth > DEEPEST or binding.barred or use.kind != "plain" or len(texts) > MOST:
            return None
        options = {""} if binding.caveat else set()
        for value in binding.values:
            inner = possible(text, found, value, depth + 1)
            if inner is None:
                return None
            options |= inner
        texts = {before + text[at:start].decode() + option for before in texts for option in options}
        at = end
    if b"$" in text[at : span[1]]:
        return None
    return {(before + text[at : span[1]].decode()).replace('"', "").replace("'", "") for before in texts}


def random_script(seed: int, *, wild: bool, compares: bool = True) -> Script:
    """A script; a wild one sets variables in ways that cannot be read off, too."""
    writer = _Writer(random.Random(seed), wild=wild, compares=compares)
    writer.block(writer.random.randint(4, 12))
    return Script("".join(writer.lines), writer.words)


class _Writer:
    def __init__(self, source: random.Random, *, wild: bool, compares: bool) -> None:
        self.random, self.wild, self.compares = source, wild, compares
        self.lines: list[str] = []
        self.words: dict[int, Span] = {}
        self.functions: list[str] = []
        self.length = self.depth = self.in_loop = 0
        self.in_function = False

    def line(self, text: str) -> None:
        self.lines.append(text + "\n")
        self.length += len(text) + 1

    def block(self, count: int) -> None:
        for _ in range(count):
            self.statement()

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    @property
    def name(self) -> str:
        return self.pick(*NAMES)

    @property
    def literal(self) -> str:
        return self.pick(*LITERALS)

    def expansion(self) -> str:
        if self.in_function and self.random.random() < 0.2:
            return self.pick("$1", "${1}", f"${{2:-{self.literal}}}")
        if self.in_loop and self.random.random() < 0.4:
            return self.pick("$i", "${i}")
        name = self.name
        return self.pick(f"${name}", f"${{{name}}}", f"${{{name}}}", f"${{{name}:-{self.literal}}}")

    def value(self) -> str:
        plain = [self.literal, f'"{self.literal}"', f"'{self.literal}'", self.expansion(), f'"{self.expansion()}"']
        glued = [
            f'"{self.expansion()}/{self.literal}"',
            f"{self.expansion()}/{self.literal}",
            f"{self.expansion()}-{self.expansion()}",
        ]
        odd = [f"$(echo {self.literal})", "", '"a\\"b"', f'"{self.expansion()}"/{self.literal}'] if self.wild else []
        return self.pick(*plain, *glued, *odd)

    def echo(self) -> None:
        expansion = self.pick("${L[0]}", "${L[1]}") if self.random.random() < 0.15 else self.expansion()
        word = self.pick('"%s"', "%s", '"%s"/u', '"%s/u"', "%s:t", 'v-"%s"') % expansion
        number = len(self.words) + 1
        start = self.length + len(f"echo {number}: ")
        self.words[number] = (start, start + len(word))
        self.line(f"echo {number}: {word}")

    def statement(self) -> None:
        self.depth += 1
        writers = [self.echo] * 6 + [self.assignment] * 5
        if self.depth < 5:
            writers += [self.choice, self.choice, self.loop, self.loop, self.group, self.chain, self.call, self.call]
            writers += [] if self.in_function else [self.function, self.function]
            writers += [self.case] if self.compares else []
        writers += [self.local] * 3 if self.in_function else []
        writers += [self.odd] if self.wild else []
        self.random.choice(writers)()
        self.depth -= 1

    def assignment(self) -> None:
        name = self.name
        array = f"L=({self.literal} {self.value() or 'k'})"
        self.line(
            self.pick(
                *[f"{name}={self.value()}"] * 6, f"{name}=${{{name}:-{self.literal}}}", f': "${{{name}:={self.literal}}}"', array
            )
        )

    def local(self) -> None:
        self.line(self.pick(f"local {self.name}", f"local {self.name}={self.value()}", f"local {self.name}={self.value()}"))

    def odd(self) -> None:
        name = self.name
        self.line(
            self.pick(
                f"{name}+={self.literal}", f"unset {name}", f"read -r {name} <<< k", f"printf -v {name} k", f"export {name}=k",
                f"declare {name}=k", f"{name}={self.literal} true", f"{name}=", f"eval {name}=k",
            )
        )  # fmt: skip

    def condition(self) -> str:
        return self.pick(*CONDITIONS, *(COMPARISONS if self.compares else ()))

    def choice(self) -> None:
        self.line(f"if {self.condition()}; then")
        self.block(self.random.randint(1, 2))
        if self.random.random() < 0.6:
            self.line("else")
            self.block(self.random.randint(1, 2))
            if self.random.random() < 0.2:
                self.line(self.pick("exit", "return"))
        self.line("fi")

    def case(self) -> None:
        self.line(f'case "${self.name}" in\nx1)')
        self.block(1)
        if self.random.random() < 0.6:
            self.line(";;\n*)")
            self.block(1)
        self.line(";;\nesac")

    def loop(self) -> None:
        words = [
            self.pick(self.literal, f'"{self.literal}"', self.expansion(), f'"{self.expansion()}"')
            for _ in range(self.random.randint(1, 3))
        ]
        items = " ".join(words)
        kind = self.random.random()
        if kind < 0.25:
            self.line(f"L=({items})")
            items = '"${L[@]}"'
        elif kind < 0.45:
            name = self.name
            self.line(f'{name}="{self.literal} {self.literal}"')
            items = f"${name}"
        self.line(f"for i in {items}; do")
        self.in_loop += 1
        self.block(self.random.randint(1, 2))
        self.in_loop -= 1
        self.line("done")

    def group(self) -> None:
        opener, closer = self.random.choice([("(", ")"), ("{", "}"), ("{", "} | cat")])
        self.line(opener)
        self.block(2)
        self.line(closer)

    def chain(self) -> None:
        self.line(f"{self.pick('true', 'false')} {self.pick('&&', '&&', '||')} {self.name}={self.value()}")

    def function(self) -> None:
        if len(self.functions) > 2:
            return
        name = f"fn{len(self.functions) + 1}"
        outer, self.in_loop, self.in_function = self.in_loop, 0, True
        self.line(f"{name}() {{")
        self.block(self.random.randint(1, 3))
        if self.random.random() < 0.1:
            self.line("shift")
        if self.random.random() < 0.2:
            self.line('for i in "$@"; do')
            self.in_loop = 1
            self.echo()
            self.line("done")
        self.line("}")
        self.in_loop, self.in_function = outer, False
        self.functions.append(name)

    def call(self) -> None:
        if self.functions:
            words = [
                self.pick(self.literal, f'"{self.expansion()}"', self.expansion(), self.value())
                for _ in range(self.random.randint(0, 3))
            ]
            self.line(" ".join([self.pick(*self.functions), *words]) + self.pick("", "", "", " | cat", " &\nwait"))
