"""Functions known by their names: what they do with a string that they are given."""

from __future__ import annotations

from qcilint import lazy as re

# fmt: off
MATCHERS = frozenset({
    "hasprefix", "hassuffix", "contains", "containsany", "trimprefix", "trimsuffix", "cutprefix", "cutsuffix", "cut", "trim",
    "trimleft", "trimright", "replace", "replaceall", "replacefirst", "replacer", "newreplacer", "split", "splitn",
    "splitafter", "index", "lastindex", "indexof", "lastindexof", "equal", "equalfold", "notequal", "regexp", "mustcompile",
    "compile", "pattern", "matchstring", "match", "matches", "matchall", "fullmatch", "test", "search", "find", "finditer",
    "findall", "rfind", "rindex", "startswith", "endswith", "starts_with", "ends_with", "includes", "has", "fields", "count",
    "strip", "lstrip", "rstrip", "strip_prefix", "strip_suffix", "trim_start_matches", "trim_end_matches", "removeprefix",
    "removesuffix", "partition", "rpartition", "rsplit", "tokenize", "sub", "subn", "fnmatch", "tobe", "toequal",
    "tocontain", "assertequal", "assertequals", "assertnotequal", "assertin", "assertnotin",
})
"""Functions whose arguments are compared with, searched for or cut off another text (lower case)."""
# fmt: on
JOINERS = frozenset({"join", "concat", "urljoin", "joinpath"})
"""Functions that put their arguments together to one text (lower case)."""
FORMATTERS = re.compile(r"(?:\w*printf|errorf|fatalf|panicf|logf|\w+f|format|format!|println!|print!|panic!)", re.IGNORECASE)
"""Functions that fill a printf-like format."""
RUNNERS = re.compile(r"\w*(?:command|cmd|exec|run|spawn|call|popen|shell)\w*|sh|check_output", re.IGNORECASE)
"""Functions that run a command given as separate arguments."""
