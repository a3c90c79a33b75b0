"""Every rule's examples are tests: as written, with other line ends, without a last one, after non-ASCII text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qcilint.ruleset import Example, Rule, load_builtin

from .conftest import beside, fixed, lint

RULES = load_builtin()
EXAMPLES = [
    pytest.param(rule.id, example, id=f"{rule.id}-{number}-{example.path}")
    for rule in RULES.by_id.values()
    for number, example in enumerate(rule.examples, 1)
]


def _comment(path: str) -> str:
    if path.endswith(".go"):
        return "// Grüße 🎉\n"
    return "# Grüße 🎉\n\n"


VARIANTS: dict[str, Callable[[str, str], bytes]] = {
    "as written": lambda text, path: text.strip("\n").encode() + b"\n",
    "CRLF": lambda text, path: text.strip("\n").replace("\n", "\r\n").encode() + b"\r\n",
    "no final newline": lambda text, path: text.strip("\n").encode(),
    "non-ASCII before": lambda text, path: (_comment(path) + text.strip("\n") + "\n").encode(),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example(rule: str, example: Example, variant: str) -> None:
    before = VARIANTS[variant](example.before, example.path)
    facts = beside(before, example.path, example.files)
    reported = [finding for finding in lint(before, example.path, facts).findings if not finding.kept]
    if example.keep:
        assert reported == []
    else:
        assert rule in {finding.rule for finding in reported}
    wanted = before if example.after is None else VARIANTS[variant](example.after, example.path)
    after = fixed(before, example.path, unsafe=example.unsafe, facts=facts)
    assert after == wanted
    assert fixed(after, example.path, unsafe=example.unsafe, facts=beside(after, example.path, example.files)) == after
    if example.unsafe:
        assert fixed(before, example.path, facts=facts) == before


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES.by_id.values()])
def test_every_rule_has_examples_of_every_kind_it_can_have(rule: Rule) -> None:
    assert any(example.keep for example in rule.examples)
    assert any(not example.keep and example.after is None for example in rule.examples)
    can_fix = any(case.to for case in rule.cases) or rule.about == "comments"
    assert any(example.after is not None for example in rule.examples) == can_fix
