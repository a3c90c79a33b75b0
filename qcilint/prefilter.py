"""Which files can matter: those that hold one of a few byte strings. Most files stop here."""

from __future__ import annotations


class Prefilter:
    """Searches bytes for needles (see `hosts.needles`)."""

    def __init__(self, needles: tuple[bytes, ...]) -> None:
        self.needles = needles

    def may_matter(self, data: bytes) -> bool:
        """Whether any needle stands in the bytes."""
        return any(needle in data for needle in self.needles)
