"""Calls in programs that run a command on another machine, known by the names of the function and of what it is called on."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.view import Span

_PARTS = frozenset(["remote", "remotely", "node", "nodes", "host", "hosts", "paramiko", "sftp", "guest", "bastion", "hypervisor"])
_RUNS_ON = re.compile(
    r"(?:exec_?command|run_?on|invoke_?on|exec_?on|execute_?on|exec_?in_?pod|pod_?exec)(?![a-z])", re.IGNORECASE
)
_CONNECTION = re.compile(r"(?:.*\.)?_?(?:\w*_)?conn(?:ection)?\.(?:run|sudo|execute|exec|command)", re.IGNORECASE)
_LOCAL_EXEC = re.compile(r"(?:.*\.)?(?:exec\.Command|exec\.CommandContext)")
"""Go's os/exec."""
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_CALL = re.compile(rb"(?<![\w.])([A-Za-z_][\w.]{0,120})[ \t]*\(")
_STATEMENT = re.compile(
    rb"[ \t]*(?:(?:def|String|var|return)[ \t]+)?(?:[\w.]+[ \t]*=[ \t]*)?([A-Za-z_][\w.]{0,120})[ \t]+[\w\"'\[]"
)
"""A call without parentheses, of Groovy."""
_NAME = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|(?<![\w.])((?:self\.|this\.)?[A-Za-z_]\w*)")
_PARENTHESIS = re.compile(rb"[()]")
_REACH = 500
"""So far behind its parenthesis the arguments of a call are looked at."""


def runs_elsewhere(callee: str) -> bool:
    """Whether a function with this dotted name runs what it is given on another machine."""
    if _LOCAL_EXEC.fullmatch(callee):
        return False
    if _CONNECTION.fullmatch(callee) or any(_RUNS_ON.search(name) for name in callee.split(".")):
        return True
    parts = [part.lower() for part in _WORD.findall(callee)]
    return any(part in _PARTS or (part.startswith("ssh") and part not in ("sshagent", "sshkey")) for part in parts)


def labelled(language: str, text: bytes, spans: Sequence[Span], found: list[Context]) -> list[Context]:
    """The contexts, with `remote` where a reference is given to such a call, itself or by a variable."""
    sent: frozenset[str] | None = None
    result: list[Context] = []
    for span, context in zip(spans, found, strict=True):
        kinds = [label.partition(":") for label in context.labels]
        remote = any(kind == "argument" and runs_elsewhere(name) for kind, _, name in kinds)
        variables = {name.rpartition(".")[2] for kind, _, name in kinds if kind == "assignment"}
        if not remote and variables:
            if sent is None:
                sent = _sent(text)
            remote = not sent.isdisjoint(variables)
        if not remote and language == "groovy" and context.where not in ("comment", "text"):
            remote = _in_statement(text, span)
        result.append(context.adding("remote") if remote else context)
    return result


def _sent(text: bytes) -> frozenset[str]:
    """The names of the variables that are given to such calls."""
    names: set[str] = set()
    known: dict[bytes, bool] = {}
    for match in _CALL.finditer(text):
        callee = match[1]
        if callee not in known:
            known[callee] = runs_elsewhere(callee.decode())
        if known[callee]:
            arguments = text[match.end() : _end(text, match.end())]
            names |= {name.rpartition(b".")[2].decode() for name in _NAME.findall(arguments) if name}
    return frozenset(names)


def _end(text: bytes, start: int) -> int:
    """The end of the arguments that begin at `start`."""
    depth = 1
    limit = min(len(text), start + _REACH)
    for match in _PARENTHESIS.finditer(text, start, limit):
        depth += 1 if match[0] == b"(" else -1
        if not depth:
            return match.start()
    return limit


def _in_statement(text: bytes, span: Span) -> bool:
    start = max(text.rfind(b"\n", 0, span[0]) + 1, span[0] - _REACH)
    match = _STATEMENT.match(text, start, span[0])
    return match is not None and runs_elsewhere(match[1].decode())
