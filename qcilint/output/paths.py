"""File names in the forms that readers expect."""

from __future__ import annotations

import os
from functools import lru_cache

from qcilint.discovery import is_within, printable
from qcilint.git import git_root

TYPE_CHECKING = False
if TYPE_CHECKING:  # a run over clean files needs none of these
    from qcilint.results import FileResult


def shown(path: str) -> str:
    """A path to print at the start of a line.

    A name that would make the line a command of a workflow runner (`::add-mask::…`) is written `./::…`, which is the
    same file.
    """
    text = printable(path)
    return f"./{text}" if text.lstrip().startswith("::") else text


def from_top(file: FileResult) -> str:
    """The path of a file from the top of its repository, with `/`; outside git from the working directory."""
    absolute = os.path.abspath(file.source.path)
    if _is_in_git(os.path.dirname(absolute)):
        return file.source.repo_path
    working = os.path.realpath(os.getcwd())
    return os.path.relpath(absolute, working) if is_within(absolute, working) else absolute.lstrip("/")


@lru_cache(maxsize=4096)
def _is_in_git(folder: str) -> bool:
    return git_root(folder) is not None


def top_of(file: FileResult, path: str) -> str | None:
    """The folder below which a file has this path; None where it lies elsewhere, behind a link."""
    absolute, suffix = os.path.realpath(file.source.path), os.sep + path.replace("/", os.sep)
    return absolute.removesuffix(suffix) if absolute.endswith(suffix) else None


def related(file: FileResult, path: str) -> str:
    """The path of another file of the same repository, given from its top, as it is from the working directory."""
    if path == file.source.repo_path:
        return file.source.path
    top = top_of(file, file.source.repo_path)
    return path if top is None else os.path.relpath(os.path.join(top, path))
