"""Where the value of a Python expression goes to, and what is done with it there."""

from __future__ import annotations

from typing import NamedTuple

from qcilint.languages.callees import MATCHERS


class Flow(NamedTuple):
    """What is done with a value."""

    kind: str
    """A kind of `Use`, or `truth`: it is only asked whether there is any."""
    note: str = ""
    deep: bool = False
    """What a call makes of it goes there as well."""


PLAIN = Flow("plain")
TRUTH = Flow("truth")

# https://docs.python.org/3/library/stdtypes.html#string-methods
# fmt: off
_APART = frozenset({
    "split", "rsplit", "splitlines", "partition", "rpartition", "replace", "strip", "lstrip", "rstrip", "removeprefix",
    "removesuffix", "startswith", "endswith", "find", "rfind", "index", "rindex", "count", "translate",
})
# fmt: on
_TO_WORDS = frozenset({"split", "strip", "lstrip", "rstrip", "encode", "decode"})
"""Methods that, without arguments, leave every word of a text whole."""
ITERATORS = frozenset({"sorted", "reversed", "set", "frozenset", "list", "tuple"})
"""Functions that go through a list."""
ENVIRONMENT = frozenset({"os.environ.get", "environ.get", "os.getenv", "getenv"})
_PATHS = ("os.path.", "posixpath.", "ntpath.", "path.")
_PATH_TYPES = frozenset({"Path", "PurePath", "PosixPath", "PurePosixPath"})
_PARSERS = frozenset({"urlparse", "urlsplit", "urldefrag", "fnmatchcase", "literal_eval"})
_WITHIN = frozenset({"str", "quote", "dedent", "cleandoc", "Template", "bytes", "quote_plus"})
"""Functions that give the text they are given, more or less."""


def receiver_flow(method: str, call: str, *, is_text: bool, has_arguments: bool, flow: Flow) -> Flow:
    """What `method` does with the text it is called on; `is_text`: not a name, but the text itself."""
    if flow.kind == "other":
        return flow
    if is_text and method in _TO_WORDS and not has_arguments:
        return flow if flow != TRUTH else PLAIN
    if method in _APART:
        return Flow("apart", f"taken apart with .{call}")
    if method == "format":
        return Flow("other", "filled as a template")
    return Flow("other", f"its .{method}() is called")


def argument_flow(callee: str, *, is_method: bool, joins_words: bool, flow: Flow) -> Flow:
    """What a function does with its arguments, as far as its name tells. `joins_words`: it is `" ".join`."""
    last = callee.rpartition(".")[2]
    shown = f".{last}" if is_method and last == callee else callee
    if flow.deep:
        return flow
    if joins_words:
        return flow if flow != TRUTH else PLAIN
    if callee.startswith(_PATHS) and last != "join":
        return Flow("apart", f"taken apart with {callee}()")
    if last in ("join", "urljoin", "joinpath") or last in _PATH_TYPES:
        return Flow("other", f"joined with {shown}", deep=True)
    if callee.startswith("re.") or last in _PARSERS or last.lower() in MATCHERS:
        return Flow("apart", f"matched with {shown}()")
    if last == "len":
        return Flow("apart", "its length is taken")
    if last == "format":
        return Flow("other", "fills a template that stands elsewhere", deep=True)
    if last in _WITHIN and flow != TRUTH:
        return flow
    return TRUTH if last in ("isinstance", "bool") else PLAIN
