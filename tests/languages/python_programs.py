"""Random Python programs, with all that may stand in the way of telling where their nodes are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Pick = Callable[[Sequence[str]], str]
"""Chooses one of some texts."""

EXPRESSIONS = (
    "a", "é", "None", "1", "-1.5", "...", "'s'", '"""x\ny"""', "b'\\x00'", "rb'\\d'", "'it\\'s'", "STRINGS", "FSTRING", "FSTRING",
    "E.a", "E .  a", "E\\\n.a" , "E + E", "E % E", "E ** E", "not E", "- E", "E or E or E", "E and E", "E < E <= E", "E not in E",
    "E is not E", "E if E else E", "(E)", "( E # c (\n)", "(\n  E)", "(E,)", "(E, E)", "((E), E)", "((E), (E))", "()", "( )",
    "[E, *E]", "[]", "{E, E}", "{E: E, **E}", "{}", "[E FOR]", "{E FOR}", "{E: E FOR}", "(E FOR)", "( E FOR )", "f(E FOR)",
    "f((E FOR))", "f(E)", "f(E, *E, k=E, **E)", "f(*E, E)", "f(k=E, *E)", "f( # (\n E\n)", "E(E)", "E[E]", "E[E:E]", "E[E, ::E]",
    "E[(E, E)]", "E[(E), (E)]", "E[E,]", "E[*E]", "(lambda: E)", "(lambda a, /, b=E, *c, d=E, **e: E)", "(b := E)", "(yield)",
    "(yield E)", "(yield from E)", "(await E)", "'{}'.format(E, k=E)", "'%s' % (E, E)", "' '.join(E)", "é.ü", "os.getenv('A', E)",
)  # fmt: skip
STRINGS = ("'a' 'b'", "'a'\\\n'b' \"c\"", "('a' # 'c'\n  f'{a}' '''d''')", "f'' 'é' f'{E}'", "b'a' rb'b'", "u'a' r'\\d'")
FSTRINGS = (
    "f'{a}'", "f'{a.b}{a}x'", 'f"{ a }"', "f'{a!r}'", "f'{a:>{b}}'", "f'{a=}'", "f'{a = !s:x}'", "f'{{a}}{b}'", 'f"{a[0]}"',
    'f"{a["b"]}"', "f\"{a['b']}\"", 'f"""{a}\n{b + c\n}"""', "f'''{\na}'''", "rf'\\d{a}'", "f'\\{a}'", "f'\\\\{a}'", "f'\\N{DASH}'",
    "f'{(a, b)}'", "f'{a, b}'", "f'{(x for x in y)}'", "f'{a != b}'", "f'{a == b!r}'", "f'{lambda: 1}'", "f'{(lambda: 1)}'",
    "f'{a:}'", "f'{a:{b}{c}}'", "f'{a:%Y-%m}'", "f'{yield}'", "f'{f(k=1)}'", "f'{None}'", "f'é{é}'", "F'{a}'", "fR'{a}\\d'",
    "f\"{f'{a}'}\"", "f'{a:{{}}}'", "f'{ {1: 2}[1] }'", "f'{*a, b}'", "f'{a }'", "f'{{{a}}}'", "f'}}'", "f'{a\\n}'", "f'{a:é}'",
)  # fmt: skip
LOOPS = (" for a in E", " for a, b in E if E if E", " for a in E for (b) in E", " async for *a, b in E")
TARGETS = ("a", "é", "a.b", "a[E]", "a, b", "(a, *b)", "[a, b]", "self.a", "( a )")
PARAMETERS = ("", "a", "self, a=E", "a: E = E, /, *b: E, c: E = E, **d", "*, a", "a,\n  # c\n b = E", "*args, **kwargs")
STATEMENTS = (
    "E", "T = E", "a = T = E", "a: E = E", "a.b: E", "a += E", "a[E] %= E", "del a, b.c", "del (a, b)", "del a,", "pass",
    "import a.b.c, d as e", "import a . b", "from . import (a as b, # c\n c,)", "from a import *", "from .a.b import c as d , e",
    "global a, b", "nonlocal  a ,\\\n b", "return E", "return", "return E, E", "raise", "raise E from E", "assert E, E", "assert E",
    "a; b = E;", "break", "continue",
)  # fmt: skip
BLOCKS = (
    "if E:B", "if E:BELSEelif E:BELSEelse:B", "while E:BELSEelse:B", "for T in E:B", "for a in E, E:BELSEelse:B",
    "async for a in E:B", "with E as a, E:B", "with (E as a, E as b,):B", "with (E, E):B", "with E as (a, b):B", "with (E) as a.b:B",
    "async with E:B", "try:BELSEexcept E as a:BELSEexcept:BELSEelse:BELSEfinally:B", "try:BELSEexcept (E, E) as  é:B",
    "try:BELSEexcept (E)as a:B", "try:BELSEexcept* E as a:B", "try:BELSEfinally:B", "def f(P):B", "def  é (P) -> E:B",
    "async  def\\\n f(P):B", "@E\nINDdef f(P):B", "@ a.b(E)\nIND# c\nIND\nINDclass  C(E, a, k=E, **b):B", "class C:B", "class C():B",
    "class C(*a, B):B", "match E:B", "match E:\nIND  case 'a' | C(b=1):\nIND    pass",
)  # fmt: skip


class Programs:
    """Writes programs, of whose parts `pick` chooses every one."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick

    def program(self) -> str:
        """A program, which is valid more often than not."""
        start = self.pick(["", "# é\n", "\ufeff", "\n\n", "'''doc'''\n", "\x0c\n"])
        count = int(self.pick("1234"))
        text = start + "".join(self._statement("", 2) for _ in range(count))
        end = self.pick(["", "\n", "  # end", "   \n"])
        text = text.removesuffix("\n") + end
        line_end = self.pick(["\n", "\n", "\r\n"])
        return text.replace("\n", line_end)

    def _statement(self, indent: str, depth: int) -> str:
        blank = self.pick(["", "", "", "", "# c\n", "\n", "\x0c\n", indent + "# (\n"])
        if not depth or self.pick(["small", "block"]) == "small":
            return blank + indent + self._fill(self.pick(STATEMENTS), 2) + self.pick(["\n", "\n", "  # c\n"])
        heads = self.pick(BLOCKS).replace("ELSE", indent).replace("IND", indent)
        parts = self._fill(heads, 1).split("B")
        text = indent + parts[0]
        for part in parts[1:]:
            text += self._block(indent, depth) + part
        return blank + text

    def _block(self, indent: str, depth: int) -> str:
        form = self.pick(["lines", "lines", "line"])
        if form == "line":
            return " " + self._fill(self.pick(STATEMENTS), 1) + "\n"
        inner = indent + self.pick(["  ", "    ", "\t"])
        return "\n" + "".join(self._statement(inner, depth - 1) for _ in range(int(self.pick("112"))))

    def _fill(self, text: str, depth: int) -> str:
        result = ""
        for at, letter in enumerate(text):
            alone = not (text[at - 1 : at].isalnum() or text[at + 1 : at + 2].isalnum())
            if letter in "ETP" and alone:
                result += self._expression(depth) if letter == "E" else self._part(letter, depth)
            else:
                result += letter
        return result

    def _part(self, letter: str, depth: int) -> str:
        return self._fill(self.pick(TARGETS if letter == "T" else PARAMETERS), max(0, depth - 1))

    def _expression(self, depth: int) -> str:
        text = self.pick(EXPRESSIONS if depth > 0 else EXPRESSIONS[:12])
        if text in ("STRINGS", "FSTRING"):
            text = self.pick(STRINGS if text == "STRINGS" else FSTRINGS)
        return self._fill(text.replace("FOR", self.pick(LOOPS)), depth - 1)
