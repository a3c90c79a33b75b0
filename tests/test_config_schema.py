"""One source for the checks, the JSON schema and the reference page."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcilint.config_schema import OPTIONS, SEVERITIES, json_schema, problems, reference

ROOT = Path(__file__).parent.parent
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def test_the_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("option", [pytest.param(option, id=option.key) for option in OPTIONS])
def test_every_example_is_valid(option) -> None:
    table = tomllib.loads(option.example)
    assert option.key in table
    assert list(problems(table)) == []
    VALIDATOR.validate(table)
    VALIDATOR.validate({option.key: option.default})


@pytest.mark.parametrize("path", sorted((ROOT / "qcilint/presets").glob("*.toml")), ids=lambda path: path.name)
def test_every_preset_fits_the_schema(path: Path) -> None:
    VALIDATOR.validate(tomllib.loads(path.read_text()))


TEXT = st.sampled_from(["", "a", "all", "QCI101", *SEVERITIES])
LEAF = TEXT | st.booleans() | st.integers(0, 3)
ANY = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2), max_leaves=4)
KEY = st.sampled_from([*(option.key for option in OPTIONS), "other"])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEY, ANY, max_size=3))
def test_our_check_and_a_validator_agree(table: dict) -> None:
    assert (not list(problems(table))) == VALIDATOR.is_valid(table)


def test_the_reference_page_is_the_schema() -> None:
    page = (ROOT / "docs/configuration.md").read_text()
    shown = page.partition("<!-- reference -->\n")[2].partition("<!-- end of reference -->")[0]
    assert shown.strip("\n") == "\n".join(reference()).strip("\n"), "replace it by `qcilint config schema --format markdown`"
