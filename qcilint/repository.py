"""Looks through a repository for the files that facts are in, without reading all of it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from qcilint import lazy as re
from qcilint.ci_operator.aliases import is_own
from qcilint.couplings import EDIT_KEY, EXPECTED_KEY
from qcilint.facts import Facts
from qcilint.families import Family
from qcilint.filetypes import DEPENDABOT, PROGRAMS, is_program, language_of
from qcilint.generated import Candidates, directives, included_files, written_files
from qcilint.git import run_git
from qcilint.source import read
from qcilint.sums import compared_files, is_sums, summed_files

PATTERN_LANGUAGES = ("shell", "make", "python", "go", "groovy", "javascript", "code", "text", "yaml", "markdown")
"""Languages in which something may look for a text; a Dockerfile does not, and of JSON documents only updaters."""
_UPDATERS = re.compile(r"(?:.*/)?(?:\.?renovate(?:rc)?|default)(?:\.json5?)?|(?:.*/)?package\.json")
"""Configurations that look for texts in other files (docs.renovatebot.com/configuration-options, "Config file names")."""
_HOOKS = re.compile(
    r"\.pre-commit-config\.ya?ml|\.(?:github|tekton|circleci|azure-pipelines|woodpecker|buildkite)/.+\.ya?ml|\.ci-operator\.yaml"
    r"|\.(?:gitlab-ci|travis|drone|woodpecker)\.ya?ml|(?:.*/)?(?:Jenkinsfile|[Tt]askfile(?:\.dist)?\.ya?ml|action\.ya?ml|\.?[Jj]ustfile"
    r"|Rakefile|Earthfile|tox\.ini|package\.json|(?:azure|bitbucket)-pipelines\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml|lefthook\.ya?ml)"
)
_HOOK_ENDS = (".yml", ".yaml", "Jenkinsfile", "ustfile", "Rakefile", "Earthfile", "tox.ini", "package.json")
"""Documents whose commands are read as those of a script."""
SCRIPT_LANGUAGES = ("make", "shell", "python")
_EDITS = re.compile(rb"(?m)^[ \t-]*(?:%s|%s)[ \t]*:" % (EDIT_KEY, EXPECTED_KEY))
_TEMPLATE = re.compile(r"(?i)te?mpl|\.(?:in|tpl|j2|jinja2?|erb|mustache|gotmpl)\Z|skeleton")
"""In the path of a file that others may be made from."""
_COMPARED = b"diff <("
"""What a script has that compares lines of files whose names it may put together."""
_RUNS = re.compile(rb"(?im)^[ \t]*(?:ONBUILD[ \t]+)?RUN[ \t]")
_FILLED = re.compile(rb"(?<!\$)\{\{[^{}\n]*\}\}")
"""What Ansible and others put a value in the place of."""
_DOCUMENTS = (".yml", ".yaml", "Kustomization")
_DIVIDES = (b"delimiter", b"fieldPath")
"""What a document has that divides values by `replacements` of kustomize."""
_ALWAYS = (".rego", *DEPENDABOT)
"""Files that tell of images without naming the files that these stand in."""
LARGEST_SCRIPT = 1_000_000
"""Bytes; a larger script is no hand-written one."""
SKIPPED = ("vendor/", "node_modules/", "testdata/", "ci-operator/jobs/", "ci-operator/step-registry/", "ci-operator/config/")
"""Folders whose files bear on no reference elsewhere."""
_SKIPPED = re.compile(rf"(?:\A|/)(?:{'|'.join(SKIPPED)})")
Held = Mapping[str, bytes] | None
"""Path → content, of files whose content in the index counts, the others being as in the work tree; None where there is no
question of the index."""


def with_facts(paths: Iterable[str]) -> list[str]:
    """The paths of files that may, by their names, bear on references in other files."""
    return [path for path in paths if (not _is_skipped(path) or is_own(path)) and _may_look(path)]


def read_scripts(root: str, candidates: set[str], paths: Iterable[str], facts: Facts, held: Held = None) -> None:
    """Add to the facts what the makefiles and scripts among `paths` write, compare, include and name, and what looks for texts.

    `candidates` are the repository paths that matter: those that hold references.
    """
    if not candidates:
        return
    wanted, programs, calls = Candidates(candidates), set[str](), dict[str, set[bytes]]()
    listed = [path for path in paths if not _is_skipped(path)]
    folders, every = _folders(candidates), frozenset(listed)
    bytes_of = lru_cache(1)(lambda path: _read(root, path, held))  # several may ask for the same file
    may_look = (*PROGRAMS, *_DOCUMENTS, *_ALWAYS) if wanted.signs else ()
    for path in listed:
        if path.endswith(may_look) and _is_reader(path, bytes_of, wanted):
            facts.readers[path] = bytes_of(path)
        language = "shell" if _is_hook(path) else language_of(path, b"")
        if language in ("dockerfile", "yaml") and (data := _commands(bytes_of(path), language, wanted)):
            facts.commands[path] = data
            if language == "dockerfile":
                facts.readers[path] = data
        if language == "go":
            if posixpath.dirname(path) in folders and not path.endswith("_test.go") and (data := bytes_of(path)):
                facts.written.update({place: (path, line) for place, line in directives(path, data, wanted).items()})
        elif is_sums(path):
            facts.summed.update({place: (path, line) for place, line in summed_files(path, bytes_of(path), wanted).items()})
        elif language in SCRIPT_LANGUAGES and (data := bytes_of(path)):
            from qcilint.scripts.given import given
            from qcilint.scripts.programs import program_names

            _read_script(path, data, language, wanted, every, facts)
            programs.update(program_names(data))
            for program, argument in given(data, wanted.may_be) if language != "python" else ():
                calls.setdefault(program, set()).add(argument)
    for path in listed if programs or calls else ():
        name = posixpath.basename(path)
        if name in programs:
            facts.programs[path] = bytes_of(path)
        if name in calls:
            _read_called(path, bytes_of(path), calls[name], facts)
    for member in {member for family in facts.families for member in family.paths} - candidates:
        facts.unseen[member] = bytes_of(member)
    for path in _marked(root, candidates):
        facts.marked.add(path)


def _read_called(path: str, data: bytes, arguments: set[bytes], facts: Facts) -> None:
    """Add a program that is called with some of the files that matter as arguments."""
    from qcilint.scripts.given import SHELL

    if data:
        facts.given[path] = arguments
        if is_program(path):
            facts.readers.setdefault(path, data)
        elif path.endswith(SHELL):
            facts.scripts.setdefault(path, data)


def is_read(path: str) -> bool:
    """Whether `read_scripts` may want to read a file, whatever else there is. Tests are left out: few of them are read."""
    if _is_skipped(path):
        return False
    may_look = path.endswith((*_DOCUMENTS, *_ALWAYS)) or is_program(path)
    return may_look or is_sums(path) or _is_hook(path) or language_of(path, b"") in (*SCRIPT_LANGUAGES, "dockerfile")


def _is_reader(path: str, bytes_of: Callable[[str], bytes], wanted: Candidates) -> bool:
    """Whether a file is a program or a document that may look for texts in one of the files that matter.

    It names one of them, or Dockerfiles in general; a document edits files by an expression, too, or divides values. To read
    them all is faster than to ask git, which looks through the folders for files that it does not track.
    """
    if path.endswith(_ALWAYS):
        return True
    is_code = is_program(path)
    if not (is_code or path.endswith(_DOCUMENTS)):
        return False
    data = bytes_of(path)
    if not is_code and all(sign in data for sign in _DIVIDES):
        return True
    is_likely = any(sign in data for sign in wanted.signs) and (is_code or _EDITS.search(data))
    return bool(is_likely) and wanted.may_be_named(data)


def _commands(data: bytes, language: str, wanted: Candidates) -> bytes:
    """The commands of a Dockerfile, or of a document that names one of the files that matter; empty where there are none."""
    if language == "dockerfile":
        if not _RUNS.search(data):
            return b""
        from qcilint.scripts.dockerfiles import commands

        return commands(data)
    if not any(sign in data for sign in wanted.signs):
        return b""
    from qcilint.scripts.matching import may_notice

    return _FILLED.sub(b"${_}", data) if may_notice(data) and wanted.are_named(data) else b""


def _read_script(path: str, data: bytes, language: str, wanted: Candidates, every: frozenset[str], facts: Facts) -> None:
    for name, line in included_files(data).items():
        facts.included.setdefault(name, (path, line))
    is_named = wanted.are_named(data)
    if is_named:
        facts.summed.update({place: (path, line) for place, line in compared_files(path, data, wanted).items()})
    if language == "python":
        for written, line in written_files(path, data, wanted).items() if is_named else ():
            facts.written.setdefault(written, (path, line))
        return
    from qcilint.scripts.programs import may_concern
    from qcilint.scripts.writes import script_writes

    if is_named or may_concern(data):
        facts.scripts[path] = data
    if is_named or (_COMPARED in data and wanted.may_be_named(data)):
        does = script_writes(path, data, wanted.paths, every)
        for written, line in (*does.files.items(), *does.compared.items()):
            facts.written.setdefault(written, (path, line))
        facts.families += [Family(members, path, line) for members, line in does.families]
        facts.alike.update({place: (path, line) for place, line in does.alike.items()})


def _read(root: str, path: str, held: Held) -> bytes:
    """The bytes of a file; none where it is a link, too large, or cannot be read."""
    if held and path in held:
        return held[path] if len(held[path]) <= LARGEST_SCRIPT else b""
    full = os.path.join(root, path)
    try:
        return b"" if os.path.islink(full) or os.path.getsize(full) > LARGEST_SCRIPT else read(full)
    except OSError:
        return b""


def _folders(candidates: Iterable[str]) -> set[str]:
    """The folders of the candidates, apart from Go files, and those above them: `go generate` writes below its directive."""
    found: set[str] = set()
    for path in candidates:
        folder = "" if path.endswith((".go", ".md")) else posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return found | {""}


def _marked(root: str, candidates: set[str]) -> list[str]:
    """Paths that .gitattributes marks `linguist-generated`."""
    if not os.path.exists(os.path.join(root, ".gitattributes")):
        return []
    given = b"".join(os.fsencode(path) + b"\0" for path in sorted(candidates))
    answer = (run_git(root, "check-attr", "-z", "--stdin", "linguist-generated", given=given) or b"").split(b"\0")
    rows = zip(answer[::3], answer[2::3], strict=False)
    return [os.fsdecode(path) for path, value in rows if value in (b"set", b"true")]


def _is_skipped(path: str) -> bool:
    return _SKIPPED.search(path) is not None


def _may_look(path: str) -> bool:
    if _is_image_references(path) or is_updater(path) or language_of(path, b"") in PATTERN_LANGUAGES:
        return True
    return _TEMPLATE.search(path) is not None


def is_updater(path: str) -> bool:
    """Whether a file is, by its name, a configuration that looks for texts in other files."""
    return path.endswith(("json", "json5", "renovate", "renovaterc", "default")) and bool(_UPDATERS.fullmatch(path))


def _is_hook(path: str) -> bool:
    return path.endswith(_HOOK_ENDS) and bool(_HOOKS.fullmatch(path))


def _is_image_references(path: str) -> bool:
    return path.rsplit("/", 1)[-1] == "image-references"
