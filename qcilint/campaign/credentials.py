"""The token: where it comes from, how git gets it, and that nobody else does.

It is handed to git in the environment, for one host only, and taken out of every text that may be shown or stored.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping

from qcilint.campaign.errors import CampaignError
from qcilint.campaign.settings import GitHub
from qcilint.discovery import printable

_LOCATION = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_PREFIX",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
)
"""Variables that point git at another repository: hooks run with some of them set."""


class Credentials:
    """A token, or none."""

    def __init__(self, token: str, git_url: str) -> None:
        self._token, self._git_url = token, git_url
        self._basic = base64.b64encode(f"x-access-token:{token}".encode()).decode() if token else ""

    def __repr__(self) -> str:
        return "Credentials(…)" if self._token else "Credentials(none)"

    def __bool__(self) -> bool:
        return bool(self._token)

    def header(self) -> dict[str, str]:
        """What a REST request is sent with."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def redact(self, text: str) -> str:
        """The text without the token."""
        for secret in (self._basic, self._token):
            if secret:
                text = text.replace(secret, "***")
        return text

    def git_environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """An environment for git: the token for its host alone, no questions asked, no other repository than the one named."""
        environment = {key: value for key, value in base.items() if key not in _LOCATION and key != "GITHUB_TOKEN"}
        environment |= {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
        if self._basic:
            count = int(environment.get("GIT_CONFIG_COUNT") or 0)
            environment |= {
                "GIT_CONFIG_COUNT": str(count + 1),
                f"GIT_CONFIG_KEY_{count}": f"http.{self._git_url.rstrip('/')}/.extraHeader",
                f"GIT_CONFIG_VALUE_{count}": f"Authorization: Basic {self._basic}",
            }
        return environment


def find(settings: GitHub) -> Credentials:
    """The token of the token file if one is named, else of GITHUB_TOKEN. Raises CampaignError for an unreadable file."""
    if settings.token_file:
        path = settings.token_file
        try:
            with open(path, encoding="ascii") as file:
                token = file.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no plain text"
            raise CampaignError(f"github.token-file: {printable(path)}: {reason}") from None
        if not token:
            raise CampaignError(f"github.token-file: {printable(path)} is empty")
    else:
        token = os.environ.get("GITHUB_TOKEN", "").strip()
    if any(not 32 < ord(character) < 127 for character in token):
        raise CampaignError("the GitHub token holds characters that no token has; check GITHUB_TOKEN or github.token-file")
    return Credentials(token, settings.git)
