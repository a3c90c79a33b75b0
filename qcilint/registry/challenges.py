"""What a registry asks for: the WWW-Authenticate header (RFC 9110, 11.6.1)."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.request import parse_http_list


class Challenge(NamedTuple):
    """One scheme that the registry accepts."""

    scheme: str
    """In lower case."""
    realm: str = ""
    service: str = ""
    scope: str = ""


_ITEM = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9-]*)(?:[ \t]+|\Z))?(?:(?P<key>[A-Za-z0-9_-]+)[ \t]*=[ \t]*(?P<value>.*))?", re.S
)


def parse(header: str) -> list[Challenge]:
    """The challenges of a header, in order; what cannot be read is passed over."""
    found: list[tuple[str, dict[str, str]]] = []
    for item in parse_http_list(header):
        match = _ITEM.fullmatch(item.strip())
        if match is None:
            continue
        if match["scheme"]:
            found.append((match["scheme"].lower(), {}))
        if match["key"] and found:
            value = match["value"].strip()
            found[-1][1][match["key"].lower()] = value[1:].removesuffix('"') if value[:1] == '"' else value
    return [Challenge(scheme, *(values.get(key, "") for key in Challenge._fields[1:])) for scheme, values in found]


def preferred(header: str) -> Challenge | None:
    """The challenge to answer: Bearer before Basic; None where the registry wants neither."""
    by_scheme = {challenge.scheme: challenge for challenge in reversed(parse(header))}
    return by_scheme.get("bearer") or by_scheme.get("basic")
