"""The commands that a Dockerfile runs: a script with the same lines, in which what was copied has its path in the repository."""

from __future__ import annotations

import posixpath
import shlex
from bisect import bisect_right
from collections.abc import Sequence

from qcilint import lazy as re
from qcilint.languages.dockerfile_commands import command, is_json
from qcilint.languages.dockerfile_lines import Lines
from qcilint.scripts.matching import may_notice

_COPIES = re.compile(rb"(?im)^[ \t]*(?:ONBUILD[ \t]+)?(?:COPY|ADD)[ \t]|--mount=")
_LOOKS = re.compile(rb"\$\(|`|<<|[ \t](?:read|-[ce])[ \t]")
"""Commands that get the text of files, apart from those that are tools."""
_SETTING = re.compile(rb"([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|\S*)")
_MOST = 200
"""Copied paths that are remembered."""


def commands(data: bytes) -> bytes:
    """What the RUN instructions of a Dockerfile do; empty where it has no files of the repository to do that with."""
    if not _COPIES.search(data) or not (may_notice(data) or _LOOKS.search(data)):
        return b""
    lines, copied = Lines(data), _Copied()
    out = [b""] * len(lines.lines)
    for first, parts in lines.parts.items():
        text = b"".join(data[start:end] for start, end in parts)
        parsed = command(text)
        parsed = command(text, parsed.start) if parsed.name == "onbuild" else parsed
        arguments = text[parsed.start : parsed.end]
        if parsed.name in ("copy", "add"):
            copied.add(_words(arguments), of_image=any(flag.name == b"from" for flag in parsed.flags))
        elif parsed.name in ("from", "workdir"):
            copied.folder = posixpath.join(copied.folder, *_words(arguments)[:1]) if parsed.name == "workdir" else b""
        elif parsed.name in ("env", "arg"):
            settings = _SETTING.findall(arguments) or [tuple(arguments.split(None, 1))]
            sign = b"?=" if parsed.name == "arg" else b"="  # of an argument, a build may give another value
            out[first] = copied.named_anew(b"; ".join(map(sign.join, settings)))
        elif parsed.name == "run" and is_json(arguments):
            words = [copied.named_anew(word).decode("latin-1") for word in _words(arguments)]
            out[first] = shlex.join(words).encode("latin-1")
        elif parsed.name == "run":
            numbers = [bisect_right(lines.starts, start) - 1 for start, _ in parts]
            out[first : numbers[-1]] = [b"\\"] * (numbers[-1] - first)  # also in the place of comments
            skipped = parsed.start
            for number, (start, end) in zip(numbers, parts, strict=True):
                out[number] = copied.named_anew(data[start + skipped : end]) + out[number]
                skipped = max(skipped - (end - start), 0)
            for document in lines.heredocs.get(first, ()):
                for number in range(document.first, document.last):
                    out[number] = copied.named_anew(lines.lines[number])
    return b"\n".join(out)


def _words(arguments: bytes) -> list[bytes]:
    """The arguments of an instruction, in either form."""
    if is_json(arguments):
        import json

        given, _ = json.JSONDecoder().raw_decode(arguments.decode("latin-1"))
        return [str(word).encode("latin-1", "replace") for word in given]
    return [word.strip(b"\"'") for word in arguments.split()]


class _Copied:
    """The paths that files of the repository have in an image."""

    def __init__(self) -> None:
        self.folder = b""
        """The working directory, as far as it is known."""
        self._sources: dict[bytes, bytes] = {}
        self._regex: re.Pattern[bytes] | None = None

    def add(self, words: Sequence[bytes], *, of_image: bool) -> None:
        """Take note of what a COPY with these arguments copies, from the repository or from an image."""
        *given, target = words or [b""]
        is_into = len(given) > 1 or target.endswith(b"/")
        for each in given if len(self._sources) < _MOST else ():
            source = posixpath.normpath(self.named_anew(posixpath.join(b"/", each)) if of_image else each.lstrip(b"/"))
            if source.startswith(b"/"):
                continue  # of another image
            folder, name = posixpath.split(source)
            self._name(target, (folder or b".") if b"*" in name or (is_into and b"." in name[1:]) else source)
            self._name(posixpath.join(target, name), source)

    def _name(self, path: bytes, source: bytes) -> None:
        for place in {posixpath.normpath(path), posixpath.normpath(posixpath.join(self.folder, path))} - {b".", b"/", source}:
            self._sources.setdefault(place, source)
        self._regex = None

    def named_anew(self, text: bytes) -> bytes:
        """A text with the paths of the repository in the place of those of the image."""
        if not self._sources:
            return text
        if self._regex is None:
            every = b"|".join(map(re.escape, sorted(self._sources, key=len, reverse=True)))
            self._regex = re.compile(rb"(?<![^\s\"'=:(])(?:\./)?(%s)(?=[/\s\"');]|\Z)" % every)
        return self._regex.sub(lambda match: self._sources[match[1]], text)
