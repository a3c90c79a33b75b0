"""Every rule's examples are tests: as written, with other line ends, without a last one, after non-ASCII text."""

from __future__ import annotations

import pytest

from qcilint.examples import VARIANTS, try_example
from qcilint.ruleset import Example, Rule, load_builtin

from .conftest import BENCH

RULES = load_builtin()
EXAMPLES = [
    pytest.param(rule.id, example, id=f"{rule.id}-{number}-{example.path}")
    for rule in RULES.by_id.values()
    for number, example in enumerate(rule.examples, 1)
]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example(rule: str, example: Example, variant: str) -> None:
    assert list(try_example(BENCH, rule, example, variant)) == []


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES.by_id.values()])
def test_every_rule_has_examples_of_every_kind_it_can_have(rule: Rule) -> None:
    assert any(example.keep for example in rule.examples)
    assert any(not example.keep and example.after is None for example in rule.examples)
    can_fix = any(case.to for case in rule.cases) or rule.about == "comments"
    assert any(example.after is not None for example in rule.examples) == can_fix
