"""Constants of a program that it matches other text against: `re.compile(PATTERN)`, `strings.Replace(text, old, new)`."""

from __future__ import annotations

from qcilint import lazy as re

_FIRST = re.compile(
    rb"(?:\bre\.(?:compile|search|match|fullmatch|subn?|split|findall|finditer)|\bregexp\.\w+|\bRegExp"
    rb"|\.(?:replace(?:All|First)?|starts_?[wW]ith|ends_?[wW]ith|remove(?:prefix|suffix)|includes|matches|match|count|partition))"
    rb"\(\s*([^,\n]{1,200})"
)
_SECOND = re.compile(rb"\b(?:strings|bytes)\.(?!Join|NewReader|To|Title|Fields|Map)\w+\([^,\n]{1,200},\s*([^,\n]{1,200})")
_INSIDE = re.compile(rb"\b([A-Za-z_]\w*)\s+(?:not\s+)?in\s+\w")
_NAME = re.compile(rb"[A-Za-z_]\w*")
_LANGUAGES = frozenset({"python", "go", "javascript", "groovy", "code"})


def matched_constants(language: str, data: bytes) -> frozenset[str]:
    """The names that stand where a program says what it looks for."""
    if language not in _LANGUAGES:
        return frozenset()
    places = [match[1] for find in (_FIRST, _SECOND) for match in find.finditer(data)]
    if language == "python":
        places += [match[1] for match in _INSIDE.finditer(data) if not data.endswith(b"for ", 0, match.start())]
    return frozenset(name.decode() for place in places for name in _NAME.findall(place))
