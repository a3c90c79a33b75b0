"""CAMPAIGN.toml: what is refused, and by which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcilint.campaign import settings, texts
from qcilint.campaign.errors import CampaignError
from tests.conftest import qcilint

NAME = 'name = "demo"\n'
LIST = '[repositories]\nlist = ["org/a"]\n'

REFUSED = {
    "a misspelt key": (NAME + LIST + "[pull-request]\ntitel = 'x'\n", "pull-request.titel: no such key; did you mean title?"),
    "a misspelt section": (NAME + "[repositorys]\nlist = []\n", "repositorys: no such key; did you mean repositories?"),
    "an unknown key": (NAME + "qqq = 1\n", "qqq: no such key; known are name, plan, state"),
    "no name": (LIST, "name: give the campaign a name of letters"),
    "a name with a slash": ("name = 'a/b'\n" + LIST, "name: give the campaign a name of letters"),
    "no repositories": (NAME, "repositories: names none: give list, file, organization"),
    "a string for a list": (NAME + "[repositories]\nlist = 'org/a'\n", "repositories.list: must be a list of strings"),
    "a number for a boolean": (NAME + LIST + "[fix]\nunsafe = 1\n", "fix.unsafe: must be true or false, not 1"),
    "a boolean for a number": (NAME + LIST + "[apply]\nmax-open = true\n", "apply.max-open: must be a whole number, not True"),
    "a negative number": (NAME + LIST + "[apply]\nmax-open = -1\n", "apply.max-open: must be at least 0"),
    "no duration": (NAME + LIST + "[apply]\npace = 'fast'\n", "apply.pace: 'fast' is no duration; write 500ms, 30s, 5m or 2h"),
    "a bad split": (NAME + LIST + "[split]\nby = 'owners'\n", "split.by: 'owners' is no way to split; did you mean owner?"),
    "no files": (NAME + LIST + "[split]\nfiles = 0\n", "split.files: must be at least 1"),
    "credentials in a URL": (NAME + LIST + "[github]\ngit = 'https://me:x@example.com'\n", "github.git: 'https://me:x@example.com' is no http(s) URL"),
    "another scheme": (NAME + LIST + "[github]\napi = 'file:///etc'\n", "github.api: 'file:///etc' is no http(s) URL"),
    "an author without a mail": (NAME + LIST + "[pull-request]\nauthor = 'Mia'\n", "pull-request.author: write it as 'Name <mail@example.com>'"),
    "a trailer without a key": (NAME + LIST + "[pull-request]\ntrailers = ['x']\n", "pull-request.trailers: 'x' is no trailer"),
    "a title of two lines": (NAME + LIST + '[pull-request]\ntitle = "a\\nb"\n', "pull-request.title: must be one line of text"),
    "a prefix with a slash": (NAME + LIST + "[pull-request]\nbranch-prefix = 'a/b'\n", "pull-request.branch-prefix: letters"),
    "an empty label": (NAME + LIST + "[pull-request]\nlabels = ['']\n", "pull-request.labels: '' is no label; write 1 to 50 characters"),
    "a long label": (NAME + LIST + f"[pull-request]\nlabels = ['{'x' * 51}']\n", "pull-request.labels: 'xxx"),
    "an account with @": (NAME + LIST + "[pull-request]\nreviewers = ['@mia']\n", "pull-request.reviewers: '@mia' is no account; write it without @, or organisation/team"),
    "a team to assign": (NAME + LIST + "[pull-request]\nassignees = ['org/team']\n", "pull-request.assignees: 'org/team' is no account; write it without @"),
    "too many assignees": (NAME + LIST + f"[pull-request]\nassignees = {['mia'] * 11}\n", "pull-request.assignees: 11, and GitHub takes 10 at most"),
    "too many reviewers": (NAME + LIST + "[pull-request]\nreviewers-from-owners = 16\n", "pull-request.reviewers-from-owners: must be from 0 to 15"),
    "no table": (NAME + "repositories = 1\n", "repositories: must be a table"),
    "after no table": ("after = 1\n" + NAME + LIST, "after: must be a table"),
    "broken TOML": ("name = \n", "no valid TOML: Invalid value (at line 1"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(CampaignError) as caught:
        settings.load(str(path))
    assert str(caught.value).startswith(f"{path}: {said}")


def test_the_command_says_so_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(NAME + LIST + "[pull-request]\ntitel = 'x'\n")
    done = qcilint("campaign", "plan", "c.toml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"qcilint: error: c.toml: pull-request.titel: no such key; did you mean title?\n"
    assert qcilint("campaign", "plan", "none.toml", cwd=tmp_path).returncode == 2


def test_places_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("cache = 'x/cache'\n" + NAME + "[repositories]\nfile = 'list.txt'\n[apply]\npace = '2m'\n")
    found = settings.load(str(path))
    assert found.plan == str(tmp_path / "demo.plan")
    assert found.state == str(tmp_path / "demo.sqlite3")
    assert found.cache == str(tmp_path / "x/cache")
    assert found.repositories.file == str(tmp_path / "list.txt")
    assert (found.apply.pace, found.apply.max_open, found.github.pause) == (120.0, 20, 1.0)


@pytest.mark.parametrize(("text", "seconds"), [("500ms", 0.5), ("0s", 0.0), ("1.5s", 1.5), ("3m", 180.0), ("2h", 7200.0)])
def test_durations(text: str, seconds: float) -> None:
    assert settings.duration(text) == seconds


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (settings.PullRequest(title="Fix {repo}"), "pull-request.title: nothing fills {repo}"),
        (settings.PullRequest(body="{sumary}"), "pull-request.body: nothing fills {sumary}; did you mean {summary}?"),
        (
            settings.PullRequest(title="{left}"),
            "pull-request.title: nothing fills {left}; known are {repository}, {branch}, {part}",
        ),
    ],
)
def test_placeholders_that_nothing_fills(section: settings.PullRequest, said: str) -> None:
    with pytest.raises(CampaignError) as caught:
        texts.check(section)
    assert str(caught.value).startswith(said)


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert texts.fill("{left} {summary} {other}", {"left": "{summary}", "summary": "x"}) == "{summary} x {other}"
