"""The tables of `commands`: shells, prefixes, matching commands, each with its flags that take a value. Data only."""

from __future__ import annotations

from qcilint import lazy as re
from qcilint.records import dataclass


@dataclass(frozen=True, slots=True)
class Prefix:
    """A command that runs the command after it."""

    values: frozenset[str] = frozenset()
    operands: int = 0
    operand: re.Pattern[str] | None = None
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Matcher:
    """A command that matches text."""

    values: frozenset[str] = frozenset()
    script_flags: frozenset[str] = frozenset()
    programs: int = 1
    """So many positional arguments are the pattern or program, before the files."""
    files: bool = True
    """The other positional arguments are the files it reads."""
    pairs: frozenset[str] = frozenset()
    """Flags that take two values."""
    verbs: frozenset[str] = frozenset()
    """Words that may stand before the program."""


def words(text: str) -> frozenset[str]:
    """The words of a table."""
    return frozenset(text.split())


SHELLS = words("sh bash ash dash ksh zsh")
DECLARATIONS = words("export readonly local declare typeset")
INTERPRETERS = {"python": "python", "python3": "python", "python2": "python"}

_DURATION = re.compile(r"[0-9.]+[smhd]?|\$\{?\w+\}?")
_COUNT = re.compile(r"[0-9]+[smhd]?")
PREFIXES = {
    "sudo": Prefix(words("-u -g -h -p -C -D -r -t -T -U -R --user --group --host --prompt --chdir --role --type --chroot")),
    "doas": Prefix(words("-u -C")),
    "env": Prefix(words("-u -C -S --unset --chdir")),
    "time": Prefix(words("-f -o --format --output")),
    "timeout": Prefix(words("-k -s --kill-after --signal"), 1, _DURATION),
    "exec": Prefix(words("-a")),
    "command": Prefix(),
    "builtin": Prefix(),
    "nohup": Prefix(),
    "setsid": Prefix(),
    "chronic": Prefix(),
    "nice": Prefix(words("-n --adjustment")),
    "ionice": Prefix(words("-c -n -p --class --classdata")),
    "stdbuf": Prefix(words("-i -o -e --input --output --error")),
    "xargs": Prefix(words("-n -I -P -L -d -a -s -E --max-args --replace --max-procs --max-lines --delimiter --arg-file")),
    "retry": Prefix(words("-t -n -d -s -c --times --delay"), 2, _COUNT),
    "eval": Prefix(),
    "ssh": Prefix(words("-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w"), 1, remote=True),
    "chroot": Prefix(words("-u -g -G"), 1, remote=True),
}
"""Commands that run the command after them."""

_GREP = Matcher(
    words("""
        -A -B -C -m -e -f -d -D --regexp --file --include --exclude --exclude-dir --after-context --before-context --context
        --max-count
    """),
    words("-e -f --regexp --file"),
)
_AWK = Matcher(words("-F -v -f -i --assign --field-separator --file --include"), words("-f --file"))
_JQ = Matcher(
    words("-f -L --from-file --indent"), words("-f --from-file"), pairs=words("--arg --argjson --slurpfile --rawfile --argfile")
)
MATCHERS = {
    "grep": _GREP, "egrep": _GREP, "fgrep": _GREP, "zgrep": _GREP, "rg": _GREP, "ag": _GREP,
    "sed": Matcher(words("-e -f -l --expression --file --line-length"), words("-e -f --expression --file")),
    "gsed": Matcher(words("-e -f -l --expression --file --line-length"), words("-e -f --expression --file")),
    "awk": _AWK, "gawk": _AWK, "mawk": _AWK, "nawk": _AWK,
    "perl": Matcher(words("-e -E"), words("-e -E")),
    "tr": Matcher(files=False), "expr": Matcher(files=False), "test": Matcher(files=False), "[": Matcher(files=False),
    "cut": Matcher(words("-d -f -c -b"), programs=0),
    "jq": _JQ, "gojq": _JQ, "jaq": _JQ,
    "yq": Matcher(
        words("-o -p -I --output-format --input-format --indent --expression --from-file"), words("--expression --from-file"),
        pairs=words("--arg --argjson"), verbs=words("e eval ea eval-all"),
    ),
    "sd": Matcher(words("-f -n --flags --max-replacements"), programs=2),
    "rpl": Matcher(words("-x --glob --encoding"), programs=2),
    "kustomize": Matcher(files=False),
}  # fmt: skip
"""Commands that match text; their arguments are patterns, programs or files."""
SED_CALL = r"(?:\w+_)?g?sed(?:_\w+|i)?"
"""What the name of sed matches, and that of a function that calls it with its arguments: `sed_inplace`, `sedi`."""
