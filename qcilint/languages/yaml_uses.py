"""Where the scalars of a YAML document mention its names, each in the notation of what fills it in."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.bindings import Use
from qcilint.languages.yaml_definitions import ENV, FILLED, INPUTS, MATRIX, PARAMS, TEMPLATE
from qcilint.languages.yaml_names import Name, Names, Place
from qcilint.languages.yaml_roles import CONDITION, FOREIGN, PROSE, SCRIPT, role
from qcilint.languages.yaml_shell_uses import Mention, Script
from qcilint.languages.yaml_substitutions import substitutions
from qcilint.languages.yaml_tree import Decoded, decode

_WHOLE = re.compile(rb"\$\{\{([A-Za-z0-9_]+)\}\}")
_BRACED = re.compile(rb"\$\{([A-Za-z0-9_]+)\}")
_EXPRESSION = re.compile(rb"\$\{\{(.{0,1000}?)\}\}", re.DOTALL)
_SIMPLE = re.compile(rb"[ \t]*(?P<context>env|matrix|(?:github\.event\.)?inputs)\.(?P<name>[A-Za-z_][\w-]*)[ \t]*", re.IGNORECASE)
_CONTEXT = re.compile(
    rb"(?<![\w.-])(?:github[ \t]*\.[ \t]*event[ \t]*\.[ \t]*)?(?P<context>env|matrix|inputs)(?![\w-])"
    rb"(?:\s*\.\s*(?P<name>[A-Za-z_][\w-]*)|\s*\[\s*'(?P<index>[^']{0,200})'\s*\])?",
    re.IGNORECASE,
)
_FAMILIES = {b"env": ENV, b"matrix": MATRIX, b"inputs": INPUTS}
_KUBERNETES = re.compile(rb"(?<!\$)\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
_PARAMETER = re.compile(rb"\$\((?:inputs\.)?params(?:\.([A-Za-z_][\w-]*)|\[(?:'([^'\n]{1,200})'|\"([^\"\n]{1,200})\")\])\)")
_PARAMETER_WORD = re.compile(rb"\bparams(?:\.|\[['\"]?)([A-Za-z_][\w-]*)")
_STRAY = re.compile(rb"\$(?:\{\{?|\(\(?)?[ \t]*[!#]?[ \t]*([A-Za-z0-9_]+)")
_HOLE = re.compile(rb"\{\{(.{0,300}?)\}\}", re.DOTALL)
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_EXPANSION = re.compile(rb"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
_SETS = re.compile(
    rb"(?<![\w$.{/-])([A-Za-z_]\w*)\+?="
    rb"|\b(?:for|select|read|local|declare|typeset|export|readonly|unset)[ \t]+(?:-\w+[ \t]+)*([A-Za-z_]\w*)"
)


def read_uses(names: Names, place: Place, containers: dict[str, list[Name]]) -> None:
    """Find every mention in one scalar.

    `containers` are the variables of containers: a script in a ConfigMap of the file may run in one of them.
    """
    reader = _Reader(names, place)
    reader.read()
    reader.read_elsewhere(containers)


class _Reader:
    """Reads one scalar."""

    def __init__(self, names: Names, place: Place) -> None:
        self.names = names
        self.place = place
        self.role = role(place.node, place.hints, workflow=names.workflow)
        self.decoded: Decoded = decode(names.document, place.node)
        self.text = self.decoded.text
        self.script: Script | None = None
        self._taken: set[int] = set()
        """Where names stand that are accounted for."""

    def read(self) -> None:
        if self.role == PROSE and not (self.place.filled or self.names.compose):
            return
        self._bare_name()
        if self.role == SCRIPT:
            self.script = Script(self.text)
        elif b"$" not in self.text and b"{{" not in self.text and self.role not in (CONDITION, FOREIGN):
            return
        if self.place.filled is not None:
            self._template()
        if self.role == PROSE and not self.names.compose:
            return
        if self.names.workflow:
            self._expressions()
        self._parameters()
        self._kubernetes()
        if self.script:
            self._script(self.script)
        else:
            self._substitutions()
        self._strays()

    def read_elsewhere(self, containers: dict[str, list[Name]]) -> None:
        """The first mention of a container's variable where it does not hold, unless this text sets it."""
        if self.script is None and (b"\n" not in self.text or self.role == PROSE):
            return
        sets = self._sets()
        for match in _EXPANSION.finditer(self.text):
            word = match[1].decode()
            if match.start(1) not in self._taken and match[1] not in sets and self.place.frame.find(ENV, word) is None:
                for name in containers.pop(word, ()):
                    self._use(name, match.start(), match.end(), match.start(1), "perhaps a script that its container runs")

    def _sets(self) -> set[bytes]:
        """The variables that the text sets, where it is a script."""
        if b"\n" not in self.text and not self.script:
            return set()
        return {name for match in _SETS.finditer(self.text) for name in match.groups()}

    def _bare_name(self) -> None:
        """A variable that is named as all of a value: passed on to something."""
        if self.place.node.key == "name" or self.place.node.in_key:
            return
        if (name := self.place.frame.find(ENV, self.place.node.value)) and self.text:
            self._use(name, 0, len(self.text), 0, "passed on by its name")

    # ── each notation ──────────────────────────────────────────────────────────────────────────────────────

    def _template(self) -> None:
        """`${NAME}` anywhere and `${{NAME}}` as all of a string (openshift/library-go, pkg/template/templateprocessing)."""
        whole = _WHOLE.fullmatch(self.text)
        matches = [whole] if whole else list(_BRACED.finditer(self.text))
        sets = self._sets() if matches else set()
        for match in matches:
            name = self.place.frame.find(TEMPLATE, match[1].decode())
            if name is None:
                continue
            note = "" if self.place.filled else "where the template fills nothing in"
            if match[1] in sets:
                note = f"the script around it sets {name.name} too"
            self._use(name, match.start(), match.end(), match.start(1), note)

    def _expressions(self) -> None:
        """`${{ env.NAME }}` and the like (docs.github.com, "Contexts")."""
        spans = [match.span(1) for match in _EXPRESSION.finditer(self.text)]
        if self.role == CONDITION and not spans:
            spans = [(0, len(self.text))]
        for start, end in spans:
            simple = _SIMPLE.fullmatch(self.text, start, end)
            for match in _CONTEXT.finditer(self.text, start, end):
                family = _FAMILIES[match["context"].lower()]
                group = "name" if match["name"] is not None else "index"
                if match[group] is None:
                    self._whole_context(family, match)
                    continue
                word = match[group].decode("utf-8", "replace")
                name = self.place.frame.find(family, word)
                folded = name or self.place.frame.find(family, word, fold=True)
                if folded is None:
                    continue
                if simple and name and start:
                    self._use(name, start - 3, end + 2, match.start(group), self._expression_note(name))
                else:
                    self._use(folded, *match.span(), match.start(group), "in an expression")

    def _expression_note(self, name: Name) -> str:
        node = self.place.node
        if self.role == CONDITION:
            return "in a condition"
        if "with" in self.place.hints:
            return "given to an action"
        if "env" in self.place.hints and name.family == ENV and node.parent:
            steps = node.parent.parent.parent if node.parent.parent else None
            if id(node.parent) in name.blocks or steps is None or steps.kind != "sequence":
                return "in a definition that may not see it"
        return ""

    def _whole_context(self, family: str, match: re.Match[bytes]) -> None:
        """All names of a context at once: `toJSON(env)`."""
        for frame in self.place.frame.around():
            if family in frame.wholesale:
                continue
            frame.wholesale.add(family)
            for name in frame.names.values():
                if name.family == family:
                    name.bar(f"line {self.names.line(self.place.node.start)} uses all of `{match['context'].decode()}`")

    def _parameters(self) -> None:
        """`$(params.NAME)` (tekton.dev, "Variable substitutions")."""
        note = "compared with something" if "when" in self.place.hints else ""
        if "params" in self.place.hints and self.place.node.key == "default":
            note = "in a default, which Tekton does not fill in"
        for match in _PARAMETER.finditer(self.text):
            group = next(number for number in (1, 2, 3) if match[number] is not None)
            word = match[group].decode("utf-8", "replace")
            name = self.place.frame.find(PARAMS, word)
            if name:
                self._use(name, match.start(), match.end(), match.start(group), note)
        for match in _PARAMETER_WORD.finditer(self.text):
            if match.start(1) not in self._taken:
                for name in self.names.by_name.pop((PARAMS, match[1].decode()), ()):  # one such use is enough
                    self._use(name, match.start(), match.end(), match.start(1), "used in a way that is not understood")

    def _kubernetes(self) -> None:
        """`$(NAME)` in the command of a container, and in variables that follow (kubernetes.io, "Container v1 core")."""
        for match in _KUBERNETES.finditer(self.text):
            name = self.place.frame.find(ENV, match[1].decode())
            if name:
                self._use(name, match.start(), match.end(), match.start(1), self._kubernetes_note(name))

    def _kubernetes_note(self, name: Name) -> str:
        node = self.place.node
        around = node.parent
        if node.key in ("command", "args") and around and around.kind == "sequence" and "lifecycle" not in self.place.hints:
            return ""
        if "env" in self.place.hints and node.key == "value" and around and around.is_mapping:
            if name.first < node.start and around.text("name") != name.name:
                return ""
            return "in a definition that may not see it"
        return "where nothing fills it in"

    def _script(self, script: Script) -> None:
        """`$NAME` in a script that has the variable in its environment."""
        find = self.place.frame.find
        for mention in script.mentions(lambda name: find(ENV, name) is not None):
            name = find(ENV, mention.name)
            if name and mention.at not in self._taken:
                self._mention(name, mention)

    def _mention(self, name: Name, mention: Mention) -> None:
        line = self.names.line(self._outer(mention.start, mention.end)[0])
        if mention.barred:
            name.bar(f"line {line} {mention.barred}")
        if mention.default:
            start, end = self._outer(*mention.default)
            if self.names.document.text[start:end] == self.text[slice(*mention.default)] and self.decoded.certain:
                name.values[start, end] = None
            else:
                name.bar(f"line {line} gives it a default that is not understood")
        self._use(name, mention.start, mention.end, mention.at, mention.note, mention.kind)

    def _substitutions(self) -> None:
        """`${NAME:-default}` and `$NAME` where something fills in what has a default somewhere."""
        for each in substitutions(self.text):
            name = self.names.top.find(FILLED, each.name)
            if name and each.at not in self._taken and self.place.frame.find(ENV, each.name) is None:
                several = not self.names.compose and b"\n" in self.text.strip()
                note = "in a text that may set it" if several else each.note
                self._use(name, each.start, each.end, each.at, note, "other" if several or not each.kind else each.kind)

    def _strays(self) -> None:
        """Mentions in a notation that nothing here fills in."""
        spots = [(match.start(), match.end(), match.start(1)) for match in _STRAY.finditer(self.text)]
        if self.role == FOREIGN:
            spots += [(*match.span(), match.start()) for match in _WORD.finditer(self.text)]
        if not self.names.workflow:
            for hole in _HOLE.finditer(self.text):
                spots += [(match.start(), match.end(), match.start()) for match in _WORD.finditer(self.text, *hole.span(1))]
        for start, end, at in spots:
            if at in self._taken:
                continue
            word = _WORD.match(self.text, at)
            name = self._stray(word[0].decode()) if word else None
            if name and not (name.family == FILLED and self.text[max(start - 1, 0) : start] == b"$"):
                note = "in a script, which may set it" if self.script else "in a notation that nothing here fills in"
                self._use(name, start, end, at, note)

    def _stray(self, word: str) -> Name | None:
        frame = self.place.frame
        return frame.find(ENV, word) or frame.find(FILLED, word) or frame.find(TEMPLATE, word)

    # ── one use ────────────────────────────────────────────────────────────────────────────────────────────

    def _outer(self, start: int, end: int) -> tuple[int, int]:
        return self.decoded.outer(start, end)

    def _use(self, name: Name, start: int, end: int, at: int, note: str, kind: str = "") -> None:
        """Note a use at `start..end` of the text: a plain one, unless there is a note."""
        self._taken.add(at)
        if self.script and self.script.is_comment(start, end):
            return
        first, last = self._outer(start, end)
        kind = kind or ("other" if note else "plain")
        if doubt := self._doubt(name, first, last, self.text[start:end]):
            kind, note = "other", doubt
        name.use(Use(first, last, kind, note))

    def _doubt(self, name: Name, start: int, end: int, raw: bytes) -> str:
        """What makes any use here uncertain."""
        place = self.place
        if place.node.in_key:
            return "in a key"
        if place.node.tagged:
            return "in a value with a tag"
        if not self.decoded.certain or self.names.document.text[start:end] != raw:
            return "in a text that cannot be read for certain"
        if place.merged and name.family not in (FILLED, TEMPLATE):
            return "other keys are merged in around it"
        if place.copies:
            inside = name.scope.start <= place.copies.start and place.copies.end <= name.scope.end
            if name.family == PARAMS or not inside:
                return f"also used through the alias *{place.copies.alias.value}"
        return ""
