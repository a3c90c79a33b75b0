"""What a commit and a pull request of a campaign say."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from qcilint.campaign.errors import CampaignError
from qcilint.campaign.settings import PullRequest
from qcilint.discovery import printable

MOST_REASONS = 30
MOST_PLACES = 3
MOST_PATHS = 8
MOST_BODY = 60_000
"""Characters; GitHub takes 65,536."""
_PLACEHOLDERS = {
    "title": ("repository", "branch", "part"),
    "body": ("repository", "branch", "part", "summary", "left", "command", "owners"),
}
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


def check(settings: PullRequest) -> None:
    """Refuse placeholders that nothing fills. Raises CampaignError."""
    for key, text in (("title", settings.title), ("body", settings.body)):
        known = _PLACEHOLDERS[key]
        for name in _PLACEHOLDER.findall(text):
            if name not in known:
                close = get_close_matches(name, known, 1)
                hint = f"did you mean {{{close[0]}}}?" if close else "known are " + ", ".join(f"{{{each}}}" for each in known)
                raise CampaignError(f"pull-request.{key}: nothing fills {{{name}}}; {hint}")


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled, in one pass: what is filled in is not looked at again."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def title(settings: PullRequest, values: dict[str, str]) -> str:
    """The title, which differs between the parts of a repository."""
    text = fill(settings.title, values).strip()
    if values["part"] and "{part}" not in settings.title:
        text += f" ({values['part']})"
    return printable(text)


def command(paths: Sequence[str], *, unsafe: bool, is_whole: bool) -> str:
    """What makes the same change in a checkout."""
    words = ["qcilint", "--fix", *(["--unsafe-fixes"] if unsafe else [])]
    if is_whole:
        return " ".join(words)
    if len(paths) > MOST_PATHS or any(not path.isprintable() for path in paths):
        return " ".join(words) + " $(git diff-tree -r --name-only --no-commit-id HEAD)"
    return shlex.join([*words, *paths])


def summary(references: int, files: int) -> str:
    """How much is changed."""
    return f"Changes {count(references, 'reference')} in {count(files, 'file')}."


def left(findings: Iterable[dict[str, Any]]) -> str:
    """The references that are left alone, by reason, as a list in Markdown."""
    places: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        places[why(finding)].append(f"`{_plain(finding['path'])}:{finding['line']}`")
    if not places:
        return "No other reference to the old registries was found."
    lines = ["Left alone, with the reason:", ""]
    by_count = sorted(places.items(), key=lambda item: (-len(item[1]), item[0]))
    for reason, where in by_count[:MOST_REASONS]:
        more = f" and {len(where) - MOST_PLACES} more" if len(where) > MOST_PLACES else ""
        lines.append(f"- {_harmless(reason)}: {', '.join(where[:MOST_PLACES])}{more}")
    if len(by_count) > MOST_REASONS:
        lines.append(f"- and {len(by_count) - MOST_REASONS} more reasons")
    return "\n".join(lines)


def why(finding: dict[str, Any]) -> str:
    """Why a reference was left alone."""
    reason = str(finding["reason"] or finding["message"])
    return f"only with --unsafe-fixes: {reason}" if finding["fix"] == "unsafe" and finding["replacement"] else reason


def body(text: str, values: dict[str, str]) -> str:
    """The description of a pull request."""
    filled = fill(text, values).rstrip() + "\n"
    return filled if len(filled) <= MOST_BODY else filled[:MOST_BODY] + "\n…\n"


def mentions(names: Iterable[str]) -> str:
    """Accounts as GitHub and Prow take them: `@one @two`."""
    return " ".join(f"@{name}" for name in names if re.fullmatch(r"[A-Za-z0-9-]+", name))


def count(number: int, what: str) -> str:
    """`1 file`, `2 files`; `1 repository`, `2 repositories`."""
    plural = what[:-1] + "ies" if what.endswith("y") else what + "s"
    return f"{number:,} {what if number == 1 else plural}"


def _plain(path: str) -> str:
    return printable(path).replace("`", "'")


def _harmless(text: str) -> str:
    """Text of a repository: it must not call anybody, nor close an issue, nor be a command to a bot."""
    return re.sub(r"([@#<\[])", "\\1\u200b", printable(text)).lstrip("/")
