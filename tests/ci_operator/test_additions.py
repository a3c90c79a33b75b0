"""Input aliases get their new spelling: whole lists, as a run fixes them."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from qcilint.fixing import fixed

from ..conftest import DEAD, LINTER, OLD, lint

PATH = "ci-operator/config/o/r/o-r-main.yaml"
HOSTS = (OLD.partition("/")[0], DEAD.partition("/")[0])
QCI = "quay-proxy.ci.openshift.org/openshift/ci:"
MIGRATED = st.builds("ocp_4.{}_{}".format, st.integers(1, 3), st.sampled_from(["cli", "base"])).map(QCI.__add__)
ALIASES = st.builds("{}/ocp/4.{}:{}".format, st.sampled_from(HOSTS), st.integers(1, 3), st.sampled_from(["cli", "base"]))
WORDS = st.sampled_from(["builder", "nginx:latest", "root", "zz"])


@given(
    st.lists(ALIASES | WORDS | MIGRATED, min_size=1, max_size=5, unique=True),
    st.booleans(),
    st.sampled_from(["[{}]", "[ {} ]", "\n        - {}"]),
    st.sampled_from(["{}", "'{}'", '"{}"']),
)
def test_every_old_spelling_has_the_new_one_beside_it(items: list[str], is_sorted: bool, form: str, quoted: str) -> None:
    items = sorted(items) if is_sorted else items
    between = "\n        - " if form.startswith("\n") else ", "
    body = form.format(between.join(quoted.format(item) for item in items))
    text = f"images:\n  items:\n  - inputs:\n      root:\n        as: {body}\n    to: i\nzz_generated_metadata: {{org: o, repo: r}}\n"
    wanted = {QCI + item.partition("/")[2].replace("/", "_").replace(":", "_") for item in items if item.startswith(HOSTS)}
    outcome = fixed(LINTER, lint(text.encode(), PATH), unsafe=False)
    found = _aliases(outcome.data)
    assert [item for item in found if item in items] == items
    assert sorted(set(found) - set(items)) == sorted(wanted - set(items))
    assert len(found) == len(set(found))
    if len(items) > 1 and items == sorted(items):
        assert found == sorted(found)
    assert fixed(LINTER, lint(outcome.data, PATH), unsafe=False).data == outcome.data


def _aliases(text: bytes) -> Any:
    return YAML(typ="safe", pure=True).load(io.BytesIO(text))["images"]["items"][0]["inputs"]["root"]["as"]
