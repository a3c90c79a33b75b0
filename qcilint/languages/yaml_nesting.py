"""Which YAML values hold text of another language: Dockerfiles, files of a ConfigMap, shell, command lines."""

from __future__ import annotations

from collections.abc import Sequence

from qcilint import languages
from qcilint import lazy as re
from qcilint.context import UNKNOWN, Context
from qcilint.languages.command_tables import SHELLS
from qcilint.view import Span, View

ARGV_KEYS = frozenset(("command", "cmd", "args", "entrypoint", "CMD", "ENTRYPOINT"))
"""Keys whose lists are the words of one command."""
_SCRIPT_KEY = re.compile(
    r"(?:.*[._-])?(?:run|scripts?|commands?|cmd|args|entrypoint|shell|steps?|actions?|bash|sh)(?:_inline)?|.*(?:Script|Command)",
)
_PROSE_KEY = re.compile(
    r"(?:.*[._-])?(?:description|documentation|message|summary|title|text|help|notes?|comments?|about|title|displayName|name)"
    r"|.*(?:Description|Message|Text|Title)",
)
_FILE_LANGUAGES = {
    "sh": "shell",
    "bash": "shell",
    "zsh": "shell",
    "ksh": "shell",
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
    "py": "python",
    "mk": "make",
    "md": "markdown",
    "go": "go",
    "js": "javascript",
    "ts": "javascript",
    "groovy": "groovy",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
}
_NAMED_FILES = {
    "dockerfile": "dockerfile",
    "dockerfile_literal": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "make",
    "jenkinsfile": "groovy",
}
_INTERPRETERS = {
    **dict.fromkeys(SHELLS, "shell"),
    "python": "python",
    "python2": "python",
    "python3": "python",
    "node": "javascript",
    "groovy": "groovy",
    "make": "make",
}
_SHEBANG = re.compile(rb"#![ \t]*+(?:\S*/)?(?:env[ \t]++(?:-\S++[ \t]++)*+)?(?:\S*/)?([a-z]++[0-9]?)")
_FIRST_LINE = re.compile(rb"(?:[ \t]*+(?:#[^\n]*+)?\n)*+([^\n]*+)")
_FROM = re.compile(rb"^[ \t]*+FROM[ \t]++(?:--\S++[ \t]++)*+\S++(?:[ \t]++(?:AS|as|As)[ \t]++\S++)?[ \t\r]*+$", re.MULTILINE)
_INSTRUCTION = re.compile(
    rb"(?:FROM|ARG|RUN|COPY|ADD|ENV|LABEL|USER|WORKDIR|CMD|ENTRYPOINT|EXPOSE|VOLUME|ONBUILD|SHELL|HEALTHCHECK"
    rb"|STOPSIGNAL|MAINTAINER)[ \t]",
    re.IGNORECASE,
)
_JSON = re.compile(rb"\s*+(?:\{\s*+[\"}]|\[\s*+[{\"])")
_YAML = re.compile(rb"---(?:\s|\Z)|(?:- +)*+[\"']?[A-Za-z_][A-Za-z0-9_./-]*+[\"']?:(?:\s|\Z)")
_INI = re.compile(rb"\[\[?[A-Za-z][A-Za-z0-9_. \"/:*-]*+\]\]?\s*\Z")
_BLANK = re.compile(rb"\s")
_SHELL_OPTION = re.compile(r"[-+][A-Za-z]*c")
_CERTAIN = ("command:", "pattern", "assignment:", "loop:")
"""What a shell line must say of a reference for the value to be taken as shell at all."""


def is_argv(key: str) -> bool:
    """Whether a list under this key may be one command, word by word."""
    return key in ARGV_KEYS


def contexts(
    view: View, keys: tuple[str, ...], spans: Sequence[Span], outer: list[Context], *, block: bool, after: str
) -> list[Context]:
    """The contexts of the references in a value that is more than a reference.

    `after` is the item before it in a list of words: what follows `-c` is a script.
    """
    key = keys[-1] if keys else ""
    long = block or b"\n" in view.text.rstrip(b"\n")
    if language := _named_language(view.text, key) or (_written_language(view.text) if long else ""):
        return languages.nested(language, view, spans, outer)
    if _PROSE_KEY.fullmatch(key):
        return outer
    if long and (language := _data_language(view.text)):
        return _sure(languages.nested(language, view, spans, outer), outer)
    if not _BLANK.search(view.text.strip()) or _is_ini(view.text):
        return outer
    found = languages.nested("shell", view, spans, outer)
    script = _SHELL_OPTION.fullmatch(after) or (long and _SCRIPT_KEY.fullmatch(key))
    accepted = [_is_shell(context, script=bool(script)) for context in found]
    return [inner if good else around for inner, around, good in zip(found, outer, accepted, strict=True)]


def command_line(view: View, spans: Sequence[Span], outer: Sequence[Context]) -> list[Context]:
    """The contexts of references in a list of words, where the list is a command that says what it does with them."""
    found = languages.nested("shell", view, spans, outer)
    sure = ("command:", "pattern")
    return [inner if inner.where.startswith(sure) else around for inner, around in zip(found, outer, strict=True)]


def _is_shell(context: Context, *, script: bool) -> bool:
    return context.where.startswith(_CERTAIN) or (script and context.where != UNKNOWN)


def _sure(found: list[Context], outer: list[Context]) -> list[Context]:
    """Contexts of a text whose language was guessed: they count only if it could be read."""
    doubtful = any(inner.where == UNKNOWN or "low-confidence" in inner.labels for inner in found)
    return outer if doubtful else found


def _first_line(text: bytes) -> bytes:
    match = _FIRST_LINE.match(text)
    return match[1].strip() if match else b""


def _named_language(text: bytes, key: str) -> str:
    """The language that the key names."""
    name = key.rpartition("/")[2].lower()
    stem, dot, extension = name.rpartition(".")
    language = _FILE_LANGUAGES.get(extension, "") if dot and stem else ""
    language = language or _NAMED_FILES.get(name, "") or _NAMED_FILES.get(name.partition(".")[0], "")
    if language == "dockerfile":
        return "dockerfile" if _INSTRUCTION.match(_first_line(text)) else ""
    return language


def _written_language(text: bytes) -> str:
    """The language that the text itself names: a shebang, or a Dockerfile's instructions."""
    if shebang := _SHEBANG.match(text):
        return _INTERPRETERS.get(shebang[1].decode(), "code")
    first = _first_line(text)
    if first.startswith((b"FROM ", b"ARG ")) and _FROM.search(text) and _is_from(first):
        return "dockerfile"
    return ""


def _is_from(first: bytes) -> bool:
    return first.startswith(b"ARG ") or _FROM.match(first) is not None


def _data_language(text: bytes) -> str:
    """`json` or `yaml`, if the text looks like one of them."""
    if _JSON.match(text):
        return "json"
    return "yaml" if _YAML.match(_first_line(text)) else ""


def _is_ini(text: bytes) -> bool:
    """Whether it is a unit file, a TOML or an INI text: its `a=b` are no shell assignments."""
    return _INI.match(_first_line(text)) is not None


__all__ = ["command_line", "contexts", "is_argv"]
