"""The options of the commonest runs are those that the parser of the command line gives."""

from __future__ import annotations

import pytest

from qcilint.cli import COMMANDS, build_parser
from qcilint.plain_options import FLAGS, plain_options

PLAIN = [
    [],
    ["a"],
    ["a", "b/c", "."],
    ["--fix"],
    ["--diff", "a"],
    ["--force-exclude", "a", "b"],
    ["--fix", "--force-exclude", "a"],
    ["--force-exclude", "--diff", "--diff"],
    ["--fix", "rule"],
    [""],
]
OTHERS = [
    ["--fix", "--diff"],
    ["a", "--fix"],
    ["--fix", "--jobs", "2", "a"],
    ["--", "a"],
    ["-"],
    ["--fi"],
    ["--help"],
    *([name] for name in COMMANDS),
]


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_they_are_those_of_the_parser(arguments: list[str]) -> None:
    found = plain_options(arguments)
    assert found is not None
    assert vars(found) == vars(build_parser().parse_args(arguments))


@pytest.mark.parametrize("arguments", OTHERS, ids=" ".join)
def test_all_else_is_left_to_the_parser(arguments: list[str]) -> None:
    assert plain_options(arguments) is None


def test_each_flag_is_one_of_the_parser() -> None:
    assert set(FLAGS) <= set(build_parser()._option_string_actions)
