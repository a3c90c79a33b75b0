"""Adding an item to a list: the list's own style, and nothing else changes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from qcilint.edits import apply
from qcilint.languages.yaml_lists import Unfit, append

NEW = "quay.example/new"
TABLE = [
    ("one item", "as:\n- OLD\nb: 1\n", "as:\n- OLD\n- quay.example/new\nb: 1\n"),
    ("indented", "a:\n  as:\n    - OLD\n    - z\n  b: 1\n", "a:\n  as:\n    - OLD\n    - quay.example/new\n    - z\n  b: 1\n"),
    ("unsorted", "as:\n- z\n- OLD\n- a\n", "as:\n- z\n- OLD\n- a\n- quay.example/new\n"),
    ("sorted, before both", "as:\n- r-OLD\n- s\n", "as:\n- quay.example/new\n- r-OLD\n- s\n"),
    ("double quotes", 'as:\n- "OLD"\n', 'as:\n- "OLD"\n- "quay.example/new"\n'),
    ("single quotes", "as:\n- 'OLD'\n", "as:\n- 'OLD'\n- 'quay.example/new'\n"),
    ("comment behind", "as:\n- OLD # why\n# next\nb: 1\n", "as:\n- OLD # why\n- quay.example/new\n# next\nb: 1\n"),
    ("CRLF", "as:\r\n- OLD\r\nb: 1\r\n", "as:\r\n- OLD\r\n- quay.example/new\r\nb: 1\r\n"),
    ("no final newline", "as:\n- OLD", "as:\n- OLD\n- quay.example/new"),
    ("CRLF, no final newline", "x: 1\r\nas:\r\n- OLD", "x: 1\r\nas:\r\n- OLD\r\n- quay.example/new"),
    ("flow", "as: ['OLD']\n", "as: ['OLD', 'quay.example/new']\n"),
    ("flow, sorted", "as: ['builder', 'r-OLD']\n", "as: ['builder', 'quay.example/new', 'r-OLD']\n"),
    ("flow, first", "as: ['r-OLD', 's']\n", "as: ['quay.example/new', 'r-OLD', 's']\n"),
    ("flow without blanks", "as: ['z','OLD']\n", "as: ['z','OLD','quay.example/new']\n"),
    ("flow over lines", "as: [\n  'z',\n  'OLD',\n]\n", "as: [\n  'z',\n  'OLD',\n  'quay.example/new',\n]\n"),
    ("flow with a comment", "as: ['z', # why\n  'OLD']\n", "as: ['z', # why\n  'OLD', 'quay.example/new']\n"),
    ("second document", "a: 1\n---\nas:\n- OLD\n", "a: 1\n---\nas:\n- OLD\n- quay.example/new\n"),
    ("non-ASCII before", "# é🎉\nas:\n- OLD\n", "# é🎉\nas:\n- OLD\n- quay.example/new\n"),
]


@pytest.mark.parametrize(("before", "after"), [pytest.param(*row[1:], id=row[0]) for row in TABLE])
def test_the_item_is_added_in_the_style_of_the_list(before: str, after: str) -> None:
    text = before.encode()
    assert apply(text, [append(text, text.index(b"OLD"), NEW)]).decode() == after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("as: OLD\n", "stands in no list", id="no list"),
        pytest.param("as: &x\n- OLD\nb:\n  as: *x\n", "shared", id="anchored"),
        pytest.param("as:\n- OLD\n- {a: b}\n", "more than plain texts", id="mixed"),
        pytest.param("as:\n- !x OLD\n", "more than plain texts", id="tagged"),
        pytest.param("as:\n- - OLD\n", "one item a line", id="nested"),
        pytest.param("as:\n- >-\n  OLD\n", "on one line", id="block scalar"),
        pytest.param('as:\n- "OLD\n  x"\n', "on one line", id="over two lines"),
        pytest.param("as: [OLD\nb\n", "no parser", id="no YAML"),
        pytest.param("a: {{ x }} y\nas:\n- OLD\n", "templates", id="template"),
        pytest.param("inputs:\n  x:\n    as:\n    - OLD\n  y:\n    as:\n    - OLD\n", "the same text (line 7)", id="twice"),
        pytest.param(
            "inputs:\n  x:\n    as:\n    - OLD\n  y:\n    as:\n    - quay.example/new\n",
            "the new text (line 7)",
            id="new elsewhere",
        ),
    ],
)
def test_what_cannot_be_added_to_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        append(text.encode(), text.index("OLD"), NEW)
    assert why in str(refused.value)


WORDS = st.text(alphabet="abcqrz", min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=4), st.integers(0, 4), st.booleans(), st.booleans(), st.sampled_from(["", "  ", "    "]))
def test_the_parsed_list_has_one_more_item(words: list[str], at: int, flow: bool, quoted: bool, indent: str) -> None:
    items = [*words[:at], "OLD", *words[at:]]
    shown = [f"'{item}'" if quoted else item for item in items]
    body = f" [{', '.join(shown)}]\n" if flow else "\n" + "".join(f"{indent}- {item}\n" for item in shown)
    text = f"before: [x]\nas:{body}after:\n- y\n".encode()
    loaded = _load(apply(text, [append(text, text.index(b"OLD"), NEW)]))
    assert {**loaded, "as": None} == {"before": ["x"], "as": None, "after": ["y"]}
    assert [item for item in loaded["as"] if item != NEW] == items
    assert loaded["as"].count(NEW) == 1
    if len(items) > 1 and items == sorted(items):
        assert loaded["as"] == sorted(loaded["as"])
    else:
        assert loaded["as"][-1] == NEW


def _load(text: bytes) -> Any:
    return YAML(typ="safe").load(io.BytesIO(text))
