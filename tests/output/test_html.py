"""html: one page that a real browser shows, searches, and is not hurt by."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from ..conftest import OLD, Repository, qcilint
from .browser import Page, page
from .samples import FILES, load, report

ROWS = "[...document.querySelectorAll('#rows tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
EVIL = "</script><img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with page(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def saved(root: Path, *arguments: str) -> Path:
    path = root.parent / "report.html"
    path.write_text(report("html", root, *arguments))
    return path


def rows(browser: Page) -> list[list[str]]:
    found: list[list[str]] = browser.run(ROWS)
    return found


def test_the_table_holds_every_reference(repository: Repository, browser: Page) -> None:
    root = repository(FILES)
    browser.open(saved(root))
    expected = load("json", root, "--show-kept")["findings"]
    assert [row[0] for row in rows(browser)] == [f"{each['path']}:{each['line']}:{each['column']}" for each in expected]
    assert [row[4] for row in rows(browser)] == [each["reference"] for each in expected]
    assert {row[7] for row in rows(browser)} == {"top-owner", "hack-owner, other-owner"}
    assert browser.run("document.getElementById('shown').value") == f"{len(expected)} of {len(expected)}"
    assert browser.complaints == []


def test_searching_choosing_and_sorting(repository: Repository, browser: Page) -> None:
    browser.open(saved(repository(FILES)))
    every = rows(browser)
    type_ = "((id, text) => {{ const field = document.getElementById(id); field.value = text; field.dispatchEvent(new Event('input')); }})({})"
    browser.run(type_.format("'search', 'HACK podman'"))
    assert rows(browser) == []
    browser.run(type_.format("'search', 'HACK 4.20'"))
    assert {row[0].split(":")[0] for row in rows(browser)} == {"hack/pull.sh"}
    browser.run(type_.format("'search', ''"))
    browser.run(type_.format("'rule', 'QCI101'"))
    assert [row[1] for row in rows(browser)] == ["QCI101"]
    browser.run(type_.format("'rule', ''"))
    browser.run(type_.format("'fix', 'kept'"))
    assert rows(browser) == [row for row in every if row[3] == "kept"]
    assert browser.run("location.hash") == "#fix=kept"
    browser.run(type_.format("'fix', ''"))
    for expected in (sorted(row[1] for row in every), sorted((row[1] for row in every), reverse=True)):
        browser.run("document.querySelectorAll('th button')[1].click()")
        assert [row[1] for row in rows(browser)] == expected
    assert browser.complaints == []


def test_a_view_can_be_shared(repository: Repository, browser: Page) -> None:
    browser.open(saved(repository(FILES)), "#search=pull.sh&rule=QCI101")
    assert [row[0].split(":")[0] for row in rows(browser)] == ["hack/pull.sh"]


def test_a_long_table_comes_in_parts(repository: Repository, browser: Page) -> None:
    browser.open(saved(repository({"a.sh": f"podman pull {OLD}\n" * 1100})))
    for shown, is_all in ((500, False), (1000, False), (1100, True)):
        assert len(rows(browser)) == shown
        assert browser.run("document.getElementById('more').hidden") is is_all
        browser.run("document.getElementById('more').click()")


def test_hostile_texts_stay_texts(tmp_path: Path, browser: Page) -> None:
    root = tmp_path / "tree"
    (root / EVIL[:9]).mkdir(parents=True)
    (root / EVIL[:9] / "<img src=x onerror=alert(1)>.sh").write_text(f"podman pull {OLD}\n")
    (root / "<b>&amp;\u202e\x1b").mkdir()
    (root / "<b>&amp;\u202e\x1b" / "x.sh").write_text(
        "podman pull registry.ci.openshift.org/${N:-</script><script>alert(3)</script>}/a:b\n"
    )
    (root / "OWNERS").write_text("approvers:\n- '<svg onload=alert(4)>'\n")
    (root / ".git").mkdir()
    browser.open(saved(root))
    assert browser.complaints == []
    assert browser.run("document.querySelectorAll('img, b, svg[onload]').length") == 0
    assert browser.run("document.scripts.length") == 2
    assert browser.run("getComputedStyle(document.querySelector('rect')).fill") != "rgb(0, 0, 0)"
    assert len(rows(browser)) >= 2
    assert not re.search("[\u202e\x1b]", browser.run("document.documentElement.textContent"))


def charts(text: str) -> dict[str, dict[str, int]]:
    """The totals of the charts, from the text at the ends of their bars."""
    found = {}
    for title, svg in re.findall(r"<section><h2>By (.*?)</h2>\n(<svg.*?</svg>)", text, re.S):
        bars = ET.fromstring(svg).iter("g")
        found[title.split(" (")[0]] = {unescape(bar[1].text or ""): int(bar[-1].text or "") for bar in bars}
    return found


def totals(text: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"<dt>(.*?)</dt><dd>(\d+)</dd>", text)}


def test_totals_and_charts(repository: Repository) -> None:
    root = repository(FILES)
    text = report("html", root)
    found: list[dict[str, Any]] = load("json", root, "--show-kept")["findings"]
    counted = totals(text)
    assert counted["references"] == len(found) == counted["findings"] + counted["kept"]
    assert counted["kept"] == sum(each["kept"] for each in found)
    assert counted["errors"] == sum(each["severity"] == "error" for each in found if not each["kept"])
    drawn = charts(text)
    assert list(drawn) == ["rule", "top-level folder", "namespace", "owner"]
    for title in ("rule", "top-level folder", "namespace"):
        assert sum(drawn[title].values()) == len(found)
    folders = [each["path"].split("/")[0] + "/" if "/" in each["path"] else "(top folder)" for each in found]
    assert drawn["top-level folder"] == {name: folders.count(name) for name in folders}
    in_hack = drawn["top-level folder"]["hack/"]
    assert drawn["owner"] == {"hack-owner": in_hack, "other-owner": in_hack, "top-owner": len(found) - in_hack}


def test_many_bars_are_put_together(repository: Repository) -> None:
    root = repository({f"folder{number}/a.sh": f"podman pull {OLD}\n" for number in range(30)})
    bars = charts(report("html", root))["top-level folder"]
    assert len(bars) == 26
    assert bars["(5 others)"] == 5


def test_an_empty_page(repository: Repository, browser: Page) -> None:
    path = repository({"a": ""}).parent / "report.html"
    qcilint("-o", f"html:{path}", cwd=path.parent / "repository")
    browser.open(path)
    assert rows(browser) == []
    assert browser.complaints == []
