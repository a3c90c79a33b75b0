"""What changed since a commit: the files of a repository, and the lines of each, as git tells them.

The commit is the merge base of a reference and HEAD, and what it is compared with is the work tree: what is not committed
counts too. No setting of git has a say in it: whatever changes the form of a diff is given on the command line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from qcilint.discovery import DiscoveryError, printable
from qcilint.git import run_git
from qcilint.records import dataclass

_DIFF = (
    "--no-optional-locks", "--literal-pathspecs", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative",
    "--src-prefix=a/", "--dst-prefix=b/", "--diff-algorithm=histogram", "--inter-hunk-context=0", "--ignore-submodules=all",
    "--find-renames", "-l1000", "--text",
)  # fmt: skip
_MOST_PATHS = 400
"""Pairs of paths of one command line."""
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\(?:([0-7]{3})|(.))", re.S)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one file, from 1."""

    numbers: frozenset[int] = frozenset()
    is_whole: bool = False
    """All of them, whatever their number."""

    def touch(self, first: int, last: int) -> bool:
        """Whether any of the lines `first` to `last` is among them."""
        return self.is_whole or any(number in self.numbers for number in range(first, last + 1))

    def moved(self, before: bytes, after: bytes) -> Lines:
        """The same lines after an edit of the file, and those that the edit made."""
        if self.is_whole or before == after:
            return self
        old, new = before.split(b"\n"), after.split(b"\n")
        if len(old) == len(new):
            edited = (number for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1])
            return Lines(self.numbers.union(edited))
        from difflib import SequenceMatcher

        numbers: set[int] = set()
        for kind, low, high, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                numbers.update(start + at - low + 1 for at in range(low, high) if at + 1 in self.numbers)
            else:
                numbers.update(range(start + 1, stop + 1))
        return Lines(frozenset(numbers))


WHOLE = Lines(is_whole=True)


class Changes:
    """What changed in the work tree of one repository since the merge base of `ref` and HEAD."""

    def __init__(self, root: str, ref: str) -> None:
        """`root` is the top of the work tree. Raises DiscoveryError where there is nothing to compare with."""
        self.root, self.ref = root, ref
        self._base = merge_base(root, ref)
        listing = run_git(root, *_DIFF, "--raw", "-z", self._base)
        others = run_git(root, "ls-files", "-z", "--others", "--exclude-standard")
        if listing is None or others is None:
            raise _unreadable(root, f"git diff {self._base}")
        self._old = {os.fsdecode(new): os.fsdecode(old) for new, old in parse_raw(listing).items()}
        """Path → what it was called before, of files that git tracks."""
        self._lines = {os.fsdecode(name): WHOLE for name in others.split(b"\0") if name}
        self._tracked: frozenset[str] | None = None

    @property
    def paths(self) -> list[str]:
        """The files that changed and those that git does not track, from the top of the repository."""
        return sorted({*self._old, *self._lines})

    def touch(self, path: str) -> bool:
        """Whether a file changed. One that git does not track is new, even where it is ignored."""
        if path in self._old or path in self._lines:
            return True
        if self._tracked is None:
            listing = run_git(self.root, "ls-files", "-z", "--cached") or b""
            self._tracked = frozenset(os.fsdecode(name) for name in listing.split(b"\0"))
        if path in self._tracked:
            return False
        self._lines[path] = WHOLE
        return True

    def lines(self, path: str) -> Lines:
        """The lines of a file that changed."""
        if path not in self._lines:
            self.load([path])
        return self._lines.get(path, Lines())

    def load(self, paths: Iterable[str]) -> None:
        """Look up the lines of several files at once."""
        wanted = sorted({path for path in paths if path in self._old and path not in self._lines})
        for at in range(0, len(wanted), _MOST_PATHS):
            chunk = wanted[at : at + _MOST_PATHS]
            names = sorted({*chunk, *(self._old[path] for path in chunk)})
            patch = run_git(self.root, *_DIFF, "--patch", "--unified=0", self._base, "--", *names)
            if patch is None:
                raise _unreadable(self.root, f"git diff {self._base}")
            found = {os.fsdecode(path): numbers for path, numbers in parse_patch(patch).items()}
            self._lines.update({path: Lines(frozenset(found.get(path, ()))) for path in chunk})


def merge_base(root: str, ref: str) -> str:
    """The commit that HEAD and `ref` have in common. Raises DiscoveryError, with the remedy."""
    what = f"--since {printable(ref)}"
    if run_git(root, "rev-parse", "--git-dir") is None:
        raise _unreadable(root, "git status")
    if run_git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}") is None:
        raise DiscoveryError(f"{what}: there is no commit yet to compare with; leave --since out")
    is_shallow = (run_git(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"
    remedy = "; this clone is shallow: fetch the rest with `git fetch --unshallow` (actions/checkout: fetch-depth: 0)"
    commit = None if ref.startswith("-") else run_git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if not commit:
        hint = remedy if is_shallow else "; name a commit, a branch or a tag that is here (`git fetch` brings those of a remote)"
        raise DiscoveryError(f"{what}: git knows no such commit{hint}")
    base = run_git(root, "merge-base", os.fsdecode(commit.strip()), "HEAD")
    if not base:
        hint = remedy if is_shallow else "; name a branch that HEAD comes from"
        raise DiscoveryError(f"{what}: it has no commit in common with HEAD{hint}")
    return os.fsdecode(base.split()[0])


def _unreadable(root: str, command: str) -> DiscoveryError:
    return DiscoveryError(f"{printable(root)}: git cannot read this repository; `{command}` there says why")


def parse_raw(listing: bytes) -> dict[bytes, bytes]:
    """Path → path before, of the regular files that `git diff --raw -z` lists and that are still there."""
    files = {}
    fields = iter(listing.split(b"\0"))
    for head in fields:
        if not head.startswith(b":"):
            continue
        mode, status = head.split(b" ")[1], head.rsplit(b" ", 1)[1][:1]
        old = next(fields)
        new = next(fields) if status in b"RC" else old
        if status == b"U" or (status != b"D" and mode.startswith(b"100")):
            files[new] = old
    return files


def parse_patch(patch: bytes) -> dict[bytes, set[int]]:
    """Path → the lines that a patch in git's form adds or changes. What stands in a hunk is counted, not looked at."""
    found: dict[bytes, set[int]] = {}
    numbers: set[int] = set()
    lines = iter(patch.split(b"\n"))
    for line in lines:
        if line.startswith(b"+++ "):
            path = _unquoted(line[4:])
            numbers = found.setdefault(path.removeprefix(b"b/"), set()) if path != b"/dev/null" else set()
        elif match := _HUNK.match(line):
            old, new = (1 if count is None else int(count) for count in match.group(1, 3))
            at = int(match[2])
            while old > 0 or new > 0:
                body = next(lines, None)
                if body is None:
                    raise ValueError("the patch ends within a hunk")
                kind = body[:1]
                if kind == b"\\":
                    continue  # "No newline at end of file"
                if kind == b"+":
                    numbers.add(at)
                old -= kind != b"+"
                new -= kind != b"-"
                at += kind != b"-"
    return found


def _unquoted(name: bytes) -> bytes:
    """A file name of a header: quoted as in C where it holds odd characters, followed by a tab where it holds a space."""
    name = name.removesuffix(b"\t")
    if not (name.startswith(b'"') and name.endswith(b'"')):
        return name
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 8)]) if match[1] else _LETTERS.get(match[2], match[2]), name[1:-1])
