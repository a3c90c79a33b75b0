"""What the keys, ids and names of a rule file may be."""

from __future__ import annotations

import re
from collections.abc import Iterable


class RuleError(Exception):
    """A rule file that cannot be used; the text names the file and the remedy."""


def check_names(origin: str, rule_id: str, name: str) -> None:
    """Refuse an id or a name that commands and selectors could take for something else. Raises RuleError."""
    if not re.fullmatch(r"[A-Z]+[0-9]+", rule_id):
        raise RuleError(f"{origin}: 'id' {rule_id!r} must be capital letters and a number, such as OLD001")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", name):
        raise RuleError(
            f"{origin}: 'name' {name!r} must be two words or more in lower case with hyphens, such as old-example-registry"
        )


def check_keys(name: str, table: Iterable[str], known: set[str]) -> None:
    """Refuse keys that are not known. Raises RuleError."""
    for key in table:
        if key not in known:
            from difflib import get_close_matches

            close = get_close_matches(key, known, 1)
            raise RuleError(
                f"{name}: unknown key {key!r}"
                + (f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}")
            )
