"""Which language a file is written in, by its name, then by its first line.

Names are those of `identify` (the tags that pre-commit uses); suffixes and names that it lacks are ours, as
is the shebang of files that are not executable: step-registry scripts are not.
"""

from __future__ import annotations

from qcilint import lazy as re

TEMPLATE_SUFFIXES = (
    ".tmpl",
    ".tpl",
    ".template",
    ".j2",
    ".jinja",
    ".jinja2",
    ".in",
    ".gotmpl",
    ".erb",
    ".envsubst",
    ".orig",
    ".bak",
)
"""Suffixes that leave the language to the rest of the name."""

_NAMES = (
    (
        re.compile(r"(?:.*[.-])?(?:docker|container)file(?:[.-](?!md$|txt$|sh$|go$|py$|yaml$|yml$|json$|rst$|adoc$).*)?", re.I),
        "dockerfile",
    ),
    (re.compile(r"(?:GNU)?makefile(?:\..*)?|.*\.(?:mk|mak|make)", re.I), "make"),
    (re.compile(r"jenkinsfile(?:[.-].*)?|.*\.(?:groovy|gradle|kts?|gvy)", re.I), "groovy"),
    (
        re.compile(r".*\.(?:sh|bash|bats|zsh|ksh|envrc|ash)|\.?(?:bashrc|bash_profile|profile|zshrc|envrc)|.*-commands", re.I),
        "shell",
    ),
    (re.compile(r".*\.(?:yaml|yml|eyaml)|\.?(?:clang-format|yamllint)|image-references|OWNERS(?:_ALIASES)?", re.I), "yaml"),
    (re.compile(r".*\.(?:json|json5|jsonl|ndjson|ipynb|jsonc)|\.?(?:eslintrc|babelrc)", re.I), "json"),
    (re.compile(r".*\.(?:py|pyi|pyw|wsgi)|.*\.?(?:sconstruct|tiltfile|build\.bazel|\.star|\.bzl)", re.I), "python"),
    (re.compile(r".*\.(?:md|markdown|mdx|rst|adoc|asciidoc|tex)", re.I), "markdown"),
    (re.compile(r".*\.go", re.I), "go"),
    (re.compile(r".*\.(?:js|jsx|ts|tsx|mjs|cjs|vue)", re.I), "javascript"),
    (re.compile(r".*\.(?:tf|tfvars|hcl)", re.I), "hcl"),
    (re.compile(r".*\.(?:java|rs|c|h|cc|cpp|hpp|cs|swift|scala|proto|php|dart)", re.I), "code"),
    (re.compile(r".*\.(?:ini|cfg|conf|toml|properties|env|container|service|repo|desktop)|\.env(?:\..*)?", re.I), "ini"),
)
_COMMON = {"Dockerfile": "dockerfile", "Makefile": "make"}
"""Whole names for which no expression needs to be asked."""
_SHEBANG = re.compile(
    rb"\xef?\xbb?\xbf?#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:\S*/)?(sh|bash|dash|ksh|zsh|ash|bats|python[0-9.]*|node|groovy|make)\b"
)
_FROM = re.compile(rb"(?mi)\A(?:\s*(?:#.*)?\r?\n)*(?:ARG\s+\S+\s*\r?\n(?:\s*(?:#.*)?\r?\n|ARG\s.*\r?\n)*)?FROM\s+\S+")
_OF_SHEBANG = {b"python": "python", b"node": "javascript", b"groovy": "groovy", b"make": "make"}
_OF_TAG = {
    "dockerfile": "dockerfile", "makefile": "make", "groovy": "groovy", "shell": "shell", "yaml": "yaml", "json": "json",
    "python": "python", "markdown": "markdown", "go": "go", "javascript": "javascript", "ts": "javascript", "java": "code",
    "toml": "ini", "ini": "ini",
}  # fmt: skip

_ENDINGS = frozenset({
    "bash", "bats", "cjs", "csh", "ejson", "eyaml", "geojson", "go", "gradle", "groovy", "gyp", "gypi", "ini", "ipynb",
    "java", "jenkins", "jenkinsfile", "js", "json", "jsonld", "lektorproject", "make", "markdown", "md", "mjs", "mk",
    "piskel", "py", "pyt", "pyw", "sh", "tac", "toml", "ts", "txsprofile", "wsgi", "xctestplan", "yaml", "yamlld", "yml",
    "zsh",
})  # fmt: skip
_PARTS = frozenset({
    ".ansible-lint", ".babelrc", ".bash_aliases", ".bash_profile", ".bashrc", ".bowerrc", ".clang-format", ".clang-tidy",
    ".codespellrc", ".coveragerc", ".cshrc", ".csslintrc", ".envrc", ".flake8", ".gitconfig", ".gitlint", ".hgrc",
    ".isort.cfg", ".jshintrc", ".mention-bot", ".pdbrc", ".profile", ".pypirc", ".rstcheck.cfg", ".salt-lint",
    ".sqlfluff", ".yamllint", ".zlogin", ".zlogout", ".zprofile", ".zshenv", ".zshrc", "Cargo.lock", "Cargo.toml",
    "Containerfile", "Dockerfile", "GNUmakefile", "Jenkinsfile", "Makefile", "PKGBUILD", "Pipfile", "Pipfile.lock",
    "direnvrc", "makefile", "poetry.lock", "pylintrc", "pyproject.toml", "setup.cfg", "uv.lock", "wscript",
})  # fmt: skip
"""Endings and parts of names for which `identify` has one of these tags: it is imported for a file with one of them only."""


def language_of(path: str, head: bytes) -> str:
    """The language name (see `languages.MODULES`) of a file with this path and these first bytes."""
    name = path.rsplit("/", 1)[-1]
    while name.lower().endswith(TEMPLATE_SUFFIXES) and "." in name[1:]:
        name = name.rsplit(".", 1)[0]
    if name in _COMMON:
        return _COMMON[name]
    for pattern, language in _NAMES:
        if pattern.fullmatch(name):
            return language
    if shebang := _SHEBANG.match(head):
        return _OF_SHEBANG.get(re.sub(rb"[0-9.]+\Z", b"", shebang[1]), "shell")
    parts = name.split(".")
    if parts[-1].lower() in _ENDINGS or not _PARTS.isdisjoint((name, *parts)):
        from identify.identify import tags_from_filename

        for tag in sorted(tags_from_filename(name)):
            if tag in _OF_TAG:
                return _OF_TAG[tag]
    if _FROM.match(head):
        return "dockerfile"
    return "text"


POWERSHELL = (".ps1", ".psm1")
PROGRAMS = (".py", ".go", ".js", ".mjs", ".cjs", ".ts", ".rb", ".groovy", ".rego", ".pl", ".lua", *POWERSHELL, "Jenkinsfile")
"""Endings of programs that may look for texts in the files that they name."""
DEPENDABOT = (".github/dependabot.yml", ".github/dependabot.yaml")
_TEST = re.compile(r"_test\.\w+\Z|(?:\A|/)test_[^/]*\Z|\.(?:test|spec|d)\.\w+\Z")


def is_program(path: str) -> bool:
    """Whether a file is a program; tests are about values at run time."""
    return path.endswith(PROGRAMS) and not _TEST.search(path)
