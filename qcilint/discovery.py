"""Which files to look at: git-tracked ones, a plain walk outside git, or exactly those named."""

from __future__ import annotations

import os
import stat

from qcilint.git import git_files, git_root

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files pays for every import
    from collections.abc import Callable, Iterable, Iterator

    Lister = Callable[[str], "Listing | None"]

SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", ".tox", ".venv", "node_modules", "__pycache__"})
"""Not entered by a walk outside git."""


class DiscoveryError(Exception):
    """What cannot be looked at, with the remedy in its text."""


class Target:
    """A file to look at."""

    __slots__ = ("path", "repo_path", "root")

    def __init__(self, path: str, root: str, repo_path: str) -> None:
        self.path = path
        """To open and to print: relative to the working directory where the user gave a relative path."""
        self.root = root
        """The top of its git repository, or the folder it was found under; absolute."""
        self.repo_path = repo_path
        """Relative to `root`, with `/`."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Target):
            return NotImplemented
        return (self.path, self.root, self.repo_path) == (other.path, other.root, other.repo_path)

    def __hash__(self) -> int:
        return hash((self.path, self.root, self.repo_path))

    def __repr__(self) -> str:
        return f"Target({self.path!r}, {self.root!r}, {self.repo_path!r})"


class Listing:
    """The files below a folder, relative to it."""

    __slots__ = ("names", "opened")

    def __init__(self, names: list[str], opened: list[str] | None = None) -> None:
        self.names = names
        """All of them, sorted."""
        self.opened = names if opened is None else opened
        """Those of them that are not known to be regular files without a finding."""


class Selection:
    """What discovery found, and what it passed over."""

    __slots__ = ("_names", "_root", "skipped", "targets", "unlisted", "unreadable", "whole")

    def __init__(self, targets: list[Target] | None = None, whole: dict[str, bool] | None = None) -> None:
        self.targets = targets or []
        """The files to look at."""
        self._root = ""
        self._names: list[str] = []
        """All files of the root that is the working directory, where those that are known to be clean are no targets."""
        self.skipped: list[tuple[str, str]] = []
        """Paths left out, each with the reason: named links out of the tree, special files."""
        self.unreadable: dict[str, str] = {}
        """Folders whose files are not known or cannot be reached, each with the reason."""
        self.unlisted: list[str] = []
        """Folders of a git repository whose files git did not list, so that ignored ones are selected, too."""
        self.whole = whole or {}
        """Per root: whether the whole tree was selected (then every fact of the repository is in view)."""

    def pass_over(self, root: str, names: list[str]) -> None:
        """Make all files of a root known, which is the working directory: those that are no targets are known to be clean.

        A tree of 200,000 files has a handful of others, and a record for each file would cost more than these.
        """
        self._root, self._names = root, names

    @property
    def passes_over(self) -> bool:
        """Whether there are files that are no targets."""
        return bool(self._names)

    @property
    def count(self) -> int:
        """The number of the selected files."""
        return len(self._names) or len(self.targets)

    def folders(self, settings: tuple[str, ...] = ()) -> set[tuple[str, str]]:
        """The folders of the targets, and of all files whose names end with one of `settings`.

        Each is given by its root and its path below that, empty or with a last slash.
        """
        paths = [(target.root, target.repo_path) for target in self.targets]
        paths += [(self._root, name) for name in self._names if name.endswith(settings)]
        return {(root, path[: path.rfind("/") + 1]) for root, path in paths}

    def paths(self, root: str) -> list[str]:
        """The repository paths of the selected files of a root."""
        return self._names if self._names else [target.repo_path for target in self.targets if target.root == root]

    def look_at_all(self) -> None:
        """Make a target of every selected file."""
        if self._names:
            known = {target.repo_path: target for target in self.targets}
            self.targets = [known.get(name) or Target(name, self._root, name) for name in self._names]
            self._names = []


def select(paths: Iterable[str], listing: Lister | None = None) -> Selection:
    """Files under `paths`, in a stable order, each once.

    `listing` gives the files below an absolute folder where not all are wanted or where it knows them; None where it does not.

    Raises DiscoveryError for a path that does not exist or cannot be read.
    """
    selection = Selection()
    seen: set[str] = set()
    paths = list(paths)
    for path in paths:
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            hint = "a symbolic link to nothing" if os.path.islink(path) else "no such file or folder"
            raise DiscoveryError(f"{printable(path) or 'an empty path'}: {hint}; check the path") from None
        except OSError as error:
            raise DiscoveryError(f"{printable(path)}: {error.strerror}; check the permissions") from None
        found = _folder(path, selection, listing) if stat.S_ISDIR(mode) else _file(path, mode, selection)
        if len(paths) == 1:
            selection.targets = list(found)
            break
        for target in found:
            key = os.path.join(target.root, target.repo_path)
            if key not in seen:
                seen.add(key)
                selection.targets.append(target)
    return selection


def _file(path: str, mode: int, selection: Selection) -> Iterator[Target]:
    if not stat.S_ISREG(mode):
        selection.skipped.append((path, "no regular file"))
        return
    real = _real(path)
    root = git_root(os.path.dirname(real)) or os.path.dirname(os.path.abspath(path))
    # The tree is the one that the name lies in, links not followed: a link must not lead a fix out of it.
    lexical, working = os.path.abspath(path), os.getcwd()
    base = git_root(working) or working
    if is_within(lexical, base) and not is_within(real, base):
        selection.skipped.append((path, "a symbolic link to a place outside the tree"))
        return
    selection.whole.setdefault(root, False)
    if not is_within(real, root):
        root = os.path.dirname(real)
    yield Target(path, root, os.path.relpath(real, root).replace(os.sep, "/"))


def _folder(path: str, selection: Selection, listing: Lister | None) -> Iterator[Target]:
    top = os.path.realpath(path)
    if _is_git_folder(top):
        raise DiscoveryError(f"{printable(path)}: the folder of a git repository without its work tree; name a checkout")
    root = git_root(top)
    known = listing(top) if listing else None
    names = known.names if known else git_files(top) if root else None
    if names is None:
        names = walk(top, path, selection.unreadable)
        if root:
            selection.unlisted.append(path)
    root = root or top
    selection.whole[root] = selection.whole.get(root, False) or top == root
    prefix = "" if path == "." else path.rstrip("/") + "/"
    inside = os.path.relpath(top, root)
    inside = "" if inside == "." else inside.replace(os.sep, "/") + "/"
    is_here = not prefix and not inside
    opened = known.opened if known and is_here else names
    look, regular, link, others = os.lstat, stat.S_IFREG, stat.S_IFLNK, set[str]()
    for name in opened:
        full = prefix + name
        try:
            kind = stat.S_IFMT(look(full).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            kind = 0  # tracked, but deleted in the work tree
        except OSError as error:
            kind = 0
            selection.unreadable[os.path.dirname(full) or "."] = error.strerror or str(error)
        if kind == regular:
            yield Target(full, root, inside + name)
            continue
        others.add(name)
        if kind == link and not is_within(_real(full), root):
            selection.skipped.append((full, "a symbolic link to a place outside the tree"))
        # Links within the tree are looked at where they point to; submodules and special files are not ours.
    if opened is not names:
        selection.pass_over(root, [name for name in names if name not in others] if others else names)


def walk(top: str, path: str, unreadable: dict[str, str]) -> list[str]:
    """The sorted paths of all files below `top`, relative to it; folders that cannot be read are noted, as below `path`."""

    def note(error: OSError) -> None:
        folder = os.path.relpath(error.filename, top)
        unreadable[path if folder == "." else os.path.normpath(os.path.join(path, folder))] = error.strerror or str(error)

    found = []
    for folder, folders, files in os.walk(top, onerror=note):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        relative = os.path.relpath(folder, top)
        prefix = "" if relative == "." else relative.replace(os.sep, "/") + "/"
        found += [prefix + name for name in files]
    return sorted(found)


def _is_git_folder(path: str) -> bool:
    """Whether a folder is a bare repository, or the `.git` of one (gitrepository-layout(5))."""
    return os.path.isfile(f"{path}/HEAD") and os.path.isdir(f"{path}/objects") and os.path.isdir(f"{path}/refs")


def _real(path: str) -> str:
    """Where a path leads; empty where that may not be known."""
    try:
        return os.path.realpath(path)
    except OSError:
        return ""


def is_within(path: str, root: str) -> bool:
    """Whether the absolute `path` is `root` or below it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def read_list(data: bytes) -> list[str]:
    """Paths of a `--files-from` list: separated by NUL where there is one, else by line ends."""
    separator = b"\0" if b"\0" in data else b"\n"
    names = data.split(separator)
    if separator == b"\n":
        names = [name.removesuffix(b"\r") for name in names]
    return [os.fsdecode(name) for name in names if name]


def printable(text: str) -> str:
    """A path or a line that is safe to print: control characters and undecodable bytes are escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
