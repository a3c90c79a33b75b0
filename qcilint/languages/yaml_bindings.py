"""The names that YAML documents give values, where they put them in, and images given by their parts.

Each document is a scope of its own, but for the environment that fills in `${NAME:-default}`.
"""

from __future__ import annotations

from qcilint.bindings import Binding, Bindings, Triple
from qcilint.languages.yaml import LARGE
from qcilint.languages.yaml_definitions import CAVEATS, CONTAINER, ENV, FILLED
from qcilint.languages.yaml_names import Frame, Name, Names, Place
from qcilint.languages.yaml_roles import VALUE, role
from qcilint.languages.yaml_substitutions import substitutions
from qcilint.languages.yaml_tree import decode, documents
from qcilint.languages.yaml_triples import triples
from qcilint.languages.yaml_uses import read_uses
from qcilint.records import replace
from qcilint.source import Source

MASKED = "the file is a template itself, and was not read in full"


def bindings(text: bytes) -> Bindings:
    """What a YAML text says of its names. A document that no parser takes says nothing."""
    if len(text) > LARGE:
        return Bindings()
    lines, environment = Source("", text), Frame(None)
    scopes = [Names(document, lines, environment) for document in documents(text)]
    containers: dict[str, list[Name]] = {}
    for names in scopes:
        _defaults(names)
        for name in names.names:
            if CONTAINER in name.caveats:
                containers.setdefault(name.name, []).append(name)
    for names in scopes:
        if names.names or environment.names or containers:
            for place in names.places:
                read_uses(names, place, containers)
    found: list[Binding] = []
    images: list[Triple] = []
    for names in scopes:
        barred = MASKED if names.document.masked else ""
        found += (_barred(name.binding(), barred) for name in names.names if name.values)
        images += (triple._replace(barred=barred or triple.barred) for triple in triples(names, names.mappings))
    return Bindings(tuple(found), triples=tuple(images))


def _barred(binding: Binding, reason: str) -> Binding:
    return replace(binding, barred=reason) if reason else binding


def _defaults(names: Names) -> None:
    """Find the variables that get a default where they are used."""
    for place in names.places:
        if "${" in place.node.value and _may_be_filled(names, place):
            _read_defaults(names, place)


def _may_be_filled(names: Names, place: Place) -> bool:
    if names.workflow or place.filled is not None or place.node.in_key:
        return False
    single = "\n" not in place.node.value.strip()
    return (names.compose or single) and role(place.node, place.hints, workflow=False) == VALUE


def _read_defaults(names: Names, place: Place) -> None:
    decoded = decode(names.document, place.node)
    for each in substitutions(decoded.text):
        if not each.has_default or place.frame.find(ENV, each.name):
            continue
        start = decoded.outer(each.start, each.end)[0]
        name = names.top.find(FILLED, each.name) or names.add(FILLED, each.name, names.document.root, start, names.top)
        name.caveats[CAVEATS[FILLED]] = None
        if each.default is None:
            continue
        first, last = decoded.outer(*each.default)
        exact = decoded.certain and names.document.text[first:last] == decoded.text[slice(*each.default)]
        if each.is_plain and exact:
            name.values[first, last] = None
        else:
            name.bar(f"line {names.line(start)} gives it a default that is not understood")
