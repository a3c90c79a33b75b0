"""The image reference: its text, its parts, and the variables that stand in for some of them.

The grammar is that of distribution/reference (https://github.com/distribution/reference), with *holes*: parts
of the text that only become known elsewhere, such as `${TAG}`, `$(TAG)`, `{{ tag }}`, `%s`, `{tag}` or `__TAG__`.
"""

from __future__ import annotations

from functools import lru_cache

from qcilint import lazy as re
from qcilint.records import NamedTuple, dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_TAG = 128
"""Longest tag, in characters (distribution/reference, `TagRegexp`)."""
MAX_NAME = 255
"""Longest repository name, in characters, registry included (distribution/reference, `RepositoryNameTotalLengthMax`)."""

MOST_SHARED = 20_000
"""Texts that are kept for what comes from other processes."""

# One hole each; what a hole holds is never looked into, apart from separators in its default (see `Hole.divides`).
HOLES = (
    ("expression", rb"\$\{\{[^\n]{0,300}?\}\}"),
    ("template", rb"\{\{[^\n]{0,300}?\}\}"),
    ("escaped", rb"\\{1,4}\$(?:\{[^{}\n]{1,120}\}|\([^()\n]{1,120}\))"),
    ("make-shell", rb"\$\$(?:\{[^{}\n]{1,120}\}|\([^()\n]{1,120}\)|[A-Za-z_][A-Za-z0-9_]*)"),
    ("braced", rb"\$\{(?:[^{}\n]|\$\{[^{}\n]{0,120}\}|\{[^{}\n]{0,120}\}){1,200}\}"),
    ("call", rb"\$\((?:[^()\n]|\((?:[^()\n]|\([^()\n]{0,120}\)){0,120}\)){1,200}\)"),
    ("bare", rb"\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?])"),
    ("printf", rb"%(?:\[[0-9]+\])?(?:\([A-Za-z_][A-Za-z0-9_]*\))?[-+#]?(?:[0-9]*(?:\.[0-9]+)?)?[sdvq](?![A-Za-z0-9])|%s"),
    ("brace", rb"\{[^{}\n\"'`,\s/]{0,60}\}"),
    ("marker", rb"(?<![A-Za-z0-9])__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__(?![A-Za-z0-9])"),
)
HOLE = re.compile(b"|".join(b"(?P<%s>%s)" % (name.replace("-", "_").encode(), regex) for name, regex in HOLES))
_OPENINGS = (b"$", b"{", b"%", b"__")
"""Every hole holds one of these."""


def hole_at(data: bytes, at: int) -> re.Match[bytes] | None:
    """The hole that begins at byte `at`."""
    return HOLE.match(data, at) if data[at : at + 1] in (b"$", b"{", b"%", b"_", b"\\") else None


UNBRACED = ("bare",)
"""Hole styles that a following word character would become a part of."""


class Part(NamedTuple):
    """A literal piece of a text (`style` empty), or a hole."""

    text: str
    style: str = ""

    @property
    def is_hole(self) -> bool:
        return bool(self.style)


class Text(tuple[Part, ...]):
    """A text with holes: literals and holes in order."""

    __slots__ = ()

    @property
    def raw(self) -> str:
        """As written."""
        return self[0].text if len(self) == 1 else "".join([part.text for part in self])  # most often there is no hole

    @property
    def skeleton(self) -> str:
        """Every hole written `{}`."""
        return "".join(["{}" if part.style else part.text for part in self])

    @property
    def holes(self) -> tuple[Part, ...]:
        return tuple([part for part in self if part.style])

    def __reduce__(self) -> tuple[Callable[..., Text], tuple[str, ...]]:
        return _shared, tuple([each for part in self for each in part])


@lru_cache(MOST_SHARED)
def _shared(*texts_and_styles: str) -> Text:
    """A text from another process, of which thousands are the same few."""
    return Text(map(Part, texts_and_styles[::2], texts_and_styles[1::2]))


