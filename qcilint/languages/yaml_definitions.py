"""Which keys of YAML documents give names values: templates, workflows, steps, containers, tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qcilint import lazy as re
from qcilint.languages.yaml_tree import Node

TEMPLATE = "template"
"""A parameter of an OpenShift template."""
ENV = "env"
"""A variable in the environment of a step or a container."""
MATRIX = "matrix"
"""A key of a GitHub job's matrix."""
INPUTS = "inputs"
"""An input of a GitHub workflow or action."""
PARAMS = "params"
"""A Tekton parameter."""
FILLED = "filled"
"""A variable with a default, `${NAME:-default}`, that something fills in: Docker Compose, envsubst."""

READ_ELSEWHERE = "who reads it is not in this file"
CAVEATS = {
    TEMPLATE: "`oc process -p` may give it another value",
    MATRIX: "the names of its jobs hold it",
    INPUTS: "who calls the workflow may give another value",
    PARAMS: "a run may give it another value",
    FILLED: "the environment may override it",
}
CONTAINER = "programs of its image may read it"
_STEPS = "programs that its steps run may read it"
_NAMES = {
    TEMPLATE: re.compile(r"[A-Za-z0-9_]+"),
    ENV: re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
    MATRIX: re.compile(r"[A-Za-z_][A-Za-z0-9_-]*"),
    INPUTS: re.compile(r"[A-Za-z_][A-Za-z0-9_-]*"),
    PARAMS: re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*"),
}
_DEFAULTS = ("default", "default_value", "defaultValue", "value")


class Definition(NamedTuple):
    """One place that gives a name values."""

    family: str
    name: str
    values: Sequence[Node]
    entry: Node
    """The mapping or scalar that says so."""
    block: Node
    """The collection of such entries."""
    caveat: str = ""
    barred: str = ""
    """What the line of the entry does with it that cannot be read off: "generates it"."""


def is_workflow(root: Node) -> bool:
    """Whether a document is a GitHub workflow, or an action (docs.github.com, "Workflow syntax", "Metadata syntax")."""
    return bool(root.get("jobs") and root.get("on", "true")) or _is_action(root)


def _is_action(root: Node) -> bool:
    runs = root.get("runs")
    return runs is not None and runs.get("using") is not None


def is_compose(root: Node) -> bool:
    """Whether a document is a Docker Compose file."""
    services = root.get("services")
    return services is not None and services.is_mapping


def is_template(node: Node) -> bool:
    """Whether it is an OpenShift template (docs.openshift.com, "Using templates")."""
    return node.text("kind") == "Template" and node.get("objects") is not None


def definitions(node: Node, *, workflow: bool) -> Iterator[Definition]:
    """What the mapping `node` defines for all that is in it."""
    if is_template(node):
        yield from _lists(node, TEMPLATE, "parameters", ("value",))
    else:
        yield from _lists(node, ENV, "parameters", _DEFAULTS, READ_ELSEWHERE)
    around = ("container",) if workflow else ("stepTemplate",)  # what they say holds for all steps beside them
    if node.key not in around:
        yield from _environment(node, workflow=workflow)
    for each in node.all(*around):
        yield from _environment(each, workflow=workflow)
    if workflow:
        for strategy in node.all("strategy"):
            for matrix in strategy.all("matrix"):
                yield from _matrix(matrix)
        yield from _inputs(node)
    yield from (each for each in _lists(node, PARAMS, "params", _DEFAULTS) if each.entry.get("value") is None)


def is_open(node: Node) -> bool:
    """Whether a mapping may define more names than it shows: it has definitions, or other keys, from elsewhere."""
    blocks = node.all("env", "parameters", "params")
    return node.merges or any(
        block.kind == "alias" or block.merges or any(item.kind == "alias" for item in block.items) for block in blocks
    )


def arguments(node: Node) -> Iterator[Definition]:
    """The Tekton parameters that a task of a pipeline, or a run, gives what it refers to or holds."""
    yield from (each for each in _lists(node, PARAMS, "params", _DEFAULTS) if each.entry.get("value") is not None)


def _lists(node: Node, family: str, key: str, keys: tuple[str, ...], caveat: str = "") -> Iterator[Definition]:
    """Entries such as `- name: X` with `value: v`."""
    for block in node.all(key):
        for entry in block.items if block.kind == "sequence" else ():
            names = entry.all("name")
            for name in names:
                if name.is_scalar and _NAMES[family].fullmatch(name.value):
                    barred = "gives it a second name" if len(names) > 1 else _unreadable(entry)
                    yield Definition(
                        family, name.value, entry.all(*keys), entry, block, caveat or CAVEATS.get(family, ""), barred
                    )


def _unreadable(entry: Node) -> str:
    if entry.get("generate"):
        return "generates it"
    if entry.get("valueFrom"):
        return "takes it from elsewhere"
    return "merges other keys in" if entry.merges else ""


def _environment(node: Node, *, workflow: bool) -> Iterator[Definition]:
    """`env`: a list of a container or of a ci-operator step, or a mapping of a workflow or of a ci-operator test."""
    yield from (
        each._replace(caveat=READ_ELSEWHERE if each.entry.get("default") else CONTAINER)
        for each in _lists(node, ENV, "env", ("value", "default"))
    )
    for block in node.all("env"):
        if block.is_mapping:
            yield from _pairs(block, ENV, _STEPS if workflow else READ_ELSEWHERE)


def _pairs(block: Node, family: str, caveat: str) -> Iterator[Definition]:
    for key, item in zip(block.keys, block.items, strict=False):
        if key.is_scalar and _NAMES[family].fullmatch(key.value):
            yield Definition(family, key.value, (item,), key, block, caveat)


def _matrix(matrix: Node) -> Iterator[Definition]:
    """The lists of a matrix, and what `include` adds to them."""
    computed = [extra for extra in matrix.all("include", "exclude") if extra.kind != "sequence"]
    computed += [extra for extra in matrix.entries("include") if not extra.is_mapping or extra.merges]
    for definition in _pairs(matrix, MATRIX, CAVEATS[MATRIX]):
        if definition.name not in ("include", "exclude"):
            (item,) = definition.values
            listed = item.kind == "sequence"
            barred = "" if listed else "computes it"
            yield definition._replace(values=item.items if listed else (), barred=barred)
            for extra in computed:
                yield definition._replace(values=(), entry=extra, barred="may add values that are computed")
    for extra in matrix.entries("include"):
        yield from _pairs(extra, MATRIX, CAVEATS[MATRIX])
    for extra in matrix.entries("exclude"):
        for definition in _pairs(extra, MATRIX, CAVEATS[MATRIX]):
            yield definition._replace(values=(), barred="leaves out one of its values")


def _inputs(root: Node) -> Iterator[Definition]:
    """Inputs with a default, and the options of those that have some."""
    if root.parent is not None:
        return
    blocks = [*root.all("inputs")] if _is_action(root) else []
    for trigger in root.all("on", "true"):
        blocks += [block for event in trigger.all("workflow_call", "workflow_dispatch") for block in event.all("inputs")]
    for block in blocks:
        for definition in _pairs(block, INPUTS, CAVEATS[INPUTS]):
            (item,) = definition.values
            options = [option for listed in item.all("options") for option in listed.items]
            yield definition._replace(values=[*item.all("default"), *options])
