"""Documentation: Markdown, and what its blocks and reStructuredText, AsciiDoc and LaTeX have in common."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from qcilint import lazy as re
from qcilint.context import Context
from qcilint.languages import embedded
from qcilint.languages.markdown_blocks import Block, blocks
from qcilint.languages.markdown_inline import Inline
from qcilint.languages.text import stands_alone
from qcilint.view import Span, View

LANGUAGES = {
    **dict.fromkeys(("bash", "sh", "shell", "zsh", "ksh", "console", "terminal"), "shell"),
    **dict.fromkeys(("shell-session", "shellsession", "sh-session"), "shell"),
    **dict.fromkeys(("dockerfile", "docker", "containerfile"), "dockerfile"),
    **dict.fromkeys(("yaml", "yml"), "yaml"),
    **dict.fromkeys(("json", "json5", "jsonc"), "json"),
    **dict.fromkeys(("python", "py", "python3"), "python"),
    **dict.fromkeys(("make", "makefile", "mk"), "make"),
    **dict.fromkeys(("javascript", "js", "typescript", "ts", "jsx", "tsx"), "javascript"),
    **dict.fromkeys(("groovy", "jenkinsfile"), "groovy"),
    **dict.fromkeys(("java", "rust", "c", "cpp", "kotlin"), "code"),
    **dict.fromkeys(("ini", "toml", "env", "dotenv", "properties"), "ini"),
    "go": "go",
    "golang": "go",
}
"""The language a fence names, to the module that reads it."""
_SESSIONS = frozenset({"", "console", "terminal", "shell-session", "shellsession", "sh-session", "none"})
_WHO = rb"[ \t]*(?:\[[^\]\n]{1,60}\]|[\w.-]{1,40}@[\w.-]{1,60}(?::[^\s$#]{0,80})?|\([\w.-]{1,40}\))?[ \t]?"
_PROMPT = re.compile(_WHO + rb"\$[ \t]+(?=\S)")
_ROOT_PROMPT = re.compile(_WHO + rb"#[ \t]+(?=\S)")
_MORE_PROMPT = re.compile(rb"[ \t]*>[ \t]")
_COMMANDS = (
    rb"podman|docker|buildah|skopeo|oc|kubectl|make|crictl|ctr|nerdctl|curl|wget|git|export|sudo|cd|for|if|while|echo|cat|ssh|bash|sh|go"
    rb"|opm|operator-sdk|oc-mirror|openshift-install|ci-operator|helm|kind|kustomize"
)
_COMMAND = re.compile(rb"[ \t]*(?:[A-Za-z_]\w*=\S*[ \t]+)*+(?:\./|/\S*/)?(?:%s)(?=\s|\Z)" % _COMMANDS)
_ROOT_COMMAND = re.compile(_ROOT_PROMPT.pattern + rb"(?:%s)(?=\s)" % _COMMANDS)
_FROM = re.compile(rb"(?:#[^\n]*\n|ARG[ \t][^\n]*\n|[ \t]*\r?\n)*+FROM[ \t]+\S")
_YAML_START = re.compile(rb"(?:---[ \t]*\r?\n)?(?:[ \t]*#[^\n]*\n)*+[ ]*(?:- )?[a-z_][\w./-]*:(?:[ \t\r\n]|\Z)")
_YAML_LINE = re.compile(rb"[ ]*(?:(?:- )*[\"']?[A-Za-z_][\w./-]*[\"']?:(?:[ \t]|\Z)|-(?: |\Z)|#|---|\.\.\.|\Z)")
_CERTAIN = re.compile(r"(?:command|assignment|loop):.*|pattern|comment")


def contexts(text: bytes, spans: Sequence[Span]) -> list[Context]:
    """The context of each span of a document."""
    starts = [span[0] for span in spans]
    found = [Context("prose", "markdown", whole=stands_alone(text, span)) for span in spans]
    for block in blocks(text):
        if not block.lines:
            continue
        first = bisect_left(starts, block.lines[0][0])
        last = bisect_left(starts, block.lines[-1][1], first)
        if first < last:
            found[first:last] = _block(text, block, spans[first:last])
    return found


def _block(text: bytes, block: Block, spans: Sequence[Span]) -> list[Context]:
    if block.kind in ("prose", "heading"):
        inline = Inline(text, block.lines[0][0], block.lines[-1][1])
        return [_inline(text, block.kind, inline.kinds(span), span) for span in spans]
    outer = [Context(block.kind, "markdown", whole=stands_alone(text, span)) for span in spans]
    if block.kind == "html-comment":
        return outer
    view = _view(text, block.lines)
    if block.kind == "front-matter":
        outer = [Context("prose", "markdown", (block.kind,), context.whole) for context in outer]
        return embedded.certain("yaml", view, spans, outer)
    return _code(text, block, view, spans, outer)


def _inline(text: bytes, kind: str, kinds: tuple[str, ...], span: Span) -> Context:
    names = (*kinds, "prose") if kind == "prose" else (kind, *kinds)
    return Context(names[0], "markdown", tuple(name for name in names[1:] if name != "prose"), stands_alone(text, span))


def _view(text: bytes, lines: Sequence[Span]) -> View:
    return View.build((text[start:end], start, end) for start, end in lines)


def _code(text: bytes, block: Block, view: View, spans: Sequence[Span], outer: list[Context]) -> list[Context]:
    """The contexts in a block of code."""
    language = LANGUAGES.get(block.info, "")
    terminal = not block.info or language in ("shell", "make") or block.info in _SESSIONS
    if terminal and (found := _session(text, block, spans, outer)):
        return found
    if (terminal or language == "yaml") and embedded.looks_like_dockerfile(view.text):
        return embedded.certain("dockerfile", view, spans, outer)  # whatever the fence names
    if language == "shell" and embedded.looks_like_json(view.text):
        return outer
    if language == "make" and _COMMAND.match(view.text.lstrip()):
        return _commands(text, block.lines, spans, outer)  # commands that call make
    if language:
        return embedded.certain(language, view, spans, outer)
    if block.info not in _SESSIONS:
        return outer
    if _FROM.match(view.text):
        return outer  # no complete FROM
    if embedded.looks_like_json(view.text):
        return embedded.certain("json", view, spans, outer)
    if _YAML_START.match(view.text) and all(_YAML_LINE.match(line.rstrip(b"\r")) for line in view.text.split(b"\n")):
        return embedded.certain("yaml", view, spans, outer)
    return _commands(text, block.lines, spans, outer)


def _commands(text: bytes, lines: Sequence[Span], spans: Sequence[Span], outer: list[Context]) -> list[Context]:
    """Code in no named language: the lines that begin with a well-known command, each by itself."""
    found = list(outer)
    command: list[Span] = []
    goes_on = False
    for line in lines:
        content = text[line[0] : line[1]].rstrip()
        if not goes_on:
            _nest_command(text, command, spans, found)
            command = []
        if goes_on or _COMMAND.match(content):
            command.append(line)
            goes_on = content.endswith((b"\\", b"|", b"&&"))
    _nest_command(text, command, spans, found)
    return found


def _nest_command(
    text: bytes, lines: Sequence[Span], spans: Sequence[Span], found: list[Context], *, certain: bool = True
) -> None:
    if not lines:
        return
    first = bisect_left(spans, (lines[0][0], 0))
    last = bisect_left(spans, (lines[-1][1], 0), first)
    if first == last:
        return
    inside = embedded.certain("shell", _view(text, lines), spans[first:last], found[first:last])
    for index, context in enumerate(inside, first):
        if not certain or _CERTAIN.fullmatch(context.where):
            found[index] = context


def _session(text: bytes, block: Block, spans: Sequence[Span], outer: list[Context]) -> list[Context] | None:
    """A terminal session: commands behind prompts, and their output. None where no line has a prompt."""
    lines = [(line, text[line[0] : line[1]]) for line in block.lines]
    prompt = _PROMPT
    if not any(_PROMPT.match(content) for _, content in lines):
        prompt = _ROOT_PROMPT
        first = next((content for _, content in lines if content.strip()), b"")
        if block.info not in _SESSIONS or not _ROOT_COMMAND.match(first):
            return None
    found = [context.adding("output") for context in outer]
    for command in _prompted(lines, prompt):
        first_span = bisect_left(spans, (command[0][0], 0))
        last_span = bisect_left(spans, (command[-1][1], 0), first_span)
        found[first_span:last_span] = outer[first_span:last_span]
        _nest_command(text, command, spans, found, certain=False)
    return found


def _prompted(lines: Sequence[tuple[Span, bytes]], prompt: re.Pattern[bytes]) -> Iterator[list[Span]]:
    """The commands of a session, each as its lines without the prompts."""
    command: list[Span] = []
    goes_on = False
    for (start, end), content in lines:
        if match := prompt.match(content):
            if command:
                yield command
            command = [(start + match.end(), end)]
        elif command and (match := _MORE_PROMPT.match(content)):
            command.append((start + match.end(), end))
        elif goes_on:
            command.append((start, end))
        else:
            if command:
                yield command
            command = []
        goes_on = bool(command) and content.rstrip().endswith((b"\\", b"|", b"&&"))
    if command:
        yield command