def parse_text(data: bytes) -> Text:
    """Split bytes into literals and holes (undecodable bytes become surrogates)."""
    if not any(opening in data for opening in _OPENINGS):  # as most texts
        return Text((Part(_decode(data)),) if data else ())
    parts: list[Part] = []
    at = 0
    for match in HOLE.finditer(data):
        if match.start() > at:
            parts.append(Part(_decode(data[at : match.start()])))
        parts.append(Part(_decode(match[0]), (match.lastgroup or "").replace("_", "-")))
        at = match.end()
    if at < len(data):
        parts.append(Part(_decode(data[at:])))
    return Text(parts)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Reference:
    """An image reference, or a bare registry host, at bytes `start..end` of a source."""

    start: int
    end: int
    text: Text
    """The reference with escapes (`\\/`, `\\u002f`) resolved."""
    host: str
    """The host as written, without port; equal to a rule's host unless `flaw` is `other-host`."""
    port: str = ""
    namespace: Text = Text()
    """Everything between the registry and the last path component; `a/b` where there are more than two."""
    name: Text = Text()
    tag: Text = Text()
    digest: Text = Text()
    transport: str = ""
    """`docker://`, `oci:`, … where one stands before it; not part of the span."""
    escaped: bool = False
    """The source spells some of its characters as escapes."""
    flaw: str = ""
    """Why it is no plain reference: one of FLAWS, or empty."""

    @property
    def registry(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def raw(self) -> str:
        return self.text.raw


FLAWS = {
    "other-host": "the host is part of a longer host name",
    "url": "a URL, not a pullspec",
    "encoded": "part of percent-encoded text",
    "regex": "a regular expression",
    "wildcard": "followed by a wildcard",
    "cut": "cut off or split: the rest of the reference does not follow",
    "malformed": "no valid image reference",
    "in-path": "within a longer path",
}
"""Every flaw a reference can have, with what to say of it."""

_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")


class Parts(NamedTuple):
    """What follows the registry, and the first thing wrong with it (empty when valid)."""

    namespace: Text
    name: Text
    tag: Text
    digest: Text
    problem: str


def split_path(path: Text) -> Parts:
    """Split `/namespace/name:tag@digest` (with its leading slash) and check it against the grammar."""
    components: list[list[Part]] = [[]]
    for part in path:
        if part.is_hole:
            components[-1].append(part)
            continue
        first, *rest = part.text.split("/")
        components[-1].append(Part(first))
        components.extend([Part(piece)] for piece in rest)
    last = Text(part for part in components[-1] if part.text)
    middle = [Text(part for part in component if part.text) for component in components[1:-1]]
    name, digest = _cut(last, "@")
    name, tag = _cut(name, ":")
    has_tag, has_digest = ":" in _literal(last).split("@")[0], "@" in _literal(last)
    namespace = _join(middle, "/")
    problem = _problem([*middle, name], tag if has_tag else None, digest if has_digest else None)
    return Parts(namespace, name, tag, digest, problem)


def _literal(text: Text) -> str:
    return "".join("x" if part.is_hole else part.text for part in text)


def _join(texts: list[Text], separator: str) -> Text:
    parts: list[Part] = []
    for index, text in enumerate(texts):
        if index:
            parts.append(Part(separator))
        parts.extend(text)
    return Text(parts)


def _cut(text: Text, separator: str) -> tuple[Text, Text]:
    for index, part in enumerate(text):
        if not part.is_hole and separator in part.text:
            before, after = part.text.split(separator, 1)
            head = (*text[:index], Part(before)) if before else text[:index]
            tail = (Part(after), *text[index + 1 :]) if after else text[index + 1 :]
            return Text(head), Text(tail)
    return text, Text()


def _problem(components: list[Text], tag: Text | None, digest: Text | None) -> str:
    names = [_literal(component) for component in components]
    for name in names:
        if not _COMPONENT.fullmatch(name):
            return f"{name!r} is no valid repository name" if name else "a part of the repository name is empty"
    if len("/".join(names)) > MAX_NAME:
        return f"the repository name is longer than {MAX_NAME} characters"
    if tag is not None:
        text = _literal(tag)
        if len(text) > MAX_TAG:
            return f"the tag has {len(text)} characters; {MAX_TAG} is the limit"
        if not _TAG.fullmatch(text):
            return f"{text!r} is no valid tag"
    if digest is not None and not digest.holes and not _DIGEST.fullmatch(_literal(digest)):
        return f"{_literal(digest)!r} is no valid digest"
    return ""


def parse(pullspec: str) -> Reference:
    """Parse a complete pullspec with a registry, such as `quay.io/openshift/ci:ocp_4.20_cli`.

    Raises ValueError, with the reason, where it does not follow the grammar.
    """
    transport, rest = "", pullspec
    for prefix in TRANSPORTS:
        if rest.startswith(prefix):
            transport, rest = prefix, rest[len(prefix) :]
            break
    host, slash, path = rest.partition("/")
    host, _, port = host.partition(":")
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", host):
        raise ValueError(f"{host!r} is no valid registry host")
    if port and not re.fullmatch(r"[0-9]+", port):
        raise ValueError(f"{port!r} is no valid port")
    text = parse_text(rest.encode("utf-8", "surrogateescape"))
    if not slash:
        return Reference(0, len(rest), text, host, port, transport=transport)
    parts = split_path(parse_text(("/" + path).encode("utf-8", "surrogateescape")))
    if parts.problem:
        raise ValueError(parts.problem)
    return Reference(0, len(rest), text, host, port, *parts[:4], transport=transport)


TRANSPORTS = (
    "docker://",
    "docker-daemon:",
    "docker-archive:",
    "containers-storage:",
    "ostree-unverified-registry:",
    "ostree-unverified-image:docker://",
    "oci-archive:",
    "oci:",
    "dir:",
)
"""Prefixes of containers/image and ostree-container that may stand before a reference."""
