"""Texts that a Python expression puts together: f-strings, `%`, `.format`, `+` and literals side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from qcilint.languages import python_nodes as py
from qcilint.languages.code_lexer import python_string
from qcilint.languages.python_fields import Field, Words, format_fields, percent_fields
from qcilint.languages.python_nodes import Node
from qcilint.languages.python_records import Mention, Reading, Stretch, Sum
from qcilint.view import Span

if TYPE_CHECKING:
    from qcilint.languages.python_expressions import Expressions
    from qcilint.languages.python_flows import Flow


class Template(NamedTuple):
    """Literals side by side, and what fills them."""

    literals: list[Node]
    filled_by: Node | None = None
    """The right side of `%`, or the call of `.format`."""
    style: str = ""
    """How its fields begin: `%` or `{`."""


Part = Template | tuple["Node"]
_NOTHING: list[Field] | None = []


def parts_of(node: Node) -> list[Part]:
    """The templates and operands (each alone in a tuple) of what may be a text, in order."""
    if isinstance(node, py.SimpleString | py.FormattedString):
        return [Template([node])]
    if isinstance(node, py.ConcatenatedString):
        return [*parts_of(node.left), *parts_of(node.right)]
    if isinstance(node, py.BinaryOperation) and node.operator == "Add":
        return [*parts_of(node.left), *parts_of(node.right)]
    template: Node | None = None
    filled_by, style = node, "{"
    if isinstance(node, py.BinaryOperation) and node.operator == "Modulo":
        template, filled_by, style = node.left, node.right, "%"
    elif isinstance(node, py.Call) and isinstance(node.func, py.Attribute) and node.func.attr.value == "format":
        template = node.func.value
    literals = _simple(parts_of(template)) if template is not None else None
    return [Template(literals, filled_by, style)] if literals else [(node,)]


def _simple(parts: list[Part]) -> list[Node] | None:
    """The literals of a template, where it is made of nothing else."""
    literals: list[Node] = []
    for part in parts:
        if not isinstance(part, Template) or part.filled_by is not None:
            return None
        literals += part.literals
    return literals if all(isinstance(each, py.SimpleString) for each in literals) else None


class Texts:
    """Reads texts; what stands in them is read by `walk`."""

    def __init__(self, walk: Expressions) -> None:
        self.walk = walk

    def read(self, node: Node, flow: Flow, *, glued: bool = False) -> Reading | None:
        """What a text may be; None where the expression is none. `glued`: it is added to another text."""
        parts = parts_of(node)
        if not any(isinstance(part, Template) for part in parts):
            return self._names_added(node, parts, flow, glued=glued)
        pieces: list[Stretch | Mention] = []
        whole = True
        for part in parts:
            if isinstance(part, Template):
                pieces += self._template(part, flow)
            elif (mention := self.walk.simple(part[0], flow)) is not None:
                pieces.append(mention)
            else:
                self.walk.visit(part[0], self.walk.embedded("joined with other text", flow))
                whole = False
        return self._reading(node, pieces, whole=whole, glued=glued, flow=flow)

    def _names_added(self, node: Node, parts: list[Part], flow: Flow, *, glued: bool) -> Reading | None:
        """`HOST + PATH`, which may be a text."""
        operands = [part[0] for part in parts if not isinstance(part, Template)]
        if len(operands) < 2 or not all(self.walk.is_simple(operand) for operand in operands):
            return None
        pieces = [mention for operand in operands if (mention := self.walk.simple(operand, flow)) is not None]
        return self._reading(node, list(pieces), whole=True, glued=glued, flow=flow)

    def _reading(self, node: Node, pieces: list[Stretch | Mention], *, whole: bool, glued: bool, flow: Flow) -> Reading:
        only = pieces[0] if len(pieces) == 1 and whole else None
        if isinstance(only, Stretch) and not glued:
            if only.exact:
                return Reading(texts=[(only.start, only.end)], stretches=[only] if only.fields else [])
            return Reading(unknown="a literal with escapes")
        start, end = self.walk.tree.span(node)
        whole = whole and all(piece.exact for piece in pieces if isinstance(piece, Stretch))
        found = Sum(start, end, pieces, whole, glued, silent=flow.kind != "plain")
        for index, piece in enumerate(pieces):
            self._place(piece, not_first=glued or index > 0, not_last=glued or index < len(pieces) - 1)
        self.walk.record.sums.append(found)
        return Reading(sums=[found], unknown="a text put together from several pieces")

    @staticmethod
    def _place(piece: Stretch | Mention, *, not_first: bool, not_last: bool) -> None:
        """Note which names other pieces stand beside."""
        for mention in piece.fields if isinstance(piece, Stretch) else [piece]:
            left, right = mention.touches if isinstance(piece, Stretch) else (True, True)
            mention.touches = left and not_first, right and not_last
            mention.alone &= not any(mention.touches)

    def _template(self, template: Template, flow: Flow) -> list[Stretch | Mention]:
        first = template.literals[0]
        if isinstance(first, py.FormattedString):
            return [self._formatted(first, flow)]
        spans = [self._inner(node) for node in template.literals]
        fields: dict[Span, Mention] = {}
        found = _NOTHING
        if template.filled_by is not None:
            found = (format_fields if template.style == "{" else percent_fields)(self.walk.tree.text, spans)
            if any(self._hides(node) for node in template.literals):
                found = None
            fields = self._fill(template, found, flow)
        pairs = zip(template.literals, spans, strict=True)
        stretches = [self._literal(node, span, fields, template.style) for node, span in pairs]
        for stretch in stretches:
            stretch.exact &= found is not None
        return list(stretches)

    def _hides(self, node: Node) -> bool:
        """Whether escapes of a literal may stand for a mark that is filled."""
        words = Words(self.walk.tree.text, self._inner(node), [], raw=self._is_raw(node), style="")
        return bool(words.odd)

    def _inner(self, node: Node) -> Span:
        token = python_string(self.walk.tree.text, *self.walk.tree.span(node))
        return token.inner, token.outer

    def _is_raw(self, node: Node) -> bool:
        return not python_string(self.walk.tree.text, *self.walk.tree.span(node)).escapes

    def _literal(self, node: Node, inner: Span, fields: dict[Span, Mention], style: str) -> Stretch:
        within = {span: mention for span, mention in fields.items() if inner[0] <= span[0] < inner[1]}
        stretch = self._stretch(Words(self.walk.tree.text, inner, list(within), raw=self._is_raw(node), style=style), within)
        if b"b" in self.walk.tree.text[self.walk.tree.span(node)[0] : inner[0]].lower():
            stretch.exact = False
            for mention in stretch.fields:
                mention.become("other", "put into bytes")
        return stretch

    def _formatted(self, node: py.FormattedString, flow: Flow) -> Stretch:
        fields: dict[Span, Mention] = {}
        others: list[Span] = []
        for part in node.parts:
            span = self.walk.tree.span(part)
            is_plain = not part.conversion and part.format_spec is None and not part.equal
            mention = self.walk.simple(part.expression, flow, span, "" if is_plain else "formatted in an f-string")
            if mention is None:
                others.append(span)
                self.walk.visit(part.expression, self.walk.embedded("put into other text", flow))
            else:
                fields[span] = mention
            for each in part.format_spec or ():
                self.walk.visit(each.expression, self.walk.embedded("a part of a format", flow))
        words = Words(self.walk.tree.text, self._inner(node), [*fields, *others], raw=self._is_raw(node), style="{")
        return self._stretch(words, fields)

    def _stretch(self, words: Words, fields: dict[Span, Mention]) -> Stretch:
        for span, mention in fields.items():
            word = words.around(span)
            mention.touches = word[0] == words.inner[0], word[1] == words.inner[1]
            mention.alone = words.is_alone(span)
            if words.is_odd(word):
                mention.become("other", "an escape stands beside it")
            if words.text[span[0] - 1 : span[0]] == b"$":
                mention.become("other", "a $ stands before it")
        return Stretch(*words.inner, words.exact, list(fields.values()))

    # What fills a template

    def _fill(self, template: Template, fields: list[Field] | None, flow: Flow) -> dict[Span, Mention]:
        given = Given()
        if template.style == "{" and isinstance(template.filled_by, py.Call):
            self._give_to_format(template.filled_by, given)
        elif template.filled_by is not None:
            self._give_to_percent(template.filled_by, fields, given)
        placed: dict[Span, Mention] = {}
        used: set[int] = set()
        for field in fields or ():
            node = given.get(field.key)
            mention = self.walk.simple(node, flow, (field.start, field.end), field.note) if node is not None else None
            if mention is not None:
                placed[field.start, field.end] = mention
                used.add(id(node))
        for node in [*given.values(), *given.rest]:
            if id(node) not in used:
                used.add(id(node))
                self.walk.visit(node, self.walk.embedded("put into other text", flow))
        return placed

    @staticmethod
    def _give_to_format(call: py.Call, given: Given) -> None:
        is_open = False
        for argument in call.args:
            if argument.star or (is_open and argument.keyword is None):
                is_open |= argument.star == "*"
                given.rest.append(argument.value)
            elif argument.keyword is not None:
                given[argument.keyword.value] = argument.value
            else:
                given[sum(isinstance(key, int) for key in given)] = argument.value

    def _give_to_percent(self, value: Node, fields: list[Field] | None, given: Given) -> None:
        """Nothing but `rest` where the number of values is not that of the fields."""
        keyed = bool(fields) and isinstance(fields[0].key, str) if fields else False
        if isinstance(value, py.Tuple):
            values = [element.value for element in value.elements]
            plain = not any(isinstance(element, py.StarredElement) for element in value.elements)
            if plain and not keyed and len(values) == len(fields or ()):
                given.update(enumerate(values))
            else:
                given.rest += values
        elif isinstance(value, py.Dict) and keyed:
            self._mapping(value, given)
        elif not keyed and len(fields or ()) == 1 and self.walk.is_simple(value):
            given[0] = value
        else:
            given.rest.append(value)

    def _mapping(self, value: py.Dict, given: Given) -> None:
        for element in value.elements:
            key = element.key if isinstance(element, py.DictElement) else None
            name = self.walk.tree.text[slice(*self._inner(key))].decode("latin-1") if isinstance(key, py.SimpleString) else ""
            if not name or name in given or "\\" in name:
                given.clear()
                given.rest.append(value)
                return
            given[name] = element.value


class Given(dict["str | int", "Node"]):
    """What fills a template, by place or name."""

    def __init__(self) -> None:
        super().__init__()
        self.rest: list[Node] = []
        """What cannot be told a place."""
