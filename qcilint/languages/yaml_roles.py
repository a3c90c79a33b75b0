"""What a YAML scalar is to whoever reads it: a script, a condition, a text for people, or a plain value."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.languages.command_tables import SHELLS
from qcilint.languages.yaml_tree import Node

VALUE = "value"
SCRIPT = "script"
"""The shell runs it, with the environment of what is around it."""
FOREIGN = "foreign"
"""Another interpreter runs it."""
CONDITION = "condition"
PROSE = "prose"

_SCRIPTS = ("run", "script", "commands", "before_script", "after_script")
_PROSE = ("description", "documentation", "displayName")
_NAMES = "|".join(sorted(SHELLS))
_SHEBANG = re.compile(rf"#![^\n]*?(?:/|[ \t])(?:{_NAMES})(?:[ \t\r\n]|\Z)")
_SHELL = re.compile(rf"(?:\S*/)?(?:{_NAMES})(?:\s.*)?", re.DOTALL)
_OPTION = re.compile(r"[-+][A-Za-z]*c")
_MOST_WORDS = 64
"""Words of a command that are looked at."""


def role(node: Node, hints: frozenset[str], *, workflow: bool) -> str:
    """The role of a scalar."""
    variable = node.parent is not None and node.parent.key == "env" and _kind(node.parent.parent) == "mapping"
    if node.in_key or variable:
        return VALUE
    if node.key in _PROSE:
        return PROSE
    if workflow and node.key == "if":
        return CONDITION
    if node.key in _SCRIPTS:
        return SCRIPT if "with" not in hints and _is_shell(node, workflow=workflow) else FOREIGN
    return SCRIPT if node.key in ("command", "args") and _follows_shell(node) else VALUE


def _kind(node: Node | None) -> str:
    return node.kind if node else ""


def _is_shell(node: Node, *, workflow: bool) -> bool:
    if node.value.startswith("#!"):
        return bool(_SHEBANG.match(node.value))
    return not workflow or all(_SHELL.fullmatch(shell) for shell in _shells(node))


def _shells(step: Node) -> list[str]:
    """The shells that a GitHub step, its job or its workflow asks for, as far as they do."""
    found: list[str] = []
    node = step.parent
    while node is not None:
        run = defaults.get("run") if (defaults := node.get("defaults")) else None
        found += [shell for shell in (node.text("shell"), run.text("shell") if run else "") if shell]
        node = node.parent
    return found


def _follows_shell(node: Node) -> bool:
    """Whether it is the script of `sh -c` in the command of a container, `command` and `args` taken together."""
    container = node.parent.parent if node.parent and node.parent.kind == "sequence" else None
    if container is None:
        return False
    words = [item for block in (*container.all("command"), *container.all("args")) for item in block.items[:_MOST_WORDS]]
    at = next((number for number, word in enumerate(words) if word is node), 0)
    before = [word.value for word in words[:at]]
    return bool(before and _OPTION.fullmatch(before[-1]) and _SHELL.fullmatch(before[0]))
