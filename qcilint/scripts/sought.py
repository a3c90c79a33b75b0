"""Texts that programs look for in files of the repository: `re.search(r"…")`, `strings.Contains`, `split(":")`, yq's `test`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase

from qcilint import lazy as re
from qcilint.couplings import EDIT_KEY, EXPECTED_KEY
from qcilint.filetypes import is_program
from qcilint.records import NamedTuple
from qcilint.scripts import powershell
from qcilint.scripts.changes import Change, Changes, Held
from qcilint.scripts.differences import around, changed
from qcilint.scripts.given import paths_given
from qcilint.scripts.regexes import Pattern, UnreadableError
from qcilint.source import Source

NEAR, FAR = 6, 40
"""Lines between the name of a file and a text that is looked for in it: of a script or a document, and of a program."""
_MAX_TEXT = 200
_FROM = re.compile(rb"[\"'`/^]FROM\b|(?i:[\"']from[\"'])")
"""What a program looks for in the lines of a Dockerfile."""
_READS = re.compile(
    rb"\b(?:open|[rR]ead_?(?:File|Text|text|all|lines)\w*|file_get_contents|(?:File|IO)\.\w*read\w*|DockerfileParser)\("
    rb"|(?i:\b(?:Get-Content|Select-String)\b|\bReadAll(?:Text|Lines)\()"
)
"""Reading a file, in a program."""
_BASE = re.compile(rb"\b(?:path\.Base|filepath\.Base|path\.basename|posixpath\.basename)\(\s*(?![\"'`])")
_WORD = re.compile(rb"[\w.*+-]+")
_QUOTED = (
    rb"(?P<prefix>[A-Za-z]{0,2})\\?(?:\"(?P<double>(?:[^\"\\\n]|\\[^\"\n])*)\\?\"|'(?P<single>(?:[^'\\\n]|\\[^'\n])*)\\?'"
    rb"|`(?P<raw>[^`\n]*)`|/(?P<slashes>(?:[^/\\\n]|\\.)+)/)"
)
_REGEX_CALL = (
    rb"re\.(?:compile|search|match|fullmatch|findall|finditer|split)|regexp\.\w+|regex\.\w+|re_match|RegExp"
    rb"|test|match|capture|scan|splits|matchAll"
)
_EDIT_CALL = rb"re\.subn?|regex\.replace|g?sub"
_TEXT_CALL = (
    rb"(?:strings|bytes)\.(?:Contains|HasPrefix|HasSuffix|Index|LastIndex|TrimPrefix|TrimSuffix|Replace|ReplaceAll|Count)"
    rb"|[sS]tarts_?[wW]ith|[eE]nds_?[wW]ith|start_with\?|end_with\?|includes?\??|contains|indexOf|lastIndexOf|r?index|r?find"
    rb"|count|replace(?:All)?|remove(?:prefix|suffix)|trim_prefix|trim_suffix|[lr]trimstr"
)
_CUT_CALL = rb"(?:strings|bytes)\.(?:SplitAfterN?|SplitN?|Cut|LastIndex|Index)|r?split|r?partition|[sS]plitN?"
_CALL = re.compile(
    rb"(?<!\w)(?:(?P<edit>%s)|(?P<regex>%s)|(?P<cut>%s)|(?P<text>%s))\(\s*(?:[^\"'`\n,;]{0,80},\s*)??%s"
    % (_EDIT_CALL, _REGEX_CALL, _CUT_CALL, _TEXT_CALL, _QUOTED)
)
_KEYED = re.compile(
    rb"(?m)^[ \t-]*(?:%s)[ \t]*[:=][ \t]*(?:\"(?P<double>[^\"\n]*)\""
    rb"|'(?P<single>[^'\n]*)'|(?P<plain>[^\s\"'#][^\n#]*?))[ \t\r]*$" % EDIT_KEY
)
_EXPECTED = re.compile(rb"(?m)^[ \t-]*(?:%s)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]*-[^\n]*)*)" % EXPECTED_KEY)
_ITEM = re.compile(rb"\"((?:[^\"\\\n]|\\.)+)\"|'([^'\n]+)'|(?:^|\n)[ \t]*-[ \t]*([^\s\"'][^\n]*)")
_GLOB = re.compile(rb"\b(?:fnmatch(?:case)?|path\.Match|filepath\.Match)\(\s*(?:[^\"'`\n;,]{0,80},\s*)??%s" % _QUOTED)
_ENTRY = re.compile(rb"(?m)^[ \t-]*entry[ \t]*:[ \t]*(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|(?P<plain>[^\n]+))")
"""An expression that pre-commit looks for, where `language` is `pygrep`."""
_EXPRESSION = re.compile(
    rb"(?:[=!]~|\b(?:if|unless|and|or|not|when|grep|scan|match|split|index|slice|preg_\w+)\b"
    rb"|(?P<edit>\bg?sub!?)|[\[(,|&{;!])[ (]*[\"']?"
    rb"(?:%r(?:\{(?P<braces>[^}\n]{1,500})\}|(?P<mark>[^\w\s{(<\[])(?P<marked>(?:(?!(?P=mark))[^\n]){1,500})(?P=mark))"
    rb"|(?P<mark2>[/#~@])(?P<slashes>(?:(?!(?P=mark2))[^\\\n]|\\.){1,500})(?P=mark2)[imsxug]{0,3}(?=[\s)\],.;&|?}\"']|\Z))"
)
"""An expression that is written as one, in Ruby, JavaScript, PHP or Perl."""
_MEMBER = re.compile(rb"%s\s+(?:not\s+)?in\s+\w" % _QUOTED)


class Sought(NamedTuple):
    """What a program looks for."""

    line: int
    kind: str
    """`regex`, `text`, `edit` for an expression whose match is replaced, `cut` for what a text is divided at, `expected` for
    what has to stand in a file: a text or an expression."""
    text: str


def held(path: str, data: bytes, changes: Changes, arguments: Collection[bytes] = ()) -> list[Held]:
    """The edits that the program, script or document at `path` would notice: what it looks for in a file that it names.

    `arguments`: paths and globs of files that it is called with.
    """
    source = Source(path, data)
    places = {name: [source.line(offset) for offset in offsets] for name, offsets in named(path, data, changes).items()}
    paths = paths_given(arguments, {change.path for change in changes.every}) if arguments else set[str]()
    given = [change for change in changes.every if change.path in paths]
    if not (places or given):
        return []
    whole, out = is_program(path), dict[Held, None]()
    froms = [source.line(match.start()) for match in _FROM.finditer(data)]
    reads = {source.line(match.start()) for match in _READS.finditer(data)}
    read = sorted(reads if given else reads & {line for lines in places.values() for line in lines})
    for each in _sought(source):
        if each.kind == "cut" and whole and not (_is_near(each.line, froms, NEAR) or _is_near(each.line, read, NEAR)):
            continue
        if each.kind == "base" and not _is_near(each.line, froms, NEAR):
            continue
        everywhere = whole and (each.kind == "regex" or _is_near(each.line, froms, FAR))
        most = FAR if whole or each.kind == "expected" else NEAR
        near = [name for name, lines in places.items() if everywhere or _is_near(each.line, lines, most)]
        noticed: dict[tuple[bytes, bytes], bool] = {}
        for change in (*(change for name in near for change in changes.by_name[name]), *given):
            pair = change.old, change.new
            if pair not in noticed:
                noticed[pair] = notices(each, change)
            if noticed[pair]:
                out[Held(change.path, path, each.line, each.text[:_MAX_TEXT], change.kind)] = None
    return list(out)


def _is_near(line: int, lines: Sequence[int], most: int) -> bool:
    """Whether one of some lines, in order, is at most so many away."""
    at = bisect_left(lines, line - most)
    return at < len(lines) and lines[at] <= line + most


def named(path: str, data: bytes, changes: Changes) -> dict[bytes, list[int]]:
    """The names of changed files that stand in a text, with the places; a Dockerfile may be named by `Dockerfile`, or a glob."""
    found: dict[bytes, list[int]] = {}
    for match in _WORD.finditer(data):
        word = match[0]
        for name in [word] if word in changes.by_name else _meant(word, changes) if b"ile" in word else ():
            found.setdefault(name, []).append(match.start())
    if path.endswith(".rego"):  # a policy is about whatever documents it is given
        found.update({name: [0] for name in changes.by_name if name not in found})
    return found


def _meant(word: bytes, changes: Changes) -> list[bytes]:
    if not re.search(rb"(?i)(?:docker|container)file", word):
        return []
    stems = (b"Dockerfile", b"Containerfile")
    return [
        name
        for name in changes.by_name
        if (word in stems and word in name) or (b"*" in word and fnmatchcase(name.decode("latin-1"), word.decode("latin-1")))
    ]


def _sought(source: Source) -> list[Sought]:
    data, found = source.data, list[tuple[int, str, str]]()
    for match in _CALL.finditer(data):
        text = _literal(match.groupdict())
        kind = "edit" if match["edit"] else "regex" if match["regex"] or match["slashes"] is not None else "text"
        kind = "cut" if match["cut"] and kind == "text" else kind
        if kind != "cut" or not text.strip(":/@"):
            found.append((match.start(), kind, text))
    for match in _EXPRESSION.finditer(data):
        found.append((match.start(), "edit" if match["edit"] else "regex", _literal(match.groupdict())))
    if powershell.is_powershell(source.path, data):
        found += [each for each in powershell.sought(data) if each[1] != "cut" or not each[2].strip(":/@")]
    found += [(match.start(), "glob", _literal(match.groupdict())) for match in _GLOB.finditer(data)]
    if b"pygrep" in data:
        found += [(match.start(), "regex", _literal(match.groupdict())) for match in _ENTRY.finditer(data)]
    for match in _EXPECTED.finditer(data):
        items = [(match.start(1) + each.start(), each) for each in _ITEM.finditer(match[1])]
        found += [
            (start, "expected", (each[1] or each[2] or each[3]).strip(b"/ ").decode("utf-8", "replace")) for start, each in items
        ]
    found += [(match.start(), "base", "/") for match in _BASE.finditer(data)]
    found += [(match.start(), "text", _literal(match.groupdict())) for match in _MEMBER.finditer(data)]
    found += [(match.start(), "edit", _literal(match.groupdict())) for match in _KEYED.finditer(data)]
    return [Sought(source.line(start), kind, text) for start, kind, text in sorted(found) if text.strip()]


def texts_noticed(program: str, pair: tuple[str, str]) -> Iterator[str]:
    """What a program that is given the lines of a file looks for, where it would notice the edit of one."""
    old, new = (line.encode("latin-1", "replace") for line in pair)
    for each in _sought(Source("", program.encode("latin-1", "replace"))):
        if notices(each, Change("", old, new)):
            yield each.text[:_MAX_TEXT]


def _literal(groups: dict[str, bytes | None]) -> str:
    """The text of a literal; backslashes that escape each other are one, unless it is raw."""
    name = next(
        (name for name in ("double", "single", "raw", "slashes", "plain", "braces", "marked") if groups.get(name) is not None), ""
    )
    text = (groups[name] or b"").decode("utf-8", "replace") if name else ""
    is_raw = name not in ("double", "single") or b"r" in (groups.get("prefix") or b"").lower()
    return text if is_raw else text.replace("\\\\", "\\")


def notices(sought: Sought, change: Change) -> bool:
    """Whether what a program makes of a line, or of the word of it that changes, is another thing after the edit."""
    old, new = change.old.decode("latin-1"), change.new.decode("latin-1")
    if sought.kind in ("text", "expected") and sought.text in old and sought.text not in new:
        return True
    if sought.kind == "text":
        return False
    if sought.kind in ("cut", "base"):
        return sought.text in around(old, new)
    start, _ = changed(old, new)
    begin = max(old.rfind(mark, 0, start) for mark in " \t\"'=") + 1
    if sought.kind == "glob":
        return any(fnmatchcase(old[at:], sought.text) != fnmatchcase(new[at:], sought.text) for at in (0, begin))
    if new[begin:].partition("/")[0] in sought.text.replace("\\", ""):
        return False  # it knows the new registry
    pattern = Pattern(sought.text, "perl")
    return any(_is_seen(pattern, old[at:], new[at:], edits=sought.kind == "edit") for at in {0, begin})


def _is_seen(pattern: Pattern, old: str, new: str, *, edits: bool) -> bool:
    try:
        before, after = pattern.search(old), pattern.search(new)
    except UnreadableError:
        return pattern.stands_in(old) and not pattern.stands_in(new)
    if before is None or after is None:
        return before is not None or "(?!" in pattern.text
    groups = zip(before.regs, after.regs, strict=True)
    return any(_is_part(old, new, *pair) for number, pair in enumerate(groups) if number or edits)


def _is_part(old: str, new: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether a group takes another part of the reference than before, and not the whole of it."""
    start, end = changed(old, new)
    if old[before[0] : before[1]] == new[after[0] : after[1]]:
        return False
    takes_all = before[0] <= start and before[1] >= len(old) - end and after[0] <= start and after[1] >= len(new) - end
    return not takes_all
